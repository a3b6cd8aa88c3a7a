# SPDX-License-Identifier: MIT
CMOCKA_TESTS += tests/base/test-uuid
tests_base_test_uuid_SOURCES = tests/base/test-uuid.c
tests_base_test_uuid_CFLAGS = $(TEST_CFLAGS)
tests_base_test_uuid_LDADD = $(TEST_LIBS)
