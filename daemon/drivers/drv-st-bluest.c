// SPDX-License-Identifier: MIT
/* STMicroelectronics BlueST nodes (SensorTile, SensorTile.box, BlueTile, BlueCoin, STWIN), from
 * the BlueST protocol document of ST's SDK. A characteristic's UUID names what it carries:
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
 * the gyroscope in 0.01 dps) by firmware, and nothing says which: the arrivals of the first seconds
 * tell. Until then records bear no tick. The driver unwraps the 16 bits itself, because the circle
 * (524, 655 or 65 s) is short against a pause.
 *
 * The newer sound in Opus (extended features 01 and 02) is not taken: how it is cut into
 * notifications is in none of the documents above, and nothing published says what bytes must give.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/drivers/driver.h"
#include "coxad/drivers/ima-adpcm.h"
#include "coxad/drivers/quantity.h"

enum feature {
	FEATURE_SYNC = 0x40000000,
	FEATURE_SWITCH = 0x20000000,
	FEATURE_DIRECTION = 0x10000000,
	FEATURE_AUDIO = 0x08000000,
	FEATURE_LEVEL = 0x04000000,
	FEATURE_PROXIMITY = 0x02000000,
	FEATURE_LUX = 0x01000000,
	FEATURE_ACC = 0x00800000,
	FEATURE_GYR = 0x00400000,
	FEATURE_MAG = 0x00200000,
	FEATURE_PRESSURE = 0x00100000,
	FEATURE_HUMIDITY = 0x00080000,
	FEATURE_TEMPERATURE_2 = 0x00040000,
	FEATURE_BATTERY = 0x00020000,
	FEATURE_TEMPERATURE = 0x00010000,
	FEATURE_EVENT = 0x00000400,
	FEATURE_COMPACT = 0x00000100,
	FEATURE_FLOAT = 0x00000080,
};

/* Fields of fixed size, highest bit first. Those with a name are told and go nowhere. */
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

#define TIME_SIZE     2
#define AUDIO_SIZE    20
#define AUDIO_SAMPLES 40
#define SYNC_SIZE     6
#define QUAT_SIZE     6
#define QUATS_MAX     3
#define QUAT_UNIT     1e-4f
#define QUAT_US       10000.0
#define GYR_FINE_US   1000 /* the tick of the firmware that sends 0.01 dps */
#define UNIT_SPAN_US  (3 * US_PER_S)
#define UNIT_PACKETS  10
/* 8 and 10 ms lie 25 % apart. */
#define UNIT_TOLERANCE 0.1
#define AUDIO_RATE_HZ  8000
#define AUDIO_WIDE_HZ  16000
/* 200 packets/s at 8 kHz, 400 at 16 kHz. */
#define AUDIO_WIDE_FROM 300

static const struct uuid service = {
	{0, 0, 0, 0, 0, 0x01, 0x11, 0xe1, 0x9a, 0xb4, 0, 0x02, 0xa5, 0xd5, 0xc5, 0x1b}};
static const struct uuid feature_base = {
	{0, 0, 0, 0, 0, 0x01, 0x11, 0xe1, 0xac, 0x36, 0, 0x02, 0xa5, 0xd5, 0xc5, 0x1b}};

struct bluest_state {
	/* Unwrapping, in ticks of unit_us. */
	bool has_time;
	uint16_t raw;
	int64_t ticks;
	int64_t arrival_us;
	unsigned unit_us; /* 0: not found yet */
	int64_t span_us;  /* arrival and ticks where the search for it began */
	int64_t span_ticks;
	unsigned span_packets;

	/* The last motion or orientation, against duplicates and for the interval. */
	uint32_t last_mask;
	int64_t last_ticks;
	double interval_us;

	bool is_pressed;

	struct ima_adpcm codec;
	int64_t audio_us; /* where the count of audio packets began */
	unsigned audio_packets;
	double audio_rate_hz;

	struct motion_sample sample;
	float quats[QUATS_MAX][4];
	int16_t audio[AUDIO_SAMPLES];
};

static uint32_t mask_of(const struct uuid *u)
{
	return (uint32_t)u->b[0] << 24 | (uint32_t)u->b[1] << 16 | (uint32_t)u->b[2] << 8 | u->b[3];
}

static struct uuid uuid_of(uint32_t mask)
{
	struct uuid u = feature_base;

	for (unsigned i = 0; i < 4; i++)
		u.b[i] = (uint8_t)(mask >> (24 - 8 * i));
	return u;
}

