// SPDX-License-Identifier: MIT
/* Nordic Thingy:52, firmware 2.2.0, from Nordic's published firmware. UUIDs are
 * EF68xxxx-9B35-4933-9B10-52FFA9740042; all little-endian but the sound's header.
 *
 *   0301 light    written: mode u8 (3: one flash) | colour u8 1 to 7 | u8 %
 *   0302 button   u8: 1 pressed, 0 released
 *   0401 config   steps_ms temp_ms mag_ms rate_hz u16 | wake u8
 *   0402 tap      direction u8 | count u8         0403 way up u8    0405 steps u32 | ms u32
 *   0404 quat     w x y z i32 / 2^30
 *   0406 raw      ax ay az i16 / 1024 g | gx gy gz i16 / 32 dps | mx my mz i16 / 16 uT
 *   0407 Euler    roll pitch yaw i32 / 65536 deg
 *   0408 matrix   9 i16 / 16384, row by row       0409 heading i32 / 65536 deg
 *   040a gravity  x y z f32 m/s^2
 *   0504 sound    predictor i16 big-endian | index u8 | 128 bytes = 256 samples, high nibble first
 *
 * There is no clock and no counter: motion samples are counted here, and lost frames of sound show
 * in the arrivals. Raw acceleration is upside down (an axis that points down reads +1 g), gravity is
 * not. The range is fixed at 2 g. Sound needs an MTU of 134.
 */
#include <math.h>
#include <stdlib.h>

#include "coxad/base/units.h"
#include "coxad/drivers/button.h"
#include "coxad/drivers/euler.h"
#include "coxad/drivers/ima-adpcm.h"
#include "coxad/drivers/quantity.h"
#include "coxad/drivers/raw-axes.h"
#include "coxad/drivers/sample-count.h"

#define THINGY_LED         0x0301
#define THINGY_BUTTON      0x0302
#define THINGY_CONFIG      0x0401
#define THINGY_TAP         0x0402
#define THINGY_ORIENTATION 0x0403
#define THINGY_QUATERNION  0x0404
#define THINGY_STEPS       0x0405
#define THINGY_RAW         0x0406
#define THINGY_EULER       0x0407
#define THINGY_MATRIX      0x0408
#define THINGY_HEADING     0x0409
#define THINGY_GRAVITY     0x040a
#define THINGY_SOUND       0x0504

#define ACC_PER_G       1024
#define ACC_CLIP        (2 * ACC_PER_G - 1)
#define GYR_PER_DPS     32
#define MAG_PER_UT      16
#define RATE_DEFAULT_HZ 100
#define RATE_MIN_HZ     5
#define RATE_MAX_HZ     200
#define SOUND_SIZE      131
#define SOUND_SAMPLES   256
/* PDM clock 32 MHz / 31 / 64. */
#define SOUND_RATE_HZ 16129.0
#define FRAME_US      (SOUND_SAMPLES * 1e6 / SOUND_RATE_HZ)
/* Lateness is judged each second, from at least half a second's frames; less than this share of a
 * frame is put down to the radio. */
#define LATE_WINDOW_US ((int64_t)US_PER_S)
#define LATE_FRAMES    32
#define LATE_SHARE     0.75
#define LATE_WINDOWS   3 /* behind for so long: lost, even if the coder shows nothing */
/* Drift of the device's crystal against ours, per frame. */
#define FRAME_DRIFT 200e-6

static const struct uuid service = {{0xef, 0x68, 0x01, 0x00, 0x9b, 0x35, 0x49, 0x33, 0x9b, 0x10,
	0x52, 0xff, 0xa9, 0x74, 0x00, 0x42}};

struct thingy_sound {
	double begin_us;   /* arrival of frame 0 if none was late */
	double frames;     /* since then, lost ones included */
	unsigned n;        /* frames of the window, 0 none yet */
	int64_t since_us;  /* when the window began */
	double least_late; /* least lateness in it, frames */
	unsigned breaks,
		old_breaks; /* in it and the one before: frames that did not continue the coder's state */
	unsigned is_behind; /* windows in a row */
	bool breaks_mean_nothing;
};

