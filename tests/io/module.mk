# SPDX-License-Identifier: MIT
CMOCKA_TESTS += tests/io/test-mailbox
tests_io_test_mailbox_SOURCES = tests/io/test-mailbox.c
tests_io_test_mailbox_CFLAGS = $(TEST_CFLAGS)
tests_io_test_mailbox_LDADD = $(TEST_IO_LIBS)

CMOCKA_TESTS += tests/io/test-stores
tests_io_test_stores_SOURCES = tests/io/test-stores.c
tests_io_test_stores_CFLAGS = $(TEST_CFLAGS) $(SYSTEMD_CFLAGS) $(JANSSON_CFLAGS) $(SQLITE_CFLAGS)
tests_io_test_stores_LDADD = $(TEST_IO_LIBS)

CMOCKA_TESTS += tests/io/test-loop
tests_io_test_loop_SOURCES = tests/io/test-loop.c
tests_io_test_loop_CFLAGS = $(TEST_CFLAGS) $(SYSTEMD_CFLAGS)
tests_io_test_loop_LDADD = $(TEST_IO_LIBS)
