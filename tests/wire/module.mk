# SPDX-License-Identifier: MIT
check_PROGRAMS += tests/wire/print-messages
tests_wire_print_messages_LDADD = $(PURE_LIBS)
TESTS += tests/wire/test-schemas
dist_noinst_SCRIPTS += tests/wire/test-schemas tests/wire/check-schemas
CMOCKA_TESTS += tests/wire/test-capture
CMOCKA_TESTS += tests/wire/test-command
CMOCKA_TESTS += tests/wire/test-message
tests_wire_test_message_CFLAGS = $(TEST_CFLAGS) $(JANSSON_CFLAGS)
CMOCKA_TESTS += tests/wire/test-history
CMOCKA_TESTS += tests/wire/test-radio-batch
CMOCKA_TESTS += tests/wire/test-radio-message
CMOCKA_TESTS += tests/wire/test-radio-says
CMOCKA_TESTS += tests/wire/test-record-print
CMOCKA_TESTS += tests/wire/test-response-topic
TESTS += tests/wire/test-commands
dist_noinst_SCRIPTS += tests/wire/test-commands
EXTRA_DIST += tests/wire/commands.conf tests/wire/commands.coxacap
