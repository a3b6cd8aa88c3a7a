// SPDX-License-Identifier: MIT
#pragma once
/* The phase machine of one leg (decision-model.md 7.1): elevation and its speed in, phases out,
 * each dated at the onset of its condition (decision-model.md, ruling 11). Independent of sensors
 * and frames. Pure value, constant time per step.
 *
 *   elevation            TOP
 *                  ______3_____
 *                 /            \ 4
 *         RAISE  /              \  LOWER
 *               / 2              \       6 (turns early: RAISE again)
 *    READY ____/                  \_____ 5 BOTTOM
 *             1
 *   1  speed above move-speed: the onset
 *   2  RAISE, dated back to 1, once move-hold and onset-travel have confirmed it
 *   3  speed below still-speed or reversed, far enough above the bottom to count: TOP
 *   4  speed below -move-speed: LOWER, confirmed and dated as RAISE is
 *   5  back near the bottom, still or reversed: BOTTOM. Higher than a share of the range above the
 *      bottom it is a halt on the way
 *   6  rises again: the next repetition if most of the way down is done, else an early reversal
 *
 * Speeds and travels are for a movement of POSTURE_USUAL_DEG; smaller ones have them in proportion.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/core/analysis.h"
#include "coxad/core/terms.h"

/* 200 ms: two periods of the fastest physiological tremor that moves a leg, one of the slowest. */
#define POSTURE_MEAN_STEPS 20
/* The range for which decision-model.md 7.1 gives speeds and travels. */
#define POSTURE_USUAL_DEG 20.0

struct posture_input {
	int64_t t_us;
	double elevation_deg, speed_deg_s; /* NAN: unknown */
	bool is_supine;                    /* or, hanging, as calibrated; true if unknown */
	bool is_other;                     /* far from that */
	double ready_elevation_deg;        /* READY is below */
	double start_elevation_deg;        /* held below it a leg is at the start, not raised */
	bool is_learnt;                    /* no pose is known: it may start anywhere */
	bool is_arrival;                   /* nothing was known of it just before */
	double count_deg;                  /* a smaller range does not count */
	double usual_deg;                  /* of this set; POSTURE_USUAL_DEG while unknown */
};

enum posture_event {
	POSTURE_EVENT_NONE,
	POSTURE_EVENT_PHASE,   /* another phase since onset_us */
	POSTURE_EVENT_BEGIN,   /* a repetition began: RAISE since onset_us */
	POSTURE_EVENT_END,     /* it ended: BOTTOM since onset_us */
	POSTURE_EVENT_ANEW,    /* it does not count; another began at onset_us where it was held */
	POSTURE_EVENT_RESTART, /* it ended at bottom_us, the next began at onset_us */
	POSTURE_EVENT_CANCEL   /* it does not count */
};

struct posture {
	enum phase phase; /* OTHER, READY, RAISE, TOP, LOWER, BOTTOM */
	int64_t onset_us;
	int64_t bottom_us;                  /* RESTART: the end of the one before */
	int64_t rested_us;                  /* at the bottom since */
	double rested_deg;                  /* where it last rested between movements */
	bool is_early_reversal;             /* in the running repetition */
	int64_t begun_us, top_us, lower_us; /* of the running repetition */

	double bottom_deg, top_deg, low_deg;
	int64_t still_us, up_us, down_us, turn_us; /* since when; T_NEVER: not now */
	int64_t arrived_us;                        /* data came again; T_NEVER: long ago */
	int64_t other_us, down_turned_us;          /* since when the speed is below zero */
	int64_t up_lost_us, down_lost_us;          /* since when the speed has dropped */
	/* Mean speed over the last POSTURE_MEAN_STEPS: the movement without tremor. */
	unsigned mean_at;
	double mean_sum, mean_speed_deg_s;
	float mean[POSTURE_MEAN_STEPS];
	/* Elevation over as long twice: where it is at rest, tremor or not. */
	unsigned place_at, places;
	double place_sum[2];
	float place[2 * POSTURE_MEAN_STEPS];
	int64_t rest_us; /* since when; T_NEVER: not now */
};

void posture_init(struct posture *posture);
enum posture_event posture_step(
	struct posture *posture, const struct analysis_conf *conf, const struct posture_input *in);
/* The elevation is measured from elsewhere: all of it changes by so much. */
void posture_rebase(struct posture *posture, double by_deg);
/* Held at the top for long: perhaps not raised, but laid elsewhere. */
bool posture_is_held(const struct posture *posture, int64_t now_us);
static inline bool posture_is_moving(enum phase phase)
{
	return phase == PHASE_RAISE || phase == PHASE_TOP || phase == PHASE_LOWER;
}
