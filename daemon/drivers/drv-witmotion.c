// SPDX-License-Identifier: MIT
/* WitMotion WT901BLECL, BWT901BLE5.0, WT9011DCL-BT50, from the maker's manual and SDK. The base
 * of the UUIDs ends in 9A34fb, not in the SIG's 9B34fb.
 *
 *   ffe4 notify   a stream of frames, cut anywhere:
 *     55 61 | ax ay az gx gy gz roll pitch yaw i16                        20 bytes
 *     55 61 | the same | year month day hour minute second u8 | ms u16    28 bytes, some BT50
 *     55 71 | first register u16 | eight registers i16        20 bytes, answer to a read
 *   ffe9 write    ff aa register value u16;  register 27 reads from the one in value
 *                 03 rate, 24 algorithm (1: without magnetometer), 3a magnetometer, 51 quaternion,
 *                 64 battery 0.01 V, 69 unlock, 00 save, 96 content of 55 61 (0: as above; else
 *                 displacement and speed of it in the place of the first six)
 *
 *   acceleration 16 g, rate of turn 2000 dps, angles 180 deg full scale at 32768, little-endian
 *
 * Where the next frame begins shows which of the two lengths it is; a frame has no other check and
 * no counter, so samples are counted here. Settings are read before they are written, and written
 * only where they differ: its memory wears out.
 */
#include <string.h>

#include "coxad/base/units.h"
#include "coxad/drivers/quantity.h"
#include "coxad/drivers/raw-axes.h"
#include "coxad/drivers/sample-count.h"

#define FRAME_MARK         0x55
#define FRAME_DATA         0x61
#define FRAME_REGISTER     0x71
#define FRAME_SIZE         20
#define FRAME_LONG         28
#define BUFFER_SIZE        1024 /* two of the longest notifications */
#define ACC_UNIT           (16 * GRAVITY_MPS2 / 32768)
#define GYR_UNIT           (2000 * RAD_PER_DEG / 32768)
#define RATE_HZ            100
#define REGISTER_RATE      0x03
#define REGISTER_ALGORITHM 0x24
#define REGISTER_MAG       0x3a
#define REGISTER_QUAT      0x51
#define REGISTER_POWER     0x64
#define REGISTER_CONTENT   0x96
#define ALGORITHM_6        1
#define CONTENT_MOTION     0
/* While the content is not known: of free fall, or of something that is no acceleration. */
#define LEAST_G 0.3
/* Battery level from its voltage, by the maker's table. */
#define POWER_EMPTY_V 3.40f
#define POWER_FULL_V  3.97f
#define POWER_EMPTY   5
#define POWER_MOST_V  6.0f /* more is no measurement of one cell */
#define POLL_US       (60 * (int64_t)US_PER_S)
#define SETTLE_MS     100

#define WIT_UUID(x)                                                                                \
	{                                                                                          \
		{                                                                                  \
			0, 0, 0xff, x, 0, 0, 0x10, 0, 0x80, 0, 0, 0x80, 0x5f, 0x9a, 0x34, 0xfb     \
		}                                                                                  \
	}
static const struct uuid service = WIT_UUID(0xe5);
static const struct uuid stream = WIT_UUID(0xe4);
static const struct uuid command = WIT_UUID(0xe9);

struct wit_state {
	uint8_t buffer[BUFFER_SIZE];
	size_t size;
	size_t data_size;   /* of a 55 61 frame, 0 unknown */
	unsigned rate_code; /* as read, 0 not read yet */
	bool has_content;
	unsigned content; /* as read; other than motion is refused until it is set */
	struct sample_count count;
	struct motion_sample samples[MOTION_SAMPLES_MAX];
	unsigned n;
	float quat[1][4];
};

static bool wit_claims(const struct uuid *characteristic)
{
	return uuid_is_equal(characteristic, &stream);
}

static void wit_connected(void *state, unsigned mtu)
{
	struct wit_state *s = state;

	s->size = 0;
	s->n = 0;
	sample_count_restart(&s->count);
}

