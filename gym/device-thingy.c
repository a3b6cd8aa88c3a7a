// SPDX-License-Identifier: MIT
/* A Nordic Thingy:52, firmware 2.2.0 (Nordic-Thingy52-FW, ble_tms.h, m_motion.c, drv_motion.c,
 * m_sound.c). Of its table, what concerns motion, sound, button and lamp is here. Taps, steps and
 * orientation of the housing are never sent, because nobody knocks on it or walks with it. Nothing
 * carries a time: samples and sound follow its own crystal.
 */
#include "gym/device-thingy.h"

#include <math.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/bytes.h"
#include "coxad/base/units.h"
#include "gym/adpcm.h"
#include "gym/advert.h"
#include "gym/beat.h"
#include "gym/button.h"
#include "gym/chip.h"
#include "gym/microphone.h"
#include "gym/packet.h"

#define THINGY_UUID(x)                                                                             \
	((struct uuid){{0xef, 0x68, (x) >> 8, (x)&0xff, 0x9b, 0x35, 0x49, 0x33, 0x9b, 0x10, 0x52,  \
		0xff, 0xa9, 0x74, 0x00, 0x42}})

enum thingy_characteristic {
	NAME,
	FIRMWARE,
	LED,
	BUTTON,
	CONFIG,
	TAP,
	HOUSING,
	QUATERNION,
	STEPS,
	RAW,
	EULER,
	MATRIX,
	HEADING,
	GRAVITY,
	SOUND_CONFIG,
	SPEAKER_STATUS,
	MICROPHONE,
	BATTERY,
};

static const struct device_characteristic table[] = {
	[NAME] = {THINGY_UUID(0x0100), THINGY_UUID(0x0101), DEVICE_READ | DEVICE_WRITE, false},
	[FIRMWARE] = {THINGY_UUID(0x0100), THINGY_UUID(0x0107), DEVICE_READ, false},
	[LED] = {THINGY_UUID(0x0300), THINGY_UUID(0x0301), DEVICE_READ | DEVICE_WRITE, false},
	[BUTTON] = {THINGY_UUID(0x0300), THINGY_UUID(0x0302), DEVICE_NOTIFY, false},
	[CONFIG] = {THINGY_UUID(0x0400), THINGY_UUID(0x0401), DEVICE_READ | DEVICE_WRITE, false},
	[TAP] = {THINGY_UUID(0x0400), THINGY_UUID(0x0402), DEVICE_NOTIFY, false},
	[HOUSING] = {THINGY_UUID(0x0400), THINGY_UUID(0x0403), DEVICE_NOTIFY, false},
	[QUATERNION] = {THINGY_UUID(0x0400), THINGY_UUID(0x0404), DEVICE_NOTIFY, false},
	[STEPS] = {THINGY_UUID(0x0400), THINGY_UUID(0x0405), DEVICE_NOTIFY, false},
	[RAW] = {THINGY_UUID(0x0400), THINGY_UUID(0x0406), DEVICE_NOTIFY, false},
	[EULER] = {THINGY_UUID(0x0400), THINGY_UUID(0x0407), DEVICE_NOTIFY, false},
	[MATRIX] = {THINGY_UUID(0x0400), THINGY_UUID(0x0408), DEVICE_NOTIFY, false},
	[HEADING] = {THINGY_UUID(0x0400), THINGY_UUID(0x0409), DEVICE_NOTIFY, false},
	[GRAVITY] = {THINGY_UUID(0x0400), THINGY_UUID(0x040a), DEVICE_NOTIFY, false},
	[SOUND_CONFIG] = {THINGY_UUID(0x0500), THINGY_UUID(0x0501), DEVICE_READ | DEVICE_WRITE,
		false},
	[SPEAKER_STATUS] = {THINGY_UUID(0x0500), THINGY_UUID(0x0503), DEVICE_NOTIFY, false},
	[MICROPHONE] = {THINGY_UUID(0x0500), THINGY_UUID(0x0504), DEVICE_NOTIFY, false},
	[BATTERY] = {UUID_SIG(0x180f), UUID_SIG(0x2a19), DEVICE_READ | DEVICE_NOTIFY, false},
};

#define RANGE_G       2
#define RANGE_DPS     2000
#define DMP_HZ        200
#define RESTART_US    200000  /* of the motion chip, after a new configuration */
#define SOUND_HZ      16129.0 /* 32 MHz / 31 / 64 */
#define SOUND_SAMPLES 256
#define SOUND_WAIT_US 500000 /* discarded by the firmware */
#define SOUND_QUEUE   16

