// SPDX-License-Identifier: MIT
#pragma once
/* What people do with sensors on, at random from a seed: raises that are small, uneven, held,
 * trembling and never quite back where they began, on the back, the side and the front; and all the
 * rest: strapping on, turning over, sitting, standing, a few steps. Not calibrated. With the truth.
 */
#include "gym/person.h"
#include "tests/core/posture/watch.h"

#define PEOPLE_REPS 40

enum people_kit { PEOPLE_LEG, PEOPLE_PELVIS_AND_LEG, PEOPLE_PELVIS_AND_LEGS, PEOPLE_KITS };

struct people_rep {
	double from_s, to_s, range_deg;
	unsigned kinds; /* REP_KIND_BIT mask */
};

struct people {
	struct random random;
	enum people_kit kit;
	struct body body;
	struct body_track handled_deg[2]; /* of the sensor in the hands */
	struct body_play play;
	double rate_hz, t_s;
	double up_s; /* sits, stands and walks from here on */
	unsigned n;
	struct people_rep rep[PEOPLE_REPS];
};

void people_open(struct people *people, enum people_kit kit, uint64_t seed);
uint32_t people_placements(enum people_kit kit);
double people_between(struct people *people, double low, double high);
/* Three sets of six; between them the body turns over, or only the leg where its sensor is alone: what
 * it sees of turning over is a raise. */
void people_lay_sets(struct people *people);
/* Six as usual, then as many again some of which are clearly lower or faster. */
void people_lay_kinds(struct people *people);
/* Shifted by some degrees, up, back and half up again, long before each of two raises. */
void people_lay_shifts(struct people *people);
/* Turned over three times, and two raises 3 s after each. */
void people_lay_turns(struct people *people);
/* Six held high for long; who holds a leg up trembles. */
void people_lay_holds(struct people *people);
/* One to five strides at a time, with rests. */
void people_lay_walks(struct people *people);
/* Two minutes of getting ready and going about. */
void people_lay_about(struct people *people);
/* Walks up, raises a leg standing, lies down, turns over and back, raises a leg, and leaves. */
void people_lay_visit(struct people *people);
