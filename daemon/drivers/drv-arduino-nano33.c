// SPDX-License-Identifier: MIT
/* Arduino Nano 33 BLE Sense with the Science Journal sketch, from its BLE specification and the
 * sketch. UUIDs are 555A0002-xxxx-467A-9538-01F0652C74E8; all little-endian.
 *
 *   0011 acceleration   x y z f32 g
 *   0012 rate of turn   x y z f32 deg/s
 *   0013 magnetometer   x y z f32 uT
 *   0019 sound          u16: root of the sum of squares of 256 samples, not calibrated
 *
 * The sketch reads each sensor every 100 ms, so 10 Hz at most. There is no clock, so samples are
 * counted. The rate of turn comes in a notification of its own and is joined to the acceleration
 * after it. The sum behind the sound level overflows on loud sound, so the level is shown but not
 * used. Other sketches (dashboard, Nicla Sense) have other UUIDs.
 */
#include <math.h>
#include <string.h>

#include "coxad/base/units.h"
#include "coxad/drivers/quantity.h"
#include "coxad/drivers/sample-count.h"

#define NANO_ACC   0x0011
#define NANO_GYR   0x0012
#define NANO_MAG   0x0013
#define NANO_SOUND 0x0019

#define AXES_SIZE   12
#define ACC_RANGE_G 4.0 /* of the LSM9DS1 and BMI270 as the Arduino libraries set them */
#define GYR_RANGE   2000.0
#define MAG_MAX_UT  5000.0
/* This close to full scale counts as full scale. */
#define CLIP_SHARE 0.999
#define RATE_HZ    10
/* A rate of turn older than this does not belong to the acceleration beside it. */
#define GYR_OLD_US 150000

static const struct uuid service = {{0x55, 0x5a, 0x00, 0x02, 0x00, 0x00, 0x46, 0x7a, 0x95, 0x38,
	0x01, 0xf0, 0x65, 0x2c, 0x74, 0xe8}};

struct nano_state {
	struct sample_count count;
	bool has_gyr;
	int64_t gyr_us; /* arrival */
	float gyr_rps[3];
	uint8_t gyr_flags;
	struct motion_sample sample;
};

static unsigned number_of(const struct uuid *u)
{
	return (unsigned)u->b[4] << 8 | u->b[5];
}

static struct uuid uuid_of(unsigned number)
{
	struct uuid u = service;

	u.b[4] = (uint8_t)(number >> 8);
	u.b[5] = (uint8_t)number;
	return u;
}

static bool nano_claims(const struct uuid *characteristic)
{
	unsigned number = number_of(characteristic);
	struct uuid u = uuid_of(number);

	return uuid_is_equal(&u, characteristic) &&
	       (number == NANO_ACC || number == NANO_GYR || number == NANO_MAG ||
		       number == NANO_SOUND);
}

static void nano_connected(void *state, unsigned mtu)
{
	struct nano_state *s = state;

	sample_count_restart(&s->count);
	s->has_gyr = false;
}

/* NAN is beyond the limit too. */
static bool read_axes(struct bytes *b, double range, double ret[3], bool *ret_is_clipped)
{
	*ret_is_clipped = false;
	for (unsigned i = 0; i < 3; i++) {
		ret[i] = (double)bytes_le_f32(b);
		if (!(fabs(ret[i]) <= 1.1 * range))
			return false;
		*ret_is_clipped = *ret_is_clipped || fabs(ret[i]) >= CLIP_SHARE * range;
	}
	return true;
}

