// SPDX-License-Identifier: MIT
#include "daemon/core/pop/event-meter.h"

#include <math.h>

#include "coxad/base/alloc.h"
#include "coxad/base/order.h"
#include "daemon/core/pop/sound-features.h"
#include "daemon/core/pop/spectrum.h"

#define WINDOW_BEFORE_MS 10.0 /* from the start of the features' window to the onset */
#define WINDOW_MS        60.0
#define SUB_PULSE_MS     150.0
/* The level of a low tone swings at twice its frequency: pulses are counted on the maximum over
 * half a period of the lowest pop, 86 Hz (S3). */
#define HOLD_MS        6.0
#define RISE_WITHIN_MS 50.0
#define T10_DB         10.0
/* So that noise is not within 10 dB of a faint peak. */
#define OUT_OF_NOISE_DB 3.0
#define BEGIN_DB        6.0 /* maximum of the noise before the event, above the floor */
#define APART_MS        20.0
/* Lead of the window of a single pulse. */
#define PULSE_BEFORE_MS 1.0
/* Just before the onset; nearer, a sound with a soft onset would be its own background. */
#define NEAR_FROM_MS 60.0
#define NEAR_TO_MS   3.0
#define LEAD_MS      6.0
/* Decay from 10 dB below the peak into the noise: 40 dB at a crack's 6 ms per 10 dB (S1). */
#define RING_OUT_MS     30.0
#define BEHIND_LEAST_MS 20.0
/* Pitch periods of 85 to 280 Hz; cracks are further apart (S2: nine in 150 ms). */
#define PITCH_LEAST_MS        3.5
#define PITCH_MOST_MS         11.5
#define PITCH_SPAN_MS         30.0
#define PITCH_DB              24.0 /* deeper dips carry no information */
#define PITCH_OUT_OF_NOISE_DB 4.0
/* The straight part of a fall. */
#define FALL_DB              12.0
#define FALL_OUT_OF_NOISE_DB 5.0
#define BACKGROUNDS_MAX      6

void event_meter_init(
	struct event_meter *m, const struct analysis_conf *a, const struct sound_memory *memory)
{
	m->cluster_ms = a->detector_cluster_ms;
	m->alone_db = a->detector_alone_db;
	m->window_n = (size_t)(memory->rate_hz * WINDOW_MS / 1000);
	m->window = alloc_zero(m->window_n, sizeof(*m->window));
	m->levels = alloc_zero(memory->hops, sizeof(*m->levels));
	m->spectrum = spectrum_new(memory->rate_hz, m->window_n);
}

void event_meter_done(struct event_meter *m)
{
	spectrum_free(m->spectrum);
	free(m->levels);
	free(m->window);
	*m = (struct event_meter){0};
}

static uint64_t back(uint64_t from, uint64_t by)
{
	return from > by ? from - by : 0;
}

/* Hops from one to the other, at most `most`. */
static size_t hops_between(uint64_t from, uint64_t to, uint64_t most)
{
	return (size_t)(to - from < most ? to - from : most);
}

static void copy_levels(
	struct event_meter *m, const struct sound_memory *s, uint64_t from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		m->levels[i] = sound_memory_hop(s, from + i)->level_db;
}

/* Mean level before the event. */
static double before_db(const struct sound_memory *s, const struct sound_event *e)
{
	uint64_t reach = sound_memory_hops_of(s, EVENT_AROUND_MS);
	uint64_t apart = sound_memory_hops_of(s, APART_MS);

	return sound_memory_mean_db(s, back(e->onset_hop, reach), back(e->onset_hop, apart));
}

/* A pop stands alone; speech, music and rubbing go on before or after each burst. */
static bool is_alone(const struct event_meter *m, const struct sound_memory *s,
	const struct sound_event *e, uint64_t end)
{
	uint64_t over = e->onset_hop + sound_memory_hops_of(s, m->cluster_ms);

	return fmax(before_db(s, e), sound_memory_mean_db(s, over, end)) < e->peak_db - m->alone_db;
}

/* Learns the background before the event, as far as it is in memory. */
static void learn_background(struct event_meter *m, const struct sound_memory *s, uint64_t before_n)
{
	uint64_t oldest = s->n > s->capacity ? s->n - s->capacity : 0;

	spectrum_clear(m->spectrum);
	for (unsigned i = 0; i < BACKGROUNDS_MAX && before_n >= oldest + m->window_n; i++) {
		before_n -= m->window_n;
		sound_memory_copy(s, s->raw, before_n, m->window_n, m->window);
		spectrum_add_background(m->spectrum, m->window);
	}
}

