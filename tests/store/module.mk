# SPDX-License-Identifier: MIT
STORE_RIG = tests/store/store-rig.h tests/store/store-rig.c
CMOCKA_TESTS += tests/store/test-outbox-store
tests_store_test_outbox_store_SOURCES = tests/store/test-outbox-store.c $(STORE_RIG)
tests_store_test_outbox_store_CFLAGS = $(TEST_CFLAGS) $(SYSTEMD_CFLAGS) $(SQLITE_CFLAGS)
tests_store_test_outbox_store_LDADD = $(TEST_IO_LIBS)

CMOCKA_TESTS += tests/store/test-outbox-rows
tests_store_test_outbox_rows_SOURCES = tests/store/test-outbox-rows.c $(STORE_RIG)
tests_store_test_outbox_rows_CFLAGS = $(TEST_CFLAGS) $(SYSTEMD_CFLAGS) $(SQLITE_CFLAGS)
tests_store_test_outbox_rows_LDADD = $(TEST_IO_LIBS)

CMOCKA_TESTS += tests/store/test-history-store
tests_store_test_history_store_SOURCES = tests/store/test-history-store.c $(STORE_RIG)
tests_store_test_history_store_CFLAGS = $(TEST_CFLAGS) $(SYSTEMD_CFLAGS) $(JANSSON_CFLAGS) $(SQLITE_CFLAGS)
tests_store_test_history_store_LDADD = $(TEST_IO_LIBS)

CMOCKA_TESTS += tests/store/test-athlete-rights
tests_store_test_athlete_rights_SOURCES = tests/store/test-athlete-rights.c $(STORE_RIG)
tests_store_test_athlete_rights_CFLAGS = $(TEST_CFLAGS) $(SYSTEMD_CFLAGS) $(JANSSON_CFLAGS) $(SQLITE_CFLAGS)
tests_store_test_athlete_rights_LDADD = $(TEST_IO_LIBS)

FAULT_VFS = tests/store/fault-vfs.h tests/store/fault-vfs.c
FAULT_CAMPAIGN = $(FAULT_VFS) tests/store/fault-campaign.h tests/store/fault-campaign.c
CMOCKA_TESTS += tests/store/test-store-faults
tests_store_test_store_faults_SOURCES = tests/store/test-store-faults.c $(FAULT_CAMPAIGN) $(STORE_RIG)
tests_store_test_store_faults_CFLAGS = $(TEST_CFLAGS) $(SYSTEMD_CFLAGS) $(SQLITE_CFLAGS)
tests_store_test_store_faults_LDADD = $(TEST_IO_LIBS)

CMOCKA_TESTS += tests/store/test-history-faults
tests_store_test_history_faults_SOURCES = tests/store/test-history-faults.c $(FAULT_CAMPAIGN) $(STORE_RIG)
tests_store_test_history_faults_CFLAGS = $(TEST_CFLAGS) $(SYSTEMD_CFLAGS) $(SQLITE_CFLAGS)
tests_store_test_history_faults_LDADD = $(TEST_IO_LIBS)

CMOCKA_TESTS += tests/store/test-recorder
tests_store_test_recorder_SOURCES = tests/store/test-recorder.c
tests_store_test_recorder_CFLAGS = $(TEST_CFLAGS) $(SYSTEMD_CFLAGS)
tests_store_test_recorder_LDADD = $(TEST_IO_LIBS)

CMOCKA_TESTS += tests/store/test-store-thread
tests_store_test_store_thread_SOURCES = tests/store/test-store-thread.c
tests_store_test_store_thread_CFLAGS = $(TEST_CFLAGS) $(SYSTEMD_CFLAGS)
tests_store_test_store_thread_LDADD = $(TEST_IO_LIBS)

CMOCKA_TESTS += tests/store/test-slow-disk
tests_store_test_slow_disk_SOURCES = tests/store/test-slow-disk.c $(STORE_RIG)
tests_store_test_slow_disk_CFLAGS = $(TEST_CFLAGS) $(SYSTEMD_CFLAGS) $(SQLITE_CFLAGS)
tests_store_test_slow_disk_LDADD = $(TEST_IO_LIBS)

CMOCKA_TESTS += tests/store/test-logbook-store
tests_store_test_logbook_store_SOURCES = tests/store/test-logbook-store.c $(STORE_RIG)
tests_store_test_logbook_store_CFLAGS = $(TEST_CFLAGS) $(SYSTEMD_CFLAGS) $(SQLITE_CFLAGS)
tests_store_test_logbook_store_LDADD = $(TEST_IO_LIBS)

CMOCKA_TESTS += tests/store/test-logbook-bounds
tests_store_test_logbook_bounds_SOURCES = tests/store/test-logbook-bounds.c $(STORE_RIG)
tests_store_test_logbook_bounds_CFLAGS = $(TEST_CFLAGS) $(SYSTEMD_CFLAGS) $(SQLITE_CFLAGS)
tests_store_test_logbook_bounds_LDADD = $(TEST_IO_LIBS)

CMOCKA_TESTS += tests/store/test-logbook-faults
tests_store_test_logbook_faults_SOURCES = tests/store/test-logbook-faults.c $(FAULT_CAMPAIGN) $(STORE_RIG)
tests_store_test_logbook_faults_CFLAGS = $(TEST_CFLAGS) $(SYSTEMD_CFLAGS) $(SQLITE_CFLAGS)
tests_store_test_logbook_faults_LDADD = $(TEST_IO_LIBS)

CMOCKA_TESTS += tests/store/test-ahead-faults
tests_store_test_ahead_faults_SOURCES = tests/store/test-ahead-faults.c $(FAULT_CAMPAIGN) $(STORE_RIG)
tests_store_test_ahead_faults_CFLAGS = $(TEST_CFLAGS) $(SYSTEMD_CFLAGS) $(SQLITE_CFLAGS)
tests_store_test_ahead_faults_LDADD = $(TEST_IO_LIBS)

CMOCKA_TESTS += tests/store/test-ahead
tests_store_test_ahead_SOURCES = tests/store/test-ahead.c $(STORE_RIG)
tests_store_test_ahead_CFLAGS = $(TEST_CFLAGS) $(SYSTEMD_CFLAGS) $(SQLITE_CFLAGS)
tests_store_test_ahead_LDADD = $(TEST_IO_LIBS)

CMOCKA_TESTS += tests/store/test-erasure
tests_store_test_erasure_SOURCES = tests/store/test-erasure.c $(FAULT_VFS) $(STORE_RIG)
tests_store_test_erasure_CFLAGS = $(TEST_CFLAGS) $(SYSTEMD_CFLAGS) $(SQLITE_CFLAGS)
tests_store_test_erasure_LDADD = $(TEST_IO_LIBS)
