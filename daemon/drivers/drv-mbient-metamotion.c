// SPDX-License-Identifier: MIT
/* MbientLab MetaMotion S, RL, R, C, from the MetaWear protocol reference and the maker's own tests.
 *
 *   326A9001 write without response, 326A9006 notify:  module u8 | register u8 | payload
 *
 *   01 01  button u8                               11 8c  battery u8 %, u16 mV
 *   MM 80  implementation u8, revision u8 of module MM; empty where it has none
 *   03 83, 13 83  configuration u8, range u8
 *   03 04  acceleration 3 i16                      03 1c (BMI160), 03 05 (BMI270)  three of it
 *   13 05  rate of turn 3 i16 (BMI160)             13 04 (BMI270)  the same
 *   13 07 (BMI160), 13 05 (BMI270)  three of it    15 05  magnetometer 3 i16 / 16 uT, 15 09 three
 *   09 02  id of the new processor                 09 03  id u8 | tick u32 | 3 i16  acceleration
 *   19 04 05 06  fused mg, deg/s, uT: 3 f32, accuracy u8      19 07  quaternion w x y z f32
 *   19 08  heading pitch roll yaw f32 deg                     19 09 0a  gravity, rest 3 f32 m/s^2
 *
 * Written: 03 03 and 13 03 configuration (rate code in the low half: 25 Hz is 6, each next twice),
 * range;  11 09 connection min max u16 1.25 ms, latency u16, timeout u16 10 ms.  A register with
 * bit 6 set is read without an answer.
 *
 * Scales depend on the ranges, which no sample names, so they are read back. 13 05 is one sample or
 * three, depending on the implementation. Only what passes the accounter has a time, in ticks of
 * 48/32768 s: acceleration does, and takes along the last rate of turn. Where no accounter can be
 * created, the device's own fusion at 100 Hz is as good and is used.
 */
#include "daemon/drivers/drv-mbient-metamotion-private.h"

#include "daemon/drivers/drv-mbient-metamotion-plan.h"

#include <string.h>

#include "coxad/base/units.h"
#include "coxad/drivers/button.h"
#include "coxad/drivers/quantity.h"
#include "coxad/drivers/raw-axes.h"
#include "coxad/drivers/sig-services.h"

#define READ          0x80
#define REGISTER_INFO (0x00 | READ)
#define REGISTER_CONF (0x03 | READ)
#define AXES_SIZE     6
#define TICK_US       (48e6 / 32768)
#define RATE_HZ       100
#define MAG_PER_UT    16
#define SILENT        0x40
#define POLL_US       (60 * (int64_t)US_PER_S)
/* A rate of turn that came so many accelerations ago does not belong to the current one. Both come in
 * one ordered stream, so their delays say nothing. */
#define GYR_OLD_BLOCKS 5

static const struct uuid service = META_UUID(0x00);

static bool meta_claims(const struct uuid *characteristic)
{
	return uuid_is_equal(characteristic, &meta_notify) ||
	       uuid_is_equal(characteristic, &meta_command);
}

static void meta_connected(void *state, unsigned mtu)
{
	struct meta_state *s = state;

	s->has_tick = s->has_gyr = s->has_processor = s->is_pressed = false;
}

/* -REASON_RANGE: no values; else whether they are clipped. */
static int read_axes(struct bytes *b, double unit, float ret[3])
{
	int raw[3];

	if (!raw_axes_read(b, raw))
		return -REASON_RANGE;
	for (unsigned i = 0; i < 3; i++)
		ret[i] = (float)(raw[i] * unit);
	return raw_axes_clip(raw);
}

/* r has the tick, if any, and the number of samples. */
static int decode_acc(
	struct meta_state *s, struct record r, struct bytes b, driver_emit_fn emit, void *user)
{
	unsigned n = r.motion.n;
	bool has_gyr = s->has_gyr && s->gyr_age++ < GYR_OLD_BLOCKS;

