// SPDX-License-Identifier: MIT
#pragma once
/* How people raise a leg, drawn at random: small or large, uneven, held and sinking, halted on the
 * way down, never quite back where it began. Plain figures, which the gym and the tests of the
 * posture each lay on a body of their own.
 */
#include <stdbool.h>

#include "gym/random.h"

#define PERSON_SET_REPS 6

/* What is meant. */
struct person_wish {
	double range_deg, rest_deg; /* rest: where the leg comes back to */
	double deg_s[2];            /* slowest and fastest */
	bool is_plain;              /* without a hold or a halt */
};

/* What comes of it, one after the other. */
struct person_raise {
	double up_s, top_deg;
	double hold_s, held_deg;            /* 0 s: not held; where it has sunk to */
	double to_halt_s, halt_deg, halt_s; /* 0 s: without a halt */
	double down_s, rest_deg;
	double pause_s;
};

struct person_tremor {
	double hz, deg;
	double held_deg; /* while the leg is off the floor at rest */
};

/* A set of PERSON_SET_REPS. */
struct person_set {
	double usual_deg, home_deg, drift_deg;
};

bool person_happens(struct random *random, double share);
struct person_tremor person_tremor(struct random *random);
struct person_raise person_raise(
	struct random *random, const struct person_wish *wish, double from_deg);
/* The first of a training goes up to 90 degrees, those after it to 60. */
struct person_set person_set(struct random *random, bool is_first, double home_deg);
/* The next raise of the set: not quite back to where it began, and lower or higher as it tires. */
struct person_wish person_set_next(struct random *random, struct person_set *set);
