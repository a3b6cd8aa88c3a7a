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
 * from the next.
 */
#include "daemon/drivers/drv-coxa-private.h"

#include "coxad/base/units.h"
#include "coxad/drivers/driver.h"
#include "coxad/drivers/ima-adpcm.h"
#include "coxad/drivers/raw-axes.h"
#include "daemon/drivers/drv-coxa-plan.h"
#include "daemon/drivers/drv-coxa-pops.h"

#define COXA_VERSION          1
#define COXA_STATUS_MAX       4
#define COXA_INFO_SIZE        20
#define COXA_MOTION_HEADER    8
#define COXA_MOTION_SAMPLE    12
#define COXA_ACOUSTIC_HEADER  12
#define COXA_SYMPTOM_SIZE     10
#define COXA_CLOCK_REPLY_SIZE 10
#define COXA_INTENSITY_MAX    10
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

static void forget_boot(struct coxa_state *s)
{
	s->has_motion = s->has_acoustic = s->has_symptom = s->has_clock = false;
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

static int decode_info(struct coxa_state *s, struct bytes b, driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_INFO};
	struct wearable_info *info = &r.info;
	unsigned version, sensor;
	bool is_new_boot;

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

	is_new_boot = !s->has_info || s->info.boot != info->boot;
	if (is_new_boot)
		forget_boot(s);
	s->info = *info;
	s->has_info = true;
	emit(&r, user);
	return 1 + drv_coxa_pops_connected(s, is_new_boot, emit, user);
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
	s->has_motion = s->has_clock = true;
	s->motion_sequence = sequence;

	acc_unit = (float)(s->info.acc_range_g / 32768 * GRAVITY_MPS2);
	gyr_unit = (float)(s->info.gyr_range_dps / 32768 * RAD_PER_DEG);
	for (unsigned i = 0; i < r.motion.n; i++) {
		struct motion_sample *sample = &s->samples[i];
		int acc[3], gyr[3];

		if (!raw_axes_read(&b, acc) || !raw_axes_read(&b, gyr))
			return -REASON_RANGE;
		sample->flags = (raw_axes_clip(acc) ? SAMPLE_ACC_CLIPPED : 0) |
				(raw_axes_clip(gyr) ? SAMPLE_GYR_CLIPPED : 0);
		for (unsigned k = 0; k < 3; k++) {
			sample->acc_mps2[k] = (float)acc[k] * acc_unit;
			sample->gyr_rps[k] = (float)gyr[k] * gyr_unit;
		}
	}
	r.motion.has_gyr = true;
	r.motion.samples = s->samples;
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

	if (b.failed)
		return -REASON_LENGTH;
	if (opcode < (COXA_OP_REPLY | COXA_OP_START) || opcode > (COXA_OP_REPLY | COXA_OP_HAPTIC))
		return -REASON_TYPE;
	if (status > COXA_STATUS_MAX)
		return -REASON_RANGE;
	if (opcode == (COXA_OP_REPLY | COXA_OP_RESEND)) {
		if (status == 0 && size != 4)
			return -REASON_LENGTH;
		return status == COXA_STATUS_BUSY
			       ? 0
			       : drv_coxa_pops_answered(
					 s, status == 0 ? bytes_le16(&b) : 0, emit, user);
	}
	if (opcode == (COXA_OP_REPLY | COXA_OP_CLOCK) && status == 0) {
		if (size != COXA_CLOCK_REPLY_SIZE)
			return -REASON_LENGTH;
		/* The low half is the `time` of packets. */
		r.tick = bytes_le64(&b) & UINT32_MAX;
		s->has_clock = true;
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
		return drv_coxa_pops_decode(s, b, emit, user);
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
	.remember = drv_coxa_pops_remember,
	.recall = drv_coxa_pops_recall,
	.order = drv_coxa_plan_order,
};
