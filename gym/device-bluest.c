// SPDX-License-Identifier: MIT
/* An ST BlueST node (SensorTile, firmware of the ALLMEMS1 kind): accelerometer, gyroscope and
 * magnetometer in one notification of 20 bytes, 20 times a second, one tick 8 ms. Layout and
 * advert as in BlueST-SDK.md of STMicroelectronics/BlueSTSDK_Android.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/address.h"
#include "coxad/base/units.h"
#include "gym/device-private.h"

#define RATE_HZ 20
#define TICK_US 8000

static const struct device_characteristic table[] = {
	{{{0, 0, 0, 0, 0, 1, 0x11, 0xe1, 0x9a, 0xb4, 0, 2, 0xa5, 0xd5, 0xc5, 0x1b}},
		{{0, 0xe0, 0, 0, 0, 1, 0x11, 0xe1, 0xac, 0x36, 0, 2, 0xa5, 0xd5, 0xc5, 0x1b}},
		DEVICE_NOTIFY, false},
};

struct bluest {
	struct device base;
	uint64_t sample; /* number of the next one, since the script began */
};

static struct device *bluest_new(void)
{
	return &new0(struct bluest)->base;
}

static void bluest_free(struct device *device)
{
	free(device);
}

static int bluest_open(struct device *device, char *error, size_t error_size)
{
	device->characteristic = table;
	device->n_characteristics = ARRAY_LEN(table);
	return 0;
}

static size_t bluest_advert(const struct device *device, uint8_t buffer[31])
{
	static const uint8_t head[] = {2, 0x01, 0x06, 13, 0xff, 1, 2, 0, 0xe0, 0, 0};
	const char *address = device->config.address;

	memcpy(buffer, head, sizeof(head));
	address_to_bytes(address, buffer + sizeof(head));
	return sizeof(head) + 6;
}

static double due_us(const struct bluest *bluest)
{
	return (double)bluest->sample * (1e6 / RATE_HZ) / (1 + bluest->base.config.ppm * 1e-6);
}

static int64_t bluest_next(const struct device *device)
{
	if (!device->is_connected || !device->ccc[0])
		return T_NEVER;
	return (int64_t)ceil(due_us((const struct bluest *)device));
}

static void put16(uint8_t *at, double value)
{
	long v = lrint(fmax(-32768, fmin(32767, value)));

	at[0] = (uint8_t)v;
	at[1] = (uint8_t)((unsigned long)v >> 8);
}

static void build(struct bluest *bluest, double t_us)
{
	struct device_config *config = &bluest->base.config;
	uint64_t ticks = (uint64_t)floor(device_clock_us(&bluest->base, t_us) / TICK_US);
	struct vec3 north;
	uint8_t packet[20];
	int16_t raw[6];

	sensor_sample(&config->sensor, t_us / 1e6, raw);
	north = quat_rotate(quat_conj(quat_mul(body_orientation(config->sensor.body,
						       config->sensor.segment, t_us / 1e6),
				    config->sensor.mount)),
		(struct vec3){200, 0, -430}); /* mG, middle Europe */
	packet[0] = (uint8_t)ticks;
	packet[1] = (uint8_t)(ticks >> 8);
	for (unsigned i = 0; i < 3; i++) {
		put16(packet + 2 + 2 * i, raw[i] / 32768.0 * config->acc_range_g * 1000);
		put16(packet + 8 + 2 * i, raw[3 + i] / 32768.0 * config->gyr_range_dps * 10);
	}
	put16(packet + 14, north.x);
	put16(packet + 16, north.y);
	put16(packet + 18, north.z);
	device_send(&bluest->base, 0, packet, sizeof(packet));
}

static void bluest_advance(struct device *device, int64_t t_us)
{
	struct bluest *bluest = (struct bluest *)device;

	for (; due_us(bluest) <= (double)t_us; bluest->sample++)
		if (device->is_connected && device->ccc[0] &&
			!device_is_in_gap(device, DEVICE_GAP_OFF, (int64_t)due_us(bluest)) &&
			!device_is_in_gap(device, DEVICE_GAP_SILENT, (int64_t)due_us(bluest)))
			build(bluest, due_us(bluest));
}

const struct device_ops device_bluest_ops = {
	.new = bluest_new,
	.free = bluest_free,
	.open = bluest_open,
	.advert = bluest_advert,
	.link = device_no_link,
	.read = device_no_read,
	.write = device_no_write,
	.confirmed = device_no_confirmed,
	.next = bluest_next,
	.advance = bluest_advance,
};