static bool bluest_claims(const struct uuid *characteristic)
{
	uint32_t mask = mask_of(characteristic);
	struct uuid u = uuid_of(mask);

	return mask != 0 && uuid_is_equal(&u, characteristic);
}

static void bluest_connected(void *state, unsigned mtu)
{
	struct bluest_state *s = state;

	/* It may have restarted; its unit it keeps. */
	s->has_time = false;
	s->is_pressed = false;
	s->last_mask = 0;
	s->codec = (struct ima_adpcm){0};
	s->audio_packets = 0;
}

/* Host time against ticks, over the first seconds of a link. */
static void find_unit(struct bluest_state *s, int64_t arrival_us)
{
	static const unsigned units_us[] = {8000, 10000, 1000};
	int64_t elapsed_us = arrival_us - s->span_us;
	int64_t ticks = s->ticks - s->span_ticks;

	s->span_packets++;
	if (elapsed_us < UNIT_SPAN_US || s->span_packets < UNIT_PACKETS || ticks <= 0)
		return;
	for (unsigned i = 0; i < ARRAY_LEN(units_us); i++) {
		double ratio = (double)elapsed_us / ((double)ticks * units_us[i]);

		if (fabs(ratio - 1) < UNIT_TOLERANCE)
			s->unit_us = units_us[i];
	}
	s->span_us = arrival_us;
	s->span_ticks = s->ticks;
	s->span_packets = 0;
}

/* The 16 bits as a count that does not wrap: of the values that fit, the nearest to what the
 * arrival lets expect. */
static void take_time(struct bluest_state *s, uint16_t raw, int64_t arrival_us)
{
	int64_t ahead = (uint16_t)(raw - s->raw);

	if (!s->has_time) {
		s->ticks = raw;
		s->span_us = arrival_us;
		s->span_ticks = raw;
		s->span_packets = 0;
		s->has_time = true;
	} else if (s->unit_us) {
		double expected = (double)(arrival_us - s->arrival_us) / s->unit_us;

		s->ticks += ahead + llrint((expected - (double)ahead) / 65536) * 65536;
	} else {
		s->ticks += (int16_t)ahead;
	}
	s->raw = raw;
	s->arrival_us = arrival_us;
	if (!s->unit_us)
		find_unit(s, arrival_us);
}

static void stamp(const struct bluest_state *s, struct record *r)
{
	r->has_tick = s->unit_us != 0;
	r->tick = (uint64_t)(s->ticks * (int64_t)s->unit_us);
}

/* False for a packet that was here before. Learns the interval of single samples. */
static bool is_new(struct bluest_state *s, uint32_t mask)
{
	int64_t ahead = s->ticks - s->last_ticks;

	if (s->last_mask == mask && ahead == 0)
		return false;
	if (s->last_mask == mask && ahead > 0 && s->unit_us) {
		double interval_us = (double)ahead * s->unit_us;

		/* A gap is no interval. */
		if (s->interval_us == 0)
			s->interval_us = interval_us;
		else if (interval_us < 1.8 * s->interval_us)
			s->interval_us += (interval_us - s->interval_us) / 16;
	}
	s->last_mask = mask;
	s->last_ticks = s->ticks;
	return true;
}

static void read_axes(struct bytes *b, float unit, uint8_t clip, float ret[3], uint8_t *flags)
{
	for (unsigned i = 0; i < 3; i++) {
		int raw = bytes_le16s(b);

		ret[i] = (float)raw * unit;
		if (raw == INT16_MAX || raw == INT16_MIN)
			*flags |= clip;
	}
}

static int emit_motion(
	struct bluest_state *s, uint32_t mask, struct bytes b, driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_MOTION};
	double gyr_dps = s->unit_us == GYR_FINE_US ? 0.01 : 0.1;

	if (!is_new(s, mask))
		return -REASON_DUPLICATE;
	s->sample = (struct motion_sample){0};
	read_axes(&b, (float)(GRAVITY_MPS2 / 1000), SAMPLE_ACC_CLIPPED, s->sample.acc_mps2,
		&s->sample.flags);
	if (mask & FEATURE_GYR)
		read_axes(&b, (float)(gyr_dps * RAD_PER_DEG), SAMPLE_GYR_CLIPPED, s->sample.gyr_rps,
			&s->sample.flags);
	r.motion = (struct motion_block){.n = 1,
		.interval_us = s->interval_us,
		.has_gyr = mask & FEATURE_GYR,
		.samples = &s->sample};
	stamp(s, &r);
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
	int n = 1;

	if (permille > 1000)
		return -REASON_RANGE;
	r.battery_percent = (float)permille / 10;
	emit(&r, user);
	n += emit_number(emit, user, "battery_voltage", "V", volt);
	if (current != INT16_MIN)
		n += emit_number(emit, user, "battery_current", "A",
			current * (status & 0x80 ? 1e-4 : 1e-3));
	return n + emit_number(emit, user, "battery_status", "", status & 0x7f);
}

