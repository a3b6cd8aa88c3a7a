# SPDX-License-Identifier: MIT
CMOCKA_TESTS += tests/flow/test-gateway
tests_flow_test_gateway_SOURCES = tests/flow/test-gateway.c
tests_flow_test_gateway_CFLAGS = $(TEST_CFLAGS)
tests_flow_test_gateway_LDADD = $(TEST_LIBS)
