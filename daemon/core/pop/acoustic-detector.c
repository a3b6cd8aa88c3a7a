// SPDX-License-Identifier: MIT
/* One event, in time:
 *
 *   level dB          2                   1 onset: level above floor + margin; dated some hops
 *                    /\      3              earlier, where the sound began
 *   floor+margin ---/--\----/\---------   2 peak: the loudest hop of pulses less than the merge
 *                  1    \__/  \             time apart, within the cluster time
 *   floor ~~ 0 ~~~~~            \~~4~~5   3 a later pulse of the same event: counted
 *                                         4 end of the cluster time: later sound is another event
 *                                         5 enough received to tell whether the event stood alone
 *
 * The floor is frozen from 1 to 5. After 5 the next onset has to wait for the refractory (dead)
 * time, and for the level to stay below the margin for QUIET_MS, because a voice dips between its
 * pitch periods.
 * The floor is the median of the last two seconds, or of a shorter window that has been quieter:
 * talk that has ended is no longer background.
 * (6) a far louder sound within the event, in one leap: the sound before it was not the pop, so
 *     the event restarts.
 * (7) a hole in the stream: nothing is received, and no event begins until the level has been below
 *     the margin again. An event goes on through it, unless most of its core is missing.
 * (8) a click within sound that goes on is an event of its own (transient.h), and the event that
 *     peaks there is not emitted.
 * (9) an event that is not surrounded by background: a joint that clicks again and again, or creaks.
 *     Each of its clicks is emitted instead of it.
 */
#include "coxad/core/pop/acoustic-detector.h"

#include <math.h>

#include "coxad/base/alloc.h"
#include "coxad/base/biquad.h"
#include "coxad/base/units.h"
#include "daemon/core/pop/event-meter.h"
#include "daemon/core/pop/hum.h"
#include "daemon/core/pop/noise-floor.h"
#include "daemon/core/pop/sound-memory.h"
#include "daemon/core/pop/transient.h"

/* (6) */
#define LEAP_DB 10.0
/* (8) Two peaks this close are one. */
#define CLICK_NEAR_MS 10.0
/* (8) Sound this far above the floor goes on; less is background. */
#define GOES_ON_DB 6.0
/* (9) In the cluster time. */
#define HELD_MAX 8
/* (9) Of a pulse without another click near it (decision-model.md 1.3). */
#define IMPULSE_KURTOSIS 10.0
/* Level above the floor of the hop where a sound begins. */
#define BEGIN_DB      6.0
#define BEGIN_MOST_MS 5.0
/* At least half of this time after the onset must have been received. */
#define CORE_MS  20.0
#define LEARN_MS 50.0 /* of levels before the first onset */
/* Longer than the dips of a 50 Hz voice. */
#define QUIET_MS     20.0
#define GAP_US       5000
#define HOLE_MOST_US 400000
#define SETTLE_MS    10.0 /* of the filters, after a hole */
#define FULL_SCALE   32768.0
/* The wearable's converter clips at full scale. */
#define CLIPPED_AT 32700

struct acoustic_detector {
	double rate_hz, interval_us;
	double onset_db, onset_mad, merge_ms, cluster_ms, dead_ms, floor_min_db, lull_db, quiet_db;
	double quiet_below_db, dull_kurtosis, low_hz, low_kurtosis;
	struct biquad high_pass, low_pass;
	struct biquad_state high_state, low_state;
	bool has_low_pass, is_settled;
	struct hum hum;
	struct sound_memory memory;
	struct noise_floor floor;
	struct noise_floor lull; /* the same over the last lull_ms */
	struct event_meter meter;
	struct transient_finder transients;
	uint64_t click_hop; /* peak of the last click emitted by (8); 0: none */
	int64_t t0_us;      /* instant of sample t0_n */
	uint64_t t0_n;
	bool has_time;

