# SPDX-License-Identifier: MIT
check_PROGRAMS += tests/broker/pusher
tests_broker_pusher_CFLAGS = $(libcoxad_io_a_CFLAGS)
tests_broker_pusher_LDADD = $(IO_LIBS)

CMOCKA_TESTS += tests/broker/01-delivery
tests_broker_01_delivery_SOURCES = tests/broker/01-delivery.c tests/broker/broker.h tests/broker/broker.c

CMOCKA_TESTS += tests/broker/02-trust
tests_broker_02_trust_SOURCES = tests/broker/02-trust.c tests/broker/broker.h tests/broker/broker.c
tests_broker_02_trust_LDADD = $(TEST_IO_LIBS)

CMOCKA_TESTS += tests/broker/03-killed
tests_broker_03_killed_SOURCES = tests/broker/03-killed.c tests/broker/broker.h tests/broker/broker.c
EXTRA_DIST += tests/broker/threaded

check_PROGRAMS += tests/broker/scripted-broker
tests_broker_scripted_broker_SOURCES = tests/broker/scripted-broker.c tests/broker/scripted-rules.h \
	tests/broker/scripted-rules.c
LONG_TESTS += tests/broker/05-scripted
check_PROGRAMS += tests/broker/05-scripted
tests_broker_05_scripted_SOURCES = tests/broker/05-scripted.c tests/broker/broker.h tests/broker/broker.c \
	tests/broker/scripted-rig.h tests/broker/scripted-rig.c tests/broker/scripted-stories.h \
	tests/broker/scripted-stories.c tests/broker/side-by-side.h tests/broker/side-by-side.c

LONG_TESTS += tests/broker/04-coxad-killed
dist_noinst_SCRIPTS += tests/broker/04-coxad-killed

EXTRA_DIST += tests/broker/door.py
TESTS += tests/broker/06-names
dist_noinst_SCRIPTS += tests/broker/06-names
TESTS += tests/broker/07-response-topic
dist_noinst_SCRIPTS += tests/broker/07-response-topic
TESTS += tests/broker/08-secrets
dist_noinst_SCRIPTS += tests/broker/08-secrets
TESTS += tests/broker/09-certificates
dist_noinst_SCRIPTS += tests/broker/09-certificates
TESTS += tests/broker/10-access
dist_noinst_SCRIPTS += tests/broker/10-access
TESTS += tests/broker/11-numbers
dist_noinst_SCRIPTS += tests/broker/11-numbers

CMOCKA_TESTS += tests/broker/11-elsewhere
tests_broker_11_elsewhere_SOURCES = tests/broker/11-elsewhere.c tests/broker/broker.h tests/broker/broker.c
# To be preloaded.
check_PROGRAMS += tests/broker/names.so
tests_broker_names_so_SOURCES = tests/broker/names.c
tests_broker_names_so_CFLAGS = $(AM_CFLAGS) -fPIC
tests_broker_names_so_LDFLAGS = -shared
TESTS += tests/broker/12-privacy
dist_noinst_SCRIPTS += tests/broker/12-privacy
TESTS += tests/broker/12-slow-disk
dist_noinst_SCRIPTS += tests/broker/12-slow-disk
check_PROGRAMS += tests/broker/slow-disk.so
tests_broker_slow_disk_so_SOURCES = tests/broker/slow-disk.c
tests_broker_slow_disk_so_CFLAGS = $(AM_CFLAGS) -fPIC
tests_broker_slow_disk_so_LDFLAGS = -shared
TESTS += tests/broker/13-memory
dist_noinst_SCRIPTS += tests/broker/13-memory
TESTS += tests/broker/12-health
dist_noinst_SCRIPTS += tests/broker/12-health
TESTS += tests/broker/13-changed-row
dist_noinst_SCRIPTS += tests/broker/13-changed-row
CMOCKA_TESTS += tests/broker/14-fleet
tests_broker_14_fleet_SOURCES = tests/broker/14-fleet.c tests/flow/sanitized.h tests/broker/broker.h tests/broker/broker.c
tests_broker_14_fleet_CFLAGS = $(TEST_CFLAGS) $(SYSTEMD_CFLAGS)
tests_broker_14_fleet_LDADD = $(TEST_IO_LIBS)
