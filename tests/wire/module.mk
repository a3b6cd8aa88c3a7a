# SPDX-License-Identifier: MIT
check_PROGRAMS += tests/wire/print-messages
tests_wire_print_messages_SOURCES = tests/wire/print-messages.c
tests_wire_print_messages_LDADD = $(PURE_LIBS)
TESTS += tests/wire/test-schemas
dist_noinst_SCRIPTS += tests/wire/test-schemas tests/wire/check-schemas
CMOCKA_TESTS += tests/wire/test-capture
tests_wire_test_capture_SOURCES = tests/wire/test-capture.c
tests_wire_test_capture_CFLAGS = $(TEST_CFLAGS)
tests_wire_test_capture_LDADD = $(TEST_LIBS)
CMOCKA_TESTS += tests/wire/test-command
tests_wire_test_command_SOURCES = tests/wire/test-command.c
tests_wire_test_command_CFLAGS = $(TEST_CFLAGS)
tests_wire_test_command_LDADD = $(TEST_LIBS)
