// SPDX-License-Identifier: MIT
/* Coxa Wearable Profile 1 (doc/wearable-profile.md), all integers little-endian:
 *
 *   0002 info     version streams acc_g sensor | gyr_dps rate | audio_hz | boot | kept last_pop
 *                 u8      u8      u8    u8     | u16     u16  | u32      | u32  | u16  u16
 *   0004 motion   seq u16 | time u32 | interval u16 | n x (ax ay az gx gy gz) i16
 *   0005 pop      seq u16 | time u32 | peak bg rise t10 u8 | centroid u16 | kurt hf lf subs u8 |
 *                 contact-air i8 | knock flat flags u8
 *   0006 acoustic seq u16 | time u32 | predictor i16 | index codec u8 | n u16 | nibbles
 *   0007 symptom  seq u16 | time u32 | code site side intensity u8
 *   0003 control  opcode|80 | status | result
 *
 * `time` counts microseconds since the wearable's boot and wraps at 2^32; `boot` tells one clock
 * from the next. Pops across a link loss:
 *
 *   pops      1  2  3 |  4  5  6  7 ... 90 |  read info: same boot, last 90, kept 64
 *   link      --------X                    [----   write 05 0003   indicated 85 00 64
 *   emitted   1  2  3                        LOST 23 (4..26)   27 .. 90 with flag 7, once each
 */
#include "daemon/drivers/drv-coxa-private.h"

#include <math.h>
#include <string.h>

#include "coxad/base/units.h"
#include "coxad/drivers/driver.h"
#include "coxad/drivers/ima-adpcm.h"
#include "daemon/drivers/drv-coxa-plan.h"

#define COXA_VERSION          1
#define COXA_STATUS_BUSY      3
#define COXA_STATUS_MAX       4
#define COXA_INFO_SIZE        20
#define COXA_MOTION_HEADER    8
#define COXA_MOTION_SAMPLE    12
#define COXA_POP_SIZE         20
#define COXA_POP_CLIPPED      0x01
#define COXA_POP_RESENT       0x80
#define COXA_ACOUSTIC_HEADER  12
#define COXA_SYMPTOM_SIZE     10
#define COXA_CLOCK_REPLY_SIZE 10
#define COXA_NO_AIR_LEVEL     (-128)
#define COXA_INTENSITY_MAX    10
/* Every wearable keeps at least so many. */
#define POPS_REMEMBERED 64
/* A motion packet up to this far behind the newest is late; further back means that the wearable has
 * started counting again. */
#define COXA_LATE_PACKETS 64
#define COXA_POLL_US      (10 * US_PER_S) /* decision-model.md, ruling 8 */

static bool coxa_claims(const struct uuid *characteristic)
{
	struct uuid u = *characteristic;
	unsigned x = u.b[COXA_UUID_NUMBER_AT];

	u.b[COXA_UUID_NUMBER_AT] = COXA_SERVICE;
	return uuid_is_equal(&u, &coxa_service) && x >= COXA_INFO && x <= COXA_SYMPTOM;
}

/* How many pops there are after `from` up to `to`, 0 if `to` is not ahead. Sequence numbers go from
 * 65535 to 1. */
static uint32_t pops_between(uint16_t from, uint16_t to)
{
	uint16_t ahead = (uint16_t)(to - from);

	if (ahead > INT16_MAX)
		return 0;
	return ahead - (to < from && ahead > 0 ? 1u : 0u);
}

static bool pop_is_seen(const struct coxa_state *s, uint16_t sequence)
{
	return s->pop_seen[sequence / 64] >> sequence % 64 & 1;
}

static void pop_mark(struct coxa_state *s, uint16_t sequence)
{
	uint16_t ahead = (uint16_t)(sequence - s->pop_last);

	if (s->has_pop && ahead > 0 && ahead <= INT16_MAX) {
		/* Numbers that come into reach again on the far side belong to the last lap. */
		for (uint16_t i = 1; i <= ahead; i++) {
			uint16_t far = (uint16_t)(s->pop_last + i + INT16_MAX + 1);

			s->pop_seen[far / 64] &= ~(UINT64_C(1) << far % 64);
		}
	}
	s->pop_seen[sequence / 64] |= UINT64_C(1) << sequence % 64;
}

