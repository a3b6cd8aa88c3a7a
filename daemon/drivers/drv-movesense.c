// SPDX-License-Identifier: MIT
/* Movesense (MD, HR2, HR+, Flash) over the GATT SensorData Protocol, from Movesense's document
 * about it; the layouts of the data from its published API and real packets. All little-endian.
 *
 *   34800001 write    command u8 | reference u8 | path, ASCII without an end
 *   34800002 notify   1 | reference | status u16          answer
 *                     2 | reference | data                all of it, or the first 150 bytes
 *                     3 | reference | rest of the data
 *
 *   IMU6      time u32 ms | n x (x y z f32) m/s^2 | n x (x y z f32) dps      blocked, not in turn
 *   IMU9      the same, then n x (x y z f32) uT
 *   Acc Gyro  time u32 ms | n x (x y z f32)
 *   Magn      time u32 ms | n x (x y z f32) uT
 *   HR        bpm f32 | beat intervals u16 ms          Temp  K f32 | time u32 ms
 *   ECG/mV    time u32 ms | n x i16 0.001 mV           Energy (an answer's data)  u8 %
 *
 * The time is that of the first sample. Only the subscriber knows what a reference means, so the
 * numbers below are fixed. Notifications may be lost: a first part without its rest is dropped, and
 * a rest without its first part.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "coxad/base/units.h"
#include "coxad/drivers/quantity.h"
#include "coxad/drivers/raw-axes.h"
#include "coxad/drivers/sig-services.h"
#include "coxad/drivers/sighting.h"

enum reference {
	REFERENCE_ENERGY = 0x05,
	REFERENCE_ACC = 0x61,
	REFERENCE_GYRO = 0x62,
	REFERENCE_IMU6 = 0x63,
	REFERENCE_IMU9 = 0x64,
	REFERENCE_HR = 0x65,
	REFERENCE_MAGN = 0x66,
	REFERENCE_ECG = 0x67,
	REFERENCE_TEMP = 0x68,
};

#define COMMAND_SUBSCRIBE   1
#define COMMAND_UNSUBSCRIBE 2
#define COMMAND_GET         4
#define ANSWER              1
#define DATA                2
#define DATA_REST           3
#define HEADER              2
/* A notification of this size continues in the next one. */
#define PART_SIZE   150
#define PAYLOAD_MAX (PART_SIZE + 512)
#define AXES_SIZE   12
#define ACC_MAX     (16 * GRAVITY_MPS2 * 1.1)
#define GYR_MAX_DPS 2300.0 /* the chip goes on to 2294 */
/* LSM6DS: 1.9988 g of 2. */
#define FULL_SHARE   0.999
#define GYR_CLIP_RPS (1995 * RAD_PER_DEG)
#define MAG_MAX_UT   5000.0
#define ECG_MAX      64
#define RATE_HZ      104

#define MOVESENSE_UUID(a, b)                                                                       \
	{                                                                                          \
		{                                                                                  \
			0x34, 0x80, a, b, 0x71, 0x85, 0x4d, 0x5d, 0xb4, 0x31, 0x63, 0x0e, 0x70,    \
				0x50, 0xe8, 0xf0                                                   \
		}                                                                                  \
	}
static const struct uuid service = MOVESENSE_UUID(0x22, 0x52);
static const struct uuid write_to = MOVESENSE_UUID(0x00, 0x01);
static const struct uuid notify = MOVESENSE_UUID(0x00, 0x02);
static const struct uuid battery_level = UUID_SIG(0x2a19);

struct movesense_state {
	uint8_t part[PAYLOAD_MAX];
	size_t part_size; /* 0: no first part is waiting for its rest */
	uint8_t part_reference;
	bool has_time;
	uint32_t time_ms;
	unsigned n; /* samples in the last packet */
	double interval_us;
	struct raw_axes_range range;
	struct motion_sample samples[MOTION_SAMPLES_MAX];
};

static bool movesense_claims(const struct uuid *characteristic)
{
	return uuid_is_equal(characteristic, &notify);
}

static void movesense_connected(void *state, unsigned mtu)
{
	struct movesense_state *s = state;

	s->part_size = 0;
	s->has_time = false;
	s->range = (struct raw_axes_range){0};
}