	bool is_event;
	bool is_armed; /* it has been quiet since the last event */
	uint64_t loud_hop, dead_until_hop;
	int64_t onset_us;
	struct sound_event event; /* the one in progress */
	unsigned n_held;
	struct transient held[HELD_MAX]; /* (9) its clicks */
	bool has_neighbour;              /* (9) */
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
	d->quiet_db = a->evidence_quiet_db;
	d->quiet_below_db = a->evidence_quiet_below_db;
	d->dull_kurtosis = a->within_dull_kurtosis;
	d->low_hz = a->evidence_low_hz;
	d->low_kurtosis = a->evidence_low_kurtosis;
	d->high_pass = biquad_high_pass(rate_hz, a->detector_high_pass_hz);
	d->has_low_pass = a->detector_low_pass_hz < 0.45 * rate_hz;
	if (d->has_low_pass)
		d->low_pass = biquad_low_pass(rate_hz, a->detector_low_pass_hz);
	sound_memory_init(&d->memory, rate_hz);
	hum_init(&d->hum, rate_hz, d->memory.hop_n);
	noise_floor_init(
		&d->floor, (size_t)sound_memory_hops_of(&d->memory, a->detector_floor_s * 1000));
	noise_floor_init(&d->lull, (size_t)sound_memory_hops_of(&d->memory, a->detector_lull_ms));
	d->lull_db = a->detector_lull_db;
	event_meter_init(&d->meter, a, &d->memory);
	transient_init(&d->transients, a, &d->memory);
	return d;
}

struct acoustic_detector *acoustic_detector_free(struct acoustic_detector *d)
{
	if (!d)
		return NULL;
	transient_done(&d->transients);
	event_meter_done(&d->meter);
	noise_floor_done(&d->lull);
	noise_floor_done(&d->floor);
	hum_done(&d->hum);
	sound_memory_done(&d->memory);
	free(d);
	return NULL;
}

static uint64_t hops_of(const struct acoustic_detector *d, double ms)
{
	return sound_memory_hops_of(&d->memory, ms);
}

static double ms_of(const struct acoustic_detector *d, uint64_t hops)
{
	return sound_memory_ms_of(&d->memory, hops);
}

static double level_at(const struct acoustic_detector *d, uint64_t hop)
{
	return sound_memory_level_db(&d->memory, hop);
}

static int64_t time_of_sample(const struct acoustic_detector *d, uint64_t n)
{
	return d->t0_us + llrint(((double)n - (double)d->t0_n) * d->interval_us);
}

static bool core_was_received(const struct acoustic_detector *d)
{
	uint64_t core = hops_of(d, CORE_MS), received = 0;

	for (uint64_t h = d->event.onset_hop; h < d->event.onset_hop + core && h < d->memory.n_hops;
		h++)
		received += !sound_memory_hop(&d->memory, h)->is_missing;
	return 2 * received >= core;
}

/* (8) */
static bool is_click_again(const struct acoustic_detector *d)
{
	uint64_t near = hops_of(d, CLICK_NEAR_MS);

	return d->click_hop && d->event.peak_hop + near >= d->click_hop &&
	       d->event.peak_hop <= d->click_hop + near;
}

/* (8) */
static void measure_click(
	struct acoustic_detector *d, const struct transient *click, struct acoustic_event *ret)
{
	uint64_t heard = click->peak_hop + d->transients.after + 1;

	ret->onset_us = time_of_sample(d, click->onset_hop * d->memory.hop_n);
	event_meter_measure(&d->meter, &d->memory,
		&(struct sound_event){.onset_hop = click->onset_hop,
			.peak_hop = click->peak_hop,
			.floor_db = click->around_db,
			.margin_db = d->onset_db,
			.peak_db = click->peak_db},
		heard, &ret->features);
	ret->features.is_within = true;
	ret->features.crowded = false;
	ret->features.shape.busy_share = (float)click->busy_share;
}

