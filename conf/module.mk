# SPDX-License-Identifier: MIT
coxadconfdir = $(sysconfdir)/coxad
dist_coxadconf_DATA = conf/coxad.conf
