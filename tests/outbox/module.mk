# SPDX-License-Identifier: MIT
CMOCKA_TESTS += tests/outbox/test-outbox
tests_outbox_test_outbox_SOURCES = tests/outbox/test-outbox.c
tests_outbox_test_outbox_CFLAGS = $(TEST_CFLAGS)
tests_outbox_test_outbox_LDADD = $(TEST_LIBS)
