// SPDX-License-Identifier: MIT
/* One event, in time:
 *
 *   level dB          2                   1 onset: the level passes floor + margin; the hop where
 *                    /\      3              the sound began, some hops before
 *   floor+margin ---/--\----/\---------   2 peak: the loudest hop of pulses less than the merge
 *                  1    \__/  \             time apart, within the cluster time
 *   floor ~~ 0 ~~~~~            \~~4~~5   3 a later pulse of the same event: counted
 *                                         4 cluster time over: what goes on is not of the event
 *                                         5 heard long enough to tell whether it stood alone
 *
 * The floor stands still from 1 to 4, 5. After 5 the next onset needs the level to have stayed
 * below the margin for QUIET_MS first, as a voice dips from pitch to pitch, and the dead time to be
 * over.
 * (6) something far louder within the event, in one leap: what was there before was not the pop,
 *     the event begins anew.
 * (7) a hole in the stream: nothing is heard there, and nothing begins until the level was below
 *     the margin again. An event goes on through it, unless its own core is what is missing.
 */
#include "coxad/core/pop/acoustic-detector.h"

#include <math.h>
#include <string.h>

#include "biquad.h"
#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "noise-floor.h"
#include "sound-features.h"
#include "spectrum.h"

#define HOP_MS 0.5
/* A level is the mean of so many hops. At 2 kHz of bandwidth 2 ms are 8 degrees of freedom at every
 * rate: 6 MAD of noise are then below the 12 dB that an onset needs anyway; of 0.5 ms they are 20.
 */
#define LEVEL_HOPS       4
#define MEMORY_S         1.0  /* sound and levels kept */
#define WINDOW_BEFORE_MS 10.0 /* the features' window begins so long before the onset */
#define WINDOW_MS        60.0
#define SUB_PULSE_MS     150.0
/* A low tone swings at twice its frequency: pulses are told by the loudest of so long, the half
 * period of the lowest pop, 86 Hz (S3). */
#define HOLD_MS        6.0
#define RISE_WITHIN_MS 50.0
#define T10_DB         10.0
/* Noise alone is not within 10 dB of a faint peak. */
#define OUT_OF_NOISE_DB 3.0
/* The hop where a sound began stands so far out of the floor. */
#define BEGIN_DB      6.0
#define BEGIN_MOST_MS 5.0
/* (5) before and after: between these from the onset, and after the cluster time. */
#define AROUND_MS       250.0
#define AROUND_APART_MS 20.0
#define BACKGROUNDS_MAX 6
/* Of the first so many after the onset, half must have been heard. */
#define CORE_MS  20.0
#define LEARN_MS 50.0 /* levels before anything stands out of them */
/* The dips of a voice of 50 Hz are shorter. */
#define QUIET_MS     20.0
#define GAP_US       5000
#define HOLE_MOST_US 400000
#define SWING_IN_MS  10.0 /* the filters, after a hole */
#define FULL_SCALE   32768.0
/* Full scale clipping in the wearable's converter. */
#define CLIPPED_AT 32700

struct hop {
	float power; /* mean square in the band */
	float level; /* of the last LEVEL_HOPS, dB */
	bool is_clipped, is_missing;
};

struct acoustic_detector {
	double rate_hz, interval_us;
	double onset_db, onset_mad, merge_ms, cluster_ms, dead_ms, floor_min_db, alone_db;
	size_t hop_n; /* samples a hop */
	size_t room;  /* samples in memory, a multiple of hop_n */
	size_t hops;  /* hops in memory */
	struct biquad high_pass, low_pass;
	bool has_low_pass, is_settled;
	float *raw;      /* ring of room samples after the high-pass, full scale = 1 */
	float *band;     /* the same after the low-pass */
	struct hop *hop; /* ring of hops */
	uint64_t n;      /* samples since the beginning, holes included */
	uint64_t n_hops;
	double energy; /* of the hop under way */
	bool hop_clipped, hop_missing;
	int64_t t0_us; /* instant of sample t0_n */
	uint64_t t0_n;
	bool has_time;
	struct noise_floor floor;
	struct spectrum *spectrum;
	float *window; /* WINDOW_MS of samples */
	size_t window_n;
	float *levels; /* for the features of an event, hops of them */

	bool is_event;
	bool is_armed; /* it was quiet since the last event */
	uint64_t onset_hop, peak_hop, loud_hop, dead_until_hop;
	int64_t onset_us;
	double floor_db, margin_db, peak_db;
};

struct acoustic_detector *acoustic_detector_new(const struct analysis_conf *a, double rate_hz)
{
	struct acoustic_detector *d;

