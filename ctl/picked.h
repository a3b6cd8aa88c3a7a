// SPDX-License-Identifier: MIT
#pragma once
/* The sensor that somebody wants: shaken, much nearer than the others, or named by its address; then shown
 * by its light or motor, paired if it must be, and watched until its data have proved good.
 */
#include <jansson.h>

#include "ctl/trying.h"

struct picked {
	json_t *sensor; /* as Try() tells, and what was heard; owned */
};

/* what: whose turn it is, for people ("the left thigh"). address NULL: by shaking. An exit status. */
int picked_find(struct picked *ret, struct trying *trying, const char *what, const char *address);
/* It has to be heard before it can be tried. An exit status. */
int picked_hear(struct trying *trying, const char *address);
/* One that is held (trying_held) shines or buzzes for three seconds, if it can. An exit status. */
int picked_show(struct trying *trying, const json_t *sensor);
