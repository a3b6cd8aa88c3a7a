// SPDX-License-Identifier: MIT
#include "daemon/core/pop/transient.h"

#include <math.h>

#define BEFORE_MS 200.0
#define AFTER_MS  100.0
/* Its own rise and decay are not its surroundings. */
#define GAP_BEFORE_MS 20.0
#define GAP_AFTER_MS  25.0
#define NEAR_MS       10.0 /* nothing within this is louder */
/* The louder side counts for less, because a second click may be in it. */
#define OUT_LEAST_SHARE 0.7
#define WIDTH_DB        10.0
#define BUSY_DB         15.0
/* The level where a click begins, above its surroundings. */
#define BEGIN_DB     6.0
#define BEGIN_GAP_MS 3.0

void transient_init(struct transient_finder *f, const struct analysis_conf *a,
	const struct sound_memory *memory)
{
	*f = (struct transient_finder){
		.out_db = a->detector_transient_db,
		.width_most_ms = a->detector_transient_ms,
		.floor_min_db = a->detector_floor_min_dbfs,
		.near = sound_memory_hops_of(memory, NEAR_MS),
		.gap_before = sound_memory_hops_of(memory, GAP_BEFORE_MS),
		.gap_after = sound_memory_hops_of(memory, GAP_AFTER_MS),
		.after = sound_memory_hops_of(memory, GAP_AFTER_MS + AFTER_MS),
	};
	noise_floor_init(&f->before_floor, (size_t)sound_memory_hops_of(memory, BEFORE_MS));
	noise_floor_init(&f->after_floor, (size_t)sound_memory_hops_of(memory, AFTER_MS));
}

void transient_done(struct transient_finder *f)
{
	noise_floor_done(&f->after_floor);
	noise_floor_done(&f->before_floor);
}

void transient_restart(struct transient_finder *f)
{
	noise_floor_clear(&f->before_floor);
	noise_floor_clear(&f->after_floor);
}

/* Spares most hops the rest. */
static bool is_peak(const struct sound_memory *m, uint64_t hop)
{
	double level = sound_memory_level_db(m, hop);

	return level >= sound_memory_level_db(m, hop + 1) &&
	       level > sound_memory_level_db(m, hop - 1);
}

/* The first of equals. */
static bool is_loudest(const struct transient_finder *f, const struct sound_memory *m, uint64_t hop)
{
	double level = sound_memory_level_db(m, hop);

	for (uint64_t h = hop - f->near; h <= hop + f->near; h++) {
		double other = sound_memory_level_db(m, h);

		if (h < hop ? other >= level : other > level)
			return false;
	}
	return true;
}

static unsigned count_above(
	const struct sound_memory *m, uint64_t from, uint64_t to, double least_db)
{
	unsigned n = 0;

	for (uint64_t h = from; h < to; h++)
		n += sound_memory_level_db(m, h) > least_db;
	return n;
}

/* Where the power of a single hop leaves the surroundings, at most NEAR_MS before the peak. */
static uint64_t onset_of(
	const struct transient_finder *f, const struct sound_memory *m, const struct transient *t)
{
	double least = pow(10, (t->around_db + BEGIN_DB) / 10);
	uint64_t hop = t->peak_hop;

	while (hop + f->near > t->peak_hop &&
		((double)sound_memory_hop(m, hop - 1)->power >= least ||
			(double)sound_memory_hop(m, hop - 2)->power >= least))
		hop--;
	return hop;
}

static void measure(
	const struct transient_finder *f, const struct sound_memory *m, struct transient *t)
{
	uint64_t gap = sound_memory_hops_of(m, BEGIN_GAP_MS);
	uint64_t before = f->before_floor.capacity, after = f->after - f->gap_after;
	uint64_t over = t->peak_hop + f->gap_after;
	double busy_db = t->peak_db - BUSY_DB;

	t->onset_hop = onset_of(f, m, t);
	t->before_db = fmin(noise_floor_median_db(&f->before_floor),
		sound_memory_mean_db(m, t->peak_hop - 4 * f->gap_before, t->onset_hop - gap));
	t->busy_share = fmax(
		(double)count_above(m, t->onset_hop - gap - before, t->onset_hop - gap, busy_db) /
			(double)before,
		(double)count_above(m, over, over + after, busy_db) / (double)after);
}

bool transient_find(struct transient_finder *f, const struct sound_memory *m, struct transient *ret)
{
	uint64_t now = m->n_hops - 1, hop;
	double before, after;

	noise_floor_push(&f->after_floor, sound_memory_hop(m, now)->bin);
	if (now < f->after + f->gap_before)
		return false;
	hop = now - f->after;
	noise_floor_push(&f->before_floor, sound_memory_hop(m, hop - f->gap_before)->bin);
	if (f->before_floor.n < f->before_floor.capacity || !is_peak(m, hop))
		return false;
	before = fmax(noise_floor_median_db(&f->before_floor), f->floor_min_db);
	after = fmax(noise_floor_median_db(&f->after_floor), f->floor_min_db);
	*ret = (struct transient){.peak_hop = hop,
		.peak_db = sound_memory_level_db(m, hop),
		.around_db = fmax(before, after)};
	if (ret->peak_db < (before + after) / 2 + f->out_db ||
		ret->peak_db < ret->around_db + OUT_LEAST_SHARE * f->out_db ||
		!is_loudest(f, m, hop) ||
		sound_memory_ms_of(m, count_above(m, hop - f->gap_before, hop + f->gap_after,
					      ret->peak_db - WIDTH_DB)) > f->width_most_ms)
		return false;
	measure(f, m, ret);
	return true;
}
