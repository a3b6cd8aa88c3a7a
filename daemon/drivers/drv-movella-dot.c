// SPDX-License-Identifier: MIT
/* Movella (Xsens) DOT, from the Xsens DOT BLE Services Specification XD0506P. UUIDs are
 * 1517xxxx-4947-11E9-8646-D663BD873D93; all little-endian.
 *
 *   1002 device   32 bytes | what is set u8, bit 0: identify | identify u8 | ... | rate u16 at 24
 *   2001 control  type u8 = 1 | action u8 | payload mode u8
 *   2004 short    20 bytes |
 *   2003 medium   40 bytes | time u32 us | the mode's fields | zeros to the full length
 *   2002 long     63 bytes |
 *   1004 report   type u8 (5: button) | length u8 | time u32 ms | ...
 *   2006 reset    u16: 1 heading, 7 revert, 8 default      2007 its result u8: 0 failed, 1 done
 *   3001 battery  u8 % | u8 charging
 *   7001 7002 7003  write, read, notify: id | length | data | checksum: bytes sum to 0 modulo 256
 *     02 01 address[6] reversed   synchronise with that root
 *     02 03 result                0 success
 *     02 08                       is it synchronised
 *     02 51 state                 4 yes, 9 no
 *
 * No packet names the mode, so the control characteristic is read back after the start. Time wraps
 * at 2^32 us. Synchronised sensors share it: all are given the same root, disconnect, and return
 * after about 14 s. This is requested once, when a sensor reports that it is not synchronised;
 * without it each clock is fitted separately. A packet cut to 20 bytes (no MTU exchange) is refused
 * by its length. Acceleration is specific force, orientation is east, north, up.
 */
#include "daemon/drivers/drv-movella-dot-private.h"

#include "daemon/drivers/drv-movella-dot-plan.h"

#include <math.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/drivers/euler.h"
#include "coxad/drivers/quantity.h"
#include "coxad/drivers/sig-services.h"
#include "coxad/drivers/sighting.h"

#define REPORT_BUTTON  5
#define ACC_RANGE_MPS2 (16 * GRAVITY_MPS2)
#define GYR_RANGE_DPS  2000.0
/* This close to full scale counts as full scale. */
#define CLIP_SHARE 0.999
#define RATE_HZ    60
#define MAG_UNIT   (1.0 / 4096)

#define SYNC_RESULT     0x03
#define SYNC_STATE      0x51
#define SYNC_STATE_DONE 0x04
#define SYNC_STATE_NONE 0x09

/* Fields after the time: q quaternion, e Euler, f free acceleration, a acceleration, g rate of
 * turn, d delta quaternion, v delta velocity, m magnetometer, s status and clip counts. */
static const struct {
	uint8_t mode;
	uint16_t characteristic;
	const char *fields;
} modes[] = {
	{2, DOT_MEDIUM, "qfs"},
	{3, DOT_MEDIUM, "qf"},
	{4, DOT_SHORT, "e"},
	{DOT_MODE_QUATERNION, DOT_SHORT, "q"},
	{6, DOT_SHORT, "f"},
	{7, DOT_MEDIUM, "efs"},
	{16, DOT_MEDIUM, "ef"},
	{18, DOT_MEDIUM, "dvm"},
	{19, DOT_MEDIUM, "dv"},
	{20, DOT_MEDIUM, "agm"},
	{DOT_MODE_RATE, DOT_MEDIUM, "ag"},
	{22, DOT_MEDIUM, "efg"},
	{23, DOT_MEDIUM, "efm"},
	{24, DOT_MEDIUM, "qg"},
	{26, DOT_LONG, "qag"},
};

static bool dot_claims(const struct uuid *characteristic)
{
	unsigned number = uuid_number(characteristic);
	struct uuid u = dot_uuid_of(number);

	return uuid_is_equal(&u, characteristic) &&
	       (number == DOT_REPORT || number == DOT_BATTERY || number == DOT_ACK ||
		       number == DOT_NOTIFY || number == DOT_RESET || number == DOT_RESULT ||
		       (number >= DOT_CONTROL && number <= DOT_SHORT));
}

static void dot_connected(void *state, unsigned mtu)
{
	struct dot_state *s = state;

	s->has_time = false;
}

