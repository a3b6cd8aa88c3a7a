// SPDX-License-Identifier: MIT
#pragma once
/* A played script: bodies that move, and what happens when, all on one axis of gym time. Borrows
 * the script. Both the truth and the wearables are made from this, and from nothing else.
 */
#include <stddef.h>
#include <stdint.h>

#include "gym/body.h"
#include "gym/script.h"

struct timeline_rep {
	size_t athlete;
	const struct script_item *item;
	enum side side;                           /* LEFT, RIGHT, BOTH */
	double start_s, raised_s, lower_s, end_s; /* raise: begin, end; lowering: begin, end */
	double bottom_s;                          /* end of the pause after it */
	double base_deg, top_deg;
};

struct timeline_sound {
	double t_s;
	const struct script_item *item;
	size_t rep; /* SIZE_MAX: none */
};

struct timeline_symptom {
	double t_s;
	const struct script_item *item;
};

struct timeline_command {
	int64_t t_us;
	char *topic, *payload;
};

struct timeline_fault {
	double t_s;
	const struct script_item *item;
};

struct timeline_expect {
	size_t sound, symptom; /* index, the other SIZE_MAX; both SIZE_MAX: of the whole run */
	char *text;
	unsigned line;
};

struct timeline {
	const struct script *script;
	struct body **body;   /* one per athlete, then the room's */
	double *calibrated_s; /* NAN: never */
	struct timeline_rep *rep;
	size_t n_reps;
	struct timeline_sound *sound;
	size_t n_sounds;
	struct timeline_symptom *symptom;
	size_t n_symptoms;
	struct timeline_command *command; /* in order of time */
	size_t n_commands;
	struct timeline_fault *fault;
	size_t n_faults;
	struct timeline_expect *expect;
	size_t n_expects;
	double end_s;
};

/* NULL, and an error that names the line, if something cannot happen when the script says. */
struct timeline *timeline_new(
	const struct script *script, uint64_t seed, char *ret_error, size_t error_size);
struct timeline *timeline_free(struct timeline *timeline);
/* Elevation of the legs that a repetition moves: of one leg, or the mean of both. */
double timeline_rep_elevation(
	const struct timeline *timeline, const struct timeline_rep *rep, double t_s);
