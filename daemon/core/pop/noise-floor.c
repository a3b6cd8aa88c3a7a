// SPDX-License-Identifier: MIT
#include "daemon/core/pop/noise-floor.h"

#include <math.h>

#include "coxad/base/alloc.h"

void noise_floor_init(struct noise_floor *f, size_t capacity)
{
	*f = (struct noise_floor){.capacity = capacity, .ring = alloc_zero(capacity, 1)};
}

void noise_floor_done(struct noise_floor *f)
{
	free(f->ring);
	f->ring = NULL;
}

void noise_floor_clear(struct noise_floor *f)
{
	*f = (struct noise_floor){.capacity = f->capacity, .ring = f->ring};
}

uint8_t noise_floor_bin(double level_db)
{
	double bin = (level_db - NOISE_FLOOR_MIN_DB) / NOISE_FLOOR_STEP_DB;

	if (!(bin > 0))
		return 0;
	return bin >= NOISE_FLOOR_BINS - 1 ? NOISE_FLOOR_BINS - 1 : (uint8_t)bin;
}

static double level_of(unsigned bin)
{
	return NOISE_FLOOR_MIN_DB + (bin + 0.5) * NOISE_FLOOR_STEP_DB;
}

static void follow_median(struct noise_floor *f)
{
	while (2 * f->below >= f->n && f->centre > 0)
		f->below -= f->bin[--f->centre];
	while (2 * (f->below + f->bin[f->centre]) < f->n)
		f->below += f->bin[f->centre++];
}

void noise_floor_push(struct noise_floor *f, uint8_t bin)
{
	if (f->n == f->capacity) {
		f->bin[f->ring[f->at]]--;
		f->below -= f->ring[f->at] < f->centre;
	} else {
		f->n++;
	}
	f->ring[f->at] = bin;
	f->bin[bin]++;
	f->below += bin < f->centre;
	if (++f->at == f->capacity)
		f->at = 0;
	follow_median(f);
}

double noise_floor_median_db(const struct noise_floor *f)
{
	return f->n ? level_of(f->centre) : NAN;
}

double noise_floor_mad_db(const struct noise_floor *f)
{
	unsigned centre, spread;
	size_t within;

	if (f->n == 0)
		return NAN;
	centre = f->centre;
	within = f->bin[centre];
	for (spread = 0; 2 * within < f->n && spread < NOISE_FLOOR_BINS;) {
		spread++;
		if (centre >= spread)
			within += f->bin[centre - spread];
		if (centre + spread < NOISE_FLOOR_BINS)
			within += f->bin[centre + spread];
	}
	return spread * NOISE_FLOOR_STEP_DB;
}
