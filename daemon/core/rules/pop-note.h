// SPDX-License-Identifier: MIT
#pragma once
/* What later pops are compared with: one real pop in a line. Arrays of them are oldest first, the
 * pop in question last, all of one athlete.
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