static bool read_floats(struct bytes *b, unsigned n, double limit, float *ret)
{
	for (unsigned i = 0; i < n; i++) {
		ret[i] = bytes_le_f32(b);
		if (!(fabs(ret[i]) <= limit))
			return false;
	}
	return true;
}

struct fields {
	bool has_quat, has_acc, has_gyr, has_free, has_mag, has_status;
	uint8_t flags;
	unsigned status;
	double free_mps2[3], mag[3];
};

static int read_quat(struct dot_state *s, struct bytes *b)
{
	float square = 0;

	if (!read_floats(b, 4, 1.01, s->quat[0]))
		return -REASON_RANGE;
	for (unsigned i = 0; i < 4; i++)
		square += s->quat[0][i] * s->quat[0][i];
	return square > 0.9f && square < 1.1f ? 0 : -REASON_RANGE;
}

struct axes {
	double range, unit;
	uint8_t clip; /* flag of a sample */
};

static const struct axes acc_axes = {ACC_RANGE_MPS2, 1, SAMPLE_ACC_CLIPPED};
static const struct axes gyr_axes = {GYR_RANGE_DPS, RAD_PER_DEG, SAMPLE_GYR_CLIPPED};

static int read_axes(struct bytes *b, const struct axes *axes, float ret[3], uint8_t *flags)
{
	if (!read_floats(b, 3, 1.1 * axes->range, ret))
		return -REASON_RANGE;
	for (unsigned i = 0; i < 3; i++) {
		if (fabs(ret[i]) >= CLIP_SHARE * axes->range)
			*flags |= axes->clip;
		ret[i] = (float)(ret[i] * axes->unit);
	}
	return 0;
}

static int read_field(struct dot_state *s, char field, struct bytes *b, struct fields *ret)
{
	float v[3];

	switch (field) {
	case 'q':
		ret->has_quat = true;
		return read_quat(s, b);
	case 'e':
		if (!read_floats(b, 3, 180.01, v))
			return -REASON_RANGE;
		euler_to_quat(v[0], v[1], v[2], s->quat[0]);
		ret->has_quat = true;
		return 0;
	case 'a':
		ret->has_acc = true;
		return read_axes(b, &acc_axes, s->sample.acc_mps2, &ret->flags);
	case 'g':
		ret->has_gyr = true;
		return read_axes(b, &gyr_axes, s->sample.gyr_rps, &ret->flags);
	case 's':
		/* Bits 0-2 acceleration, 3-5 rate of turn; then a count of each. */
		ret->has_status = true;
		ret->status = bytes_le16(b);
		bytes_take(b, 2);
		ret->flags |= ret->status & 0x07 ? SAMPLE_ACC_CLIPPED : 0;
		ret->flags |= ret->status & 0x38 ? SAMPLE_GYR_CLIPPED : 0;
		return 0;
	case 'm':
		ret->has_mag = true;
		for (unsigned i = 0; i < 3; i++)
			ret->mag[i] = bytes_le16s(b) * MAG_UNIT;
		return 0;
	case 'f':
		ret->has_free = true;
		if (!read_floats(b, 3, 2 * ACC_RANGE_MPS2, v))
			return -REASON_RANGE;
		for (unsigned i = 0; i < 3; i++)
			ret->free_mps2[i] = (double)v[i];
		return 0;
	default:
		/* The deltas, which coxad does not use. */
		bytes_take(b, field == 'd' ? 16 : 12);
		return 0;
	}
}

static const char *fields_of(const struct dot_state *s, unsigned number)
{
	uint8_t mode = s->mode;

	for (size_t i = 0; i < ARRAY_LEN(modes); i++)
		if (modes[i].mode == mode && modes[i].characteristic == number)
			return modes[i].fields;
	/* Mode unknown: what the start plan asks for, else the usual one. */
	return number == DOT_MEDIUM ? "ag" : number == DOT_SHORT ? "q" : "qag";
}

static void take_time(struct dot_state *s, uint32_t time_us)
{
	uint32_t ahead = time_us - s->time_us;

	/* The slowest rate is 1 Hz; anything longer is a gap. */
	if (s->has_time && ahead > 0 && ahead <= 2 * US_PER_S &&
		(s->interval_us <= 0 || ahead < 1.5 * s->interval_us))
		s->interval_us = ahead;
	s->has_time = true;
	s->time_us = time_us;
}