static bool is_begin(const struct wit_state *s, size_t at)
{
	if (at >= s->size)
		return true; /* not here yet: give it the benefit of the doubt */
	if (s->buffer[at] != FRAME_MARK)
		return false;
	return at + 1 >= s->size || s->buffer[at + 1] == FRAME_DATA ||
	       s->buffer[at + 1] == FRAME_REGISTER;
}

static bool is_begin_here(const struct wit_state *s, size_t at)
{
	return at + 1 < s->size && is_begin(s, at);
}

/* Length of the frame at the start of the buffer, 0 if more bytes are needed, -1 if it is none. */
static int frame_size(struct wit_state *s)
{
	if (!is_begin(s, 0))
		return -1;
	if (s->size < 2)
		return 0;
	if (s->buffer[1] == FRAME_REGISTER || s->data_size == FRAME_SIZE)
		return is_begin(s, FRAME_SIZE) ? FRAME_SIZE : -1;
	if (s->data_size == FRAME_LONG)
		return is_begin(s, FRAME_LONG) ? FRAME_LONG : -1;
	if (is_begin_here(s, FRAME_SIZE))
		s->data_size = FRAME_SIZE;
	else if (is_begin_here(s, FRAME_LONG))
		s->data_size = FRAME_LONG;
	else
		return s->size < FRAME_LONG + 2 ? 0 : -1;
	return (int)s->data_size;
}

static double squared(double x)
{
	return x * x;
}

/* False: it is no acceleration and rate of turn. */
static bool take_sample(struct wit_state *s, struct bytes b)
{
	struct motion_sample *sample = &s->samples[s->n];
	double square_g = 0;
	int acc[3], gyr[3];

	if (s->content != CONTENT_MOTION)
		return false;

	if (!raw_axes_read(&b, acc) || !raw_axes_read(&b, gyr))
		return false;
	sample->flags = (raw_axes_clip(acc) ? SAMPLE_ACC_CLIPPED : 0) |
			(raw_axes_clip(gyr) ? SAMPLE_GYR_CLIPPED : 0);
	for (unsigned i = 0; i < 3; i++) {
		sample->acc_mps2[i] = (float)(acc[i] * ACC_UNIT);
		sample->gyr_rps[i] = (float)(gyr[i] * GYR_UNIT);
		square_g += squared(acc[i] * ACC_UNIT / GRAVITY_MPS2);
	}
	/* A displacement is nowhere near. */
	if (!s->has_content && square_g < squared(LEAST_G))
		return false;
	s->n++;
	return true;
}

static int emit_samples(struct wit_state *s, int64_t arrival_us, driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_MOTION};

	if (s->n == 0)
		return 0;
	r.motion = (struct motion_block){.n = s->n, .has_gyr = true, .samples = s->samples};
	r.motion.interval_us =
		s->count.interval_us > 0 ? s->count.interval_us : (double)US_PER_S / RATE_HZ;
	r.has_tick = sample_count_push(&s->count, s->n, arrival_us, &r.tick);
	s->n = 0;
	emit(&r, user);
	return 1;
}

/* Its scale depends on the chip inside: raw counts. */
static int emit_magnetometer(struct bytes b, driver_emit_fn emit, void *user)
{
	double raw[3];

	for (unsigned i = 0; i < 3; i++)
		raw[i] = bytes_le16s(&b);
	return quantity_emit(emit, user, "magnetic_field", "counts", raw, 3);
}

/* A count at another rate says nothing about this one. */
static void take_rate(struct wit_state *s, unsigned code)
{
	if (code != s->rate_code) {
		sample_count_restart(&s->count);
		s->count.interval_us = 0;
	}
	s->rate_code = code;
}

