// SPDX-License-Identifier: MIT
/* One event, in time:
 *
 *   level dB        2                     1 onset: the hop where the level passes floor + margin
 *                  /\      3              2 peak: the loudest hop within the merge time
 *   floor+margin --/--\----/\----------   3 a later pulse of the same event: counted, not an event
 *                 1    \__/  \
 *   floor ~~~~~~~~             \~~4~~~~   4 end: cluster time over, and quiet again or given up
 *
 * The floor stands still from 1 to 4. Quiet is a level that stays low for QUIET_MS: a voice dips
 * from pitch to pitch. After 4 the next onset needs such quiet below the margin first, and the
 * dead time to be over.
 */
#include "coxad/core/pop/acoustic-detector.h"

#include <math.h>
#include <string.h>

#include "biquad.h"
#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "noise-floor.h"
#include "spectrum.h"

#define HOP_MS          0.5
/* Fewer samples than this in a level, and noise alone stands out of itself. */
#define LEVEL_SAMPLES   8
#define LEVEL_HOPS_MAX  8
#define MEMORY_S        1.0  /* raw sound and levels kept */
#define WINDOW_BEFORE_MS 10.0 /* the features' window begins so long before the onset */
#define WINDOW_MS       60.0
#define SUB_PULSE_MS    150.0
/* A pulse is one of its own where the level fell so far since the last one. */
#define SUB_PULSE_DIP_DB 6.0
/* A low tone's level swings at twice its frequency: pulses are told by the loudest of so long. */
#define SUB_PULSE_HOLD_MS 6.0
#define T10_DB           10.0
/* Longer than anything that is still a pop: the rest of a long sound is not waited for. */
#define EVENT_MAX_MS 500.0
/* The dips of a voice of 50 Hz are shorter. */
#define QUIET_MS     20.0
#define GAP_US       5000
#define FULL_SCALE   32768.0
/* Full scale clipping in the wearable's converter. */
#define CLIPPED_AT 32700

struct acoustic_detector {
	double rate_hz, interval_us;
	double onset_db, onset_mad, merge_ms, cluster_ms, dead_ms;
	size_t hop;    /* samples a hop */
	size_t room;   /* samples in memory, a multiple of hop */
	size_t hops;   /* levels in memory */
	struct biquad high_pass, low_pass;
	bool has_low_pass;
	float *raw;    /* ring of room samples after the high-pass, full scale = 1 */
	float *level;  /* ring of hops levels, dB */
	bool *clipped; /* ring of hops */
	uint64_t n;    /* samples since the last gap */
	uint64_t n_hops;
	double energy; /* of the hop under way */
	double last_energy[LEVEL_HOPS_MAX]; /* of the last level_hops hops, a ring */
	size_t level_hops; /* hops that make a level */
	bool hop_clipped;
	int64_t t0_us; /* instant of sample n of the last push */
	uint64_t t0_n;
	bool has_time;
	struct noise_floor floor;
	struct spectrum *spectrum;
	float *window; /* WINDOW_MS of samples */
	size_t window_n;

	bool is_event;
	bool is_armed;        /* it was quiet since the last event */
	uint64_t onset_hop, peak_hop, dead_until_hop;
	uint64_t loud_hop; /* the last one that was not quiet */
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
	d->hop = (size_t)lround(rate_hz * HOP_MS / 1000);
	d->level_hops = (LEVEL_SAMPLES + d->hop - 1) / d->hop;
	d->hops = (size_t)(MEMORY_S * rate_hz / (double)d->hop);
	d->room = d->hops * d->hop;
	d->high_pass = biquad_high_pass(rate_hz, a->detector_high_pass_hz);
	d->has_low_pass = a->detector_low_pass_hz < 0.45 * rate_hz;
	if (d->has_low_pass)
		d->low_pass = biquad_low_pass(rate_hz, a->detector_low_pass_hz);
	d->raw = alloc_zero(d->room, sizeof(*d->raw));
	d->level = alloc_zero(d->hops, sizeof(*d->level));
	d->clipped = alloc_zero(d->hops, sizeof(*d->clipped));
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
	free(d->clipped);
	free(d->level);
	free(d->raw);
	free(d);
	return NULL;
}

static double level_at(const struct acoustic_detector *d, uint64_t hop)
{
	return d->level[hop % d->hops];
}

static uint64_t hops_of(const struct acoustic_detector *d, double ms)
{
	return (uint64_t)(ms * d->rate_hz / 1000 / (double)d->hop);
}

