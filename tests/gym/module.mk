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
CMOCKA_TESTS += tests/gym/test-sold
tests_gym_test_sold_SOURCES = tests/gym/test-sold.c tests/gym/sold-listener.h tests/gym/sold-listener.c
tests_gym_test_sold_LDADD = $(GYM_LIBS) $(TEST_LIBS)
CMOCKA_TESTS += tests/gym/test-sold-payloads
tests_gym_test_sold_payloads_SOURCES = tests/gym/test-sold-payloads.c tests/gym/sold-listener.h \
	tests/gym/sold-listener.c
tests_gym_test_sold_payloads_LDADD = $(GYM_LIBS) $(TEST_LIBS)
CMOCKA_TESTS += tests/gym/test-body
tests_gym_test_body_LDADD = $(GYM_LIBS) $(TEST_LIBS)
CMOCKA_TESTS += tests/gym/test-script
tests_gym_test_script_LDADD = $(GYM_LIBS) $(TEST_LIBS)
CMOCKA_TESTS += tests/gym/test-capture
tests_gym_test_capture_LDADD = $(GYM_LIBS) $(TEST_LIBS)
