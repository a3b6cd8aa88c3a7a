// SPDX-License-Identifier: MIT
#pragma once
/* A leg's sensor without a calibration: elevation and speed from its own motion, in whatever plane
 * the leg moves and however it is worn. The zero is where it last rested, the axis that of the
 * latest excursion; the elevation runs on without a step when either changes. Good enough to count
 * repetitions and to measure their range and tempo, not to publish angles. Pure value.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/base/vec.h"
#include "coxad/core/time/timeline.h"

struct leg_motion {
	bool has_zero, has_axis, has_last;
	bool is_lowered_next;   /* it is held up: the next excursion lays it down, or goes on up */
	struct vec3 assumed;    /* then: the axis of a raise, if it is worn as is assumed */
	struct vec3 held;       /* then: up as it was held */
	double laid;            /* then: it is laid down where 1 - cos off that exceeds this */
	bool is_other_plane;    /* the excursion under way is in another than the one before */
	struct vec3 zero;       /* up where it last rested */
	struct vec3 axis;       /* turns positive as the leg leaves the zero */
	double zero_deg;        /* elevation there */
	double peak;            /* 1 - cos of the excursion from the zero */
	struct vec3 raise_axis; /* of the last raise; its peak, 0: none */
	double raise_peak;
	double floor_deg; /* lowest elevation at which it rested between movements of late */
	struct vec3 last_up;
	/* Means of 200 ms. */
	struct vec3 sum, mean;
	unsigned summed, alike; /* rows in the sum; means in a row that agree */
};

/* What a repetition makes of it: none is under way, it is held up for long, or another. */
enum leg_freedom { LEG_FREE, LEG_HELD, LEG_BUSY };

void leg_motion_init(struct leg_motion *leg);
/* It may lie elsewhere when data comes again. */
void leg_motion_forget(struct leg_motion *leg);
/* The body turns over: the next excursion may be a raise in any sense. */
void leg_motion_turn_over(struct leg_motion *leg);
/* The leg is held up, by axes that are only assumed by so much: what comes next lays it down. */
void leg_motion_hold_up(struct leg_motion *leg, struct vec3 assumed, double deg);
/* It rests: is it laid down? */
void leg_motion_look_if_laid(struct leg_motion *leg);
/* False while nothing is known yet. */
bool leg_motion_row(struct leg_motion *leg, const struct timeline_cell *cell,
	enum leg_freedom freedom, double *ret_elevation_deg, double *ret_speed_deg_s);
