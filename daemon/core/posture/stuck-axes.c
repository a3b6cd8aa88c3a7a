// SPDX-License-Identifier: MIT
#include "daemon/core/posture/stuck-axes.h"

#include <math.h>
#include <string.h>

#include "coxad/base/units.h"

/* A gyroscope may say zero while nothing turns; only a turn does not go on so evenly. */
#define TURN_RPS (3 * RAD_PER_DEG)

void stuck_axes_init(struct stuck_axes *stuck)
{
	*stuck = (struct stuck_axes){0};
}

static bool turns(const float gyr_rps[3])
{
	return fabsf(gyr_rps[0]) > TURN_RPS || fabsf(gyr_rps[1]) > TURN_RPS ||
	       fabsf(gyr_rps[2]) > TURN_RPS;
}

/* One of the two chips is enough. */
static bool is_same(const struct motion_sample *a, const struct motion_sample *b)
{
	return memcmp(a->acc_mps2, b->acc_mps2, sizeof(a->acc_mps2)) == 0 ||
	       (memcmp(a->gyr_rps, b->gyr_rps, sizeof(a->gyr_rps)) == 0 && turns(a->gyr_rps));
}

/* The block before again, or its last sample throughout. */
static bool repeats(const struct stuck_axes *stuck, const struct motion_block *block)
{
	bool as_block = stuck->n > 0 && stuck->n == block->n, as_sample = stuck->n > 0;

	for (unsigned i = 0; i < block->n && (as_block || as_sample); i++) {
		const struct motion_sample *sample = &block->samples[i];

		as_block = as_block && is_same(sample, &stuck->last[i]);
		as_sample = as_sample && is_same(sample, &stuck->last[stuck->n - 1]);
	}
	return as_block || as_sample;
}

static bool push_motion(struct stuck_axes *stuck, const struct motion_block *block)
{
	bool same = repeats(stuck, block);

	stuck->n = block->n < MOTION_SAMPLES_MAX ? block->n : MOTION_SAMPLES_MAX;
	memcpy(stuck->last, block->samples, stuck->n * sizeof(stuck->last[0]));
	return same;
}

static bool push_orientation(struct stuck_axes *stuck, const struct orientation_block *block)
{
	bool same = stuck->has_quat;

	for (unsigned i = 0; i < block->n && same; i++)
		same = memcmp(block->quat_wxyz[i], stuck->last_quat, sizeof(stuck->last_quat)) == 0;
	memcpy(stuck->last_quat, block->quat_wxyz[block->n - 1], sizeof(stuck->last_quat));
	stuck->has_quat = true;
	return same;
}

bool stuck_axes_push(struct stuck_axes *stuck, const struct record *record, double interval_s)
{
	bool is_motion = record->kind == RECORD_MOTION;
	unsigned n = is_motion ? record->motion.n : record->orientation.n;
	bool same;

	if (n == 0)
		return stuck->same_s > STUCK_AXES_S;
	same = is_motion ? push_motion(stuck, &record->motion)
			 : push_orientation(stuck, &record->orientation);
	stuck->same_s = same ? stuck->same_s + n * interval_s : 0;
	return stuck->same_s > STUCK_AXES_S;
}
