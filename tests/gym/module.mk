# SPDX-License-Identifier: MIT
CMOCKA_TESTS += tests/gym/test-device
tests_gym_test_device_LDADD = $(GYM_LIBS) $(TEST_LIBS)
GYM_BARE_DEVICE = tests/gym/bare-device.h tests/gym/bare-device.c
CMOCKA_TESTS += tests/gym/test-smp
tests_gym_test_smp_LDADD = $(GYM_HCI_LIBS) $(TEST_LIBS)
CMOCKA_TESTS += tests/gym/test-att-server
tests_gym_test_att_server_SOURCES = tests/gym/test-att-server.c $(GYM_BARE_DEVICE)
tests_gym_test_att_server_LDADD = $(GYM_HCI_LIBS) $(TEST_LIBS)
CMOCKA_TESTS += tests/gym/test-hci-controller
tests_gym_test_hci_controller_SOURCES = tests/gym/test-hci-controller.c tests/gym/hci-air.h tests/gym/hci-air.c
tests_gym_test_hci_controller_LDADD = $(GYM_HCI_LIBS) $(TEST_LIBS)
CMOCKA_TESTS += tests/gym/test-vendor-devices
tests_gym_test_vendor_devices_SOURCES = tests/gym/test-vendor-devices.c tests/gym/vendor-listener.h tests/gym/vendor-listener.c
tests_gym_test_vendor_devices_LDADD = $(GYM_LIBS) $(TEST_LIBS)
CMOCKA_TESTS += tests/gym/test-vendor-payloads
tests_gym_test_vendor_payloads_SOURCES = tests/gym/test-vendor-payloads.c tests/gym/vendor-listener.h \
	tests/gym/vendor-listener.c
tests_gym_test_vendor_payloads_LDADD = $(GYM_LIBS) $(TEST_LIBS)
CMOCKA_TESTS += tests/gym/test-body
tests_gym_test_body_LDADD = $(GYM_LIBS) $(TEST_LIBS)
CMOCKA_TESTS += tests/gym/test-script
tests_gym_test_script_LDADD = $(GYM_LIBS) $(TEST_LIBS)
CMOCKA_TESTS += tests/gym/test-capture
tests_gym_test_capture_LDADD = $(GYM_LIBS) $(TEST_LIBS)
