# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libbus-test.a
libbus_test_a_SOURCES = tests/bus/bus-test.h tests/bus/bus-test.c tests/bus/plain-gym.c $(DOOR_BUS_SOURCES)
libbus_test_a_CFLAGS = $(TEST_CFLAGS) $(DBUS_CFLAGS) $(SYSTEMD_CFLAGS)
BUS_TEST_LIBS = libbus-test.a $(TEST_IO_LIBS)
CMOCKA_TESTS += tests/bus/10-stream
tests_bus_10_stream_SOURCES = tests/bus/10-stream.c
tests_bus_10_stream_CFLAGS = $(TEST_CFLAGS) $(DBUS_CFLAGS) $(SYSTEMD_CFLAGS)
tests_bus_10_stream_LDADD = $(BUS_TEST_LIBS)
