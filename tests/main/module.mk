# SPDX-License-Identifier: MIT
CMOCKA_TESTS += tests/main/test-trial-mark
tests_main_test_trial_mark_SOURCES = tests/main/test-trial-mark.c daemon/main/runtime-file.c daemon/main/runtime-file.h \
	daemon/main/trial-mark.c daemon/main/trial-mark.h
tests_main_test_trial_mark_CFLAGS = $(TEST_CFLAGS) $(SYSTEMD_CFLAGS)
tests_main_test_trial_mark_LDADD = $(TEST_IO_LIBS)
