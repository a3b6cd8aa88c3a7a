# SPDX-License-Identifier: MIT
CMOCKA_TESTS += tests/mqtt/test-mailbox
tests_mqtt_test_mailbox_LDADD = $(TEST_IO_LIBS)