static int read_axes(struct bytes *b, double limit, double unit, float ret[3])
{
	for (unsigned i = 0; i < 3; i++) {
		double value = bytes_le_f32(b);

		if (!(fabs(value) <= limit))
			return -REASON_RANGE;
		ret[i] = (float)(value * unit);
	}
	return 0;
}

/* The spacing of samples, from the time between two packets, as no packet names the rate. */
static void take_time(struct movesense_state *s, uint32_t time_ms, unsigned n)
{
	uint32_t ahead = time_ms - s->time_ms;

	if (s->interval_us <= 0)
		s->interval_us = 1e6 / RATE_HZ;
	if (s->has_time && s->n > 0 && ahead < 1000) {
		double interval_us = ahead * 1000.0 / s->n;

		/* A lost packet makes it at least twice as long. */
		if (interval_us < 1.5 * s->interval_us)
			s->interval_us += (interval_us - s->interval_us) / 8;
		else if (interval_us > 4 * s->interval_us)
			s->interval_us = interval_us;
	}
	s->has_time = true;
	s->time_ms = time_ms;
	s->n = n;
}

struct axes {
	const char *name, *unit;
	double limit, scale; /* limit: before scaling */
};

static const struct axes rate_of_turn = {"rate_of_turn", "rad/s", GYR_MAX_DPS, RAD_PER_DEG};
static const struct axes magnetic_field = {"magnetic_field", "uT", MAG_MAX_UT, 1};

/* Samples of three axes that posture does not use. */
static int emit_axes(
	const struct axes *axes, struct bytes b, unsigned n, driver_emit_fn emit, void *user)
{
	double v[3 * MOTION_SAMPLES_MAX];

	for (unsigned i = 0; i < 3 * n; i++) {
		v[i] = (double)bytes_le_f32(&b);
		if (!(fabs(v[i]) <= axes->limit))
			return -REASON_RANGE;
		v[i] *= axes->scale;
	}
	return quantity_emit(emit, user, axes->name, axes->unit, v, 3 * n);
}

static void mark_clipped(struct raw_axes_range *range, struct motion_sample *sample)
{
	if (raw_axes_reach(range, sample->acc_mps2, FULL_SHARE))
		sample->flags |= SAMPLE_ACC_CLIPPED;
	for (unsigned i = 0; i < 3; i++)
		if (fabs((double)sample->gyr_rps[i]) >= GYR_CLIP_RPS)
			sample->flags |= SAMPLE_GYR_CLIPPED;
}

static int decode_motion(struct movesense_state *s, enum reference reference, struct bytes b,
	driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_MOTION, .has_tick = true};
	unsigned kinds = reference == REFERENCE_IMU9 ? 3 : reference == REFERENCE_IMU6 ? 2 : 1;
	size_t size = bytes_left(&b), each = kinds * AXES_SIZE;
	unsigned n;
	int found;

	if (size < 4 + each || (size - 4) % each != 0)
		return -REASON_LENGTH;
	n = (unsigned)((size - 4) / each);
	if (n > MOTION_SAMPLES_MAX)
		return -REASON_LENGTH;
	r.tick = bytes_le32(&b);
	if (r.tick == UINT32_MAX)
		return -REASON_RANGE;
	/* A rate of turn without acceleration is of no use. */
	if (reference == REFERENCE_GYRO)
		return emit_axes(&rate_of_turn, b, n, emit, user);
	if (reference == REFERENCE_MAGN)
		return emit_axes(&magnetic_field, b, n, emit, user);
	if (s->has_time && (uint32_t)r.tick == s->time_ms)
		return -REASON_DUPLICATE;
	memset(s->samples, 0, n * sizeof(s->samples[0]));
	for (unsigned i = 0; i < n; i++)
		if (read_axes(&b, ACC_MAX, 1, s->samples[i].acc_mps2) < 0)
			return -REASON_RANGE;
	for (unsigned i = 0; i < n && kinds > 1; i++)
		if (read_axes(&b, GYR_MAX_DPS, RAD_PER_DEG, s->samples[i].gyr_rps) < 0)
			return -REASON_RANGE;
	for (unsigned i = 0; i < n; i++)
		mark_clipped(&s->range, &s->samples[i]);
	take_time(s, (uint32_t)r.tick, n);
	r.motion = (struct motion_block){
		.n = n, .interval_us = s->interval_us, .has_gyr = kinds > 1, .samples = s->samples};
	emit(&r, user);
	if (kinds < 3)
		return 1;
	/* A bad magnetometer does not spoil good motion. */
	found = emit_axes(&magnetic_field, b, n, emit, user);
	return found > 0 ? 1 + found : 1;
}