struct thingy_state {
	struct sample_count count;
	unsigned counted; /* the characteristic whose samples are counted: the first that came */
	bool is_pressed;
	struct thingy_sound sound_at;
	struct ima_adpcm codec; /* after the last frame */
	struct motion_sample sample;
	float quat[1][4];
	int16_t sound[SOUND_SAMPLES];
};

static struct uuid uuid_of(unsigned number)
{
	return uuid_with_number(service, number);
}

static bool thingy_claims(const struct uuid *characteristic)
{
	unsigned number = uuid_number(characteristic);
	struct uuid u = uuid_of(number);

	return uuid_is_equal(&u, characteristic) &&
	       (number == THINGY_BUTTON || number == THINGY_SOUND ||
		       (number >= THINGY_CONFIG && number <= THINGY_GRAVITY));
}

static void thingy_connected(void *state, unsigned mtu)
{
	struct thingy_state *s = state;

	sample_count_restart(&s->count);
	s->counted = 0;
	s->is_pressed = false;
	s->sound_at.n = 0;
}

static void stamp(struct thingy_state *s, unsigned number, int64_t arrival_us, struct record *r)
{
	if (s->counted == 0)
		s->counted = number;
	if (s->counted == number)
		r->has_tick = sample_count_push(&s->count, 1, arrival_us, &r->tick);
}

static int emit_motion(struct thingy_state *s, unsigned number, int64_t arrival_us,
	driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_MOTION};

	r.motion = (struct motion_block){.n = 1,
		.has_gyr = number == THINGY_RAW,
		.interval_us = s->count.interval_us,
		.samples = &s->sample};
	stamp(s, number, arrival_us, &r);
	emit(&r, user);
	return 1;
}

static int emit_orientation(struct thingy_state *s, unsigned number, int64_t arrival_us,
	driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_ORIENTATION};

	r.orientation = (struct orientation_block){.n = 1,
		.interval_us = s->count.interval_us,
		.quat_wxyz = (const float(*)[4])s->quat};
	stamp(s, number, arrival_us, &r);
	emit(&r, user);
	return 1;
}

static int decode_raw(
	struct thingy_state *s, struct bytes b, int64_t arrival_us, driver_emit_fn emit, void *user)
{
	int acc[3], gyr[3];
	double ut[3];

	if (!raw_axes_read(&b, acc) || !raw_axes_read(&b, gyr))
		return -REASON_RANGE;
	s->sample = (struct motion_sample){.flags = raw_axes_clip(gyr) ? SAMPLE_GYR_CLIPPED : 0};
	for (unsigned i = 0; i < 3; i++) {
		s->sample.acc_mps2[i] = (float)(-acc[i] * GRAVITY_MPS2 / ACC_PER_G);
		s->sample.gyr_rps[i] = (float)(gyr[i] * RAD_PER_DEG / GYR_PER_DPS);
		if (abs(acc[i]) >= ACC_CLIP)
			s->sample.flags |= SAMPLE_ACC_CLIPPED;
	}
	for (unsigned i = 0; i < 3; i++)
		ut[i] = (double)bytes_le16s(&b) / MAG_PER_UT;
	return emit_motion(s, THINGY_RAW, arrival_us, emit, user) +
	       quantity_emit(emit, user, "magnetic_field", "uT", ut, 3);
}

static int decode_gravity(
	struct thingy_state *s, struct bytes b, int64_t arrival_us, driver_emit_fn emit, void *user)
{
	float square = 0;

	s->sample = (struct motion_sample){0};
	for (unsigned i = 0; i < 3; i++) {
		s->sample.acc_mps2[i] = bytes_le_f32(&b);
		square += s->sample.acc_mps2[i] * s->sample.acc_mps2[i];
	}
	/* Gravity is 9.8 m/s^2; this refuses NAN too. */
	if (!(square > 64 && square < 144))
		return -REASON_RANGE;
	return emit_motion(s, THINGY_GRAVITY, arrival_us, emit, user);
}

