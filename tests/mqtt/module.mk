# SPDX-License-Identifier: MIT
CMOCKA_TESTS += tests/mqtt/test-mailbox
tests_mqtt_test_mailbox_LDADD = $(TEST_IO_LIBS)
CMOCKA_TESTS += tests/mqtt/test-mqtt
tests_mqtt_test_mqtt_CFLAGS = $(TEST_CFLAGS) $(SYSTEMD_CFLAGS)
tests_mqtt_test_mqtt_LDADD = $(TEST_IO_LIBS)
CMOCKA_TESTS += tests/mqtt/test-mqtt-reason
tests_mqtt_test_mqtt_reason_LDADD = $(TEST_IO_LIBS)
CMOCKA_TESTS += tests/mqtt/test-resolver
tests_mqtt_test_resolver_LDADD = $(TEST_IO_LIBS)
CMOCKA_TESTS += tests/mqtt/test-tls-probe
tests_mqtt_test_tls_probe_LDADD = $(TEST_IO_LIBS)