struct thingy {
	struct device base;
	uint8_t config[9]; /* kept in flash */
	uint8_t led[5], sound_config[2], name[10];
	size_t led_size, name_size;
	struct beat motion, sound;
	struct button button;
	struct adpcm adpcm;
	struct random noise;
};

static struct thingy *thingy_of(struct device *device)
{
	return (struct thingy *)device;
}

static int thingy_open(struct device *device, char *error, size_t error_size)
{
	static const uint8_t config[9] = {0xe8, 0x03, 0xf4, 0x01, 0xf4, 0x01, 10, 0, 1};
	struct thingy *thingy = thingy_of(device);

	chip_set_ranges(device, RANGE_G, RANGE_DPS);
	memcpy(thingy->config, config, sizeof(config));
	thingy->led_size = 1;
	memcpy(thingy->sound_config, "\x01\x01", 2);
	thingy->name_size = strnlen(device->config.name, sizeof(thingy->name));
	memcpy(thingy->name, device->config.name, thingy->name_size);
	thingy->noise = device->random;
	thingy->noise.state ^= 0x50444d31;
	beat_stop(&thingy->motion);
	beat_stop(&thingy->sound);
	return 0;
}

/* The configuration service, as an incomplete list, and the name. */
static size_t thingy_advert(const struct device *device, uint8_t buffer[31])
{
	size_t n = 0;

	advert_flags(buffer, &n);
	advert_uuid(buffer, &n, ADVERT_SOME_UUIDS_128, &table[NAME].service);
	advert_name(buffer, &n, device->config.name);
	return n;
}

/* Nordic's company number and four bytes that change with each start. */
static size_t thingy_scan_response(const struct device *device, uint8_t buffer[31])
{
	uint32_t boot = device_epoch_at(device, device->now_us)->boot;
	uint8_t data[6] = {0x59, 0x00};
	size_t n = 0;

	memcpy(data + 2, &boot, sizeof(boot));
	advert_put(buffer, &n, ADVERT_MANUFACTURER, data, sizeof(data));
	return n;
}

static unsigned rate_hz(const struct thingy *thingy)
{
	return thingy->config[6] | (unsigned)thingy->config[7] << 8;
}

static void start_motion(struct thingy *thingy, double t_us)
{
	unsigned each = DMP_HZ / rate_hz(thingy);

	beat_start(&thingy->motion, t_us, 1e6 / DMP_HZ * each);
}

/* Starts and stops what the subscriptions ask for. */
static void follow_subscriptions(struct thingy *thingy)
{
	struct device *device = &thingy->base;
	bool wants_motion = false;

	for (unsigned c = QUATERNION; c <= GRAVITY; c++)
		wants_motion = wants_motion || device->ccc[c];
	if (!device->is_connected || !wants_motion)
		beat_stop(&thingy->motion);
	else if (!beat_is_running(&thingy->motion))
		start_motion(thingy, (double)device->now_us);
	if (!device->is_connected || !device->ccc[MICROPHONE]) {
		beat_stop(&thingy->sound);
	} else if (!beat_is_running(&thingy->sound)) {
		beat_start(&thingy->sound, (double)device->now_us + SOUND_WAIT_US,
			SOUND_SAMPLES * 1e6 / SOUND_HZ);
		thingy->adpcm = (struct adpcm){0, 0};
	}
}

static void thingy_link(struct device *device, int64_t t_us, bool is_up)
{
	follow_subscriptions(thingy_of(device));
}

static int thingy_read(struct device *device, int64_t t_us, unsigned characteristic,
	uint8_t value[DEVICE_VALUE_MAX])
{
	struct thingy *thingy = thingy_of(device);
	struct packet p = {.n = 0};

	switch (characteristic) {
	case NAME:
		packet_bytes(&p, thingy->name, thingy->name_size);
		break;
	case FIRMWARE:
		packet_bytes(&p, (const uint8_t[]){2, 2, 0}, 3);
		break;
	case LED:
		packet_bytes(&p, thingy->led, thingy->led_size);
		break;
	case CONFIG:
		packet_bytes(&p, thingy->config, sizeof(thingy->config));
		break;
	case SOUND_CONFIG:
		packet_bytes(&p, thingy->sound_config, sizeof(thingy->sound_config));
		break;
	default:
		return -ATT_ERROR_READ_NOT_PERMITTED;
	}
	return packet_copy(&p, value);
}