/* (9) A footstep has a heel, a sole and an echo, but none of them is an impulse. */
static bool is_impulse(const struct acoustic_detector *d, const struct pop_shape *shape)
{
	double least = !d->has_neighbour                    ? IMPULSE_KURTOSIS
		       : (double)shape->peak_hz < d->low_hz ? d->low_kurtosis
							    : d->dull_kurtosis;

	return (double)shape->pulse_kurtosis >= least;
}

static bool emit_clicks(struct acoustic_detector *d, const struct pop_features *whole,
	acoustic_event_fn emit, void *user)
{
	double out_db = (double)whole->peak_dbfs - (double)whole->background_dbfs;
	double quiet_db = fmax(d->quiet_db, out_db - d->quiet_below_db);
	struct acoustic_event click;
	bool has_any = false;

	for (unsigned i = 0; i < d->n_held; i++) {
		if (!whole->crowded && (double)whole->shape.after_db <= quiet_db)
			break;
		measure_click(d, &d->held[i], &click);
		if (!is_impulse(d, &click.features.shape))
			continue;
		d->click_hop = d->held[i].peak_hop;
		has_any = true;
		emit(&click, user);
	}
	return has_any;
}

static void finish_event(
	struct acoustic_detector *d, uint64_t end, acoustic_event_fn emit, void *user)
{
	struct acoustic_event event = {.onset_us = d->onset_us};

	d->is_event = d->is_armed = false;
	d->dead_until_hop = d->event.onset_hop + hops_of(d, d->dead_ms);
	if (!core_was_received(d) || is_click_again(d))
		return;
	event_meter_measure(&d->meter, &d->memory, &d->event, end, &event.features);
	if (!emit_clicks(d, &event.features, emit, user))
		emit(&event, user);
}

/* The hop where the sound began whose level exceeds the margin now. */
static uint64_t onset_hop_of(const struct acoustic_detector *d, uint64_t now)
{
	double least = pow(10, (d->event.floor_db + BEGIN_DB) / 10);
	double limit = pow(10, (d->event.floor_db + d->event.margin_db) / 10);
	uint64_t first = now, most = hops_of(d, BEGIN_MOST_MS);

	for (uint64_t h = now;
		h + SOUND_LEVEL_HOPS > now && h > sound_memory_oldest_hop(&d->memory); h--)
		if ((double)sound_memory_hop(&d->memory, h)->power >= limit / 2)
			first = h;
	while (first > sound_memory_oldest_hop(&d->memory) && now - first < most &&
		(double)sound_memory_hop(&d->memory, first - 1)->power >= least)
		first--;
	return first;
}

static void begin_event(struct acoustic_detector *d, uint64_t now)
{
	uint64_t around = hops_of(d, EVENT_AROUND_MS);

	if (!d->is_event)
		d->n_held = 0;
	d->is_event = true;
	d->event.onset_hop = onset_hop_of(d, now);
	d->has_neighbour = d->click_hop && d->click_hop + around >= d->event.onset_hop;
	d->onset_us = time_of_sample(d, d->event.onset_hop * d->memory.hop_n);
	d->event.peak_hop = d->loud_hop = now;
	d->event.peak_db = level_at(d, now);
}

/* The recent floor; after a loud stretch, the floor since its end. */
static const struct noise_floor *floor_now(const struct acoustic_detector *d)
{
	bool is_lull =
		d->lull.n == d->lull.capacity &&
		noise_floor_median_db(&d->lull) < noise_floor_median_db(&d->floor) - d->lull_db;

	return is_lull ? &d->lull : &d->floor;
}

static bool is_onset(struct acoustic_detector *d, double level)
{
	const struct noise_floor *floor = floor_now(d);

	d->event.floor_db = fmax(noise_floor_median_db(floor), d->floor_min_db);
	d->event.margin_db = d->onset_db;
	/* The deviation is the expensive part, and can only raise the margin. */
	if (d->floor.n < hops_of(d, LEARN_MS) || level < d->event.floor_db + d->onset_db)
		return false;
	d->event.margin_db = fmax(d->onset_db, d->onset_mad * noise_floor_mad_db(floor));
	return level >= d->event.floor_db + d->event.margin_db;
}