static int emit_beside(const struct fields *found, driver_emit_fn emit, void *user)
{
	double axis[6];
	int n = 0;

	if (found->has_free)
		n += quantity_emit(
			emit, user, "free_acceleration_enu", "m/s2", found->free_mps2, 3);
	if (found->has_mag)
		n += quantity_emit(emit, user, "magnetic_field", "of its own", found->mag, 3);
	if (!found->has_status)
		return n;
	for (unsigned i = 0; i < 6; i++)
		axis[i] = found->status >> i & 1u;
	return n + quantity_emit(emit, user, "clipped_acc_xyz_gyr_xyz", "", axis, 6);
}

static int decode_payload(
	struct dot_state *s, unsigned number, struct bytes b, driver_emit_fn emit, void *user)
{
	struct record r = {.has_tick = true};
	struct fields found = {0};
	int n = 0;

	r.tick = bytes_le32(&b);
	if (r.tick == UINT32_MAX)
		return -REASON_RANGE;
	if (s->has_time && r.tick == s->time_us)
		return -REASON_DUPLICATE;
	s->sample = (struct motion_sample){0};
	for (const char *field = fields_of(s, number); *field; field++) {
		int result = read_field(s, *field, &b, &found);

		if (result < 0)
			return result;
	}
	take_time(s, (uint32_t)r.tick);
	if (found.has_acc) {
		s->sample.flags = found.flags;
		r.kind = RECORD_MOTION;
		r.motion = (struct motion_block){.n = 1,
			.interval_us = s->interval_us,
			.has_gyr = found.has_gyr,
			.samples = &s->sample};
		emit(&r, user);
		n++;
	}
	if (found.has_quat) {
		r.kind = RECORD_ORIENTATION;
		r.orientation = (struct orientation_block){.n = 1,
			.interval_us = s->interval_us,
			.flags = found.flags,
			.quat_wxyz = (const float(*)[4])s->quat};
		emit(&r, user);
		n++;
	}
	return n + emit_beside(&found, emit, user);
}

static int decode_report(struct dot_state *s, struct bytes b, driver_emit_fn emit, void *user)
{
	struct record r = {
		.kind = RECORD_SYMPTOM, .symptom = {.code = SYMPTOM_DISCOMFORT, .intensity = -1}};
	unsigned type = bytes_u8(&b);
	uint32_t time_ms;

	bytes_u8(&b);
	/* Not the clock of the payloads, so the arrival gives its time. */
	time_ms = bytes_le32(&b);
	if (b.failed)
		return -REASON_LENGTH;
	if (type != REPORT_BUTTON)
		return 0;
	if (s->has_click && s->click_ms == time_ms)
		return -REASON_DUPLICATE;
	s->has_click = true;
	s->click_ms = time_ms;
	emit(&r, user);
	return 1;
}

static int decode_message(struct dot_state *s, struct bytes b, driver_emit_fn emit, void *user)
{
	const uint8_t *message = b.at;
	size_t size = bytes_left(&b);
	unsigned id = bytes_u8(&b), length = bytes_u8(&b), what = bytes_u8(&b),
		 value = bytes_u8(&b), sum = 0;

	if (size < 3 || length + 3u > size)
		return -REASON_LENGTH;
	for (size_t i = 0; i < length + 3u; i++)
		sum += message[i];
	if (sum % 256 != 0)
		return -REASON_CHECK;
	if (id != DOT_MESSAGE_SYNC || length != 2)
		return 0;
	if (what == SYNC_RESULT) {
		s->has_sync_result = true;
		return quantity_emit_number(emit, user, "synchronisation_result", "", value);
	}
	if (what != SYNC_STATE)
		return 0;
	if (value == SYNC_STATE_NONE && s->told_unsynced < 2)
		s->told_unsynced++;
	return quantity_emit_number(emit, user, "is_synchronised", "", value == SYNC_STATE_DONE);
}