static int emit_registers(struct wit_state *s, struct bytes b, driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_BATTERY};
	unsigned first = bytes_le16(&b);
	float square = 0, volt;

	if (first == REGISTER_POWER) {
		volt = (float)bytes_le16(&b) / 100;
		if (volt <= 0 || volt > POWER_MOST_V)
			return 0;
		r.battery_percent = POWER_EMPTY + (100 - POWER_EMPTY) * (volt - POWER_EMPTY_V) /
							  (POWER_FULL_V - POWER_EMPTY_V);
		r.battery_percent = r.battery_percent < 0     ? 0
				    : r.battery_percent > 100 ? 100
							      : r.battery_percent;
		emit(&r, user);
		return 1;
	}
	if (first == REGISTER_RATE) {
		take_rate(s, bytes_le16(&b) & 0xffu);
		return 0;
	}
	if (first == REGISTER_CONTENT) {
		s->has_content = true;
		s->content = bytes_le16(&b) & 0xffu;
		return 0;
	}
	if (first == REGISTER_MAG)
		return emit_magnetometer(b, emit, user);
	if (first != REGISTER_QUAT)
		return 0;
	for (unsigned i = 0; i < 4; i++) {
		s->quat[0][i] = (float)bytes_le16s(&b) / 32768;
		square += s->quat[0][i] * s->quat[0][i];
	}
	if (square < 0.9f || square > 1.1f)
		return 0;
	r = (struct record){.kind = RECORD_ORIENTATION,
		.orientation = {.n = 1, .quat_wxyz = (const float(*)[4])s->quat}};
	emit(&r, user);
	return 1;
}

static void drop(struct wit_state *s, size_t n)
{
	s->size -= n;
	memmove(s->buffer, s->buffer + n, s->size);
}

static int wit_decode(void *state, const struct driver_input *in, driver_emit_fn emit, void *user)
{
	struct wit_state *s = state;
	unsigned frames = 0, dropped = 0, refused = 0;
	int n = 0;

	if (!wit_claims(in->characteristic))
		return -REASON_TYPE;
	if (in->size == 0 || in->size > BUFFER_SIZE / 2)
		return -REASON_LENGTH;
	if (s->size + in->size > BUFFER_SIZE)
		s->size = 0;
	memcpy(s->buffer + s->size, in->data, in->size);
	s->size += in->size;
	for (;;) {
		int size = s->size ? frame_size(s) : 0;

		if (size < 0) {
			dropped++;
			drop(s, 1);
			continue;
		}
		if (size == 0 || s->size < (size_t)size)
			break;
		if (s->buffer[1] == FRAME_DATA)
			refused += !take_sample(s, bytes_of(s->buffer + 2, (size_t)size - 2));
		else
			n += emit_registers(
				s, bytes_of(s->buffer + 2, (size_t)size - 2), emit, user);
		frames++;
		drop(s, (size_t)size);
		if (s->n == MOTION_SAMPLES_MAX)
			n += emit_samples(s, in->arrival_us, emit, user);
	}
	/* Frames no longer fit: perhaps it is the other length after all. */
	if (dropped > FRAME_LONG)
		s->data_size = 0;
	n += emit_samples(s, in->arrival_us, emit, user);
	if (n == 0 && refused > 0)
		return -REASON_RANGE;
	return n == 0 && frames == 0 && dropped > 0 ? -REASON_CHECK : n;
}

/* The lowest sufficient rate of 10, 20, 50, 100 Hz. 200 Hz has two codes, depending on the model. */
static unsigned rate_code(double rate_hz)
{
	if (rate_hz <= 0 || rate_hz > 50)
		return 0x09;
	return rate_hz <= 10 ? 0x06 : rate_hz <= 20 ? 0x07 : 0x08;
}

/* After each, a pause for the answer or for the chip to settle. */
struct wit_command {
	uint8_t bytes[5];
	bool is_wanted;
};