static bool is_within(unsigned value, unsigned low, unsigned high)
{
	return value >= low && value <= high;
}

static int write_config(struct thingy *thingy, const uint8_t *value, size_t size)
{
	struct bytes b = bytes_of(value, size);
	bool is_valid = size == sizeof(thingy->config);

	is_valid = is_valid && is_within(bytes_le16(&b), 100, 5000);
	is_valid = is_valid && is_within(bytes_le16(&b), 100, 5000);
	is_valid = is_valid && is_within(bytes_le16(&b), 100, 1000);
	is_valid = is_valid && is_within(bytes_le16(&b), 5, DMP_HZ);
	is_valid = is_valid && bytes_u8(&b) <= 1;
	if (!is_valid)
		return -ATT_ERROR_WRITE_NOT_PERMITTED;
	memcpy(thingy->config, value, size);
	if (beat_is_running(&thingy->motion))
		start_motion(thingy, (double)thingy->base.now_us + RESTART_US);
	return 0;
}

static int write_led(struct thingy *thingy, const uint8_t *value, size_t size)
{
	static const uint8_t size_of[] = {1, 4, 5, 3};

	if (size < 1 || value[0] >= ARRAY_LEN(size_of) || size != size_of[value[0]])
		return -ATT_ERROR_WRITE_NOT_PERMITTED;
	if (value[0] >= 2 && !is_within(value[2], 1, 100))
		return -ATT_ERROR_WRITE_NOT_PERMITTED;
	if (value[0] == 2 && !is_within(value[3] | (unsigned)value[4] << 8, 50, 10000))
		return -ATT_ERROR_WRITE_NOT_PERMITTED;
	memcpy(thingy->led, value, size);
	thingy->led_size = size;
	return 0;
}

static int thingy_write(struct device *device, int64_t t_us, unsigned characteristic,
	const uint8_t *value, size_t size)
{
	struct thingy *thingy = thingy_of(device);

	switch (characteristic) {
	case NAME:
		if (size > sizeof(thingy->name))
			return -ATT_ERROR_WRITE_NOT_PERMITTED;
		memcpy(thingy->name, value, size);
		thingy->name_size = size;
		return 0;
	case LED:
		return write_led(thingy, value, size);
	case CONFIG:
		return write_config(thingy, value, size);
	case SOUND_CONFIG:
		if (size != 2 || !is_within(value[0], 1, 3) || !is_within(value[1], 1, 2))
			return -ATT_ERROR_WRITE_NOT_PERMITTED;
		memcpy(thingy->sound_config, value, size);
		return 0;
	default:
		return -ATT_ERROR_WRITE_NOT_PERMITTED;
	}
}

/* The chip's axes all point the other way: the axis that points down measures +1 g. */
static void send_raw(struct thingy *thingy, double t_us)
{
	struct vec3 north = chip_magnetic_ut(&thingy->base, t_us);
	struct packet p = {.n = 0};
	struct chip_sample m;

	chip_measure(&thingy->base, t_us, &m);
	for (unsigned i = 0; i < 3; i++)
		packet_i16(&p, fmax(-2048, fmin(2047, -m.acc_mps2[i] / GRAVITY_MPS2 * 1024)));
	for (unsigned i = 0; i < 3; i++)
		packet_i16(&p, m.gyr_dps[i] * 32);
	packet_i16_axes(&p, (const double[]){north.x * 16, north.y * 16, north.z * 16});
	device_send(&thingy->base, RAW, p.b, p.n);
}

static void put_fixed(struct packet *p, double value, int bits)
{
	packet_u32(p, (uint32_t)(int32_t)llrint(ldexp(value, bits)));
}

static void send_quaternion(struct thingy *thingy, struct quat q)
{
	struct packet p = {.n = 0};

	put_fixed(&p, q.w, 30);
	put_fixed(&p, q.x, 30);
	put_fixed(&p, q.y, 30);
	put_fixed(&p, q.z, 30);
	device_send(&thingy->base, QUATERNION, p.b, p.n);
}

static void send_matrix(struct thingy *thingy, struct quat q)
{
	struct packet p = {.n = 0};

	for (unsigned row = 0; row < 3; row++) {
		struct vec3 axis = {row == 0, row == 1, row == 2};
		struct vec3 r = vec3_scale(quat_rotate(quat_conj(q), axis), 16384);

		packet_i16_axes(&p, (const double[]){r.x, r.y, r.z});
	}
	device_send(&thingy->base, MATRIX, p.b, p.n);
}