static double ms_of(const struct acoustic_detector *d, uint64_t hops)
{
	return (double)hops * (double)d->hop * 1000 / d->rate_hz;
}

static int64_t time_of_sample(const struct acoustic_detector *d, uint64_t n)
{
	return d->t0_us + (int64_t)(((double)n - (double)d->t0_n) * d->interval_us);
}

static double held_level(const struct acoustic_detector *d, uint64_t hop, uint64_t hold)
{
	double peak = level_at(d, hop);

	for (uint64_t h = hop > hold ? hop - hold : 0; h < hop; h++)
		peak = fmax(peak, level_at(d, h));
	return peak;
}

/* Pulses within SUB_PULSE_MS: peaks above the margin with a dip before each. */
static unsigned count_sub_pulses(const struct acoustic_detector *d)
{
	uint64_t hold = hops_of(d, SUB_PULSE_HOLD_MS);
	uint64_t end = d->onset_hop + hops_of(d, SUB_PULSE_MS);
	double least = d->floor_db + d->margin_db, low = -INFINITY, high = -INFINITY;
	unsigned count = 0;
	bool is_rising = true;

	if (least < d->peak_db - 2 * T10_DB)
		least = d->peak_db - 2 * T10_DB;
	for (uint64_t h = d->onset_hop; h < end && h < d->n_hops; h++) {
		double level = held_level(d, h, hold);

		if (is_rising && level > high)
			high = level;
		if (is_rising && high >= least && level < high - SUB_PULSE_DIP_DB) {
			count++;
			is_rising = false;
			low = level;
		}
		if (!is_rising && level < low)
			low = level;
		if (!is_rising && level > low + SUB_PULSE_DIP_DB) {
			is_rising = true;
			high = level;
		}
	}
	return count ? count : 1;
}

static double kurtosis_of(const float *x, size_t n)
{
	double mean = 0, m2 = 0, m4 = 0;

	for (size_t i = 0; i < n; i++)
		mean += x[i];
	mean /= (double)n;
	for (size_t i = 0; i < n; i++) {
		double e = (x[i] - mean) * (x[i] - mean);

		m2 += e;
		m4 += e * e;
	}
	return m2 > 0 ? m4 * (double)n / (m2 * m2) : 0;
}

/* Time during which the level stays within T10_DB of the peak, from first to last such hop. */
static double t10_of(const struct acoustic_detector *d, uint64_t end)
{
	uint64_t first = d->peak_hop, last = d->peak_hop, quiet = 0;

	while (first > d->onset_hop && level_at(d, first - 1) >= d->peak_db - T10_DB)
		first--;
	for (uint64_t h = d->peak_hop + 1; h < end && quiet < hops_of(d, QUIET_MS); h++) {
		quiet = level_at(d, h) >= d->peak_db - T10_DB ? 0 : quiet + 1;
		if (quiet == 0)
			last = h;
	}
	return ms_of(d, last - first + 1);
}

static void finish_event(struct acoustic_detector *d, uint64_t end, acoustic_event_fn emit,
	void *user)
{
	uint64_t onset_n = d->onset_hop * d->hop;
	uint64_t before = (uint64_t)(d->rate_hz * WINDOW_BEFORE_MS / 1000);
	uint64_t from = onset_n > before ? onset_n - before : 0;
	struct acoustic_event event = {.onset_us = time_of_sample(d, onset_n)};
	struct pop_features *f = &event.features;
	struct spectrum_features spectral;

	for (size_t i = 0; i < d->window_n; i++)
		d->window[i] = from + i < d->n ? d->raw[(from + i) % d->room] : 0;
	spectrum_measure(d->spectrum, d->window, &spectral);
	f->peak_dbfs = (float)d->peak_db;
	f->background_dbfs = (float)d->floor_db;
	f->rise_ms = (float)ms_of(d, d->peak_hop - d->onset_hop);
	f->t10_ms = (float)t10_of(d, end);
	f->centroid_hz = (float)spectral.centroid_hz;
	f->kurtosis = (float)kurtosis_of(d->window, d->window_n);
	f->hf_ratio = (float)spectral.hf_ratio;
	f->lf_ratio = (float)spectral.lf_ratio;
	f->flatness = (float)spectral.flatness;
	f->sub_pulses = count_sub_pulses(d);
	f->contact_air_db = f->knock_g = NAN;
	for (uint64_t h = d->onset_hop; h < end; h++)
		f->clipped |= d->clipped[h % d->hops];
	d->is_event = false;
	d->is_armed = false;
	d->dead_until_hop = d->onset_hop + hops_of(d, d->dead_ms);
	emit(&event, user);
}

