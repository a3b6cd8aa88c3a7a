// SPDX-License-Identifier: MIT
#include "daemon/core/posture/bustle.h"

#include <math.h>
#include <stdio.h>

#include "coxad/base/units.h"

#define TAU_ROWS (2.0 * US_PER_S / TIMELINE_STEP_US)
/* Estimates: raised legs shake by 0.01 to 0.10 g, heels that drop included, trembling
 * ones by 0.2; running ones by more. */
#define LEG_SHAKE_G 0.25
/* A leg raised in 0.6 s stays below; running reaches 400 and more. */
#define LEG_FASTEST_DEG_S 300.0
#define TRUNK_SHAKE_G     0.07
#define TRUNK_TURN_DEG_S  32.0
/* Of a trunk that sits up, stands up, sits down or turns over: from where it was of late. */
#define TRUNK_OFF_COS 0.87
#define UP_ROWS       (5.0 * US_PER_S / TIMELINE_STEP_US)
/* One that turns no faster for so long has settled where it is now (estimates). */
#define SETTLED_DEG_S 10.0
#define SETTLED_ROWS  (1.0 * US_PER_S / TIMELINE_STEP_US)

void bustle_row(struct bustle *b, const struct timeline_cell *cell)
{
	double rate_deg_s;

	b->quiet_rows++;
	if (!cell->has)
		return;
	rate_deg_s = DEG_PER_RAD * vec3_norm(cell->gyr);
	b->turn_deg_s += (rate_deg_s - b->turn_deg_s) / TAU_ROWS;
	b->fastest_deg_s = fmax(b->fastest_deg_s * (1 - 1 / TAU_ROWS), rate_deg_s);
	b->still_rows = rate_deg_s < SETTLED_DEG_S ? b->still_rows + 1 : 0;
	b->up = b->has_up && b->still_rows < SETTLED_ROWS
			? vec3_add(b->up, vec3_scale(vec3_sub(cell->up, b->up), 1 / UP_ROWS))
			: cell->up;
	b->has_up = true;
	b->is_turned = vec3_dot(b->up, cell->up) < TRUNK_OFF_COS * vec3_norm(b->up);
	/* A row without a sample has no knock. */
	if (cell->knock_g <= 0)
		return;
	b->shake_g += fmin(b->quiet_rows / TAU_ROWS, 1) * (cell->knock_g - b->shake_g);
	b->quiet_rows = 0;
}

bool bustle_of_leg(const struct bustle *b)
{
	return b->shake_g > LEG_SHAKE_G || b->fastest_deg_s > LEG_FASTEST_DEG_S;
}

bool bustle_of_trunk(const struct bustle *b)
{
	return b->shake_g > TRUNK_SHAKE_G || b->turn_deg_s > TRUNK_TURN_DEG_S || b->is_turned;
}

void bustle_describe(const struct bustle *leg, const struct bustle *trunk, char *ret, size_t size)
{
	snprintf(ret, size,
		"the leg shakes by %.2f g (limit %.2f), turned at %.0f deg/s (%.0f); the trunk "
		"shakes by %.2f g (%.2f), turns at %.0f deg/s (%.0f)%s",
		leg->shake_g, LEG_SHAKE_G, leg->fastest_deg_s, LEG_FASTEST_DEG_S, trunk->shake_g,
		TRUNK_SHAKE_G, trunk->turn_deg_s, TRUNK_TURN_DEG_S,
		trunk->is_turned ? ", has turned over" : "");
}
