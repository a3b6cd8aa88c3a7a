// SPDX-License-Identifier: MIT
#pragma once
/* What later pops are compared with: one note per real pop. Arrays are of one athlete, oldest
 * first; the last note is the pop in question.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/core/terms.h"

#define POP_NOTES_MAX 64

struct pop_note {
	int64_t t_us;
	enum placement site;
	enum phase phase;
	unsigned rep; /* 0: before the first */
	double elevation_deg, hip_deg;
	double level_db; /* at the site */
	bool is_exercising;
	enum side side; /* of the site, else the moving leg's */
};

/* Inserts by time. A full array drops its oldest note, or ignores a still older one. */
void pop_note_insert(
	struct pop_note *notes, unsigned *n, unsigned max, const struct pop_note *note);