static bool coxa_remember(const void *state, struct wearable_memory *ret)
{
	const struct coxa_state *s = state;

	if (!s->has_info || !s->has_pop)
		return false;
	*ret = (struct wearable_memory){.boot = s->info.boot, .pop_after = s->pop_whole};
	for (unsigned i = 0; i < POPS_REMEMBERED; i++)
		if (pop_is_seen(s, (uint16_t)(s->pop_whole + 1 + i)))
			ret->pops_seen |= UINT64_C(1) << i;
	return true;
}

static void coxa_recall(void *state, const struct wearable_memory *memory)
{
	struct coxa_state *s = state;

	s->memory = *memory;
	s->is_recalled = true;
}

/* The wearable has not restarted since an earlier run: its pops continue where that run stopped. */
static void take_up(struct coxa_state *s)
{
	uint16_t after = s->memory.pop_after;

	s->has_pop = s->wants_resend = true;
	s->pop_last = s->pop_whole = s->resend_after = after;
	s->lost_told = 0;
	for (unsigned i = 0; i < POPS_REMEMBERED; i++) {
		if (!(s->memory.pops_seen >> i & 1))
			continue;
		pop_mark(s, (uint16_t)(after + 1 + i));
		s->pop_last = (uint16_t)(after + 1 + i);
	}
}

static void close_gaps(struct coxa_state *s)
{
	while (s->pop_whole != s->pop_last) {
		uint16_t next = (uint16_t)(s->pop_whole + 1);

		/* No pop has number 0, and what the wearable has overwritten never comes. */
		if (next && !pop_is_seen(s, next) &&
			pops_between(s->pop_whole, s->pop_last) <= POPS_REMEMBERED)
			return;
		s->pop_whole = next;
	}
}

static void forget_boot(struct coxa_state *s)
{
	s->has_motion = s->has_acoustic = s->has_symptom = false;
	s->has_pop = s->wants_resend = s->is_recalled = false;
	s->lost_told = 0;
	memset(s->pop_seen, 0, sizeof(s->pop_seen));
}

static void coxa_connected(void *state, unsigned mtu)
{
	struct coxa_state *s = state;

	/* What was not sent while disconnected is not lost by the radio. */
	s->has_motion = s->has_acoustic = false;
}

static int emit_one(const struct record *record, driver_emit_fn emit, void *user)
{
	emit(record, user);
	return 1;
}

/* Reports pops that will never come, `lost` in total since resend_after. */
static int emit_lost(struct coxa_state *s, uint32_t lost, driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_LOST};

	if (lost <= s->lost_told)
		return 0;
	r.lost_pops = lost - s->lost_told;
	s->lost_told = lost;
	return emit_one(&r, emit, user);
}

static uint16_t newest_pop(const struct coxa_state *s)
{
	return pops_between(s->pop_last, s->info.last_pop) ? s->info.last_pop : s->pop_last;
}

static int decode_info(struct coxa_state *s, struct bytes b, driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_INFO};
	struct wearable_info *info = &r.info;
	uint32_t missing;
	unsigned version, sensor;
	bool is_same_boot;

	if (bytes_left(&b) != COXA_INFO_SIZE)
		return -REASON_LENGTH;
	version = bytes_u8(&b);
	info->streams = bytes_u8(&b) & (STREAM_MOTION | STREAM_POP | STREAM_ACOUSTIC |
					       STREAM_SYMPTOM | STREAM_HAPTIC);
	info->acc_range_g = bytes_u8(&b);
	sensor = bytes_u8(&b);
	info->gyr_range_dps = bytes_le16(&b);
	info->rate_hz = bytes_le16(&b);
	info->acoustic_rate_hz = (float)bytes_le32(&b);
	info->boot = bytes_le32(&b);
	info->has_boot = true;
	info->pops_kept = bytes_le16(&b);
	info->last_pop = bytes_le16(&b);
	if (version != COXA_VERSION)
		return -REASON_TYPE;
	if (sensor > ACOUSTIC_SENSOR_ACCELEROMETER)
		return -REASON_RANGE;
	if (info->streams & STREAM_MOTION && (info->acc_range_g == 0 || info->gyr_range_dps == 0))
		return -REASON_RANGE;
	if (info->streams & STREAM_ACOUSTIC && info->acoustic_rate_hz == 0)
		return -REASON_RANGE;
	info->acoustic = (enum acoustic_sensor)sensor;

	is_same_boot = s->has_info && s->info.boot == info->boot;
	if (!s->has_info && s->is_recalled && s->memory.boot == info->boot) {
		is_same_boot = true;
		take_up(s);
	} else if (!is_same_boot) {
		forget_boot(s);
	}
	s->info = *info;
	s->has_info = true;
	emit(&r, user);
	if (!is_same_boot || !s->has_pop) {
		s->pop_last = s->pop_whole = info->last_pop;
		s->has_pop = true;
		return 1;
	}
	if (!s->wants_resend) {
		s->wants_resend = true;
		s->resend_after = s->pop_last;
		s->lost_told = 0;
	}
	missing = pops_between(s->resend_after, newest_pop(s));
	if (missing <= info->pops_kept)
		return 1;
	return 1 + emit_lost(s, missing - info->pops_kept, emit, user);
}

