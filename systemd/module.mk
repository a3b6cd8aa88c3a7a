# SPDX-License-Identifier: MIT
systemdsystemunit_DATA = systemd/coxad.service
sysusers_DATA = systemd/coxad.conf
dist_dbuspolicy_DATA = systemd/org.coxad.conf
dist_dbusservice_DATA = systemd/org.coxad.service
coxadexamplesdir = $(docdir)/examples
dist_coxadexamples_DATA = systemd/examples/bluetooth-restart.conf systemd/examples/local-broker.conf \
	conf/examples/bluetooth-main.conf conf/examples/mosquitto.conf conf/examples/mosquitto-gateway.acl \
	conf/examples/mosquitto-trainer.acl conf/examples/mosquitto-screen.acl \
	conf/examples/mosquitto-brain.acl conf/examples/mosquitto-radio.acl \
	conf/examples/mosquitto-administrator.acl
EXTRA_DIST += systemd/coxad.service.in systemd/coxad.sysusers
CLEANFILES += systemd/coxad.service systemd/coxad.conf

systemd/coxad.service: systemd/coxad.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) systemd && $(SED) -e 's|@sbindir[@]|$(sbindir)|' -e 's|@bindir[@]|$(bindir)|' $(srcdir)/systemd/coxad.service.in > $@.tmp && mv $@.tmp $@

# sysusers.d(5) wants .conf
systemd/coxad.conf: systemd/coxad.sysusers
	$(AM_V_GEN)$(MKDIR_P) systemd && cp $(srcdir)/systemd/coxad.sysusers $@
