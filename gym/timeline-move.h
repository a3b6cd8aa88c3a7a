// SPDX-License-Identifier: MIT
#pragma once
/* How a body does what a line of its timeline says. Each call adds the movement and moves the
 * athlete's clock to its end.
 */
#include "gym/timeline-private.h"

void timeline_move_pose(struct player *p, enum pose pose, double seconds);
void timeline_move_tilt(struct player *p, double tilt_deg, double seconds);
void timeline_move_walk(struct player *p, double seconds);
void timeline_move_calibrate(struct player *p, const struct script_item *item);
/* To where a repetition of the kit's exercise starts, if it is elsewhere. */
void timeline_move_start(struct player *p);
void timeline_move_set(struct player *p, const struct script_item *item);
void timeline_move_flutter(struct player *p, const struct script_item *item);