/* Looks at the newest level. */
static void look(struct acoustic_detector *d, acoustic_event_fn emit, void *user)
{
	uint64_t now = d->n_hops - 1;
	double level = level_at(d, now);
	double age_ms;

	if (!d->is_event) {
		double margin = fmax(d->onset_db, d->onset_mad * noise_floor_mad_db(&d->floor));

		d->floor_db = noise_floor_median_db(&d->floor);
		d->margin_db = margin;
		/* A quarter of a second of quiet is needed before anything stands out of it. */
		if (d->floor.n < hops_of(d, 250) || level < d->floor_db + margin) {
			d->is_armed |= now - d->loud_hop >= hops_of(d, QUIET_MS);
			noise_floor_push(&d->floor, level);
			return;
		}
		if (!d->is_armed || now < d->dead_until_hop) {
			d->loud_hop = now;
			noise_floor_push(&d->floor, level);
			return;
		}
		d->is_event = true;
		d->onset_hop = d->peak_hop = d->loud_hop = now;
		d->peak_db = level;
		return;
	}
	age_ms = ms_of(d, now - d->onset_hop);
	if (age_ms <= d->merge_ms && level > d->peak_db) {
		d->peak_db = level;
		d->peak_hop = now;
	}
	if (level >= d->peak_db - T10_DB)
		d->loud_hop = now;
	if (age_ms >= d->cluster_ms &&
		(now - d->loud_hop >= hops_of(d, QUIET_MS) || age_ms >= EVENT_MAX_MS))
		finish_event(d, now + 1, emit, user);
}

static void end_hop(struct acoustic_detector *d, acoustic_event_fn emit, void *user)
{
	double mean = 0;

	d->last_energy[d->n_hops % d->level_hops] = d->energy;
	for (size_t i = 0; i < d->level_hops; i++)
		mean += d->last_energy[i];
	mean /= (double)(d->hop * d->level_hops);
	d->level[d->n_hops % d->hops] = (float)(10 * log10(mean + 1e-12));
	d->clipped[d->n_hops % d->hops] = d->hop_clipped;
	d->energy = 0;
	d->hop_clipped = false;
	d->n_hops++;
	look(d, emit, user);
}

static void restart(struct acoustic_detector *d)
{
	biquad_reset(&d->high_pass);
	biquad_reset(&d->low_pass);
	d->n = d->n_hops = 0;
	d->energy = 0;
	memset(d->last_energy, 0, sizeof(d->last_energy));
	d->hop_clipped = false;
	d->is_event = false;
	d->is_armed = false;
	d->loud_hop = 0;
	d->dead_until_hop = hops_of(d, 20); /* the filters swing in */
}

void acoustic_detector_push(struct acoustic_detector *d, int64_t t_us, double interval_us,
	const int16_t *samples, size_t n, acoustic_event_fn emit, void *user)
{
	if (d->has_time && llabs(t_us - time_of_sample(d, d->n)) > GAP_US)
		restart(d);
	d->t0_us = t_us;
	d->t0_n = d->n;
	d->interval_us = interval_us;
	d->has_time = true;
	for (size_t i = 0; i < n; i++) {
		double x = biquad_step(&d->high_pass, samples[i] / FULL_SCALE);
		double y = d->has_low_pass ? biquad_step(&d->low_pass, x) : x;

		d->raw[d->n % d->room] = (float)x;
		d->energy += y * y;
		d->hop_clipped |= samples[i] >= CLIPPED_AT || samples[i] <= -CLIPPED_AT;
		d->n++;
		if (d->n % d->hop == 0)
			end_hop(d, emit, user);
	}
}

double acoustic_detector_peak_dbfs(const struct acoustic_detector *d, int64_t from_us,
	int64_t to_us)
{
	double peak = NAN;
	uint64_t oldest = d->n_hops > d->hops ? d->n_hops - d->hops : 0;

	if (!d->has_time || d->n_hops == 0 || to_us > acoustic_detector_watermark(d) ||
		from_us < time_of_sample(d, oldest * d->hop))
		return NAN;
	for (uint64_t h = d->n_hops; h-- > oldest;) {
		int64_t t = time_of_sample(d, h * d->hop);

		if (t < from_us)
			break;
		if (t <= to_us && !(level_at(d, h) <= peak))
			peak = level_at(d, h);
	}
	return peak;
}

int64_t acoustic_detector_watermark(const struct acoustic_detector *d)
{
	return d->has_time ? time_of_sample(d, d->n_hops * d->hop) : INT64_MIN;
}