	if (!(rate_hz >= ACOUSTIC_RATE_MIN_HZ && rate_hz <= ACOUSTIC_RATE_MAX_HZ))
		return NULL;
	d = new0(struct acoustic_detector);
	d->rate_hz = rate_hz;
	d->onset_db = a->detector_onset_db;
	d->onset_mad = a->detector_onset_mad;
	d->merge_ms = a->detector_merge_ms;
	d->cluster_ms = a->detector_cluster_ms;
	d->dead_ms = a->detector_dead_ms;
	d->floor_min_db = a->detector_floor_min_dbfs;
	d->alone_db = a->detector_alone_db;
	d->hop_n = (size_t)lround(rate_hz * HOP_MS / 1000);
	d->hops = (size_t)(MEMORY_S * rate_hz / (double)d->hop_n);
	d->room = d->hops * d->hop_n;
	d->high_pass = biquad_high_pass(rate_hz, a->detector_high_pass_hz);
	d->has_low_pass = a->detector_low_pass_hz < 0.45 * rate_hz;
	if (d->has_low_pass)
		d->low_pass = biquad_low_pass(rate_hz, a->detector_low_pass_hz);
	d->raw = alloc_zero(d->room, sizeof(*d->raw));
	d->band = alloc_zero(d->room, sizeof(*d->band));
	d->hop = alloc_zero(d->hops, sizeof(*d->hop));
	d->levels = alloc_zero(d->hops, sizeof(*d->levels));
	noise_floor_init(&d->floor, (size_t)(a->detector_floor_s * 1000 / HOP_MS));
	d->window_n = (size_t)(rate_hz * WINDOW_MS / 1000);
	d->window = alloc_zero(d->window_n, sizeof(*d->window));
	d->spectrum = spectrum_new(rate_hz, d->window_n);
	return d;
}

struct acoustic_detector *acoustic_detector_free(struct acoustic_detector *d)
{
	if (!d)
		return NULL;
	noise_floor_done(&d->floor);
	spectrum_free(d->spectrum);
	free(d->window);
	free(d->levels);
	free(d->hop);
	free(d->band);
	free(d->raw);
	free(d);
	return NULL;
}

static struct hop *hop_at(const struct acoustic_detector *d, uint64_t hop)
{
	return &d->hop[hop % d->hops];
}

static double level_at(const struct acoustic_detector *d, uint64_t hop)
{
	return (double)hop_at(d, hop)->level;
}

static uint64_t hops_of(const struct acoustic_detector *d, double ms)
{
	return (uint64_t)(ms * d->rate_hz / 1000 / (double)d->hop_n);
}

static double ms_of(const struct acoustic_detector *d, uint64_t hops)
{
	return (double)hops * (double)d->hop_n * 1000 / d->rate_hz;
}

static int64_t time_of_sample(const struct acoustic_detector *d, uint64_t n)
{
	return d->t0_us + llrint(((double)n - (double)d->t0_n) * d->interval_us);
}

static uint64_t oldest_hop(const struct acoustic_detector *d)
{
	return d->n_hops > d->hops ? d->n_hops - d->hops : 0;
}

/* Mean level of what was heard between the hops, dB; -INFINITY where nothing was. */
static double mean_db(const struct acoustic_detector *d, uint64_t from, uint64_t to)
{
	double sum = 0;
	unsigned n = 0;

	if (from < oldest_hop(d))
		from = oldest_hop(d);
	for (uint64_t h = from; h < to && h < d->n_hops; h++) {
		if (hop_at(d, h)->is_missing)
			continue;
		sum += (double)hop_at(d, h)->power;
		n++;
	}
	return n ? 10 * log10(sum / n + 1e-12) : -INFINITY;
}

/* A pop stands alone; words, music and rubbing go on before or after each of their bursts. */
static bool is_alone(const struct acoustic_detector *d, uint64_t end)
{
	uint64_t reach = hops_of(d, AROUND_MS), apart = hops_of(d, AROUND_APART_MS);
	uint64_t over = d->onset_hop + hops_of(d, d->cluster_ms);
	double before = -INFINITY;

	if (d->onset_hop > apart)
		before = mean_db(
			d, d->onset_hop > reach ? d->onset_hop - reach : 0, d->onset_hop - apart);
	return fmax(before, mean_db(d, over, end)) < d->peak_db - d->alone_db;
}

/* The window's samples out of a ring; 0 where there are none. */
static void copy_window(
	const struct acoustic_detector *d, const float *ring, uint64_t from, float *ret)
{
	for (size_t i = 0; i < d->window_n; i++)
		ret[i] = from + i < d->n ? ring[(from + i) % d->room] : 0;
}

