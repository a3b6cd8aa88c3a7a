// SPDX-License-Identifier: MIT
#pragma once
/* How much a body part shakes and turns of late: what tells walking, sitting down and strapping on
 * from leg raises where no pose is known. Pure value.
 */
#include <stdbool.h>
#include <stddef.h>

#include "coxad/base/vec.h"
#include "coxad/core/time/timeline.h"

struct bustle {
	double shake_g;       /* mean high-passed acceleration */
	double turn_deg_s;    /* mean rate */
	double fastest_deg_s; /* recent maximum */
	unsigned quiet_rows;  /* since the last sample */
	unsigned still_rows;  /* it has not turned for so long */
	struct vec3 up;       /* slow mean, but of one that has settled */
	bool has_up, is_turned;
};

void bustle_row(struct bustle *bustle, const struct timeline_cell *cell);
/* More than the leg of someone who lies, hangs or stands on the other. */
bool bustle_of_leg(const struct bustle *bustle);
/* More than the trunk of someone who raises legs. */
bool bustle_of_trunk(const struct bustle *bustle);
/* By which numbers, for the trace. */
void bustle_describe(const struct bustle *leg, const struct bustle *trunk, char *ret, size_t size);
