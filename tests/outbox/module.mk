# SPDX-License-Identifier: MIT
OUTBOX_WORLD = tests/outbox/outbox-world.h tests/outbox/outbox-world.c
CMOCKA_TESTS += tests/outbox/test-outbox
tests_outbox_test_outbox_SOURCES = tests/outbox/test-outbox.c $(OUTBOX_WORLD)
CMOCKA_TESTS += tests/outbox/test-outbox-held
tests_outbox_test_outbox_held_SOURCES = tests/outbox/test-outbox-held.c $(OUTBOX_WORLD)
CMOCKA_TESTS += tests/outbox/test-outbox-reply