static int decode_quaternion(
	struct thingy_state *s, struct bytes b, int64_t arrival_us, driver_emit_fn emit, void *user)
{
	float square = 0;

	for (unsigned i = 0; i < 4; i++) {
		s->quat[0][i] = (float)(int32_t)bytes_le32(&b) / (1 << 30);
		square += s->quat[0][i] * s->quat[0][i];
	}
	if (square < 0.9f || square > 1.1f)
		return -REASON_RANGE;
	return emit_orientation(s, THINGY_QUATERNION, arrival_us, emit, user);
}

static int decode_euler(
	struct thingy_state *s, struct bytes b, int64_t arrival_us, driver_emit_fn emit, void *user)
{
	double deg[3];

	for (unsigned i = 0; i < 3; i++) {
		deg[i] = (double)(int32_t)bytes_le32(&b) / 65536;
		if (fabs(deg[i]) > 180)
			return -REASON_RANGE;
	}
	euler_to_quat(deg[0], deg[1], deg[2], s->quat[0]);
	return emit_orientation(s, THINGY_EULER, arrival_us, emit, user);
}

static int decode_config(struct thingy_state *s, struct bytes b)
{
	unsigned rate_hz;

	bytes_take(&b, 6);
	rate_hz = bytes_le16(&b);
	if (rate_hz < RATE_MIN_HZ || rate_hz > RATE_MAX_HZ)
		return -REASON_RANGE;
	/* The chip runs at 200 Hz and sends every n-th sample. */
	s->count.interval_us = 1e6 / RATE_MAX_HZ * (RATE_MAX_HZ / rate_hz);
	return 0;
}

static int decode_button(struct thingy_state *s, struct bytes b, driver_emit_fn emit, void *user)
{
	unsigned pressed = bytes_u8(&b);

	if (pressed > 1)
		return -REASON_RANGE;
	return button_push(&s->is_pressed, pressed, (struct record){0}, emit, user);
}

/* At the end of a window: how far even its least late frame is behind. Counts where frames were seen
 * to be missing, or where the delay persists. */
static double judge_lateness(struct thingy_sound *sound, int64_t arrival_us)
{
	double lost = 0;

	sound->is_behind = sound->least_late > LATE_SHARE ? sound->is_behind + 1 : 0;
	if (sound->is_behind &&
		(sound->breaks || sound->old_breaks || sound->is_behind == LATE_WINDOWS))
		lost = round(sound->least_late);
	/* A coder that starts afresh with each frame reveals nothing this way. */
	sound->breaks_mean_nothing = sound->breaks > sound->n / 4;
	sound->old_breaks = sound->breaks;
	sound->breaks = 0;
	sound->since_us = arrival_us;
	sound->n = 1;
	return lost;
}

/* How many frames were lost before this one. A frame begins with the coder's state, which must equal
 * that at the end of the frame before; if not, at least one is lost, and how late the next ones are
 * shows how many. Lateness alone comes from the radio or the host. */
static unsigned lost_frames(struct thingy_state *s, int64_t arrival_us, bool is_broken)
{
	struct thingy_sound *sound = &s->sound_at;
	double late, lost;

	sound->frames++;
	sound->begin_us += FRAME_US * FRAME_DRIFT;
	late = ((double)arrival_us - sound->begin_us) / FRAME_US - sound->frames;
	if (sound->n == 0 || late < 0 || late > SOUND_RATE_HZ) {
		*sound = (struct thingy_sound){.n = 1,
			.breaks_mean_nothing = sound->breaks_mean_nothing,
			.begin_us = (double)arrival_us,
			.since_us = arrival_us};
		return 0;
	}
	sound->breaks += is_broken;
	lost = is_broken && !sound->breaks_mean_nothing && late >= LATE_SHARE ? 1 : 0;
	sound->least_late = sound->n++ == 1 ? late : fmin(sound->least_late, late) - lost;
	if (arrival_us - sound->since_us >= LATE_WINDOW_US && sound->n > LATE_FRAMES)
		lost += judge_lateness(sound, arrival_us);
	sound->frames += lost;
	return (unsigned)lost;
}

