# SPDX-License-Identifier: MIT
CMOCKA_TESTS += tests/control/test-parts
tests_control_test_parts_CFLAGS = $(TEST_CFLAGS) $(JANSSON_CFLAGS)
tests_control_test_parts_LDADD = $(TEST_IO_LIBS)
CMOCKA_TESTS += tests/control/test-adopted
tests_control_test_adopted_CFLAGS = $(TEST_CFLAGS) $(SYSTEMD_CFLAGS) $(JANSSON_CFLAGS)
tests_control_test_adopted_LDADD = $(CTL_LIBS) $(TEST_LIBS)
CMOCKA_TESTS += tests/control/test-labels
tests_control_test_labels_CFLAGS = $(TEST_CFLAGS) $(SYSTEMD_CFLAGS) $(JANSSON_CFLAGS)
tests_control_test_labels_LDADD = $(CTL_LIBS) $(TEST_LIBS)
CMOCKA_TESTS += tests/control/test-radios
tests_control_test_radios_CFLAGS = $(TEST_CFLAGS) $(SYSTEMD_CFLAGS) $(JANSSON_CFLAGS)
tests_control_test_radios_LDADD = $(CTL_LIBS) $(TEST_LIBS)
CMOCKA_TESTS += tests/control/test-large
tests_control_test_large_CFLAGS = $(TEST_CFLAGS) $(SYSTEMD_CFLAGS) $(JANSSON_CFLAGS)
tests_control_test_large_LDADD = $(CTL_LIBS) $(TEST_LIBS)
CMOCKA_TESTS += tests/control/test-doctor
tests_control_test_doctor_CFLAGS = $(TEST_CFLAGS) $(SYSTEMD_CFLAGS) $(JANSSON_CFLAGS)
tests_control_test_doctor_LDADD = $(CTL_LIBS) $(TEST_LIBS)
check_PROGRAMS += tests/control/bad-caller
tests_control_bad_caller_CFLAGS = $(AM_CFLAGS) $(SYSTEMD_CFLAGS)
tests_control_bad_caller_LDADD = $(SYSTEMD_LIBS)
TESTS += tests/control/10-policy tests/control/20-service tests/control/25-figures tests/control/30-coxactl \
	tests/control/40-bad-callers tests/control/50-slow-disk
LONG_TESTS += tests/control/70-adopt tests/control/60-doctor
dist_noinst_SCRIPTS += tests/control/10-policy tests/control/20-service tests/control/25-figures tests/control/30-coxactl \
	tests/control/40-bad-callers tests/control/50-slow-disk tests/control/60-doctor tests/control/70-adopt
TESTS += tests/control/80-backup tests/control/81-restore tests/control/82-report
dist_noinst_SCRIPTS += tests/control/80-backup tests/control/81-restore tests/control/82-report
EXTRA_DIST += tests/control/adopt.gym tests/control/adopting.py tests/control/doctor.gym tests/control/rig.py tests/control/two-kits.conf
TESTS += tests/control/71-adopt-killed tests/control/72-pair tests/control/73-reload-killed \
	tests/control/83-setup tests/control/84-erase tests/control/85-enrol
dist_noinst_SCRIPTS += tests/control/71-adopt-killed tests/control/72-pair tests/control/73-reload-killed \
	tests/control/83-setup tests/control/84-erase tests/control/85-enrol
