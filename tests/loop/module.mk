# SPDX-License-Identifier: MIT
CMOCKA_TESTS += tests/loop/test-loop
tests_loop_test_loop_CFLAGS = $(TEST_CFLAGS) $(SYSTEMD_CFLAGS)
tests_loop_test_loop_LDADD = $(TEST_IO_LIBS)
CMOCKA_TESTS += tests/loop/test-thread
tests_loop_test_thread_CFLAGS = $(TEST_CFLAGS)
tests_loop_test_thread_LDADD = $(TEST_IO_LIBS)