static int decode_sound(
	struct thingy_state *s, struct bytes b, int64_t arrival_us, driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_AUDIO};
	struct ima_adpcm codec;
	bool is_broken;

	codec.predictor = (int16_t)bytes_be16(&b);
	codec.index = bytes_u8(&b);
	if (codec.index > IMA_ADPCM_INDEX_MAX)
		return -REASON_RANGE;
	is_broken = codec.predictor != s->codec.predictor || codec.index != s->codec.index;
	ima_adpcm_decode(&codec, IMA_ADPCM_HIGH_FIRST, b.at, SOUND_SAMPLES, s->sound);
	s->codec = codec;
	r.audio = (struct audio_block){.n = SOUND_SAMPLES,
		.rate_hz = SOUND_RATE_HZ,
		.lost_samples = lost_frames(s, arrival_us, is_broken) * SOUND_SAMPLES,
		.samples = s->sound};
	emit(&r, user);
	return 1;
}

/* Values that posture does not use. */
static int decode_beside(unsigned number, struct bytes b, driver_emit_fn emit, void *user)
{
	double v[9];

	switch (number) {
	case THINGY_TAP:
		v[0] = bytes_u8(&b);
		v[1] = bytes_u8(&b);
		if (v[0] < 1 || v[0] > 6)
			return -REASON_RANGE;
		return quantity_emit(emit, user, "tap_direction_and_count", "", v, 2);
	case THINGY_ORIENTATION:
		v[0] = bytes_u8(&b);
		return v[0] > 3 ? -REASON_RANGE : quantity_emit(emit, user, "way_up", "", v, 1);
	case THINGY_STEPS:
		return quantity_emit_number(emit, user, "steps", "", bytes_le32(&b));
	case THINGY_MATRIX:
		for (unsigned i = 0; i < 9; i++)
			v[i] = (double)bytes_le16s(&b) / 16384;
		return quantity_emit(emit, user, "rotation_matrix", "", v, 9);
	default:
		v[0] = (double)(int32_t)bytes_le32(&b) / 65536;
		if (v[0] < 0 || v[0] > 360)
			return -REASON_RANGE;
		return quantity_emit(emit, user, "heading", "deg", v, 1);
	}
}

/* 0: no such characteristic. */
static size_t size_of(unsigned number)
{
	switch (number) {
	case THINGY_BUTTON:
	case THINGY_ORIENTATION:
		return 1;
	case THINGY_TAP:
		return 2;
	case THINGY_HEADING:
		return 4;
	case THINGY_STEPS:
		return 8;
	case THINGY_CONFIG:
		return 9;
	case THINGY_EULER:
	case THINGY_GRAVITY:
		return 12;
	case THINGY_QUATERNION:
		return 16;
	case THINGY_RAW:
	case THINGY_MATRIX:
		return 18;
	case THINGY_SOUND:
		return SOUND_SIZE;
	default:
		return 0;
	}
}

static int thingy_decode(
	void *state, const struct driver_input *in, driver_emit_fn emit, void *user)
{
	struct bytes b = bytes_of(in->data, in->size);
	unsigned number = uuid_number(in->characteristic);

	if (!thingy_claims(in->characteristic))
		return -REASON_TYPE;
	if (in->size != size_of(number))
		return -REASON_LENGTH;
	switch (number) {
	case THINGY_BUTTON:
		return decode_button(state, b, emit, user);
	case THINGY_CONFIG:
		return decode_config(state, b);
	case THINGY_RAW:
		return decode_raw(state, b, in->arrival_us, emit, user);
	case THINGY_QUATERNION:
		return decode_quaternion(state, b, in->arrival_us, emit, user);
	case THINGY_EULER:
		return decode_euler(state, b, in->arrival_us, emit, user);
	case THINGY_GRAVITY:
		return decode_gravity(state, b, in->arrival_us, emit, user);
	case THINGY_SOUND:
		return decode_sound(state, b, in->arrival_us, emit, user);
	default:
		return decode_beside(number, b, emit, user);
	}
}

