// SPDX-License-Identifier: MIT
#include "tests/gym/bare-device.h"

#include <stdio.h>
#include <string.h>

#define BARE_UUID(x)                                                                               \
	{                                                                                          \
		{                                                                                  \
			0xc0, 0xa5, 0, x, 0x9b, 0xc6, 0x48, 0x08, 0xa8, 0xbd, 0x20, 0xfb, 0xe3,    \
				0xfc, 0x7d, 0x8c                                                   \
		}                                                                                  \
	}
#define BARE_SIG(x)                                                                                \
	{                                                                                          \
		{                                                                                  \
			0, 0, (x) >> 8, (x)&0xff, 0, 0, 0x10, 0, 0x80, 0, 0, 0x80, 0x5f, 0x9b,     \
				0x34, 0xfb                                                         \
		}                                                                                  \
	}

static const struct device_characteristic characteristics[BARE_CHARACTERISTICS] = {
	[BARE_INFORMATION] = {BARE_UUID(1), BARE_UUID(2), DEVICE_READ, true},
	[BARE_CONTROL] = {BARE_UUID(1), BARE_UUID(3), DEVICE_WRITE | DEVICE_INDICATE, false},
	[BARE_MOTION] = {BARE_UUID(1), BARE_UUID(4), DEVICE_NOTIFY, true},
	[BARE_TEXT] = {BARE_SIG(0x180a), BARE_SIG(0x2a25),
		DEVICE_READ | DEVICE_WRITE | DEVICE_WRITE_COMMAND, false},
};

void bare_device_init(struct device *device, unsigned number)
{
	memset(device, 0, sizeof(*device));
	snprintf(device->name, sizeof(device->name), "Coxa-%04X", number);
	snprintf(device->address, sizeof(device->address), "C0:A5:00:00:00:%02X", number & 0xff);
}

void bare_device_push(struct device *device, int64_t t_us, unsigned characteristic,
	bool is_indication, uint8_t first, size_t size)
{
	size_t slot = (device->head + device->n++) % 64;
	struct device_pdu *pdu = &device->queue[slot];

	pdu->characteristic = characteristic;
	pdu->is_indication = is_indication;
	pdu->size = size;
	for (size_t i = 0; i < size; i++)
		pdu->value[i] = (uint8_t)(first + i);
	device->due_us[slot] = t_us;
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
	return !device->is_public;
}

const struct device_characteristic *device_characteristics(
	const struct device *device, size_t *ret_n)
{
	*ret_n = BARE_CHARACTERISTICS;
	return characteristics;
}

size_t device_advert(const struct device *device, uint8_t buffer[31])
{
	memcpy(buffer, (const uint8_t[]){2, 0x01, 0x06}, 3);
	return 3;
}

size_t device_scan_response(const struct device *device, uint8_t buffer[31])
{
	size_t n = strlen(device->name);

	buffer[0] = (uint8_t)(n + 1);
	buffer[1] = 0x09;
	memcpy(buffer + 2, device->name, n);
	return 2 + n;
}

int64_t device_advert_interval_us(const struct device *device)
{
	return 100000;
}

int device_rssi_dbm(struct device *device, int64_t t_us)
{
	return -50 - (device->address[16] - '0');
}

const struct device_radio *device_radio(const struct device *device)
{
	return &device->radio;
}

bool device_is_reachable(const struct device *device, int64_t t_us)
{
	return !device->is_away;
}

void device_connected(struct device *device, int64_t t_us, unsigned mtu)
{
	device->connects++;
	device->mtu = mtu;
}

void device_set_mtu(struct device *device, int64_t t_us, unsigned mtu)
{
	device->mtu = mtu;
}

void device_disconnected(struct device *device, int64_t t_us)
{
	device->disconnects++;
	memset(device->ccc, 0, sizeof(device->ccc));
}

int device_read(struct device *device, int64_t t_us, unsigned characteristic,
	uint8_t value[DEVICE_VALUE_MAX])
{
	if (characteristic == BARE_INFORMATION) {
		for (uint8_t i = 0; i < 40; i++)
			value[i] = i;
		return 40;
	}
	memcpy(value, device->text, device->text_size);
	return (int)device->text_size;
}

int device_write(struct device *device, int64_t t_us, unsigned characteristic, const uint8_t *value,
	size_t size)
{
	if (size == 0)
		return -0x0d;
	memcpy(characteristic == BARE_CONTROL ? device->control : device->text, value, size);
	*(characteristic == BARE_CONTROL ? &device->control_size : &device->text_size) = size;
	return 0;
}

void device_subscribe(struct device *device, int64_t t_us, unsigned characteristic, unsigned ccc)
{
	device->ccc[characteristic] = ccc;
}

void device_confirmed(struct device *device, int64_t t_us, unsigned characteristic)
{
	device->confirmed++;
}

int64_t device_next(const struct device *device)
{
	return device->n > 0 ? device->due_us[device->head] : INT64_MAX;
}

bool device_take(struct device *device, int64_t t_us, struct device_pdu *ret)
{
	if (device->n == 0 || device->due_us[device->head] > t_us)
		return false;
	*ret = device->queue[device->head];
	device->head = (device->head + 1) % 64;
	device->n--;
	return true;
}