/* Mean square before the event, bounded by what the onset's margin allows. */
static double noise_power(const struct sound_memory *s, const struct sound_event *e)
{
	return pow(10, fmin(before_db(s, e), e->floor_db + BEGIN_DB) / 10);
}

/* Rise time of the loudest pulse in samples; *ret_pulse_n: where it begins. */
static size_t measure_rise(struct event_meter *m, const struct sound_memory *s,
	const struct sound_event *e, uint64_t *ret_pulse_n)
{
	uint64_t peak_n = e->peak_hop * s->hop_n;
	size_t late = (SOUND_LEVEL_HOPS - 1) * s->hop_n; /* delay of a level */
	uint64_t from = back(peak_n, (uint64_t)(s->rate_hz * RISE_WITHIN_MS / 1000));
	size_t at = (size_t)(peak_n - from), rise;

	sound_memory_copy(s, s->band, from, m->window_n, m->window);
	rise = sound_features_rise(m->window, at > late ? at - late : 0, at + s->hop_n,
		pow(10, e->floor_db / 20), (size_t)(s->rate_hz * HOLD_MS / 1000));
	*ret_pulse_n = back(peak_n, rise + late);
	return rise;
}

static void measure_spectrum(
	struct event_meter *m, const struct sound_memory *s, uint64_t from, struct pop_features *f)
{
	struct spectrum_features spectral;

	sound_memory_copy(s, s->raw, from, m->window_n, m->window);
	spectrum_measure(m->spectrum, m->window, &spectral);
	f->centroid_hz = (float)spectral.centroid_hz;
	f->shape.peak_hz = (float)spectral.peak_hz;
	f->hf_ratio = (float)spectral.hf_ratio;
	f->lf_ratio = (float)spectral.lf_ratio;
	f->flatness = (float)spectral.flatness;
}

/* The loudest pulse without its neighbours: a train of cracks is as impulsive as each of them. */
static double pulse_kurtosis(struct event_meter *m, const struct sound_memory *s,
	const struct sound_event *e, uint64_t end, uint64_t pulse_n)
{
	uint64_t from = back(pulse_n, sound_memory_hops_of(s, PULSE_BEFORE_MS) * s->hop_n);
	size_t n = hops_between(e->peak_hop, end, sound_memory_hops_of(s, WINDOW_MS));

	copy_levels(m, s, e->peak_hop, n);
	n = sound_features_pulse_end(m->levels, n, (size_t)sound_memory_hops_of(s, HOLD_MS)) *
	    s->hop_n;
	n += (size_t)(e->peak_hop * s->hop_n - from);
	if (n > m->window_n)
		n = m->window_n;
	sound_memory_copy(s, s->band, from, n, m->window);
	return sound_features_kurtosis(m->window, n, m->window_n, noise_power(s, e));
}

/* In the window of the loudest pulse, which may not be the first. */
static void measure_window(struct event_meter *m, const struct sound_memory *s,
	const struct sound_event *e, uint64_t end, struct pop_features *f)
{
	uint64_t before = (uint64_t)(s->rate_hz * WINDOW_BEFORE_MS / 1000), pulse_n;
	uint64_t from = back(e->onset_hop * s->hop_n, before);
	size_t rise;

	learn_background(m, s, from);
	rise = measure_rise(m, s, e, &pulse_n);
	if (pulse_n > before && pulse_n - before > from)
		from = pulse_n - before;
	measure_spectrum(m, s, from, f);
	f->rise_ms = (float)((double)rise * 1000 / s->rate_hz);
	sound_memory_copy(s, s->band, from, m->window_n, m->window);
	f->kurtosis = (float)sound_features_kurtosis(
		m->window, m->window_n, m->window_n, noise_power(s, e));
	f->shape.pulse_kurtosis = (float)pulse_kurtosis(m, s, e, end, pulse_n);
}

/* How periodic the first `span` levels are at the pitch of a voice. */
static double harmonicity(const struct event_meter *m, const struct sound_memory *s,
	const struct sound_event *e, size_t span)
{
	double least = fmax(e->floor_db + PITCH_OUT_OF_NOISE_DB, e->peak_db - PITCH_DB);

	if (span < sound_memory_hops_of(s, PITCH_SPAN_MS))
		return 0;
	return sound_features_periodicity(m->levels, span, least,
		(size_t)sound_memory_hops_of(s, PITCH_LEAST_MS),
		(size_t)sound_memory_hops_of(s, PITCH_MOST_MS));
}