/* What was there before the event, as it is found in memory. */
static void learn_background(struct acoustic_detector *d, uint64_t before_n)
{
	uint64_t oldest = d->n > d->room ? d->n - d->room : 0;

	spectrum_clear(d->spectrum);
	for (unsigned i = 0; i < BACKGROUNDS_MAX && before_n >= oldest + d->window_n; i++) {
		before_n -= d->window_n;
		copy_window(d, d->raw, before_n, d->window);
		spectrum_add_background(d->spectrum, d->window);
	}
}

/* Mean square before the event, at most what an onset of the margin leaves it. */
static double noise_power(const struct acoustic_detector *d)
{
	uint64_t reach = hops_of(d, AROUND_MS), apart = hops_of(d, AROUND_APART_MS);
	double before = -INFINITY;

	if (d->onset_hop > apart)
		before = mean_db(
			d, d->onset_hop > reach ? d->onset_hop - reach : 0, d->onset_hop - apart);
	return pow(10, fmin(before, d->floor_db + BEGIN_DB) / 10);
}

/* Samples that the loudest pulse takes to rise; *ret_pulse_n: where it begins. */
static size_t measure_rise(struct acoustic_detector *d, uint64_t *ret_pulse_n)
{
	uint64_t reach = (uint64_t)(d->rate_hz * RISE_WITHIN_MS / 1000);
	uint64_t peak_n = d->peak_hop * d->hop_n;
	size_t back = (size_t)((LEVEL_HOPS - 1) * d->hop_n);
	uint64_t from = peak_n > reach ? peak_n - reach : 0;
	size_t at = (size_t)(peak_n - from), rise;

	copy_window(d, d->band, from, d->window);
	rise = sound_rise(d->window, at > back ? at - back : 0, at + d->hop_n,
		pow(10, d->floor_db / 20), (size_t)(d->rate_hz * HOLD_MS / 1000));
	*ret_pulse_n = peak_n > rise + back ? peak_n - rise - back : 0;
	return rise;
}

static void measure_spectrum(struct acoustic_detector *d, uint64_t from, struct pop_features *f)
{
	struct spectrum_features spectral;

	copy_window(d, d->raw, from, d->window);
	spectrum_measure(d->spectrum, d->window, &spectral);
	f->centroid_hz = (float)spectral.centroid_hz;
	f->hf_ratio = (float)spectral.hf_ratio;
	f->lf_ratio = (float)spectral.lf_ratio;
	f->flatness = (float)spectral.flatness;
}

/* In the window of the loudest pulse, which need not be the first. */
static void measure_window(struct acoustic_detector *d, struct pop_features *f)
{
	uint64_t before = (uint64_t)(d->rate_hz * WINDOW_BEFORE_MS / 1000);
	uint64_t onset_n = d->onset_hop * d->hop_n, from = onset_n > before ? onset_n - before : 0;
	uint64_t pulse_n;
	size_t rise;

	learn_background(d, from);
	rise = measure_rise(d, &pulse_n);
	if (pulse_n > before && pulse_n - before > from)
		from = pulse_n - before;
	measure_spectrum(d, from, f);
	f->rise_ms = (float)((double)rise * 1000 / d->rate_hz);
	copy_window(d, d->band, from, d->window);
	f->kurtosis = (float)sound_kurtosis(d->window, d->window_n, noise_power(d));
}

static void measure_levels(struct acoustic_detector *d, uint64_t end, struct pop_features *f)
{
	size_t hold = (size_t)hops_of(d, HOLD_MS), n = (size_t)(end - d->onset_hop);
	size_t pulses_n = (size_t)hops_of(d, SUB_PULSE_MS);
	double least = fmax(d->floor_db + d->margin_db, d->peak_db - 2 * T10_DB), ten;

	for (size_t i = 0; i < n; i++) {
		const struct hop *h = hop_at(d, d->onset_hop + i);

		d->levels[i] = h->level;
		f->clipped |= h->is_clipped;
	}
	f->peak_dbfs = (float)d->peak_db;
	f->background_dbfs = (float)d->floor_db;
	ten = fmin(
		fmax(d->peak_db - T10_DB, least - OUT_OF_NOISE_DB), d->peak_db - OUT_OF_NOISE_DB);
	f->t10_ms = (float)ms_of(d, sound_time_above(d->levels, n, ten, hold));
	f->sub_pulses = sound_sub_pulses(d->levels, pulses_n < n ? pulses_n : n, least, hold);
}