	if (bytes_left(&b) != n * AXES_SIZE)
		return -REASON_LENGTH;
	if (s->acc_range_g <= 0)
		return -REASON_ORDER;
	if (r.has_tick) {
		uint32_t ahead = (uint32_t)r.tick - s->tick;

		if (s->has_tick && ahead == 0)
			return -REASON_DUPLICATE;
		if (s->has_tick && ahead < 1000)
			s->interval_us += (ahead * TICK_US - s->interval_us) / 16;
		s->has_tick = true;
		s->tick = (uint32_t)r.tick;
	}
	if (s->interval_us <= 0)
		s->interval_us = (double)US_PER_S / RATE_HZ;
	memset(s->samples, 0, sizeof(s->samples));
	for (unsigned i = 0; i < n; i++) {
		unsigned k = i < s->n_gyr ? i : s->n_gyr ? s->n_gyr - 1 : 0;

		int clipped = read_axes(
			&b, s->acc_range_g * GRAVITY_MPS2 / 32768, s->samples[i].acc_mps2);

		if (clipped < 0)
			return clipped;
		s->samples[i].flags |= clipped ? SAMPLE_ACC_CLIPPED : 0;
		if (!has_gyr)
			continue;
		memcpy(s->samples[i].gyr_rps, s->gyr_rps[k], sizeof(s->gyr_rps[k]));
		s->samples[i].flags |= s->gyr_flags;
	}
	r.motion = (struct motion_block){
		.n = n, .interval_us = s->interval_us, .has_gyr = has_gyr, .samples = s->samples};
	emit(&r, user);
	return 1;
}

static int decode_gyr(struct meta_state *s, unsigned n, struct bytes b)
{
	if (bytes_left(&b) != n * AXES_SIZE)
		return -REASON_LENGTH;
	if (s->gyr_range_dps <= 0)
		return -REASON_ORDER;
	s->gyr_flags = 0;
	s->has_gyr = false;
	for (unsigned i = 0; i < n; i++) {
		/* 16.4 LSB/dps at 2000 dps: full scale is 32800, not 32768. */
		int clipped = read_axes(&b, s->gyr_range_dps * RAD_PER_DEG / 32800, s->gyr_rps[i]);

		if (clipped < 0)
			return clipped;
		s->gyr_flags |= clipped ? SAMPLE_GYR_CLIPPED : 0;
	}
	s->has_gyr = true;
	s->n_gyr = n;
	s->gyr_age = 0;
	return 0;
}

/* 0: no such range. */
static float acc_range_g(const struct meta_state *s, unsigned range)
{
	static const float bmi160_g[16] = {[3] = 2, [5] = 4, [8] = 8, [12] = 16};
	static const float bmi270_g[4] = {2, 4, 8, 16};

	return s->acc_kind == ACC_BMI270 ? bmi270_g[range & 3] : bmi160_g[range & 15];
}

static int acc_register(
	struct meta_state *s, unsigned reg, struct bytes b, driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_MOTION};
	float range_g;

	switch (reg) {
	case REGISTER_INFO:
		s->acc_kind = bytes_u8(&b);
		return 0;
	case REGISTER_CONF:
		bytes_u8(&b);
		range_g = acc_range_g(s, bytes_u8(&b));
		if (b.failed)
			return -REASON_LENGTH;
		if (range_g <= 0)
			return -REASON_RANGE;
		s->acc_range_g = range_g;
		return 0;
	case 0x04:
		r.motion.n = 1;
		return decode_acc(s, r, b, emit, user);
	case 0x05:
	case 0x1c:
		r.motion.n = META_PACKED;
		return decode_acc(s, r, b, emit, user);
	default:
		return 0;
	}
}

static int gyr_register(struct meta_state *s, unsigned reg, struct bytes b)
{
	unsigned range;

	switch (reg) {
	case REGISTER_INFO:
		s->gyr_kind = bytes_u8(&b);
		return 0;
	case REGISTER_CONF:
		bytes_u8(&b);
		range = bytes_u8(&b) & 7u;
		if (b.failed)
			return -REASON_LENGTH;
		if (range > 4)
			return -REASON_RANGE;
		s->gyr_range_dps = 2000.0f / (float)(1u << range);
		return 0;
	case 0x04:
		return decode_gyr(s, 1, b);
	case 0x05:
		return decode_gyr(s, s->gyr_kind == GYR_BMI270 ? META_PACKED : 1, b);
	case 0x07:
		return decode_gyr(s, META_PACKED, b);
	default:
		return 0;
	}
}