static int decode_heart_rate(struct bytes b, driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_HEART_RATE};
	size_t size = bytes_left(&b);
	double interval_s[PAYLOAD_MAX / 2];
	unsigned n = 0;
	int emitted = 0;

	if (size < 4 || size % 2 != 0)
		return -REASON_LENGTH;
	r.heart_rate_bpm = bytes_le_f32(&b);
	if (!(r.heart_rate_bpm >= 0 && r.heart_rate_bpm <= 400))
		return -REASON_RANGE;
	while (bytes_left(&b) > 0)
		interval_s[n++] = bytes_le16(&b) / 1000.0;
	/* 0 is what it sends before it has found a beat. */
	if (r.heart_rate_bpm > 0) {
		emit(&r, user);
		emitted++;
	}
	return n ? emitted + quantity_emit(emit, user, "beat_intervals", "s", interval_s, n)
		 : emitted;
}

static int decode_ecg(struct bytes b, driver_emit_fn emit, void *user)
{
	size_t size = bytes_left(&b);
	double mv[ECG_MAX];
	unsigned n = 0;

	if (size < 6 || size % 2 != 0 || (size - 4) / 2 > ECG_MAX)
		return -REASON_LENGTH;
	bytes_le32(&b);
	while (bytes_left(&b) > 0)
		mv[n++] = bytes_le16s(&b) / 1000.0;
	return quantity_emit(emit, user, "ecg", "mV", mv, n);
}

static int decode_temperature(struct bytes b, driver_emit_fn emit, void *user)
{
	double kelvin = (double)bytes_le_f32(&b);

	if (bytes_left(&b) != 4)
		return -REASON_LENGTH;
	if (!(kelvin >= 200 && kelvin <= 400))
		return -REASON_RANGE;
	return quantity_emit_number(emit, user, "temperature", "K", kelvin);
}

/* Statuses are those of HTTP. Some firmware swaps the bytes of an error, which does not make it a
 * success either. */
static int decode_answer(uint8_t reference, struct bytes b, driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_BATTERY};
	unsigned status;

	if (reference != REFERENCE_ENERGY &&
		(reference < REFERENCE_ACC || reference > REFERENCE_TEMP))
		return 0;
	status = bytes_le16(&b);
	if (b.failed)
		return -REASON_LENGTH;
	if (status < 200 || status > 299)
		return -REASON_RANGE;
	if (reference != REFERENCE_ENERGY || bytes_left(&b) == 0)
		return 0;
	r.battery_percent = bytes_u8(&b);
	if (r.battery_percent == SIG_SERVICES_NO_BATTERY)
		return 0;
	if (r.battery_percent > 100)
		return -REASON_RANGE;
	emit(&r, user);
	return 1;
}

static int decode_payload(struct movesense_state *s, uint8_t reference, struct bytes b,
	driver_emit_fn emit, void *user)
{
	switch (reference) {
	case REFERENCE_ACC:
	case REFERENCE_GYRO:
	case REFERENCE_IMU6:
	case REFERENCE_IMU9:
	case REFERENCE_MAGN:
		return decode_motion(s, (enum reference)reference, b, emit, user);
	case REFERENCE_HR:
		return decode_heart_rate(b, emit, user);
	case REFERENCE_ECG:
		return decode_ecg(b, emit, user);
	case REFERENCE_TEMP:
		return decode_temperature(b, emit, user);
	default:
		/* From a subscription that is not ours, or no longer. */
		return -REASON_STALE;
	}
}

static int movesense_decode(
	void *state, const struct driver_input *in, driver_emit_fn emit, void *user)
{
	struct movesense_state *s = state;
	struct bytes b = bytes_of(in->data, in->size);
	unsigned kind = bytes_u8(&b);
	uint8_t reference = bytes_u8(&b);
	size_t size;

	if (!movesense_claims(in->characteristic))
		return -REASON_TYPE;
	if (b.failed)
		return -REASON_LENGTH;
	size = bytes_left(&b);
	switch (kind) {
	case ANSWER:
		return decode_answer(reference, b, emit, user);
	case DATA:
		s->part_size = 0;
		if (size != PART_SIZE)
			return decode_payload(s, reference, b, emit, user);
		memcpy(s->part, b.at, size);
		s->part_size = size;
		s->part_reference = reference;
		return 0;
	case DATA_REST:
		if (s->part_size == 0 || s->part_reference != reference)
			return -REASON_ORDER;
		if (size > PAYLOAD_MAX - s->part_size)
			return -REASON_LENGTH;
		memcpy(s->part + s->part_size, b.at, size);
		size += s->part_size;
		s->part_size = 0;
		return decode_payload(s, reference, bytes_of(s->part, size), emit, user);
	default:
		return -REASON_TYPE;
	}
}

