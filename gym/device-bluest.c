// SPDX-License-Identifier: MIT
/* An ST BlueST node (SensorTile, firmware of the ALLMEMS1 kind): accelerometer, gyroscope and
 * magnetometer in one notification of 20 bytes, 20 times a second, one tick 8 ms. Layout and
 * advert as in BlueST-SDK.md of STMicroelectronics/BlueSTSDK_Android.
 */
#include "gym/device-bluest.h"

#include <math.h>
#include <string.h>

#include "coxad/base/address.h"
#include "coxad/base/units.h"
#include "gym/chip.h"
#include "gym/packet.h"

#define RATE_HZ 20
#define TICK_US 8000

struct bluest {
	struct device base;
	uint64_t sample; /* number of the next one, since the script began */
};

const struct device_characteristic device_bluest_characteristics[DEVICE_BLUEST_CHARACTERISTICS] = {
	{{{0, 0, 0, 0, 0, 1, 0x11, 0xe1, 0x9a, 0xb4, 0, 2, 0xa5, 0xd5, 0xc5, 0x1b}},
		{{0, 0xe0, 0, 0, 0, 1, 0x11, 0xe1, 0xac, 0x36, 0, 2, 0xa5, 0xd5, 0xc5, 0x1b}},
		DEVICE_NOTIFY, false},
};

size_t device_bluest_advert(const struct device *device, uint8_t buffer[31])
{
	static const uint8_t head[] = {2, 0x01, 0x06, 13, 0xff, 1, 2, 0, 0xe0, 0, 0};

	memcpy(buffer, head, sizeof(head));
	address_to_bytes(device->config.address, buffer + sizeof(head));
	return sizeof(head) + 6;
}

static double due_us(const struct bluest *bluest)
{
	return (double)bluest->sample * (1e6 / RATE_HZ) / device_clock_rate(&bluest->base);
}

static int64_t bluest_next(const struct device *device)
{
	if (!device->is_connected || !device->ccc[0])
		return T_NEVER;
	return (int64_t)ceil(due_us((const struct bluest *)device));
}

static void send_sample(struct bluest *bluest, double t_us)
{
	struct device_config *config = &bluest->base.config;
	uint64_t ticks = (uint64_t)floor(device_clock_us(&bluest->base, t_us) / TICK_US);
	/* Milligauss, central Europe. */
	struct vec3 north = quat_rotate(
		quat_conj(chip_orientation(&bluest->base, t_us)), (struct vec3){200, 0, -430});
	struct packet p = {.n = 0};
	int16_t raw[6];

	sensor_sample(&config->sensor, t_us / 1e6, raw);
	packet_u16(&p, (unsigned)(ticks & 0xffff));
	for (unsigned i = 0; i < 3; i++)
		packet_i16(&p, raw[i] / 32768.0 * config->acc_range_g * 1000);
	for (unsigned i = 3; i < 6; i++)
		packet_i16(&p, raw[i] / 32768.0 * config->gyr_range_dps * 10);
	packet_i16_axes(&p, (const double[]){north.x, north.y, north.z});
	device_send(&bluest->base, 0, p.b, p.n);
}

static void bluest_advance(struct device *device, int64_t t_us)
{
	struct bluest *bluest = (struct bluest *)device;

	for (; due_us(bluest) <= (double)t_us; bluest->sample++)
		if (device->is_connected && device->ccc[0] &&
			!device_is_still(device, due_us(bluest)))
			send_sample(bluest, due_us(bluest));
}

const struct device_ops device_bluest_ops = {
	.size = sizeof(struct bluest),
	.characteristic = device_bluest_characteristics,
	.n_characteristics = DEVICE_BLUEST_CHARACTERISTICS,
	.advert = device_bluest_advert,
	.next = bluest_next,
	.advance = bluest_advance,
};