static int processor_register(
	struct meta_state *s, unsigned reg, struct bytes b, driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_MOTION, .has_tick = true, .motion.n = 1};
	uint8_t id = bytes_u8(&b);

	if (reg == 0x02) {
		s->has_processor = !b.failed;
		s->processor = id;
		return 0;
	}
	if (reg != 0x03)
		return 0;
	r.tick = bytes_le32(&b);
	if (b.failed)
		return -REASON_LENGTH;
	return decode_acc(s, r, b, emit, user);
}

static int decode_button(struct meta_state *s, struct bytes b, driver_emit_fn emit, void *user)
{
	unsigned pressed = bytes_u8(&b);

	if (b.failed || bytes_left(&b) > 0)
		return -REASON_LENGTH;
	if (pressed > 1)
		return -REASON_RANGE;
	return button_push(&s->is_pressed, pressed, (struct record){0}, emit, user);
}

static int decode_battery(struct bytes b, driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_BATTERY};

	if (bytes_left(&b) != 3)
		return -REASON_LENGTH;
	r.battery_percent = bytes_u8(&b);
	if (r.battery_percent == SIG_SERVICES_NO_BATTERY)
		return 0;
	if (r.battery_percent > 100)
		return -REASON_RANGE;
	emit(&r, user);
	return 1 +
	       quantity_emit_number(emit, user, "battery_voltage", "V", bytes_le16(&b) / 1000.0);
}

static int decode_quaternion(struct meta_state *s, struct bytes b, driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_ORIENTATION};
	float square = 0;

	if (bytes_left(&b) != 16)
		return -REASON_LENGTH;
	for (unsigned i = 0; i < 4; i++) {
		s->quat[0][i] = bytes_le_f32(&b);
		square += s->quat[0][i] * s->quat[0][i];
	}
	if (!(square > 0.9f && square < 1.1f))
		return -REASON_RANGE;
	r.orientation = (struct orientation_block){.n = 1,
		.interval_us = (double)US_PER_S / RATE_HZ,
		.quat_wxyz = (const float(*)[4])s->quat};
	emit(&r, user);
	return 1;
}

static int mag_register(unsigned reg, struct bytes b, driver_emit_fn emit, void *user)
{
	unsigned n = reg == 0x05 ? 3 : reg == 0x09 ? 3 * META_PACKED : 0;
	double ut[3 * META_PACKED];

	if (n == 0)
		return 0;
	if (bytes_left(&b) != 2 * n)
		return -REASON_LENGTH;
	for (unsigned i = 0; i < n; i++)
		ut[i] = (double)bytes_le16s(&b) / MAG_PER_UT;
	return quantity_emit(emit, user, "magnetic_field", "uT", ut, n);
}

/* Of the fusion only the quaternion is used; the rest is shown. */
static int fusion_register(
	struct meta_state *s, unsigned reg, struct bytes b, driver_emit_fn emit, void *user)
{
	static const struct {
		uint8_t reg, n;
		bool has_accuracy;
		const char *name, *unit;
		double scale;
	} outputs[] = {
		{0x04, 3, true, "acceleration", "m/s2", GRAVITY_MPS2 / 1000},
		{0x05, 3, true, "rate_of_turn", "rad/s", RAD_PER_DEG},
		{0x06, 3, true, "magnetic_field", "uT", 1},
		{0x08, 4, false, "heading_pitch_roll_yaw", "deg", 1},
		{0x09, 3, false, "gravity", "m/s2", 1},
		{0x0a, 3, false, "linear_acceleration", "m/s2", 1},
	};
	double v[4];

	if (reg == REGISTER_INFO) {
		s->has_fusion = bytes_left(&b) > 0;
		return 0;
	}
	if (reg == 0x07)
		return decode_quaternion(s, b, emit, user);
	for (size_t i = 0; i < sizeof(outputs) / sizeof(outputs[0]); i++) {
		if (outputs[i].reg != reg)
			continue;
		if (bytes_left(&b) != 4u * outputs[i].n + outputs[i].has_accuracy)
			return -REASON_LENGTH;
		for (unsigned k = 0; k < outputs[i].n; k++) {
			v[k] = (double)bytes_le_f32(&b) * outputs[i].scale;
			if (!(v[k] > -1e6 && v[k] < 1e6))
				return -REASON_RANGE;
		}
		return quantity_emit(
			       emit, user, outputs[i].name, outputs[i].unit, v, outputs[i].n) +
		       (outputs[i].has_accuracy ? quantity_emit_number(
							  emit, user, "accuracy", "", bytes_u8(&b))
						: 0);
	}
	return 0;
}