static void send_orientation(struct thingy *thingy, double t_us)
{
	struct quat q = chip_orientation(&thingy->base, t_us);
	struct packet euler = {.n = 0}, heading = {.n = 0};
	double deg[3];

	chip_euler_deg(q, deg);
	for (unsigned i = 0; i < 3; i++)
		put_fixed(&euler, deg[i], 16);
	put_fixed(&heading, fmod(360 - deg[2], 360), 16);
	send_quaternion(thingy, q);
	device_send(&thingy->base, EULER, euler.b, euler.n);
	send_matrix(thingy, q);
	device_send(&thingy->base, HEADING, heading.b, heading.n);
}

static void send_gravity(struct thingy *thingy, double t_us)
{
	struct vec3 up = chip_up_mps2(&thingy->base, t_us);
	struct packet p = {.n = 0};

	packet_f32_axes(&p, (const double[]){up.x, up.y, up.z});
	device_send(&thingy->base, GRAVITY, p.b, p.n);
}

static unsigned next_nibble(struct thingy *thingy, double t_us)
{
	return adpcm_encode(
		&thingy->adpcm, microphone_sample(&thingy->base.config, &thingy->noise, t_us));
}

/* The header is the encoder's state before the frame. If the queue is full, the frame is lost. */
static void send_sound(struct thingy *thingy)
{
	struct device *device = &thingy->base;
	double end_us = beat_due_us(&thingy->sound, device);
	double step_us = 1e6 / SOUND_HZ / device_clock_rate(device);
	double first_us = end_us - SOUND_SAMPLES * step_us;
	struct packet p = {.n = 0};

	packet_u8(&p, (unsigned)thingy->adpcm.predictor >> 8 & 0xff);
	packet_u8(&p, (unsigned)thingy->adpcm.predictor & 0xff);
	packet_u8(&p, (unsigned)thingy->adpcm.index);
	for (unsigned i = 0; i < SOUND_SAMPLES; i += 2) {
		unsigned high = next_nibble(thingy, first_us + i * step_us);
		unsigned low = next_nibble(thingy, first_us + (i + 1) * step_us);

		packet_u8(&p, high << 4 | low);
	}
	if (device->queue.n < SOUND_QUEUE)
		device_send(device, MICROPHONE, p.b, p.n);
}

static int64_t thingy_next(const struct device *device)
{
	const struct thingy *thingy = (const struct thingy *)device;
	int64_t next = beat_instant_us(fmin(
			beat_due_us(&thingy->motion, device), beat_due_us(&thingy->sound, device))),
		button = button_due_us(&thingy->button, device);

	return button < next ? button : next;
}

static void press(struct thingy *thingy, int64_t t_us)
{
	uint8_t is_pressed = button_take(&thingy->button);

	if (!device_is_in_gap(&thingy->base, DEVICE_GAP_OFF, t_us))
		device_send(&thingy->base, BUTTON, &is_pressed, 1);
}

static void send_motion(struct thingy *thingy, double t_us)
{
	if (device_is_still(&thingy->base, t_us))
		return;
	if (thingy->base.ccc[RAW])
		send_raw(thingy, t_us);
	send_orientation(thingy, t_us);
	if (thingy->base.ccc[GRAVITY])
		send_gravity(thingy, t_us);
}

static void thingy_advance(struct device *device, int64_t t_us)
{
	struct thingy *thingy = thingy_of(device);

	follow_subscriptions(thingy);
	for (int64_t due = thingy_next(device); due <= t_us; due = thingy_next(device)) {
		double motion_us = beat_due_us(&thingy->motion, device);

		if (button_due_us(&thingy->button, device) <= due) {
			press(thingy, due);
		} else if (motion_us <= (double)due) {
			send_motion(thingy, motion_us);
			thingy->motion.n++;
		} else {
			if (!device_is_in_gap(device, DEVICE_GAP_OFF, due))
				send_sound(thingy);
			thingy->sound.n++;
		}
	}
}

const struct device_ops device_thingy_ops = {
	.size = sizeof(struct thingy),
	.characteristic = table,
	.n_characteristics = ARRAY_LEN(table),
	.open = thingy_open,
	.advert = thingy_advert,
	.scan_response = thingy_scan_response,
	.link = thingy_link,
	.read = thingy_read,
	.write = thingy_write,
	.next = thingy_next,
	.advance = thingy_advance,
};
