// SPDX-License-Identifier: MIT
#include "daemon/drivers/drv-coxa-pops.h"

#include <math.h>
#include <string.h>

#define POP_SIZE     20
#define POP_CLIPPED  0x01
#define POP_RESENT   0x80
#define NO_AIR_LEVEL (-128)
/* Every wearable keeps at least so many. */
#define POPS_REMEMBERED 64

/* How many pops there are after `from` up to `to`, 0 if `to` is not ahead. Sequence numbers go from
 * 65535 to 1. */
static uint32_t pops_between(uint16_t from, uint16_t to)
{
	uint16_t ahead = (uint16_t)(to - from);

	if (ahead > INT16_MAX)
		return 0;
	return ahead - (to < from && ahead > 0 ? 1u : 0u);
}

static uint16_t pop_after(uint16_t sequence, uint32_t n)
{
	uint32_t sum = sequence + n;

	return (uint16_t)(sum > UINT16_MAX ? sum + 1 : sum);
}

static bool is_seen(const struct coxa_state *s, uint16_t sequence)
{
	return s->pop_seen[sequence / 64] >> sequence % 64 & 1;
}

static void mark(struct coxa_state *s, uint16_t sequence)
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

bool drv_coxa_pops_remember(const void *state, struct wearable_memory *ret)
{
	const struct coxa_state *s = state;

	if (!s->has_info || !s->has_pop)
		return false;
	*ret = (struct wearable_memory){.boot = s->info.boot, .pop_after = s->pop_whole};
	for (unsigned i = 0; i < POPS_REMEMBERED; i++)
		if (is_seen(s, (uint16_t)(s->pop_whole + 1 + i)))
			ret->pops_seen |= UINT64_C(1) << i;
	return true;
}

void drv_coxa_pops_recall(void *state, const struct wearable_memory *memory)
{
	struct coxa_state *s = state;

	s->memory = *memory;
	s->is_recalled = true;
}

/* Asks for everything from the first that is missing. */
static void want(struct coxa_state *s)
{
	if (s->wants_resend)
		return;
	s->wants_resend = true;
	s->is_from_first = false;
	s->resend_after = s->pop_whole;
	s->lost_told = 0;
}

/* The wearable has not restarted since an earlier run: its pops continue where that run stopped. */
static void take_up(struct coxa_state *s)
{
	uint16_t after = s->memory.pop_after;

	s->pop_last = s->pop_whole = after;
	for (unsigned i = 0; i < POPS_REMEMBERED; i++) {
		if (!(s->memory.pops_seen >> i & 1))
			continue;
		mark(s, (uint16_t)(after + 1 + i));
		s->pop_last = (uint16_t)(after + 1 + i);
	}
}

static void close_gaps(struct coxa_state *s)
{
	while (s->pop_whole != s->pop_last) {
		uint16_t next = (uint16_t)(s->pop_whole + 1);

		/* No pop has number 0, and what the wearable has overwritten never comes. */
		if (next && !is_seen(s, next) &&
			pops_between(s->pop_whole, s->pop_last) <= POPS_REMEMBERED)
			return;
		s->pop_whole = next;
	}
}

/* Reports pops that will never come, `lost` in total since resend_after. */
static int emit_lost(struct coxa_state *s, uint32_t lost, driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_LOST};

	if (lost <= s->lost_told)
		return 0;
	r.lost_pops = lost - s->lost_told;
	s->lost_told = lost;
	emit(&r, user);
	return 1;
}

/* Another boot than before, or the first that is known. */
static int begin(struct coxa_state *s, driver_emit_fn emit, void *user)
{
	uint16_t last = s->info.last_pop;
	uint16_t kept = s->info.pops_kept < last ? (uint16_t)s->info.pops_kept : last;
	int n;

	s->pop_last = s->pop_whole = s->resend_after = (uint16_t)(last - kept);
	s->wants_resend = s->is_from_first = kept > 0;
	n = emit_lost(s, s->resend_after, emit, user);
	s->lost_told = 0;
	return n;
}

static uint32_t count_missing(const struct coxa_state *s)
{
	uint16_t last = s->info.last_pop;

	return pops_between(s->resend_after, pops_between(s->pop_last, last) ? last : s->pop_last);
}

int drv_coxa_pops_connected(struct coxa_state *s, bool is_new_boot, driver_emit_fn emit, void *user)
{
	bool is_known = s->is_recalled && s->memory.boot == s->info.boot;
	uint32_t missing;

	if (is_new_boot) {
		memset(s->pop_seen, 0, sizeof(s->pop_seen));
		s->has_pop = true;
		s->wants_resend = s->is_recalled = false;
		s->lost_told = 0;
	}
	if (is_new_boot && !is_known)
		return begin(s, emit, user);
	if (is_new_boot)
		take_up(s);
	/* In any case: a pop may have come since Sensor Information was read. */
	want(s);
	missing = count_missing(s);
	return missing > s->info.pops_kept ? emit_lost(s, missing - s->info.pops_kept, emit, user)
					   : 0;
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
	f->contact_air_db = contact_air == NO_AIR_LEVEL ? NAN : (float)contact_air;
	f->knock_g = (float)bytes_u8(b) / 50;
	f->flatness = (float)bytes_u8(b) / 255;
}

/* Advances what is known of the sequence numbers. */
static void count(struct coxa_state *s, uint16_t sequence)
{
	uint32_t ahead;

	mark(s, sequence);
	ahead = s->has_pop ? pops_between(s->pop_last, sequence) : 0;
	/* A notification was lost while connected: the next poll asks for it again. */
	if (ahead > 1)
		want(s);
	if (ahead > 0 || !s->has_pop)
		s->pop_last = sequence;
	if (!s->has_pop)
		s->pop_whole = s->pop_last;
	s->has_pop = true;
	close_gaps(s);
}

int drv_coxa_pops_decode(struct coxa_state *s, struct bytes b, driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_POP, .has_tick = true};
	unsigned flags;

	if (bytes_left(&b) != POP_SIZE)
		return -REASON_LENGTH;
	r.pop.sequence = bytes_le16(&b);
	r.pop.has_sequence = true;
	r.tick = bytes_le32(&b);
	read_features(&b, &r.pop.features);
	flags = bytes_u8(&b);
	r.pop.features.clipped = flags & POP_CLIPPED;
	r.pop.resent = flags & POP_RESENT;
	if (r.pop.features.sub_pulses == 0)
		return -REASON_RANGE;
	if (is_seen(s, r.pop.sequence))
		return -REASON_DUPLICATE;
	count(s, r.pop.sequence);
	emit(&r, user);
	return 1;
}

int drv_coxa_pops_answered(
	struct coxa_state *s, uint32_t following, driver_emit_fn emit, void *user)
{
	uint32_t missing = count_missing(s);
	uint32_t lost = missing > following ? missing - following : 0;
	uint16_t gone = pop_after(s->resend_after, lost);

	if (!s->wants_resend)
		return 0;
	s->wants_resend = s->is_from_first = false;
	if (pops_between(s->pop_whole, gone))
		s->pop_whole = gone;
	if (pops_between(s->pop_last, gone))
		s->pop_last = gone;
	close_gaps(s);
	return emit_lost(s, lost, emit, user);
}