static void wait_for_onset(struct acoustic_detector *d, uint64_t now)
{
	double level = level_at(d, now);

	if (!is_onset(d, level)) {
		d->is_armed |= now - d->loud_hop >= hops_of(d, QUIET_MS);
	} else if (d->is_armed && now >= d->dead_until_hop) {
		begin_event(d, now);
		return;
	} else {
		d->loud_hop = now;
	}
	noise_floor_push(&d->floor, sound_memory_hop(&d->memory, now)->bin);
	noise_floor_push(&d->lull, sound_memory_hop(&d->memory, now)->bin);
}

/* Evaluates the newest level. */
static void look(struct acoustic_detector *d, acoustic_event_fn emit, void *user)
{
	uint64_t now = d->memory.n_hops - 1;
	bool is_missing = sound_memory_hop(&d->memory, now)->is_missing;
	double level = level_at(d, now), age_ms;

	if (!d->is_event) {
		if (!is_missing)
			wait_for_onset(d, now);
		return;
	}
	age_ms = ms_of(d, now - d->event.onset_hop);
	if (!is_missing && age_ms < d->cluster_ms) {
		if (level >= d->event.peak_db + LEAP_DB && age_ms > BEGIN_MOST_MS)
			begin_event(d, now); /* (6) */
		if (level > d->event.peak_db && ms_of(d, now - d->loud_hop) <= d->merge_ms) {
			d->event.peak_db = level;
			d->event.peak_hop = now;
		}
		if (level >= d->event.floor_db + d->event.margin_db)
			d->loud_hop = now;
	}
	if (age_ms >= d->cluster_ms + EVENT_AROUND_MS)
		finish_event(d, now + 1, emit, user);
}

/* (8) The event in progress covers it, and is surrounded by background alone. */
static bool is_the_event(const struct acoustic_detector *d, const struct transient *click)
{
	return d->is_event && click->before_db < d->event.floor_db + GOES_ON_DB &&
	       click->peak_hop + hops_of(d, CLICK_NEAR_MS) >= d->event.onset_hop &&
	       click->peak_hop <= d->event.onset_hop + hops_of(d, d->cluster_ms);
}

static void look_within(struct acoustic_detector *d, acoustic_event_fn emit, void *user)
{
	struct acoustic_event event;
	struct transient click;

	if (!transient_find(&d->transients, &d->memory, &click))
		return;
	if (!is_the_event(d, &click)) {
		d->has_neighbour = true;
		d->click_hop = click.peak_hop;
		measure_click(d, &click, &event);
		emit(&event, user);
	} else if (d->n_held < HELD_MAX) {
		d->held[d->n_held++] = click;
	}
}

static void put(struct acoustic_detector *d, double x, double y, acoustic_event_fn emit, void *user)
{
	if (!sound_memory_put(&d->memory, x, y))
		return;
	hum_hop(&d->hum, d->hum.is_on ? d->hum.last : x);
	look(d, emit, user);
	if (!sound_memory_hop(&d->memory, d->memory.n_hops - 1)->is_missing)
		look_within(d, emit, user);
}

/* (7) */
static void pass_hole(struct acoustic_detector *d, uint64_t n, acoustic_event_fn emit, void *user)
{
	for (uint64_t i = 0; i < n; i++) {
		sound_memory_mark(&d->memory, false, true);
		put(d, 0, 0, emit, user);
	}
	d->is_settled = false;
	hum_skip(&d->hum, n);
	if (!d->is_event) {
		d->is_armed = false;
		d->loud_hop = d->memory.n_hops;
		d->dead_until_hop = d->memory.n_hops + hops_of(d, SETTLE_MS);
	}
}

