// SPDX-License-Identifier: MIT
/* Implements device.h with the simplest of devices, for tests of the bus: each streams numbered
 * packets at a fixed rate once it is subscribed. The gym's path is not a file but "N RATE [SIZE]".
 */
#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "gym/gym.h"

enum plain { PLAIN_INFO, PLAIN_CONTROL, PLAIN_MOTION, PLAIN_EVENT, PLAIN_BATTERY };

#define COXA(x)                                                                                    \
	{                                                                                          \
		{                                                                                  \
			0xc0, 0xa5, 0, x, 0x9b, 0xc6, 0x48, 0x08, 0xa8, 0xbd, 0x20, 0xfb, 0xe3,    \
				0xfc, 0x7d, 0x8c                                                   \
		}                                                                                  \
	}
#define SIG(x)                                                                                     \
	{                                                                                          \
		{                                                                                  \
			0, 0, (x) >> 8, (x)&0xff, 0, 0, 0x10, 0, 0x80, 0, 0, 0x80, 0x5f, 0x9b,     \
				0x34, 0xfb                                                         \
		}                                                                                  \
	}

static const struct device_characteristic characteristics[] = {
	[PLAIN_INFO] = {COXA(1), COXA(2), DEVICE_READ, false},
	[PLAIN_CONTROL] = {COXA(1), COXA(3), DEVICE_WRITE | DEVICE_INDICATE, false},
	[PLAIN_MOTION] = {COXA(1), COXA(4), DEVICE_NOTIFY, false},
	[PLAIN_EVENT] = {COXA(1), COXA(7), DEVICE_INDICATE, false},
	[PLAIN_BATTERY] = {SIG(0x180f), SIG(0x2a19), DEVICE_READ | DEVICE_NOTIFY, false},
};

struct device {
	char name[16], address[18];
	struct device_radio radio;
	bool is_connected, is_answering;
	unsigned ccc[ARRAY_LEN(characteristics)];
	uint8_t opcode;
	uint32_t sequence;
	int64_t next_us, period_us;
	size_t size;
};

struct gym {
	size_t n;
	struct device device[];
};

struct gym *gym_load(const char *path, uint64_t seed, char *ret_error, size_t error_size)
{
	unsigned n = 1, size = 20;
	double rate = 50;
	struct gym *gym;

	sscanf(path, "%u %lf %u", &n, &rate, &size);
	gym = alloc_zero(1, sizeof(*gym) + n * sizeof(gym->device[0]));
	gym->n = n;
	for (unsigned i = 0; i < n; i++) {
		struct device *device = &gym->device[i];

		snprintf(device->name, sizeof(device->name), "Coxa-%04X", i);
		snprintf(device->address, sizeof(device->address), "C0:A5:00:00:%02X:%02X",
			i >> 8 & 255, i & 255);
		device->radio.interval_us = 7500;
		device->period_us = (int64_t)(US_PER_S / rate);
		device->size = size < DEVICE_VALUE_MAX ? size : DEVICE_VALUE_MAX;
		device->next_us = INT64_MAX;
	}
	return gym;
}

struct gym *gym_free(struct gym *gym)
{
	free(gym);
	return NULL;
}

size_t gym_n_devices(const struct gym *gym)
{
	return gym->n;
}

struct device *gym_get_device(struct gym *gym, size_t index)
{
	return &gym->device[index];
}

int64_t gym_end_us(const struct gym *gym)
{
	return 600 * (int64_t)US_PER_S; /* ends by itself if the test was killed */
}

bool gym_get_command(const struct gym *gym, size_t index, struct gym_command *ret)
{
	return false;
}

const char *device_name(const struct device *device)
{
	return device->name;
}

const char *device_address(const struct device *device)
{
	return device->address;
}

bool device_has_random_address(const struct device *device)
{
	return true;
}

const struct device_characteristic *device_characteristics(
	const struct device *device, size_t *ret_n)
{
	*ret_n = ARRAY_LEN(characteristics);
	return characteristics;
}

size_t device_advert(const struct device *device, uint8_t buffer[31])
{
	return 0;
}

size_t device_scan_response(const struct device *device, uint8_t buffer[31])
{
	return 0;
}

int64_t device_advert_interval_us(const struct device *device)
{
	return 20000;
}

int device_rssi_dbm(struct device *device, int64_t t_us)
{
	return -50 - device->address[16] % 8;
}

const struct device_radio *device_radio(const struct device *device)
{
	return &device->radio;
}

bool device_is_reachable(const struct device *device, int64_t t_us)
{
	return true;
}

void device_connected(struct device *device, int64_t t_us, unsigned mtu)
{
	device->is_connected = true;
	memset(device->ccc, 0, sizeof(device->ccc));
	device->next_us = INT64_MAX;
}

void device_set_mtu(struct device *device, int64_t t_us, unsigned mtu)
{
}

void device_disconnected(struct device *device, int64_t t_us)
{
	device->is_connected = device->is_answering = false;
	device->next_us = INT64_MAX;
}

int device_read(struct device *device, int64_t t_us, unsigned characteristic,
	uint8_t value[DEVICE_VALUE_MAX])
{
	if (characteristic == PLAIN_BATTERY) {
		value[0] = 87;
		return 1;
	}
	if (characteristic != PLAIN_INFO)
		return -0x02;
	memset(value, 1, 20);
	return 20;
}

int device_write(struct device *device, int64_t t_us, unsigned characteristic, const uint8_t *value,
	size_t size)
{
	if (characteristic != PLAIN_CONTROL)
		return -0x03;
	device->opcode = size ? value[0] : 0;
	device->is_answering = device->ccc[PLAIN_CONTROL] != 0;
	return 0;
}

void device_subscribe(struct device *device, int64_t t_us, unsigned characteristic, unsigned ccc)
{
	device->ccc[characteristic] = ccc;
	if (characteristic == PLAIN_MOTION)
		device->next_us = ccc ? t_us : INT64_MAX;
}

void device_confirmed(struct device *device, int64_t t_us, unsigned characteristic)
{
}

void device_shake(struct device *device, int64_t t_us, double seconds)
{
}

int64_t device_next(const struct device *device)
{
	return device->is_answering ? 0 : device->next_us;
}

bool device_take(struct device *device, int64_t t_us, struct device_pdu *ret)
{
	*ret = (struct device_pdu){.size = device->size};
	if (device->is_answering) {
		device->is_answering = false;
		*ret = (struct device_pdu){.characteristic = PLAIN_CONTROL,
			.is_indication = true,
			.value = {device->opcode | 0x80, 0},
			.size = 2};
		return true;
	}
	if (!device->is_connected || t_us < device->next_us)
		return false;
	ret->characteristic = PLAIN_MOTION;
	memcpy(ret->value, &device->sequence, sizeof(device->sequence));
	device->sequence++;
	device->next_us += device->period_us;
	if (device->next_us + US_PER_S < t_us)
		device->next_us = t_us; /* the machine stood still */
	return true;
}