static void measure_levels(struct event_meter *m, const struct sound_memory *s,
	const struct sound_event *e, uint64_t end, struct pop_features *f)
{
	size_t hold = (size_t)sound_memory_hops_of(s, HOLD_MS);
	size_t n = (size_t)(end - e->onset_hop), pulses_n, span = 0;
	double ten = e->peak_db - T10_DB, margin = e->floor_db + e->margin_db;
	double least = fmax(margin, e->peak_db - 2 * T10_DB);

	for (size_t i = 0; i < n; i++)
		f->clipped |= sound_memory_hop(s, e->onset_hop + i)->is_clipped;
	copy_levels(m, s, e->onset_hop, n);
	f->peak_dbfs = (float)e->peak_db;
	f->background_dbfs = (float)e->floor_db;
	f->t10_ms = (float)sound_memory_ms_of(
		s, sound_features_time_above(m->levels, n,
			   fmin(fmax(ten, least - OUT_OF_NOISE_DB), e->peak_db - OUT_OF_NOISE_DB),
			   hold));
	pulses_n = hops_between(e->onset_hop, end, sound_memory_hops_of(s, SUB_PULSE_MS));
	f->sub_pulses = sound_features_sub_pulses(m->levels, pulses_n, least, hold);
	n = hops_between(e->onset_hop, end, sound_memory_hops_of(s, m->cluster_ms));
	for (size_t i = 0; i < n; i++)
		if ((double)m->levels[i] >= fmax(ten, fmin(margin, e->peak_db - OUT_OF_NOISE_DB)))
			span = i + 1;
	f->shape.span_ms = (float)sound_memory_ms_of(s, span);
	f->shape.harmonicity = (float)harmonicity(m, s, e, span);
	f->shape.sag_db =
		span ? (float)(e->peak_db - (double)order_upper_median_float(m->levels, span)) : 0;
}

/* From the peak down to 12 dB below it, or near the noise. */
static double bend_db(struct event_meter *m, const struct sound_memory *s,
	const struct sound_event *e, uint64_t end)
{
	double least = fmax(e->peak_db - FALL_DB, e->floor_db + FALL_OUT_OF_NOISE_DB);
	size_t n = (size_t)(end - e->peak_hop), fall;

	copy_levels(m, s, e->peak_hop, n);
	for (fall = 0; fall < n; fall++)
		if ((double)m->levels[fall] < least && fall > SOUND_LEVEL_HOPS)
			break;
	return sound_features_bend(m->levels, fall);
}

/* A pop rises out of the background and falls back to it. */
static void measure_surroundings(struct event_meter *m, const struct sound_memory *s,
	const struct sound_event *e, uint64_t end, struct pop_shape *shape)
{
	uint64_t onset = e->onset_hop, over = onset + sound_memory_hops_of(s, m->cluster_ms);
	double sub_pulses_ms = fmin(SUB_PULSE_MS, m->cluster_ms);
	/* The last pulse of a loud train rings on after it. */
	double late_ms = fmin(fmax(sub_pulses_ms, (double)shape->span_ms + RING_OUT_MS),
		fmax(sub_pulses_ms, m->cluster_ms - BEHIND_LEAST_MS));
	uint64_t late = onset + sound_memory_hops_of(s, late_ms);
	double lead = -INFINITY;

	shape->before_db =
		(float)(sound_memory_mean_db(s, back(onset, sound_memory_hops_of(s, NEAR_FROM_MS)),
				back(onset, sound_memory_hops_of(s, NEAR_TO_MS))) -
			e->floor_db);
	for (uint64_t h = onset; h < onset + sound_memory_hops_of(s, LEAD_MS) && h < end; h++)
		lead = fmax(lead, sound_memory_level_db(s, h));
	shape->lead_db = (float)(e->peak_db - lead);
	shape->after_db = (float)(fmax(sound_memory_mean_db(s, late, over),
					  sound_memory_mean_db(s, over, end)) -
				  e->floor_db);
}

void event_meter_measure(struct event_meter *m, const struct sound_memory *s,
	const struct sound_event *e, uint64_t end, struct pop_features *ret)
{
	*ret = (struct pop_features){.is_streamed = true, .contact_air_db = NAN, .knock_g = NAN};
	measure_levels(m, s, e, end, ret);
	measure_window(m, s, e, end, ret);
	measure_surroundings(m, s, e, end, &ret->shape);
	ret->shape.bend_db = (float)bend_db(m, s, e, end);
	ret->crowded = !is_alone(m, s, e, end);
}
