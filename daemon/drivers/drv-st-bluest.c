// SPDX-License-Identifier: MIT
/* STMicroelectronics BlueST nodes (SensorTile, SensorTile.box, BlueTile, BlueCoin, STWIN), from
 * the BlueST protocol document of ST's SDK. A characteristic's UUID says what it carries:
 *
 *   MMMMMMMM-0001-11e1-ac36-0002a5d5c51b    M: feature mask
 *   u16 time | field of the highest bit | ... | field of the lowest bit      little-endian
 *
 *   advertised  30 00? | 01 | device u8 | feature mask u32 big-endian | address[6]?
 *               30 00 | 02 | device u8 | firmware u8 | options[3] | address[6]?
 *
 *   00e00000   time | ax ay az i16 mg | gx gy gz i16 0.1 dps | mx my mz i16 mGauss
 *   00000100   time | 1..3 x (qi qj qk) i16 / 10000, oldest first, 10 ms apart
 *   00000080   time | qi qj qk [qs] f32
 *   00020000   time | u16 0.1 % | u16 mV | i16 mA (0.1 mA with status bit 7) | u8 status
 *   20000000   time | u8 switch: 1 on            00000400   time | u8 event u16 steps, or u16 event
 *   04000000   time | u8 dB a microphone
 *   08000000   20 bytes, 40 samples IMA ADPCM, low nibble first, no time
 *   40000000   i16 step index | i32 predictor: the codec's state after the audio before it, no time
 *
 * `time` counts 8 ms (ALLMEMS1), 10 ms (SensorTile.box) or 1 ms (BlueTile demo 1.3.0, which sends
 * the gyroscope in 0.01 dps), depending on firmware, and nothing says which: the arrivals of the
 * first seconds decide. Until then records have no tick. The driver unwraps the 16 bits itself,
 * because they wrap (after 524, 655 or 65 s) within a pause.
 *
 * Sound in Opus (extended features 01 and 02) is not supported: no document says how it is split into
 * notifications, and there are no published test vectors.
 */
#include "daemon/drivers/drv-st-bluest-private.h"

#include <math.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/drivers/button.h"
#include "coxad/drivers/quantity.h"
#include "daemon/drivers/drv-st-bluest-advert.h"
#include "daemon/drivers/drv-st-bluest-clock.h"
#include "daemon/drivers/drv-st-bluest-feature.h"
#include "daemon/drivers/drv-st-bluest-plan.h"

/* Fields of fixed size, highest bit first. Those with a name are only shown. */
static const struct field {
	uint32_t bit;
	uint8_t size, axes;
	const char *name, *unit;
	double scale;
} fields[] = {
	{FEATURE_SWITCH, 1, 0, NULL, NULL, 0},
	{FEATURE_DIRECTION, 2, 0, NULL, NULL, 0},
	{FEATURE_PROXIMITY, 2, 0, NULL, NULL, 0},
	{FEATURE_LUX, 2, 0, NULL, NULL, 0},
	{FEATURE_ACC, 6, 0, NULL, NULL, 0},
	{FEATURE_GYR, 6, 0, NULL, NULL, 0},
	{FEATURE_MAG, 6, 3, "magnetic_field", "uT", 0.1},
	{FEATURE_PRESSURE, 4, 1, "pressure", "Pa", 1},
	{FEATURE_HUMIDITY, 2, 1, "humidity", "%", 0.1},
	{FEATURE_TEMPERATURE_2, 2, 1, "temperature", "degC", 0.1},
	{FEATURE_BATTERY, 7, 0, NULL, NULL, 0},
	{FEATURE_TEMPERATURE, 2, 1, "temperature", "degC", 0.1},
};

#define TIME_SIZE   2
#define AUDIO_SIZE  20
#define SYNC_SIZE   6
#define QUAT_SIZE   6
#define QUAT_UNIT   1e-4f
#define QUAT_US     10000.0
#define GYR_FINE_US 1000 /* the tick of the firmware that sends 0.01 dps */
/* LSM6DS: 1.9988 g of 2. */
#define FULL_SHARE    0.999
#define GYR_CLIP_RPS  (1995 * RAD_PER_DEG)
#define AUDIO_RATE_HZ 8000
#define AUDIO_WIDE_HZ 16000
/* 200 packets/s at 8 kHz, 400 at 16 kHz. */
#define AUDIO_WIDE_FROM 300

static const struct uuid service = {
	{0, 0, 0, 0, 0, 0x01, 0x11, 0xe1, 0x9a, 0xb4, 0, 0x02, 0xa5, 0xd5, 0xc5, 0x1b}};
