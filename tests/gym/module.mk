# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libgym.a
libgym_a_SOURCES = \
	tests/gym/adpcm.h tests/gym/adpcm.c \
	tests/gym/body.h tests/gym/body.c \
	tests/gym/device.h tests/gym/device-inner.h tests/gym/device.c \
	tests/gym/device-bluest.c \
	tests/gym/device-coxa.c \
	tests/gym/device-playback.c \
	tests/gym/gym.h tests/gym/gym.c \
	tests/gym/random.h \
	tests/gym/script.h tests/gym/script-inner.h tests/gym/script.c tests/gym/script-item.c \
	tests/gym/sensor.h tests/gym/sensor.c \
	tests/gym/sound.h tests/gym/sound.c \
	tests/gym/timeline.h tests/gym/timeline.c
libgym_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
GYM_LIBS = libgym.a $(PURE_LIBS)

CMOCKA_TESTS += tests/gym/test-device
tests_gym_test_device_SOURCES = tests/gym/test-device.c
tests_gym_test_device_CFLAGS = $(TEST_CFLAGS)
tests_gym_test_device_LDADD = $(GYM_LIBS) $(TEST_LIBS)