/* What is written to it, from a recording of somebody else or from --decode. */
static int decode_command(
	const struct meta_state *s, struct bytes b, driver_emit_fn emit, void *user)
{
	unsigned module = bytes_u8(&b), reg = bytes_u8(&b);
	size_t size = bytes_left(&b);
	unsigned code, range;
	double v[4], range_full;

	if (reg & SILENT)
		return -REASON_TYPE;
	if (module == MODULE_SETTINGS && reg == 0x09) {
		if (size != 8)
			return -REASON_LENGTH;
		for (unsigned i = 0; i < 4; i++)
			v[i] = bytes_le16(&b) * (i < 2 ? 1.25 : i == 2 ? 1 : 10);
		return quantity_emit(emit, user, "connection_min_max_latency_timeout", "ms", v, 4);
	}
	if ((module != MODULE_ACC && module != MODULE_GYR) || reg != 0x03)
		return module <= MODULE_FUSION ? 0 : -REASON_TYPE;
	if (size != 2)
		return -REASON_LENGTH;
	code = bytes_u8(&b) & 15u;
	range = bytes_u8(&b);
	range_full = module == MODULE_ACC ? (double)acc_range_g(s, range)
		     : range <= 4         ? 2000.0 / (1u << range)
					  : 0;
	if (range_full <= 0)
		return -REASON_RANGE;
	return quantity_emit_number(emit, user, "rate", "Hz", 25.0 / 64 * (1u << code)) +
	       quantity_emit_number(
		       emit, user, "range", module == MODULE_ACC ? "g" : "deg/s", range_full);
}

static int meta_decode(void *state, const struct driver_input *in, driver_emit_fn emit, void *user)
{
	struct meta_state *s = state;
	struct bytes b = bytes_of(in->data, in->size);
	unsigned module = bytes_u8(&b), reg = bytes_u8(&b);

	if (!meta_claims(in->characteristic))
		return -REASON_TYPE;
	if (b.failed)
		return -REASON_LENGTH;
	if (uuid_is_equal(in->characteristic, &meta_command))
		return decode_command(s, bytes_of(in->data, in->size), emit, user);
	switch (module) {
	case MODULE_SWITCH:
		return reg == 0x01 ? decode_button(s, b, emit, user) : 0;
	case MODULE_ACC:
		return acc_register(s, reg, b, emit, user);
	case MODULE_PROCESSOR:
		return processor_register(s, reg, b, emit, user);
	case MODULE_SETTINGS:
		return reg == 0x8c ? decode_battery(b, emit, user) : 0;
	case MODULE_GYR:
		return gyr_register(s, reg, b);
	case MODULE_FUSION:
		return fusion_register(s, reg, b, emit, user);
	case MODULE_MAG:
		return mag_register(reg, b, emit, user);
	default:
		/* Modules that this driver never asks, up to the highest there is. */
		return module <= 0x19 || module == 0xfe ? 0 : -REASON_TYPE;
	}
}

extern const struct driver drv_mbient_metamotion;
const struct driver drv_mbient_metamotion = {
	.id = "mbient-metamotion",
	.name = "MbientLab MetaMotion S, RL, R, C",
	.match = {.services = &service, .n_services = 1, .name_prefix = "MetaWear"},
	.streams = STREAM_MOTION | STREAM_ORIENTATION | STREAM_SYMPTOM,
	.clock = DRIVER_CLOCK_DEVICE,
	.tick_us = TICK_US,
	.tick_bits = 32,
	.max_skew_ppm = 200,
	.nominal_rate_hz = RATE_HZ,
	.poll_interval_us = POLL_US,
	.polls_beside = true,
	.placements = "pelvis, lumbar, thighs",
	.limits = "no sound; two or three on one adapter",
	.state_size = sizeof(struct meta_state),
	.connected = meta_connected,
	.claims = meta_claims,
	.decode = meta_decode,
	.plan = drv_mbient_metamotion_plan,
	.order = drv_mbient_metamotion_plan_order,
};