static void bluest_connected(void *state, unsigned mtu)
{
	struct bluest_state *s = state;

	/* It may have restarted, but its unit stays. */
	s->has_time = false;
	s->is_pressed = false;
	s->last_mask = 0;
	s->range = (struct raw_axes_range){0};
	s->codec = (struct ima_adpcm){0};
	s->audio_packets = 0;
}

static float gyr_unit(const struct bluest_state *s)
{
	return (float)((s->unit_us == GYR_FINE_US ? 0.01 : 0.1) * RAD_PER_DEG);
}

static bool read_axes(struct bytes *b, float unit, float ret[3])
{
	int raw[3];
	bool has_value = raw_axes_read(b, raw);

	for (unsigned i = 0; i < 3; i++)
		ret[i] = (float)raw[i] * unit;
	return has_value;
}

/* Firmware sets the ranges as it likes and tells none. */
static void mark_clipped(struct bluest_state *s, bool has_gyr)
{
	if (raw_axes_reach(&s->range, s->sample.acc_mps2, FULL_SHARE))
		s->sample.flags |= SAMPLE_ACC_CLIPPED;
	for (unsigned i = 0; i < 3 && has_gyr; i++)
		if (fabsf(s->sample.gyr_rps[i]) >= (float)GYR_CLIP_RPS ||
			fabsf(s->sample.gyr_rps[i]) >= (float)INT16_MAX * gyr_unit(s))
			s->sample.flags |= SAMPLE_GYR_CLIPPED;
}

static int emit_motion(
	struct bluest_state *s, uint32_t mask, struct bytes b, driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_MOTION};
	bool has_value;

	if (!drv_st_bluest_clock_is_new(s, mask))
		return -REASON_DUPLICATE;
	s->sample = (struct motion_sample){0};
	has_value = read_axes(&b, (float)(GRAVITY_MPS2 / 1000), s->sample.acc_mps2);
	if (mask & FEATURE_GYR)
		has_value = read_axes(&b, gyr_unit(s), s->sample.gyr_rps) && has_value;
	if (!has_value)
		return -REASON_RANGE;
	mark_clipped(s, mask & FEATURE_GYR);
	r.motion = (struct motion_block){.n = 1,
		.interval_us = s->interval_us,
		.has_gyr = mask & FEATURE_GYR,
		.samples = &s->sample};
	drv_st_bluest_clock_stamp(s, &r);
	emit(&r, user);
	return 1;
}

static int emit_battery(struct bytes b, driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_BATTERY};
	unsigned permille = bytes_le16(&b);
	double volt = bytes_le16(&b) / 1000.0;
	int current = bytes_le16s(&b);
	unsigned status = bytes_u8(&b);
	int n = 0;

	if (permille > 1000 && permille != UINT16_MAX)
		return -REASON_RANGE;
	if (permille <= 1000) {
		r.battery_percent = (float)permille / 10;
		emit(&r, user);
		n++;
	}
	n += quantity_emit_number(emit, user, "battery_voltage", "V", volt);
	if (current != INT16_MIN)
		n += quantity_emit_number(emit, user, "battery_current", "A",
			current * (status & 0x80 ? 1e-4 : 1e-3));
	return n + quantity_emit_number(emit, user, "battery_status", "", status & 0x7f);
}

static int emit_switch(struct bluest_state *s, struct bytes b, driver_emit_fn emit, void *user)
{
	struct record r = {0};
	unsigned value = bytes_u8(&b);

	if (value > 1)
		return -REASON_RANGE;
	drv_st_bluest_clock_stamp(s, &r);
	return button_push(&s->is_pressed, value, r, emit, user);
}

static int emit_beside(const struct field *field, struct bytes b, driver_emit_fn emit, void *user)
{
	double v[3];

	for (unsigned i = 0; i < field->axes; i++) {
		int32_t raw = field->size == 4 ? (int32_t)bytes_le32(&b) : bytes_le16s(&b);

		/* Not measured. */
		if (raw == (field->size == 4 ? INT32_MIN : INT16_MIN))
			return 0;
		v[i] = raw * field->scale;
	}
	return quantity_emit(emit, user, field->name, field->unit, v, field->axes);
}

static int emit_field(struct bluest_state *s, const struct field *field, struct bytes b,
	driver_emit_fn emit, void *user)
{
	switch (field->bit) {
	case FEATURE_BATTERY:
		return emit_battery(b, emit, user);
	case FEATURE_SWITCH:
		return emit_switch(s, b, emit, user);
	default:
		return field->name ? emit_beside(field, b, emit, user) : 0;
	}
}

