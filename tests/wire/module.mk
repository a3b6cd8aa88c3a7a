# SPDX-License-Identifier: MIT
check_PROGRAMS += tests/wire/print-messages
tests_wire_print_messages_SOURCES = tests/wire/print-messages.c
tests_wire_print_messages_LDADD = $(PURE_LIBS)
TESTS += tests/wire/test-schemas
dist_noinst_SCRIPTS += tests/wire/test-schemas tests/wire/check-schemas