static int decode_motion(struct coxa_state *s, struct bytes b, driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_MOTION, .has_tick = true};
	size_t size = bytes_left(&b);
	uint16_t sequence, ahead;
	float acc_unit, gyr_unit;

	if (size < COXA_MOTION_HEADER + COXA_MOTION_SAMPLE ||
		(size - COXA_MOTION_HEADER) % COXA_MOTION_SAMPLE != 0)
		return -REASON_LENGTH;
	r.motion.n = (unsigned)((size - COXA_MOTION_HEADER) / COXA_MOTION_SAMPLE);
	if (r.motion.n > MOTION_SAMPLES_MAX)
		return -REASON_LENGTH;
	if (!s->has_info)
		return -REASON_ORDER;
	sequence = bytes_le16(&b);
	r.tick = bytes_le32(&b);
	r.motion.interval_us = bytes_le16(&b);
	if (r.motion.interval_us == 0 || s->info.acc_range_g == 0 || s->info.gyr_range_dps == 0)
		return -REASON_RANGE;
	ahead = (uint16_t)(sequence - s->motion_sequence);
	if (s->has_motion && ahead == 0)
		return -REASON_DUPLICATE;
	if (s->has_motion && ahead >= 65536 - COXA_LATE_PACKETS)
		return -REASON_STALE;
	if (s->has_motion && ahead <= INT16_MAX)
		r.motion.lost_packets = (uint16_t)(ahead - 1);
	s->has_motion = true;
	s->motion_sequence = sequence;

	acc_unit = (float)(s->info.acc_range_g / 32768 * GRAVITY_MPS2);
	gyr_unit = (float)(s->info.gyr_range_dps / 32768 * RAD_PER_DEG);
	for (unsigned i = 0; i < r.motion.n; i++) {
		struct motion_sample *sample = &s->samples[i];

		sample->flags = 0;
		for (unsigned k = 0; k < 6; k++) {
			int raw = bytes_le16s(&b);
			bool is_acc = k < 3;

			if (raw == INT16_MAX || raw == INT16_MIN)
				sample->flags |= is_acc ? SAMPLE_ACC_CLIPPED : SAMPLE_GYR_CLIPPED;
			if (is_acc)
				sample->acc_mps2[k] = (float)raw * acc_unit;
			else
				sample->gyr_rps[k - 3] = (float)raw * gyr_unit;
		}
	}
	r.motion.has_gyr = true;
	r.motion.samples = s->samples;
	return emit_one(&r, emit, user);
}

static void read_features(struct bytes *b, struct pop_features *f)
{
	int contact_air;

	f->peak_dbfs = -(float)bytes_u8(b) / 2;
	f->background_dbfs = -(float)bytes_u8(b) / 2;
	f->rise_ms = (float)bytes_u8(b) / 10;
	f->t10_ms = bytes_u8(b);
	f->centroid_hz = bytes_le16(b);
	f->kurtosis = (float)bytes_u8(b) / 2;
	f->hf_ratio = (float)bytes_u8(b) / 255;
	f->lf_ratio = (float)bytes_u8(b) / 255;
	f->sub_pulses = bytes_u8(b);
	contact_air = bytes_i8(b);
	f->contact_air_db = contact_air == COXA_NO_AIR_LEVEL ? NAN : (float)contact_air;
	f->knock_g = (float)bytes_u8(b) / 50;
	f->flatness = (float)bytes_u8(b) / 255;
}