static int decode_reset(unsigned number, struct bytes b, driver_emit_fn emit, void *user)
{
	size_t size = bytes_left(&b);
	unsigned value = number == DOT_RESULT ? bytes_u8(&b) : bytes_le16(&b);

	if (size != (number == DOT_RESULT ? 1 : 2))
		return -REASON_LENGTH;
	if (number == DOT_RESULT)
		return value > 1 ? -REASON_RANGE
				 : quantity_emit_number(emit, user, "reset_result", "", value);
	if (value != 0 && value != 1 && value != 7 && value != 8)
		return -REASON_RANGE;
	return quantity_emit_number(emit, user, "orientation_reset", "", value);
}

static int decode_battery(struct bytes b, driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_BATTERY};

	r.battery_percent = bytes_u8(&b);
	if (bytes_left(&b) != 1)
		return -REASON_LENGTH;
	if (r.battery_percent == SIG_SERVICES_NO_BATTERY)
		return 0;
	if (r.battery_percent > 100 || bytes_u8(&b) > 1)
		return -REASON_RANGE;
	emit(&r, user);
	return 1;
}

static int decode_control(struct dot_state *s, struct bytes b)
{
	unsigned type = bytes_u8(&b), action = bytes_u8(&b), mode = bytes_u8(&b);

	if (b.failed || bytes_left(&b) > 0)
		return -REASON_LENGTH;
	if (type != 1 || action > 1)
		return -REASON_RANGE;
	s->mode = (uint8_t)mode;
	return 0;
}

static int dot_decode(void *state, const struct driver_input *in, driver_emit_fn emit, void *user)
{
	struct bytes b = bytes_of(in->data, in->size);
	unsigned number = uuid_number(in->characteristic);

	if (!dot_claims(in->characteristic))
		return -REASON_TYPE;
	switch (number) {
	case DOT_REPORT:
		return decode_report(state, b, emit, user);
	case DOT_CONTROL:
		return decode_control(state, b);
	case DOT_LONG:
		return in->size == 63 ? decode_payload(state, number, b, emit, user)
				      : -REASON_LENGTH;
	case DOT_MEDIUM:
		return in->size == 40 ? decode_payload(state, number, b, emit, user)
				      : -REASON_LENGTH;
	case DOT_SHORT:
		return in->size == 20 ? decode_payload(state, number, b, emit, user)
				      : -REASON_LENGTH;
	case DOT_BATTERY:
		return decode_battery(b, emit, user);
	case DOT_RESET:
	case DOT_RESULT:
		return decode_reset(number, b, emit, user);
	default:
		return decode_message(state, b, emit, user);
	}
}

/* A tag may replace the name (Xsens DOT BLE Services Specification XD0506P, 2.2), so the maker counts
 * too; but it makes other things as well. */
#define COMPANY 0x0886

static enum driver_claim dot_sighted(const struct driver_sighting *sighting)
{
	bool is_named = sighting_has_prefix(sighting, "Xsens DOT") ||
			sighting_has_prefix(sighting, "Movella DOT");

	if (sighting_has_company(sighting, COMPANY))
		return is_named ? DRIVER_CLAIM_SURE : DRIVER_CLAIM_LIKELY;
	return is_named ? DRIVER_CLAIM_LIKELY : DRIVER_CLAIM_NONE;
}

extern const struct driver drv_movella_dot;
const struct driver drv_movella_dot = {
	.id = "movella-dot",
	.name = "Movella DOT (Xsens DOT)",
	.match = {.services = &dot_service, .n_services = 1, .name_prefix = "Xsens DOT"},
	.sighted = dot_sighted,
	.streams = STREAM_MOTION | STREAM_ORIENTATION | STREAM_SYMPTOM,
	.clock = DRIVER_CLOCK_DEVICE,
	.tick_us = 1,
	.tick_bits = 32,
	.max_skew_ppm = 200,
	.nominal_rate_hz = RATE_HZ,
	.placements = "pelvis, lumbar, thighs",
	.limits = "60 Hz; no sound; about five on one adapter",
	.state_size = sizeof(struct dot_state),
	.connected = dot_connected,
	.claims = dot_claims,
	.decode = dot_decode,
	.plan = drv_movella_dot_plan,
	.order = drv_movella_dot_plan_order,
};