static int decode_acceleration(
	struct nano_state *s, struct bytes b, int64_t arrival_us, driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_MOTION};
	bool has_gyr = s->has_gyr && arrival_us - s->gyr_us <= GYR_OLD_US, is_clipped;
	double g[3];

	if (!read_axes(&b, ACC_RANGE_G, g, &is_clipped))
		return -REASON_RANGE;
	s->sample = (struct motion_sample){.flags = is_clipped ? SAMPLE_ACC_CLIPPED : 0};
	for (unsigned i = 0; i < 3; i++)
		s->sample.acc_mps2[i] = (float)(g[i] * GRAVITY_MPS2);
	if (has_gyr) {
		memcpy(s->sample.gyr_rps, s->gyr_rps, sizeof(s->gyr_rps));
		s->sample.flags |= s->gyr_flags;
	}
	r.motion = (struct motion_block){.n = 1, .has_gyr = has_gyr, .samples = &s->sample};
	r.motion.interval_us =
		s->count.interval_us > 0 ? s->count.interval_us : (double)US_PER_S / RATE_HZ;
	r.has_tick = sample_count_push(&s->count, 1, arrival_us, &r.tick);
	emit(&r, user);
	return 1;
}

static int decode_gyroscope(
	struct nano_state *s, struct bytes b, int64_t arrival_us, driver_emit_fn emit, void *user)
{
	bool is_clipped;
	double dps[3], rps[3];

	if (!read_axes(&b, GYR_RANGE, dps, &is_clipped))
		return -REASON_RANGE;
	for (unsigned i = 0; i < 3; i++) {
		rps[i] = dps[i] * RAD_PER_DEG;
		s->gyr_rps[i] = (float)rps[i];
	}
	s->gyr_flags = is_clipped ? SAMPLE_GYR_CLIPPED : 0;
	s->has_gyr = true;
	s->gyr_us = arrival_us;
	return quantity_emit(emit, user, "rate_of_turn", "rad/s", rps, 3);
}

static int nano_decode(void *state, const struct driver_input *in, driver_emit_fn emit, void *user)
{
	struct bytes b = bytes_of(in->data, in->size);
	unsigned number = number_of(in->characteristic);
	bool is_clipped;
	double ut[3];

	if (!nano_claims(in->characteristic))
		return -REASON_TYPE;
	if (in->size != (number == NANO_SOUND ? 2 : AXES_SIZE))
		return -REASON_LENGTH;
	switch (number) {
	case NANO_ACC:
		return decode_acceleration(state, b, in->arrival_us, emit, user);
	case NANO_GYR:
		return decode_gyroscope(state, b, in->arrival_us, emit, user);
	case NANO_MAG:
		if (!read_axes(&b, MAG_MAX_UT, ut, &is_clipped))
			return -REASON_RANGE;
		return quantity_emit(emit, user, "magnetic_field", "uT", ut, 3);
	default:
		return quantity_emit_number(emit, user, "sound_level", "", bytes_le16(&b));
	}
}

static int nano_plan(const void *state, const struct driver_peer *peer, enum driver_plan plan,
	unsigned index, struct driver_step *ret)
{
	/* The rate of turn first, as it waits for the acceleration. */
	static const uint16_t wanted[] = {NANO_GYR, NANO_ACC};

	if (plan != DRIVER_PLAN_START || index >= sizeof(wanted) / sizeof(wanted[0]))
		return 0;
	*ret = (struct driver_step){.kind = DRIVER_STEP_SUBSCRIBE,
		.characteristic = uuid_of(wanted[index]),
		.is_optional = wanted[index] != NANO_ACC};
	return 1;
}

extern const struct driver drv_arduino_nano33;
const struct driver drv_arduino_nano33 = {
	.id = "arduino-nano33",
	.name = "Arduino Nano 33 BLE Sense, Science Journal sketch",
	.match = {.services = &service, .n_services = 1},
	.streams = STREAM_MOTION,
	.clock = DRIVER_CLOCK_COUNT,
	.tick_us = 1, /* the count at its nominal rate, sample-count.h */
	.tick_bits = 64,
	.max_skew_ppm = 50000,
	.nominal_rate_hz = RATE_HZ,
	.needs_signal_order = true,
	.limits = "10 Hz, so for tests only; for more, write your own sketch",
	.state_size = sizeof(struct nano_state),
	.connected = nano_connected,
	.claims = nano_claims,
	.decode = nano_decode,
	.plan = nano_plan,
};