static bool core_was_heard(const struct acoustic_detector *d)
{
	uint64_t core = hops_of(d, CORE_MS), heard = 0;

	for (uint64_t h = d->onset_hop; h < d->onset_hop + core && h < d->n_hops; h++)
		heard += !hop_at(d, h)->is_missing;
	return 2 * heard >= core;
}

static void finish_event(
	struct acoustic_detector *d, uint64_t end, acoustic_event_fn emit, void *user)
{
	struct acoustic_event event = {.onset_us = d->onset_us};
	struct pop_features *f = &event.features;

	d->is_event = d->is_armed = false;
	d->dead_until_hop = d->onset_hop + hops_of(d, d->dead_ms);
	if (!core_was_heard(d))
		return;
	f->is_streamed = true;
	f->contact_air_db = f->knock_g = NAN;
	measure_levels(d, end, f);
	measure_window(d, f);
	f->crowded = !is_alone(d, end);
	emit(&event, user);
}

/* The hop where the sound began whose level passed the margin now. */
static uint64_t begin_of(const struct acoustic_detector *d, uint64_t now)
{
	double least = pow(10, (d->floor_db + BEGIN_DB) / 10);
	double limit = pow(10, (d->floor_db + d->margin_db) / 10);
	uint64_t first = now, most = hops_of(d, BEGIN_MOST_MS);

	for (uint64_t h = now; h + LEVEL_HOPS > now && h > oldest_hop(d); h--)
		if ((double)hop_at(d, h)->power >= limit / 2)
			first = h;
	while (first > oldest_hop(d) && now - first < most &&
		(double)hop_at(d, first - 1)->power >= least)
		first--;
	return first;
}

static void begin_event(struct acoustic_detector *d, uint64_t now)
{
	d->is_event = true;
	d->onset_hop = begin_of(d, now);
	d->onset_us = time_of_sample(d, d->onset_hop * d->hop_n);
	d->peak_hop = d->loud_hop = now;
	d->peak_db = level_at(d, now);
}

static void wait_for_onset(struct acoustic_detector *d, uint64_t now)
{
	double level = level_at(d, now);

	d->floor_db = fmax(noise_floor_median_db(&d->floor), d->floor_min_db);
	d->margin_db = fmax(d->onset_db, d->onset_mad * noise_floor_mad_db(&d->floor));
	if (d->floor.n < hops_of(d, LEARN_MS) || level < d->floor_db + d->margin_db) {
		d->is_armed |= now - d->loud_hop >= hops_of(d, QUIET_MS);
	} else if (d->is_armed && now >= d->dead_until_hop) {
		begin_event(d, now);
		return;
	} else {
		d->loud_hop = now;
	}
	noise_floor_push(&d->floor, level);
}

/* Looks at the newest level. */
static void look(struct acoustic_detector *d, acoustic_event_fn emit, void *user)
{
	uint64_t now = d->n_hops - 1;
	bool is_missing = hop_at(d, now)->is_missing;
	double level = level_at(d, now), age_ms;

	if (!d->is_event) {
		if (!is_missing)
			wait_for_onset(d, now);
		return;
	}
	age_ms = ms_of(d, now - d->onset_hop);
	if (!is_missing && age_ms < d->cluster_ms) {
		if (level >= d->peak_db + T10_DB && age_ms > BEGIN_MOST_MS)
			begin_event(d, now); /* (6) */
		if (level > d->peak_db && ms_of(d, now - d->loud_hop) <= d->merge_ms) {
			d->peak_db = level;
			d->peak_hop = now;
		}
		if (level >= d->floor_db + d->margin_db)
			d->loud_hop = now;
	}
	if (age_ms >= d->cluster_ms + AROUND_MS)
		finish_event(d, now + 1, emit, user);
}

static void end_hop(struct acoustic_detector *d, acoustic_event_fn emit, void *user)
{
	struct hop *h = hop_at(d, d->n_hops);
	double mean = 0;
	unsigned n = 0;

	*h = (struct hop){.power = (float)(d->energy / (double)d->hop_n),
		.is_clipped = d->hop_clipped,
		.is_missing = d->hop_missing};
	d->n_hops++;
	for (uint64_t i = d->n_hops > LEVEL_HOPS ? d->n_hops - LEVEL_HOPS : 0; i < d->n_hops; i++) {
		mean += (double)hop_at(d, i)->power;
		n++;
	}
	h->level = (float)(10 * log10(mean / n + 1e-12));
	d->energy = 0;
	d->hop_clipped = d->hop_missing = false;
	look(d, emit, user);
}