/* Characteristics whose fields all have a fixed size. */
static int decode_fields(struct bluest_state *s, uint32_t mask, const struct driver_input *in,
	driver_emit_fn emit, void *user)
{
	struct bytes b = bytes_of(in->data, in->size);
	uint32_t known = 0;
	size_t size = TIME_SIZE;
	int n = 0;

	for (unsigned i = 0; i < ARRAY_LEN(fields); i++) {
		if (mask & fields[i].bit)
			size += fields[i].size;
		known |= fields[i].bit;
	}
	if (mask & ~known)
		return -REASON_TYPE;
	if (in->size != size)
		return -REASON_LENGTH;
	drv_st_bluest_clock_take(s, bytes_le16(&b), in->arrival_us);
	for (unsigned i = 0; i < ARRAY_LEN(fields); i++) {
		int r;

		if (!(mask & fields[i].bit))
			continue;
		r = fields[i].bit == FEATURE_ACC ? emit_motion(s, mask, b, emit, user)
						 : emit_field(s, &fields[i], b, emit, user);
		/* Refused as a whole or not at all: a bad field after good ones is skipped. */
		if (r < 0 && n == 0)
			return r;
		n += r > 0 ? r : 0;
		bytes_take(&b, fields[i].size);
	}
	return n;
}

/* Of s->quats. */
static int emit_orientation(struct bluest_state *s, uint32_t mask, struct orientation_block block,
	driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_ORIENTATION, .orientation = block};

	if (!drv_st_bluest_clock_is_new(s, mask))
		return -REASON_DUPLICATE;
	r.orientation.quat_wxyz = (const float(*)[4])s->quats;
	drv_st_bluest_clock_stamp(s, &r);
	/* The time of a packet is that of its last quaternion. */
	r.tick -= (uint64_t)((block.n - 1) * block.interval_us);
	emit(&r, user);
	return 1;
}

static int decode_compact(
	struct bluest_state *s, const struct driver_input *in, driver_emit_fn emit, void *user)
{
	struct bytes b = bytes_of(in->data, in->size);
	size_t size = in->size < TIME_SIZE ? 0 : in->size - TIME_SIZE;
	unsigned n = (unsigned)(size / QUAT_SIZE);
	uint16_t raw = bytes_le16(&b);

	if (n < 1 || n > BLUEST_QUATS_MAX || size % QUAT_SIZE != 0)
		return -REASON_LENGTH;
	for (unsigned i = 0; i < n; i++) {
		float square = 0, *q = s->quats[i];

		for (unsigned k = 1; k < 4; k++) {
			q[k] = (float)bytes_le16s(&b) * QUAT_UNIT;
			square += q[k] * q[k];
		}
		/* Rounding may lift it a little above 1. */
		if (square > 1.01f)
			return -REASON_RANGE;
		q[0] = sqrtf(fmaxf(0, 1 - square));
	}
	drv_st_bluest_clock_take(s, raw, in->arrival_us);
	return emit_orientation(s, FEATURE_COMPACT,
		(struct orientation_block){.n = n, .interval_us = QUAT_US}, emit, user);
}

static int decode_float(
	struct bluest_state *s, const struct driver_input *in, driver_emit_fn emit, void *user)
{
	struct bytes b = bytes_of(in->data, in->size);
	bool has_scalar = in->size == TIME_SIZE + 16;
	uint16_t raw = bytes_le16(&b);
	float *q = s->quats[0], square = 0;

	if (!has_scalar && in->size != TIME_SIZE + 12)
		return -REASON_LENGTH;
	for (unsigned k = 1; k < 4; k++) {
		q[k] = bytes_le_f32(&b);
		square += q[k] * q[k];
	}
	q[0] = has_scalar ? bytes_le_f32(&b) : sqrtf(fmaxf(0, 1 - square));
	square += q[0] * q[0];
	/* Refuses NAN too. */
	if (!(square > 0.9f && square < 1.1f))
		return -REASON_RANGE;
	drv_st_bluest_clock_take(s, raw, in->arrival_us);
	return emit_orientation(s, FEATURE_FLOAT,
		(struct orientation_block){.n = 1, .interval_us = s->interval_us}, emit, user);
}

static int decode_level(
	struct bluest_state *s, const struct driver_input *in, driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_LEVEL};
	struct bytes b = bytes_of(in->data, in->size);
	uint16_t raw = bytes_le16(&b);
	double level_db[4];
	unsigned n = 0;

	/* No node has more than four microphones. */
	if (in->size < TIME_SIZE + 1 || in->size > TIME_SIZE + 4)
		return -REASON_LENGTH;
	drv_st_bluest_clock_take(s, raw, in->arrival_us);
	while (bytes_left(&b) > 0) {
		level_db[n] = bytes_u8(&b);
		r.level_db = fmaxf(r.level_db, (float)level_db[n++]);
	}
	drv_st_bluest_clock_stamp(s, &r);
	emit(&r, user);
	return n > 1 ? 1 + quantity_emit(emit, user, "level_of_each", "dB", level_db, n) : 1;
}

