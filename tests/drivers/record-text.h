// SPDX-License-Identifier: MIT
#pragma once
/* A record as one line of tokens "kind key=value ...", numbers rounded, for vector files to expect. */
#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/core/record.h"

#define RECORD_TEXT_SIZE 65536

struct record_text {
	char text[RECORD_TEXT_SIZE];
	size_t at;
	unsigned records;
};

static inline __attribute__((format(printf, 2, 3))) void text_add(
	struct record_text *t, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	t->at += (size_t)vsnprintf(t->text + t->at, sizeof(t->text) - t->at, format, args);
	va_end(args);
	assert_true(t->at < sizeof(t->text));
}

/* Without a sign on a rounded zero. */
static inline void text_number(struct record_text *t, double value, int digits)
{
	char buffer[64];

	snprintf(buffer, sizeof(buffer), "%.*f", digits, value);
	if (buffer[0] == '-' && strspn(buffer + 1, "0.") == strlen(buffer + 1))
		memmove(buffer, buffer + 1, strlen(buffer));
	text_add(t, "%s", buffer);
}

static inline void text_triple(
	struct record_text *t, const char *name, const float v[3], double unit, int digits)
{
	text_add(t, " %s=", name);
	for (unsigned i = 0; i < 3; i++) {
		if (i)
			text_add(t, ",");
		text_number(t, v[i] / unit, digits);
	}
}

static inline void text_motion(struct record_text *t, const struct motion_block *m)
{
	text_add(t, " n=%u interval_us=%.0f lost=%u gyr=%d", m->n, m->interval_us, m->lost_packets,
		m->has_gyr);
	for (unsigned i = 0; i < m->n; i++) {
		char name[32];

		snprintf(name, sizeof(name), "acc_g%u", i);
		text_triple(t, name, m->samples[i].acc_mps2, GRAVITY_MPS2, 4);
		snprintf(name, sizeof(name), "gyr_dps%u", i);
		text_triple(t, name, m->samples[i].gyr_rps, RAD_PER_DEG, 3);
		text_add(t, " flags%u=%u", i, m->samples[i].flags);
	}
}

static inline void text_pop(struct record_text *t, const struct pop_report *p)
{
	const struct pop_features *f = &p->features;

	text_add(t,
		" seq=%u resent=%d peak=%.1f background=%.1f rise=%.1f t10=%.0f centroid=%.0f"
		" kurtosis=%.1f hf=%.3f lf=%.3f subs=%u contact_air=%.0f knock=%.2f flatness=%.3f"
		" clipped=%d",
		p->sequence, p->resent, f->peak_dbfs, f->background_dbfs, f->rise_ms, f->t10_ms,
		f->centroid_hz, f->kurtosis, f->hf_ratio, f->lf_ratio, f->sub_pulses,
		f->contact_air_db, f->knock_g, f->flatness, f->clipped);
}

/* CRC-32 (ISO 3309) of the samples as little-endian bytes. */
static inline uint32_t text_crc32(const int16_t *samples, unsigned n)
{
	uint32_t crc = UINT32_MAX;

	for (unsigned i = 0; i < 2 * n; i++) {
		crc ^= (uint16_t)samples[i / 2] >> 8 * (i % 2) & 0xffu;
		for (unsigned bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0xedb88320) : 0);
	}
	return ~crc;
}

static inline void text_audio(struct record_text *t, const struct audio_block *a)
{
	text_add(t, " n=%u rate=%.0f lost=%u crc=%08x pcm=", a->n, a->rate_hz, a->lost_samples,
		text_crc32(a->samples, a->n));
	for (unsigned i = 0; i < a->n; i++)
		text_add(t, "%s%d", i ? "," : "", a->samples[i]);
	text_add(t, " last=");
	for (unsigned first = a->n > 8 ? a->n - 8 : 0, i = first; i < a->n; i++)
		text_add(t, "%s%d", i > first ? "," : "", a->samples[i]);
}

static inline void text_info(struct record_text *t, const struct wearable_info *i)
{
	text_add(t,
		" streams=%x boot=%08x acc_g=%.0f gyr_dps=%.0f rate=%.0f acoustic=%d audio_hz=%.0f "
		"kept=%u"
		" last_pop=%u",
		i->streams, i->boot, i->acc_range_g, i->gyr_range_dps, i->rate_hz, i->acoustic,
		i->acoustic_rate_hz, i->pops_kept, i->last_pop);
}

static inline void text_orientation(struct record_text *t, const struct orientation_block *o)
{
	text_add(t, " n=%u interval_us=%.0f flags=%u", o->n, o->interval_us, o->flags);
	for (unsigned i = 0; i < o->n; i++) {
		text_add(t, " quat%u=", i);
		for (unsigned k = 0; k < 4; k++) {
			if (k)
				text_add(t, ",");
			text_number(t, o->quat_wxyz[i][k], 4);
		}
	}
}

/* quantity NAME=VALUE,... unit=UNIT */
static inline void text_quantity(struct record_text *t, const struct quantity *q)
{
	text_add(t, " %s=", q->name);
	for (unsigned i = 0; i < q->n; i++) {
		if (i)
			text_add(t, ",");
		text_number(t, q->values[i], 5);
	}
	text_add(t, " unit=%s", q->unit);
}

/* about NAME=TEXT, with underscores for blanks */
static inline void text_about(struct record_text *t, const struct about *a)
{
	text_add(t, " %s=", a->name);
	for (size_t i = 0; i < a->size; i++)
		text_add(t, "%c", a->text[i] == ' ' ? '_' : a->text[i]);
}

/* A driver_emit_fn: one line for each record. */
static inline void record_to_text(const struct record *r, void *user)
{
	static const char *const kinds[] = {"info", "motion", "orientation", "pop", "symptom",
		"audio", "clock", "battery", "heart_rate", "level", "lost", "quantity", "about"};
	struct record_text *t = user;

	t->records++;
	text_add(t, "%s", kinds[r->kind]);
	if (r->has_tick)
		text_add(t, " tick=%llu", (unsigned long long)r->tick);
	switch (r->kind) {
	case RECORD_INFO:
		text_info(t, &r->info);
		break;
	case RECORD_MOTION:
		text_motion(t, &r->motion);
		break;
	case RECORD_ORIENTATION:
		text_orientation(t, &r->orientation);
		break;
	case RECORD_POP:
		text_pop(t, &r->pop);
		break;
	case RECORD_SYMPTOM:
		text_add(t, " seq=%u code=%s site=%s side=%s intensity=%d", r->symptom.sequence,
			symptom_code_to_string(r->symptom.code),
			body_site_to_string(r->symptom.site), side_to_string(r->symptom.side),
			r->symptom.intensity);
		break;
	case RECORD_AUDIO:
		text_audio(t, &r->audio);
		break;
	case RECORD_CLOCK:
		break;
	case RECORD_BATTERY:
		text_add(t, " percent=%.1f", r->battery_percent);
		break;
	case RECORD_HEART_RATE:
		text_add(t, " bpm=%.0f", r->heart_rate_bpm);
		break;
	case RECORD_LEVEL:
		text_add(t, " db=%.0f", r->level_db);
		break;
	case RECORD_LOST:
		text_add(t, " pops=%u", r->lost_pops);
		break;
	case RECORD_QUANTITY:
		text_quantity(t, &r->quantity);
		break;
	case RECORD_ABOUT:
		text_about(t, &r->about);
		break;
	}
	text_add(t, "\n");
}
