// SPDX-License-Identifier: MIT
/* A WitMotion WT901BLECL, and one of the BT50 loggers, whose frames also carry the date and time: a
 * stream of frames, cut anywhere (WitBluetooth_BWT901BLE5_0, the WT901BLECL manual). Registers can
 * be set only within 10 s of unlocking, and what was not saved is lost with the power. Its frames
 * carry no usable clock: the samples follow a crystal that is far off.
 */
#include "gym/device-wit.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "coxad/base/alloc.h"
#include "gym/advert.h"
#include "gym/beat.h"
#include "gym/chip.h"
#include "gym/packet.h"

#define WIT_UUID(x)                                                                                \
	((struct uuid){{0, 0, 0xff, x, 0, 0, 0x10, 0, 0x80, 0, 0, 0x80, 0x5f, 0x9a, 0x34, 0xfb}})

enum wit_characteristic { STREAM, COMMAND };

static const struct device_characteristic table[] = {
	[STREAM] = {WIT_UUID(0xe5), WIT_UUID(0xe4), DEVICE_NOTIFY, false},
	[COMMAND] = {WIT_UUID(0xe5), WIT_UUID(0xe9), DEVICE_WRITE | DEVICE_WRITE_COMMAND, false},
};

#define RANGE_G     16
#define RANGE_DPS   2000
#define UNLOCKED_US 10000000
#define STREAM_MAX  512
#define DATA_FRAME  0x61
#define REPLY_FRAME 0x71
#define WALL_S      1782086400 /* its calendar when the script begins: 22 June 2026, 00:00 */
/* Shares of the notifications that wait for the next frame, and that end inside a frame. */
#define JOIN_SHARE 0.15
#define CUT_SHARE  0.15

enum wit_register {
	REGISTER_SAVE = 0x00,
	REGISTER_RATE = 0x03,
	REGISTER_BANDWIDTH = 0x1f,
	REGISTER_ALGORITHM = 0x24,
	REGISTER_READ = 0x27,
	REGISTER_VERSION = 0x2e,
	REGISTER_MAGNETIC = 0x3a,
	REGISTER_TEMPERATURE = 0x40,
	REGISTER_QUATERNION = 0x51,
	REGISTER_POWER = 0x64,
	REGISTER_UNLOCK = 0x69,
	REGISTER_COUNT = 0x90,
};

static const double rate_hz_of[] = {0, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200};

struct wit {
	struct device base;
	uint16_t set[REGISTER_COUNT], saved[REGISTER_COUNT];
	uint32_t boot;
	int64_t unlocked_until_us;
	struct beat beat;
	uint8_t stream[STREAM_MAX];
	size_t size;
	struct random cut;
};

static struct wit *wit_of(struct device *device)
{
	return (struct wit *)device;
}

static int wit_open(struct device *device, char *error, size_t error_size)
{
	struct wit *wit = wit_of(device);

	chip_set_ranges(device, RANGE_G, RANGE_DPS);
	wit->saved[REGISTER_RATE] = 0x06; /* 10 Hz */
	wit->saved[REGISTER_VERSION] = 10;
	memcpy(wit->set, wit->saved, sizeof(wit->set));
	wit->boot = device->config.epoch[0].boot;
	wit->cut = device->random;
	wit->cut.state ^= 0x57495431;
	beat_stop(&wit->beat);
	return 0;
}

/* Neither a service nor a maker: only the name identifies it. */
static size_t wit_advert(const struct device *device, uint8_t buffer[31])
{
	size_t n = 0;

	advert_flags(buffer, &n);
	advert_name(buffer, &n, device->config.name);
	return n;
}

static double interval_us(const struct wit *wit)
{
	unsigned code = wit->set[REGISTER_RATE];

	return 1e6 / rate_hz_of[code >= 1 && code < ARRAY_LEN(rate_hz_of) ? code : 6];
}

static void follow(struct wit *wit, int64_t t_us)
{
	const struct device_epoch *epoch = device_epoch_at(&wit->base, t_us);

	if (epoch->boot != wit->boot) {
		wit->boot = epoch->boot;
		memcpy(wit->set, wit->saved, sizeof(wit->set));
		wit->unlocked_until_us = 0;
	}
	if (!wit->base.is_connected || !wit->base.ccc[STREAM]) {
		beat_stop(&wit->beat);
		wit->size = 0;
	} else if (!beat_is_running(&wit->beat)) {
		beat_start(&wit->beat, (double)t_us, interval_us(wit));
	}
}

static void wit_link(struct device *device, int64_t t_us, bool is_up)
{
	follow(wit_of(device), t_us);
}

/* The radio module sends on what has come in: usually all of it, sometimes only a part, now and
 * then nothing. */
static void flush(struct wit *wit)
{
	size_t most = wit->base.mtu - 3, n;
	double chance = random_unit(&wit->cut);

	if (chance < JOIN_SHARE && wit->size < most)
		return;
	while (wit->size) {
		n = wit->size < most ? wit->size : most;
		if (chance < JOIN_SHARE + CUT_SHARE && n == wit->size && n > 1)
			n = 1 + (size_t)(random_unit(&wit->cut) * (double)(n - 1));
		device_send(&wit->base, STREAM, wit->stream, n);
		wit->size -= n;
		memmove(wit->stream, wit->stream + n, wit->size);
		if (chance < JOIN_SHARE + CUT_SHARE)
			return;
	}
}