static int emit_switch(struct bluest_state *s, struct bytes b, driver_emit_fn emit, void *user)
{
	struct record r = {
		.kind = RECORD_SYMPTOM, .symptom = {.code = SYMPTOM_DISCOMFORT, .intensity = -1}};
	bool was_pressed = s->is_pressed;
	unsigned value = bytes_u8(&b);

	if (value > 1)
		return -REASON_RANGE;
	s->is_pressed = value;
	if (!value || was_pressed)
		return 0;
	stamp(s, &r);
	emit(&r, user);
	return 1;
}

static int emit_beside(const struct field *field, struct bytes b, driver_emit_fn emit, void *user)
{
	double v[3];

	for (unsigned i = 0; i < field->axes; i++)
		v[i] = (field->size == 4 ? (int32_t)bytes_le32(&b) : bytes_le16s(&b)) *
		       field->scale;
	return emit_quantity(emit, user, field->name, field->unit, v, field->axes);
}

static int emit_field(struct bluest_state *s, uint32_t mask, const struct field *field,
	struct bytes b, driver_emit_fn emit, void *user)
{
	switch (field->bit) {
	case FEATURE_ACC:
		return emit_motion(s, mask, b, emit, user);
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
	take_time(s, bytes_le16(&b), in->arrival_us);
	for (unsigned i = 0; i < ARRAY_LEN(fields); i++) {
		int r;

		if (!(mask & fields[i].bit))
			continue;
		r = emit_field(s, mask, &fields[i], b, emit, user);
		/* Refused as a whole or not at all: one field that is wrong beside others that were
		 * right has no effect of its own. */
		if (r < 0 && n == 0)
			return r;
		n += r > 0 ? r : 0;
		bytes_take(&b, fields[i].size);
	}
	return n;
}

static int emit_orientation(struct bluest_state *s, uint32_t mask, unsigned n, double interval_us,
	driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_ORIENTATION};

	if (!is_new(s, mask))
		return -REASON_DUPLICATE;
	r.orientation = (struct orientation_block){
		.n = n, .interval_us = interval_us, .quat_wxyz = (const float(*)[4])s->quats};
	stamp(s, &r);
	/* The time is that of the packet, so of its last quaternion. */
	r.tick -= (uint64_t)((n - 1) * interval_us);
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

	if (n < 1 || n > QUATS_MAX || size % QUAT_SIZE != 0)
		return -REASON_LENGTH;
	for (unsigned i = 0; i < n; i++) {
		float square = 0, *q = s->quats[i];

		for (unsigned k = 1; k < 4; k++) {
			q[k] = (float)bytes_le16s(&b) * QUAT_UNIT;
			square += q[k] * q[k];
		}
		/* Rounding may take it over 1 by a little. */
		if (square > 1.01f)
			return -REASON_RANGE;
		q[0] = sqrtf(fmaxf(0, 1 - square));
	}
	take_time(s, raw, in->arrival_us);
	return emit_orientation(s, FEATURE_COMPACT, n, QUAT_US, emit, user);
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
	/* Not a number is refused here too. */
	if (!(square > 0.9f && square < 1.1f))
		return -REASON_RANGE;
	take_time(s, raw, in->arrival_us);
	return emit_orientation(s, FEATURE_FLOAT, 1, s->interval_us, emit, user);
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
	take_time(s, raw, in->arrival_us);
	while (bytes_left(&b) > 0) {
		level_db[n] = bytes_u8(&b);
		r.level_db = fmaxf(r.level_db, (float)level_db[n++]);
	}
	stamp(s, &r);
	emit(&r, user);
	return n > 1 ? 1 + emit_quantity(emit, user, "level_of_each", "dB", level_db, n) : 1;
}

/* Steps and taps: nothing here goes by them. */
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
		return emit_quantity(emit, user, "event_and_way_up", "", v, 2);
	v[2] = bytes_le16(&b);
	return emit_quantity(emit, user, "event_way_up_and_steps", "", v, 3);
}