static unsigned rate_for(double rate_hz)
{
	static const unsigned rates_hz[] = {13, 26, 52, 104};

	for (size_t i = 0; i < sizeof(rates_hz) / sizeof(rates_hz[0]); i++)
		if (rate_hz > 0 && rates_hz[i] >= rate_hz)
			return rates_hz[i];
	return rate_hz > RATE_HZ ? 208 : RATE_HZ;
}

static void step_command(
	unsigned opcode, unsigned reference, const char *path, struct driver_step *ret)
{
	*ret = (struct driver_step){.kind = DRIVER_STEP_WRITE, .characteristic = write_to};
	ret->bytes[0] = (uint8_t)opcode;
	ret->bytes[1] = (uint8_t)reference;
	ret->size = HEADER + strlen(path);
	memcpy(ret->bytes + HEADER, path, strlen(path));
}

static int movesense_plan(const void *state, const struct driver_peer *peer, enum driver_plan plan,
	unsigned index, struct driver_step *ret)
{
	char path[DRIVER_WRITE_MAX - HEADER];

	if (plan == DRIVER_PLAN_STOP && index < 2) {
		step_command(COMMAND_UNSUBSCRIBE, index ? REFERENCE_HR : REFERENCE_IMU6, "", ret);
		ret->is_optional = true;
		return 1;
	}
	if (plan != DRIVER_PLAN_START || index > (driver_peer_has(peer, &battery_level) ? 2 : 3))
		return 0;
	if (index == 0) {
		*ret = (struct driver_step){
			.kind = DRIVER_STEP_SUBSCRIBE, .characteristic = notify};
	} else if (index == 1) {
		snprintf(path, sizeof(path), "/Meas/IMU6/%u", rate_for(peer->rate_hz));
		step_command(COMMAND_SUBSCRIBE, REFERENCE_IMU6, path, ret);
	} else if (index == 2) {
		step_command(COMMAND_SUBSCRIBE, REFERENCE_HR, "/Meas/HR", ret);
		ret->is_optional = true;
	} else {
		step_command(COMMAND_GET, REFERENCE_ENERGY, "/System/Energy/Level", ret);
		ret->is_optional = true;
	}
	return 1;
}

/* The name is "Movesense" and the serial number. Suunto's watches advertise the same services, FDF3 and
 * formerly FE06, so these make a name sure and are nothing by themselves (Movesense device library,
 * BLE advertising). */
static enum driver_claim movesense_sighted(const struct driver_sighting *sighting)
{
	static const struct uuid adverts[] = {UUID_SIG(0xfdf3), UUID_SIG(0xfe06)};

	if (!sighting_has_prefix(sighting, "Movesense "))
		return DRIVER_CLAIM_NONE;
	return sighting_has_service(sighting, adverts, 2) ? DRIVER_CLAIM_SURE : DRIVER_CLAIM_LIKELY;
}

extern const struct driver drv_movesense;
const struct driver drv_movesense = {
	.id = "movesense",
	.name = "Movesense MD, HR2, HR+, Flash",
	.match = {.services = &service, .n_services = 1, .name_prefix = "Movesense "},
	.sighted = movesense_sighted,
	.streams = STREAM_MOTION | STREAM_HEART_RATE,
	.clock = DRIVER_CLOCK_DEVICE,
	.tick_us = 1000,
	.tick_bits = 32,
	.quantum_us = 1000,
	.max_skew_ppm = 200,
	.nominal_rate_hz = RATE_HZ,
	.placements = "pelvis, thighs (on a strap)",
	.limits = "no sound, no button; lost packets go unnoticed",
	.state_size = sizeof(struct movesense_state),
	.connected = movesense_connected,
	.claims = movesense_claims,
	.decode = movesense_decode,
	.plan = movesense_plan,
};