static void append(struct wit *wit, const struct packet *p)
{
	if (wit->size + p->n > STREAM_MAX)
		return;
	memcpy(wit->stream + wit->size, p->b, p->n);
	wit->size += p->n;
}

static void put_calendar(struct packet *p, double t_us)
{
	time_t wall = WALL_S + (time_t)floor(t_us / 1e6);
	struct tm tm;

	gmtime_r(&wall, &tm);
	packet_u8(p, (unsigned)tm.tm_year - 100);
	packet_u8(p, (unsigned)tm.tm_mon + 1);
	packet_u8(p, (unsigned)tm.tm_mday);
	packet_u8(p, (unsigned)tm.tm_hour);
	packet_u8(p, (unsigned)tm.tm_min);
	packet_u8(p, (unsigned)tm.tm_sec);
	packet_u16(p, (unsigned)fmod(t_us / 1e3, 1000));
}

static void append_sample(struct wit *wit, double t_us)
{
	struct packet p = {.n = 0};
	struct chip_sample m;
	double deg[3];

	chip_measure(&wit->base, t_us, &m);
	chip_euler_deg(chip_orientation(&wit->base, t_us), deg);
	packet_u8(&p, 0x55);
	packet_u8(&p, DATA_FRAME);
	for (unsigned i = 0; i < 6; i++)
		packet_i16(&p, m.raw[i]);
	for (unsigned i = 0; i < 3; i++)
		packet_i16(&p, deg[i] / 180 * 32768);
	if (wit->base.ops == &device_wit_logger_ops)
		put_calendar(&p, t_us);
	append(wit, &p);
}

/* 3.40 V is 5 %, 3.97 V is full: the maker's table. */
static double volt(const struct wit *wit)
{
	return 3.40 + (wit->base.config.battery_percent - 5) * (3.97 - 3.40) / 95;
}

static double register_value(const struct wit *wit, unsigned number, double t_us)
{
	struct quat q = chip_orientation(&wit->base, t_us);
	struct vec3 north = chip_magnetic_ut(&wit->base, t_us);
	const double *part = &q.w, *axis = &north.x;

	if (number >= REGISTER_QUATERNION && number < REGISTER_QUATERNION + 4)
		return part[number - REGISTER_QUATERNION] * 32768;
	if (number >= REGISTER_MAGNETIC && number < REGISTER_MAGNETIC + 3)
		return axis[number - REGISTER_MAGNETIC] * 10;
	if (number == REGISTER_POWER)
		return volt(wit) * 100;
	if (number == REGISTER_TEMPERATURE)
		return 2950;
	return number < REGISTER_COUNT ? wit->set[number] : 0;
}

static void reply(struct wit *wit, unsigned first, int64_t t_us)
{
	struct packet p = {.n = 0};

	packet_u8(&p, 0x55);
	packet_u8(&p, REPLY_FRAME);
	packet_u16(&p, first);
	for (unsigned i = 0; i < 8; i++)
		packet_i16(&p, register_value(wit, first + i, (double)t_us));
	append(wit, &p);
	flush(wit);
}

static void set_register(struct wit *wit, unsigned number, unsigned value, int64_t t_us)
{
	if (t_us >= wit->unlocked_until_us)
		return;
	switch (number) {
	case REGISTER_SAVE:
		if (value == 0)
			memcpy(wit->saved, wit->set, sizeof(wit->saved));
		return;
	case REGISTER_RATE:
		if (value < 1 || value >= ARRAY_LEN(rate_hz_of))
			return;
		wit->set[number] = (uint16_t)value;
		if (beat_is_running(&wit->beat))
			beat_start(&wit->beat, (double)t_us, interval_us(wit));
		return;
	case REGISTER_BANDWIDTH:
	case REGISTER_ALGORITHM:
		wit->set[number] = (uint16_t)value;
		return;
	default:
		return;
	}
}

/* FF AA register low high. Anything else is silently ignored, and so is a locked register. */
static int wit_write(struct device *device, int64_t t_us, unsigned characteristic,
	const uint8_t *value, size_t size)
{
	struct wit *wit = wit_of(device);
	unsigned argument;

	if (size != 5 || value[0] != 0xff || value[1] != 0xaa)
		return 0;
	argument = value[3] | (unsigned)value[4] << 8;
	if (value[2] == REGISTER_UNLOCK && argument == 0xb588)
		wit->unlocked_until_us = t_us + UNLOCKED_US;
	else if (value[2] == REGISTER_READ && device->ccc[STREAM])
		reply(wit, argument, t_us);
	else
		set_register(wit, value[2], argument, t_us);
	return 0;
}

static int64_t wit_next(const struct device *device)
{
	return beat_instant_us(beat_due_us(&((const struct wit *)device)->beat, device));
}

static void wit_advance(struct device *device, int64_t t_us)
{
	struct wit *wit = wit_of(device);

	follow(wit, t_us);
	for (; wit_next(device) <= t_us; wit->beat.n++) {
		double due_us = beat_due_us(&wit->beat, device);

		if (device_is_still(device, due_us))
			continue;
		append_sample(wit, due_us);
		flush(wit);
	}
}

#define WIT_OPS                                                                                    \
	{                                                                                          \
		.size = sizeof(struct wit), .characteristic = table,                               \
		.n_characteristics = ARRAY_LEN(table), .open = wit_open, .advert = wit_advert,     \
		.link = wit_link, .write = wit_write, .next = wit_next, .advance = wit_advance,    \
	}
const struct device_ops device_wit_ops = WIT_OPS;
const struct device_ops device_wit_logger_ops = WIT_OPS;