static int decode_audio(
	struct bluest_state *s, const struct driver_input *in, driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_AUDIO};

	if (in->size != AUDIO_SIZE)
		return -REASON_LENGTH;
	/* The rate is not told: the packets of a second are counted. */
	if (s->audio_packets++ == 0)
		s->audio_us = in->arrival_us;
	if (in->arrival_us - s->audio_us >= US_PER_S) {
		s->audio_rate_hz =
			s->audio_packets > AUDIO_WIDE_FROM ? AUDIO_WIDE_HZ : AUDIO_RATE_HZ;
		s->audio_packets = 0;
	}
	ima_adpcm_decode(&s->codec, IMA_ADPCM_LOW_FIRST, in->data, AUDIO_SAMPLES, s->audio);
	r.audio = (struct audio_block){.n = AUDIO_SAMPLES,
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
	uint32_t mask = mask_of(in->characteristic);

	if (!bluest_claims(in->characteristic))
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

struct advert {
	const char *device; /* NULL: of no name known here */
	bool has_mask;
	uint32_t mask;
	uint8_t firmware, options[3];
	const uint8_t *address; /* NULL: not told */
};

static const char *device_name(unsigned id)
{
	static const char *const names[] = {[0x01] = "WESU",
		[0x02] = "SensorTile",
		[0x03] = "BlueCoin",
		[0x05] = "BlueTile",
		[0x06] = "SensorTile.box",
		[0x08] = "STWIN",
		[0x09] = "STWIN",
		[0x0c] = "Astra",
		[0x0d] = "SensorTile.box PRO",
		[0x0e] = "STWIN.box",
		[0x0f] = "Proteus",
		[0x11] = "SensorTile.box PRO",
		[0x12] = "STWIN.box"};

	return id < ARRAY_LEN(names) ? names[id] : NULL;
}

/* Version 1 may stand without the company's number before it. */
static int read_advert(const uint8_t *data, size_t size, struct advert *ret)
{
	struct bytes b = bytes_of(data, size);
	unsigned version, id;

	*ret = (struct advert){0};
	if (size > 2 && data[0] == 0x30 && data[1] == 0x00)
		bytes_take(&b, 2);
	version = bytes_u8(&b);
	id = bytes_u8(&b);
	if (version == 1) {
		/* Of these ids bit 6 says that it sleeps. */
		ret->device = device_name(id & (id & 0x80 ? 0xffu : 0x3fu));
		ret->has_mask = true;
		ret->mask = bytes_be32(&b);
	} else if (version == 2 && b.at == data + 4) {
		ret->device = device_name(id);
		ret->firmware = bytes_u8(&b);
		for (unsigned i = 0; i < sizeof(ret->options); i++)
			ret->options[i] = bytes_u8(&b);
	} else {
		return -REASON_TYPE;
	}
	if (bytes_left(&b) != 0)
		ret->address = bytes_take(&b, 6);
	return b.failed || bytes_left(&b) != 0 ? -REASON_LENGTH : 0;
}

static int emit_octets(driver_emit_fn emit, void *user, const char *name, const uint8_t *octets,
	size_t n, const char *between)
{
	char text[32];
	size_t at = 0;

	for (size_t i = 0; i < n; i++)
		at += (size_t)snprintf(
			text + at, sizeof(text) - at, "%s%02X", i ? between : "", octets[i]);
	return emit_about(emit, user, name, text, at);
}

static int bluest_advert(const uint8_t *data, size_t size, driver_emit_fn emit, void *user)
{
	struct advert a;
	int n = 0, r = read_advert(data, size, &a);

	if (r < 0)
		return r;
	if (a.device)
		n += emit_about(emit, user, "model", a.device, strlen(a.device));
	if (a.has_mask)
		n += emit_octets(emit, user, "features",
			(const uint8_t[]){(uint8_t)(a.mask >> 24), (uint8_t)(a.mask >> 16),
				(uint8_t)(a.mask >> 8), (uint8_t)a.mask},
			4, "");
	else
		n += emit_number(emit, user, "firmware", "", a.firmware) +
		     emit_octets(emit, user, "options", a.options, sizeof(a.options), "");
	if (a.address)
		n += emit_octets(emit, user, "address", a.address, 6, ":");
	return n;
}

/* 0: not wanted. Raw motion before the node's own fusion: of motion characteristics the one with
 * most of it, for the node splits its radio time between all that are on. */
static unsigned motion_rank(uint32_t mask)
{
	if (mask & FEATURE_ACC)
		return mask & FEATURE_GYR ? 4 : 2;
	return mask == FEATURE_COMPACT ? 3 : mask == FEATURE_FLOAT ? 1 : 0;
}

static uint32_t best_of(const struct driver_peer *peer, uint32_t on)
{
	uint32_t best = 0;

	for (size_t i = 0; i < peer->n_characteristics; i++) {
		const struct uuid *u = &peer->characteristics[i];

		if (bluest_claims(u) && !(mask_of(u) & ~on) &&
			motion_rank(mask_of(u)) > motion_rank(best))
			best = mask_of(u);
	}
	return best;
}

/* Of what is there, what the advertisement says is on; where it says nothing that fits, all. */
static uint32_t best_motion(const struct driver_peer *peer)
{
	const uint32_t axes = FEATURE_ACC | FEATURE_GYR | FEATURE_MAG;
	struct advert advert = {0};
	uint32_t best = 0;
	bool has_mask = peer->advert && read_advert(peer->advert, peer->n_advert, &advert) == 0 &&
			advert.has_mask;

	if (peer->characteristics) {
		best = has_mask ? best_of(peer, advert.mask) : 0;
		return best ? best : best_of(peer, UINT32_MAX);
	}
	if (!has_mask || advert.mask & FEATURE_ACC)
		return has_mask ? advert.mask & axes : axes;
	return advert.mask & FEATURE_COMPACT ? FEATURE_COMPACT : advert.mask & FEATURE_FLOAT;
}

static bool is_present(const struct driver_peer *peer, uint32_t mask)
{
	struct uuid u = uuid_of(mask);

	for (size_t i = 0; i < peer->n_characteristics; i++)
		if (uuid_is_equal(&peer->characteristics[i], &u))
			return true;
	return false;
}

static int bluest_plan(const void *state, const struct driver_peer *peer, enum driver_plan plan,
	unsigned index, struct driver_step *ret)
{
	uint32_t wanted[6];
	unsigned n = 0;

	if (plan != DRIVER_PLAN_START)
		return 0;
	wanted[n++] = best_motion(peer);
	if (wanted[0] == 0)
		n = 0;
	/* The codec's state before the sound: both must be on, or the node sends neither. */
	if (driver_wants_sound(peer, 0) && is_present(peer, FEATURE_AUDIO) &&
		is_present(peer, FEATURE_SYNC)) {
		wanted[n++] = FEATURE_SYNC;
		wanted[n++] = FEATURE_AUDIO;
	} else if (is_present(peer, FEATURE_LEVEL)) {
		wanted[n++] = FEATURE_LEVEL;
	}
	if (is_present(peer, FEATURE_BATTERY))
		wanted[n++] = FEATURE_BATTERY;
	if (is_present(peer, FEATURE_SWITCH))
		wanted[n++] = FEATURE_SWITCH;
	if (index >= n)
		return 0;
	*ret = (struct driver_step){.kind = DRIVER_STEP_SUBSCRIBE,
		.characteristic = uuid_of(wanted[index]),
		.is_optional = index > 0};
	return 1;
}

extern const struct driver drv_st_bluest;
const struct driver drv_st_bluest = {
	.id = "st-bluest",
	.name = "STMicroelectronics BlueST node (SensorTile, BlueTile, BlueCoin, STWIN)",
	.match = {.services = &service, .n_services = 1},
	.streams = STREAM_MOTION | STREAM_ORIENTATION | STREAM_ACOUSTIC | STREAM_LEVEL |
		   STREAM_SYMPTOM,
	.clock = DRIVER_CLOCK_DEVICE,
	.tick_us = 1, /* ticks come out as microseconds, see above */
	.tick_bits = 64,
	.quantum_us = 8000,
	/* The unit is a nominal one: some firmware runs on an RC oscillator. */
	.max_skew_ppm = 50000,
	.nominal_rate_hz = 20,
	.needs_signal_order = true,
	.placements = "pelvis, thighs",
	.limits = "20 to 25 Hz; no pops of its own, and a button by firmware; time in steps of 8 "
		  "or 10 ms",
	.state_size = sizeof(struct bluest_state),
	.connected = bluest_connected,
	.claims = bluest_claims,
	.decode = bluest_decode,
	.advert = bluest_advert,
	.plan = bluest_plan,
};