static int decode_pop(struct coxa_state *s, struct bytes b, driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_POP, .has_tick = true};
	uint32_t ahead;
	unsigned flags;

	if (bytes_left(&b) != COXA_POP_SIZE)
		return -REASON_LENGTH;
	r.pop.sequence = bytes_le16(&b);
	r.pop.has_sequence = true;
	r.tick = bytes_le32(&b);
	read_features(&b, &r.pop.features);
	flags = bytes_u8(&b);
	r.pop.features.clipped = flags & COXA_POP_CLIPPED;
	r.pop.resent = flags & COXA_POP_RESENT;
	if (r.pop.features.sub_pulses == 0)
		return -REASON_RANGE;
	if (pop_is_seen(s, r.pop.sequence))
		return -REASON_DUPLICATE;

	pop_mark(s, r.pop.sequence);
	ahead = s->has_pop ? pops_between(s->pop_last, r.pop.sequence) : 0;
	/* A notification was lost while connected: the next poll asks for it again. */
	if (ahead > 1 && !s->wants_resend) {
		s->wants_resend = true;
		s->resend_after = s->pop_last;
		s->lost_told = 0;
	}
	if (ahead > 0 || !s->has_pop)
		s->pop_last = r.pop.sequence;
	if (!s->has_pop)
		s->pop_whole = s->pop_last;
	s->has_pop = true;
	close_gaps(s);
	return emit_one(&r, emit, user);
}

static int decode_acoustic(struct coxa_state *s, struct bytes b, driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_AUDIO, .has_tick = true};
	struct ima_adpcm codec;
	size_t left;
	uint16_t sequence, ahead;
	unsigned kind;

	if (bytes_left(&b) <= COXA_ACOUSTIC_HEADER)
		return -REASON_LENGTH;
	if (!s->has_info)
		return -REASON_ORDER;
	sequence = bytes_le16(&b);
	r.tick = bytes_le32(&b);
	codec.predictor = bytes_le16s(&b);
	codec.index = bytes_u8(&b);
	kind = bytes_u8(&b);
	r.audio.n = bytes_le16(&b);
	left = bytes_left(&b);
	if (kind != 0)
		return -REASON_TYPE;
	if (r.audio.n == 0 || r.audio.n > AUDIO_SAMPLES_MAX || (r.audio.n + 1) / 2 != left)
		return -REASON_LENGTH;
	if (codec.index > IMA_ADPCM_INDEX_MAX || s->info.acoustic_rate_hz == 0)
		return -REASON_RANGE;
	ahead = (uint16_t)(sequence - s->acoustic_sequence);
	if (s->has_acoustic && ahead == 0)
		return -REASON_DUPLICATE;
	if (s->has_acoustic && ahead >= 65536 - COXA_LATE_PACKETS)
		return -REASON_STALE;
	if (s->has_acoustic && ahead <= INT16_MAX)
		r.audio.lost_samples = (ahead - 1u) * s->acoustic_n;
	s->has_acoustic = true;
	s->acoustic_sequence = sequence;
	s->acoustic_n = r.audio.n;
	ima_adpcm_decode(&codec, IMA_ADPCM_LOW_FIRST, bytes_take(&b, left), r.audio.n, s->audio);
	r.audio.rate_hz = s->info.acoustic_rate_hz;
	r.audio.samples = s->audio;
	return emit_one(&r, emit, user);
}

static int decode_symptom(struct coxa_state *s, struct bytes b, driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_SYMPTOM, .has_tick = true};
	unsigned code, site, side, intensity;

	if (bytes_left(&b) != COXA_SYMPTOM_SIZE)
		return -REASON_LENGTH;
	r.symptom.sequence = bytes_le16(&b);
	r.tick = bytes_le32(&b);
	code = bytes_u8(&b);
	site = bytes_u8(&b);
	side = bytes_u8(&b);
	intensity = bytes_u8(&b);
	if (code == SYMPTOM_UNKNOWN || code > SYMPTOM_CALL_TRAINER)
		return -REASON_RANGE;
	if (s->has_symptom && r.symptom.sequence == s->symptom_sequence)
		return -REASON_DUPLICATE;
	s->has_symptom = true;
	s->symptom_sequence = r.symptom.sequence;
	/* A symptom with an unreadable detail is still a symptom. */
	r.symptom.code = (enum symptom_code)code;
	r.symptom.site = site < BODY_SITE_COUNT ? (enum body_site)site : BODY_SITE_UNKNOWN;
	r.symptom.side = side < SIDE_COUNT ? (enum side)side : SIDE_UNKNOWN;
	r.symptom.intensity = intensity <= COXA_INTENSITY_MAX ? (int)intensity : -1;
	return emit_one(&r, emit, user);
}