static void restart(struct acoustic_detector *d)
{
	sound_memory_restart(&d->memory);
	hum_restart(&d->hum);
	transient_restart(&d->transients);
	d->loud_hop = d->click_hop = 0;
	d->is_event = d->is_armed = d->is_settled = false;
	d->dead_until_hop = hops_of(d, SETTLE_MS);
}

/* Brings the stream to the block. Returns how many of its samples were received already. */
static size_t align(struct acoustic_detector *d, const struct acoustic_block *block,
	acoustic_event_fn emit, void *user)
{
	int64_t ahead_us = block->t_us - time_of_sample(d, d->memory.n);

	if (!d->has_time) {
		restart(d);
		return 0;
	}
	if (ahead_us > HOLE_MOST_US || ahead_us < -US_PER_S) {
		acoustic_detector_finish(d, emit, user);
		restart(d);
	} else if (ahead_us > GAP_US || (block->lost_samples && ahead_us > 0)) {
		pass_hole(d, (uint64_t)llrint((double)ahead_us / block->interval_us), emit, user);
	} else if (ahead_us < -GAP_US) {
		return (size_t)llrint(-(double)ahead_us / block->interval_us);
	}
	return 0;
}

/* Starts the filters at the signal's offset, so that there is no step. */
static void settle(struct acoustic_detector *d, const int16_t *samples, size_t n)
{
	size_t most = (size_t)(d->rate_hz * SETTLE_MS / 1000);
	double sum = 0;

	if (n > most)
		n = most;
	for (size_t i = 0; i < n; i++)
		sum += samples[i];
	biquad_settle(&d->high_pass, &d->high_state, sum / (double)n / FULL_SCALE);
	biquad_settle(&d->low_pass, &d->low_state, 0);
	d->is_settled = true;
}

void acoustic_detector_push(struct acoustic_detector *d, const struct acoustic_block *block,
	acoustic_event_fn emit, void *user)
{
	const int16_t *samples = block->samples;
	size_t known, n = block->n;

	if (n == 0 || !(block->interval_us > 0))
		return;
	known = align(d, block, emit, user);
	if (known >= n)
		return;
	d->t0_us = block->t_us + llrint((double)known * block->interval_us);
	d->t0_n = d->memory.n;
	d->interval_us = block->interval_us;
	d->has_time = true;
	if (!d->is_settled)
		settle(d, samples + known, n - known);
	for (size_t i = known; i < n; i++) {
		double x = hum_step(&d->hum,
			biquad_step(&d->high_pass, &d->high_state, samples[i] / FULL_SCALE));

		sound_memory_mark(
			&d->memory, samples[i] >= CLIPPED_AT || samples[i] <= -CLIPPED_AT, false);
		put(d, x, d->has_low_pass ? biquad_step(&d->low_pass, &d->low_state, x) : x, emit,
			user);
	}
}

void acoustic_detector_finish(struct acoustic_detector *d, acoustic_event_fn emit, void *user)
{
	if (d->is_event)
		finish_event(d, d->memory.n_hops, emit, user);
}

double acoustic_detector_peak_dbfs(
	const struct acoustic_detector *d, int64_t from_us, int64_t to_us)
{
	double peak = NAN;
	uint64_t oldest = sound_memory_oldest_hop(&d->memory);

	if (!d->has_time || d->memory.n_hops == 0 || to_us > acoustic_detector_watermark(d) ||
		from_us < time_of_sample(d, oldest * d->memory.hop_n))
		return NAN;
	for (uint64_t h = d->memory.n_hops; h-- > oldest;) {
		int64_t t = time_of_sample(d, h * d->memory.hop_n);

		if (t < from_us)
			break;
		if (t <= to_us && !sound_memory_hop(&d->memory, h)->is_missing &&
			!(level_at(d, h) <= peak))
			peak = level_at(d, h);
	}
	return peak;
}

int64_t acoustic_detector_watermark(const struct acoustic_detector *d)
{
	return d->has_time ? time_of_sample(d, d->memory.n_hops * d->memory.hop_n) : INT64_MIN;
}