static int wit_plan(const void *state, const struct driver_peer *peer, enum driver_plan plan,
	unsigned index, struct driver_step *ret)
{
	const struct wit_state *s = state;
	unsigned code = rate_code(peer->rate_hz);
	bool is_known = s->rate_code != 0, is_other = s->rate_code != code;
	bool is_content_other = s->content != CONTENT_MOTION;
	const struct wit_command commands[] = {
		{{0xff, 0xaa, 0x27, REGISTER_CONTENT, 0}, true},
		{{0xff, 0xaa, 0x27, REGISTER_RATE, 0}, is_known},
		{{0xff, 0xaa, 0x69, 0x88, 0xb5}, is_other || is_content_other},
		{{0xff, 0xaa, REGISTER_RATE, (uint8_t)code, 0}, is_other},
		/* Without magnetometer: a gym is full of iron. */
		{{0xff, 0xaa, REGISTER_ALGORITHM, ALGORITHM_6, 0}, is_other},
		{{0xff, 0xaa, REGISTER_CONTENT, CONTENT_MOTION, 0}, is_content_other},
		{{0xff, 0xaa, 0x00, 0, 0}, is_other || is_content_other},
		{{0xff, 0xaa, 0x27, REGISTER_CONTENT, 0}, is_content_other},
		{{0xff, 0xaa, 0x27, REGISTER_RATE, 0}, true},
		{{0xff, 0xaa, 0x27, REGISTER_POWER, 0}, true},
	};
	const unsigned n = sizeof(commands) / sizeof(commands[0]);
	const struct wit_command *wanted;
	bool is_pause;

	if (plan == DRIVER_PLAN_STOP || (plan == DRIVER_PLAN_POLL && index > 0))
		return 0;
	if (plan == DRIVER_PLAN_START && index == 0) {
		*ret = (struct driver_step){
			.kind = DRIVER_STEP_SUBSCRIBE, .characteristic = stream};
		return 1;
	}
	index = plan == DRIVER_PLAN_POLL ? 2 * (n - 1) : index - 1;
	if (index >= 2 * n - 1)
		return 0;
	wanted = &commands[index / 2];
	is_pause = index % 2;
	/* A step that is not needed keeps its place, as answers may come late. */
	if (is_pause || !wanted->is_wanted) {
		*ret = (struct driver_step){
			.kind = DRIVER_STEP_WAIT, .wait_ms = wanted->is_wanted ? SETTLE_MS : 0};
		return 1;
	}
	*ret = (struct driver_step){.kind = DRIVER_STEP_WRITE_COMMAND,
		.characteristic = command,
		.size = sizeof(wanted->bytes),
		.is_optional = true};
	memcpy(ret->bytes, wanted->bytes, sizeof(wanted->bytes));
	return 1;
}

/* The service is not in the advertisement; names are WT901BLE68, WT9011DCL, BWT901BLE5.0 and the like
 * (WitMotion's Python SDK). WTVB sensors measure vibration and speak otherwise. */
static enum driver_claim wit_sighted(const struct driver_sighting *sighting)
{
	const char *at = sighting->name ? sighting->name : "";

	if (*at == 'B')
		at++;
	return at[0] == 'W' && at[1] == 'T' && at[2] >= '0' && at[2] <= '9' ? DRIVER_CLAIM_LIKELY
									    : DRIVER_CLAIM_NONE;
}

extern const struct driver drv_witmotion;
const struct driver drv_witmotion = {
	.id = "witmotion",
	.name = "WitMotion WT901BLECL, BWT901BLE5.0",
	.match = {.services = &service, .n_services = 1, .name_prefix = "WT"},
	.sighted = wit_sighted,
	.streams = STREAM_MOTION | STREAM_ORIENTATION,
	.clock = DRIVER_CLOCK_COUNT,
	.tick_us = 1, /* the count at its nominal rate, sample-count.h */
	.tick_bits = 64,
	.max_skew_ppm = 50000,
	.nominal_rate_hz = RATE_HZ,
	.poll_interval_us = POLL_US,
	.polls_beside = true,
	.placements = "pelvis, lumbar, thighs",
	.limits = "no sound, no button, no clock",
	.state_size = sizeof(struct wit_state),
	.connected = wit_connected,
	.claims = wit_claims,
	.decode = wit_decode,
	.plan = wit_plan,
};