static void put(struct acoustic_detector *d, double x, double y, acoustic_event_fn emit, void *user)
{
	d->raw[d->n % d->room] = (float)x;
	d->band[d->n % d->room] = (float)y;
	d->energy += y * y;
	d->n++;
	if (d->n % d->hop_n == 0)
		end_hop(d, emit, user);
}

/* (7) */
static void pass_hole(struct acoustic_detector *d, uint64_t n, acoustic_event_fn emit, void *user)
{
	for (uint64_t i = 0; i < n; i++) {
		d->hop_missing = true;
		put(d, 0, 0, emit, user);
	}
	d->is_settled = false;
	if (!d->is_event) {
		d->is_armed = false;
		d->loud_hop = d->n_hops;
		d->dead_until_hop = d->n_hops + hops_of(d, SWING_IN_MS);
	}
}

static void restart(struct acoustic_detector *d)
{
	d->n = d->n_hops = d->loud_hop = 0;
	d->energy = 0;
	d->hop_clipped = d->hop_missing = false;
	d->is_event = d->is_armed = d->is_settled = false;
	d->dead_until_hop = hops_of(d, SWING_IN_MS);
}

/* Brings the stream to t. Returns how many of the n samples were heard already. */
static size_t align(struct acoustic_detector *d, int64_t t_us, double interval_us, size_t lost,
	acoustic_event_fn emit, void *user)
{
	int64_t ahead_us = t_us - time_of_sample(d, d->n);

	if (!d->has_time) {
		restart(d);
		return 0;
	}
	if (ahead_us > HOLE_MOST_US || ahead_us < -US_PER_S) {
		acoustic_detector_finish(d, emit, user);
		restart(d);
	} else if (ahead_us > GAP_US || (lost && ahead_us > 0)) {
		pass_hole(d, (uint64_t)llrint((double)ahead_us / interval_us), emit, user);
	} else if (ahead_us < -GAP_US) {
		return (size_t)llrint(-(double)ahead_us / interval_us);
	}
	return 0;
}

/* From this sample on: no step from nothing to where the signal stands. */
static void settle(struct acoustic_detector *d, const int16_t *samples, size_t n)
{
	size_t most = (size_t)(d->rate_hz * SWING_IN_MS / 1000);
	double sum = 0;

	if (n > most)
		n = most;
	for (size_t i = 0; i < n; i++)
		sum += samples[i];
	biquad_settle(&d->high_pass, sum / (double)n / FULL_SCALE);
	biquad_settle(&d->low_pass, 0);
	d->is_settled = true;
}

void acoustic_detector_push(struct acoustic_detector *d, int64_t t_us, double interval_us,
	size_t lost, const int16_t *samples, size_t n, acoustic_event_fn emit, void *user)
{
	size_t known;

	if (n == 0 || !(interval_us > 0))
		return;
	known = align(d, t_us, interval_us, lost, emit, user);
	if (known >= n)
		return;
	d->t0_us = t_us + llrint((double)known * interval_us);
	d->t0_n = d->n;
	d->interval_us = interval_us;
	d->has_time = true;
	if (!d->is_settled)
		settle(d, samples + known, n - known);
	for (size_t i = known; i < n; i++) {
		double x = biquad_step(&d->high_pass, samples[i] / FULL_SCALE);

		d->hop_clipped |= samples[i] >= CLIPPED_AT || samples[i] <= -CLIPPED_AT;
		put(d, x, d->has_low_pass ? biquad_step(&d->low_pass, x) : x, emit, user);
	}
}

void acoustic_detector_finish(struct acoustic_detector *d, acoustic_event_fn emit, void *user)
{
	if (d->is_event)
		finish_event(d, d->n_hops, emit, user);
}

double acoustic_detector_peak_dbfs(
	const struct acoustic_detector *d, int64_t from_us, int64_t to_us)
{
	double peak = NAN;
	uint64_t oldest = oldest_hop(d);

	if (!d->has_time || d->n_hops == 0 || to_us > acoustic_detector_watermark(d) ||
		from_us < time_of_sample(d, oldest * d->hop_n))
		return NAN;
	for (uint64_t h = d->n_hops; h-- > oldest;) {
		int64_t t = time_of_sample(d, h * d->hop_n);

		if (t < from_us)
			break;
		if (t <= to_us && !hop_at(d, h)->is_missing && !(level_at(d, h) <= peak))
			peak = level_at(d, h);
	}
	return peak;
}

int64_t acoustic_detector_watermark(const struct acoustic_detector *d)
{
	return d->has_time ? time_of_sample(d, d->n_hops * d->hop_n) : INT64_MIN;
}
