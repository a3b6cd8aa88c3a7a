# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libgym.a
libgym_a_SOURCES = \
	tests/gym/adpcm.h tests/gym/adpcm.c \
	tests/gym/body.h tests/gym/body.c \
	tests/gym/device.h tests/gym/device-inner.h tests/gym/device.c \
	tests/gym/device-bluest.c \
	tests/gym/device-coxa-inner.h tests/gym/device-coxa.c tests/gym/device-coxa-control.c \
	tests/gym/device-playback.c \
	tests/gym/device-sold.h tests/gym/device-sold.c \
	tests/gym/device-thingy.c tests/gym/device-wit.c tests/gym/device-movesense.c \
	tests/gym/device-dot-inner.h tests/gym/device-dot.c tests/gym/device-dot-control.c \
	tests/gym/device-meta-inner.h tests/gym/device-meta.c tests/gym/device-meta-control.c \
	tests/gym/door-capture.h tests/gym/door-capture.c \
	tests/gym/fitting-conf.h tests/gym/fitting-conf.c \
	tests/gym/gym.h tests/gym/gym.c \
	tests/gym/kind.h tests/gym/kind.c \
	tests/gym/planner.h tests/gym/planner.c \
	tests/gym/radio.h tests/gym/radio.c \
	tests/gym/random.h \
	tests/gym/script.h tests/gym/script-inner.h tests/gym/script.c tests/gym/script-word.c \
	tests/gym/script-section.c tests/gym/script-item.c \
	tests/gym/sensor.h tests/gym/sensor.c \
	tests/gym/sound.h tests/gym/sound.c \
	tests/gym/timeline.h tests/gym/timeline-inner.h tests/gym/timeline.c tests/gym/timeline-move.c \
	tests/gym/truth.h tests/gym/truth.c \
	tests/gym/truth-phase.h tests/gym/truth-phase.c
libgym_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(ZLIB_CFLAGS)
GYM_LIBS = libgym.a $(PURE_LIBS) $(ZLIB_LIBS)

bin_PROGRAMS += coxa-gym
coxa_gym_SOURCES = tests/gym/coxa-gym.c tests/gym/commands.h tests/gym/commands.c $(DOOR_BUS_SOURCES)
coxa_gym_CFLAGS = $(AM_CFLAGS) $(DBUS_CFLAGS) $(SYSTEMD_CFLAGS)
coxa_gym_LDADD = $(GYM_HCI_LIBS) libgym.a $(IO_LIBS)

EXTRA_DIST += tests/gym/quickstart.gym
CMOCKA_TESTS += tests/gym/test-device
tests_gym_test_device_LDADD = $(GYM_LIBS) $(TEST_LIBS)
# A Bluetooth LE controller with the gym's wearables behind it, and its door on /dev/vhci.
noinst_LIBRARIES += libgym-hci.a
libgym_hci_a_SOURCES = \
	tests/gym/hci.h \
	tests/gym/hci-controller.h tests/gym/hci-state.h tests/gym/hci-controller.c tests/gym/hci-radio.c \
	tests/gym/hci-commands.c \
	tests/gym/hci-link.h tests/gym/hci-link.c \
	tests/gym/att-table.h tests/gym/att-table.c tests/gym/att-server.h tests/gym/att-server.c \
	tests/gym/smp-crypto.h tests/gym/smp-crypto.c tests/gym/smp.h tests/gym/smp.c \
	tests/gym/peripheral.h tests/gym/peripheral.c \
	tests/gym/door-vhci.h tests/gym/door-vhci.c
libgym_hci_a_CFLAGS = $(AM_CFLAGS) $(CRYPTO_CFLAGS)
GYM_HCI_LIBS = libgym-hci.a $(CRYPTO_LIBS)
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
# The fake org.bluez: what uses it also links IO_LIBS.
DOOR_BUS_SOURCES = tests/gym/door-bus.h tests/gym/door-private.h tests/gym/door-bus.c \
	tests/gym/door-fault.c tests/gym/door-methods.c tests/gym/door-objects.c \
	tests/gym/door-properties.c tests/gym/door-radio.c