static int decode_control(struct coxa_state *s, struct bytes b, driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_CLOCK, .has_tick = true};
	size_t size = bytes_left(&b);
	unsigned opcode = bytes_u8(&b);
	unsigned status = bytes_u8(&b);
	uint32_t missing, following;

	if (b.failed)
		return -REASON_LENGTH;
	if (opcode < (COXA_OP_REPLY | COXA_OP_START) || opcode > (COXA_OP_REPLY | COXA_OP_HAPTIC))
		return -REASON_TYPE;
	if (status > COXA_STATUS_MAX)
		return -REASON_RANGE;
	if (opcode == (COXA_OP_REPLY | COXA_OP_RESEND)) {
		if (status == 0 && size != 4)
			return -REASON_LENGTH;
		/* A wearable that cannot resend has lost them all. */
		following = status == 0 ? bytes_le16(&b) : 0;
		/* Busy is not final: the next poll asks again. */
		if (!s->wants_resend || status == COXA_STATUS_BUSY)
			return 0;
		s->wants_resend = s->is_recalled = false;
		missing = pops_between(s->resend_after, newest_pop(s));
		return missing > following ? emit_lost(s, missing - following, emit, user) : 0;
	}
	if (opcode == (COXA_OP_REPLY | COXA_OP_CLOCK) && status == 0) {
		if (size != COXA_CLOCK_REPLY_SIZE)
			return -REASON_LENGTH;
		/* The low half is the `time` of packets. */
		r.tick = bytes_le64(&b) & UINT32_MAX;
		return emit_one(&r, emit, user);
	}
	return 0;
}

static int coxa_decode(void *state, const struct driver_input *in, driver_emit_fn emit, void *user)
{
	struct coxa_state *s = state;
	struct bytes b = bytes_of(in->data, in->size);

	if (!coxa_claims(in->characteristic))
		return -REASON_TYPE;
	switch (in->characteristic->b[COXA_UUID_NUMBER_AT]) {
	case COXA_INFO:
		return decode_info(s, b, emit, user);
	case COXA_CONTROL:
		return decode_control(s, b, emit, user);
	case COXA_MOTION:
		return decode_motion(s, b, emit, user);
	case COXA_POP:
		return decode_pop(s, b, emit, user);
	case COXA_ACOUSTIC:
		return decode_acoustic(s, b, emit, user);
	case COXA_SYMPTOM:
		return decode_symptom(s, b, emit, user);
	default:
		return -REASON_TYPE;
	}
}

extern const struct driver drv_coxa;
const struct driver drv_coxa = {
	.id = "coxa",
	.name = "Coxa Wearable Profile 1",
	.match = {.services = &coxa_service, .n_services = 1, .name_prefix = "Coxa-"},
	.streams = STREAM_MOTION | STREAM_POP | STREAM_ACOUSTIC | STREAM_SYMPTOM | STREAM_HAPTIC,
	.clock = DRIVER_CLOCK_DEVICE,
	.tick_us = 1,
	.tick_bits = 32,
	.max_skew_ppm = 200, /* the profile allows 100; decision-model.md 5 clamps at 200 */
	.nominal_rate_hz = 104,
	.needs_bond = true,
	.tells_boot = true,
	.counts_packets = true,
	.poll_interval_us = COXA_POLL_US,
	.placements = "any",
	.state_size = sizeof(struct coxa_state),
	.connected = coxa_connected,
	.claims = coxa_claims,
	.decode = coxa_decode,
	.plan = drv_coxa_plan,
	.remember = coxa_remember,
	.recall = coxa_recall,
	.order = drv_coxa_plan_order,
};
