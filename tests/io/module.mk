# SPDX-License-Identifier: MIT
CMOCKA_TESTS += tests/io/test-mailbox
tests_io_test_mailbox_LDADD = $(TEST_IO_LIBS)

STORE_RIG = tests/io/store-rig.h tests/io/store-rig.c
CMOCKA_TESTS += tests/io/test-outbox-store
tests_io_test_outbox_store_SOURCES = tests/io/test-outbox-store.c $(STORE_RIG)
tests_io_test_outbox_store_CFLAGS = $(TEST_CFLAGS) $(SYSTEMD_CFLAGS) $(SQLITE_CFLAGS)
tests_io_test_outbox_store_LDADD = $(TEST_IO_LIBS)

CMOCKA_TESTS += tests/io/test-history-store
tests_io_test_history_store_SOURCES = tests/io/test-history-store.c $(STORE_RIG)
tests_io_test_history_store_CFLAGS = $(TEST_CFLAGS) $(SYSTEMD_CFLAGS) $(JANSSON_CFLAGS) $(SQLITE_CFLAGS)
tests_io_test_history_store_LDADD = $(TEST_IO_LIBS)

CMOCKA_TESTS += tests/io/test-loop
tests_io_test_loop_CFLAGS = $(TEST_CFLAGS) $(SYSTEMD_CFLAGS)
tests_io_test_loop_LDADD = $(TEST_IO_LIBS)