/* Steps and taps, which coxad does not use. */
static int decode_event(const struct driver_input *in, driver_emit_fn emit, void *user)
{
	struct bytes b = bytes_of(in->data, in->size);
	double v[3];

	if (in->size != TIME_SIZE + 2 && in->size != TIME_SIZE + 3)
		return -REASON_LENGTH;
	bytes_take(&b, TIME_SIZE);
	v[0] = in->size == TIME_SIZE + 3 ? bytes_u8(&b) : bytes_le16(&b);
	v[1] = (unsigned)v[0] & 7u;
	if (in->size == TIME_SIZE + 2)
		return quantity_emit(emit, user, "event_and_way_up", "", v, 2);
	v[2] = bytes_le16(&b);
	return quantity_emit(emit, user, "event_way_up_and_steps", "", v, 3);
}

static int decode_audio(
	struct bluest_state *s, const struct driver_input *in, driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_AUDIO};

	if (in->size != AUDIO_SIZE)
		return -REASON_LENGTH;
	/* Nothing names the rate, so the packets of a second are counted. */
	if (s->audio_packets++ == 0)
		s->audio_us = in->arrival_us;
	if (in->arrival_us - s->audio_us >= US_PER_S) {
		s->audio_rate_hz =
			s->audio_packets > AUDIO_WIDE_FROM ? AUDIO_WIDE_HZ : AUDIO_RATE_HZ;
		s->audio_packets = 0;
	}
	ima_adpcm_decode(&s->codec, IMA_ADPCM_LOW_FIRST, in->data, BLUEST_AUDIO_SAMPLES, s->audio);
	r.audio = (struct audio_block){.n = BLUEST_AUDIO_SAMPLES,
		.rate_hz = s->audio_rate_hz > 0 ? s->audio_rate_hz : AUDIO_RATE_HZ,
		.samples = s->audio};
	emit(&r, user);
	return 1;
}

static int decode_sync(struct bluest_state *s, const struct driver_input *in)
{
	struct bytes b = bytes_of(in->data, in->size);
	int index = bytes_le16s(&b);
	int32_t predictor = (int32_t)bytes_le32(&b);

	if (in->size != SYNC_SIZE)
		return -REASON_LENGTH;
	if (index < 0 || index > IMA_ADPCM_INDEX_MAX || predictor < INT16_MIN ||
		predictor > INT16_MAX)
		return -REASON_RANGE;
	s->codec = (struct ima_adpcm){.predictor = predictor, .index = index};
	return 0;
}

static int bluest_decode(
	void *state, const struct driver_input *in, driver_emit_fn emit, void *user)
{
	struct bluest_state *s = state;
	uint32_t mask = drv_st_bluest_feature_mask(in->characteristic);

	if (!drv_st_bluest_feature_has(in->characteristic))
		return -REASON_TYPE;
	switch (mask) {
	case FEATURE_AUDIO:
		return decode_audio(s, in, emit, user);
	case FEATURE_SYNC:
		return decode_sync(s, in);
	case FEATURE_LEVEL:
		return decode_level(s, in, emit, user);
	case FEATURE_COMPACT:
		return decode_compact(s, in, emit, user);
	case FEATURE_FLOAT:
		return decode_float(s, in, emit, user);
	case FEATURE_EVENT:
		return decode_event(in, emit, user);
	default:
		return decode_fields(s, mask, in, emit, user);
	}
}

extern const struct driver drv_st_bluest;
const struct driver drv_st_bluest = {
	.id = "st-bluest",
	.name = "STMicroelectronics BlueST node (SensorTile, BlueTile, BlueCoin, STWIN)",
	.match = {.services = &service, .n_services = 1},
	.sighted = drv_st_bluest_advert_sighted,
	.streams = STREAM_MOTION | STREAM_ORIENTATION | STREAM_ACOUSTIC | STREAM_LEVEL |
		   STREAM_SYMPTOM,
	.clock = DRIVER_CLOCK_DEVICE,
	.tick_us = 1, /* the driver converts ticks to microseconds, see above */
	.tick_bits = 64,
	.quantum_us = 8000,
	/* The unit is nominal: some firmware runs on an RC oscillator. */
	.max_skew_ppm = 50000,
	.nominal_rate_hz = 20,
	.needs_signal_order = true,
	.placements = "pelvis, thighs",
	.limits = "20 to 25 Hz; detects no pops itself; a button only with some firmware; time in "
		  "steps of 8 or 10 ms",
	.state_size = sizeof(struct bluest_state),
	.connected = bluest_connected,
	.claims = drv_st_bluest_feature_has,
	.decode = bluest_decode,
	.advert = drv_st_bluest_advert_emit,
	.plan = drv_st_bluest_plan,
};