/* Write first, as the configuration restarts the motion chip; then read the true rate back. */
static int thingy_plan(const void *state, const struct driver_peer *peer, enum driver_plan plan,
	unsigned index, struct driver_step *ret)
{
	static const struct {
		enum driver_step_kind kind;
		uint16_t number;
	} steps[] = {
		{DRIVER_STEP_WRITE, THINGY_CONFIG},
		{DRIVER_STEP_READ, THINGY_CONFIG},
		{DRIVER_STEP_SUBSCRIBE, THINGY_RAW},
		{DRIVER_STEP_SUBSCRIBE, THINGY_BUTTON},
		{DRIVER_STEP_SUBSCRIBE, THINGY_SOUND},
	};
	double rate_hz = peer->rate_hz > 0 ? peer->rate_hz : RATE_DEFAULT_HZ;
	size_t n = sizeof(steps) / sizeof(steps[0]) - (driver_wants_sound(peer, 0) ? 0 : 1);

	if (plan != DRIVER_PLAN_START || index >= n)
		return 0;
	*ret = (struct driver_step){.kind = steps[index].kind,
		.characteristic = uuid_of(steps[index].number),
		.is_optional = steps[index].number != THINGY_RAW};
	if (ret->kind == DRIVER_STEP_WRITE) {
		/* Steps every 1000 ms, compensation every 500 ms, wake on motion. */
		static const uint8_t config[9] = {0xe8, 0x03, 0xf4, 0x01, 0xf4, 0x01, 0, 0, 1};

		for (size_t i = 0; i < sizeof(config); i++)
			ret->bytes[i] = config[i];
		ret->bytes[6] = (uint8_t)fmin(fmax(rate_hz, RATE_MIN_HZ), RATE_MAX_HZ);
		ret->size = sizeof(config);
	}
	return 1;
}

/* One flash, after which the light is as before (ble_uis.h of firmware 2.2.0: mode, colour, percent). */
static int thingy_order(const void *state, enum driver_order_kind order, unsigned argument,
	unsigned index, struct driver_step *ret)
{
	enum { ONE_SHOT = 3, WHITE = 7, PERCENT = 100 };

	if (order != DRIVER_ORDER_IDENTIFY || index > 0)
		return 0;
	*ret = (struct driver_step){.kind = DRIVER_STEP_WRITE,
		.characteristic = uuid_of(THINGY_LED),
		.bytes = {ONE_SHOT, WHITE, PERCENT},
		.size = 3};
	return 1;
}

extern const struct driver drv_nordic_thingy52;
const struct driver drv_nordic_thingy52 = {
	.id = "nordic-thingy52",
	.name = "Nordic Thingy:52",
	.match = {.services = &service, .n_services = 1},
	.streams = STREAM_MOTION | STREAM_ORIENTATION | STREAM_ACOUSTIC | STREAM_SYMPTOM,
	.clock = DRIVER_CLOCK_COUNT,
	.tick_us = 1, /* the count at its nominal rate, sample-count.h */
	.tick_bits = 64,
	.max_skew_ppm = 50000,
	.nominal_rate_hz = RATE_DEFAULT_HZ,
	.placements = "hip, thighs, room",
	.limits = "2 g, so shocks clip; no clock; cannot be paired, so anyone nearby can listen",
	.state_size = sizeof(struct thingy_state),
	.connected = thingy_connected,
	.claims = thingy_claims,
	.decode = thingy_decode,
	.plan = thingy_plan,
	.order = thingy_order,
};
