// SPDX-License-Identifier: MIT
#pragma once
/* Which of the sensors nearby is the one that somebody means. Pure. */
#include <jansson.h>
#include <stdbool.h>

/* Turned so far within two seconds. */
bool chosen_is_shaken(double turned_deg);
/* held: those that are connected, as Try() tells. The one that turns alone; NULL: none does. Borrowed. */
const json_t *chosen_by_shaking(const json_t *held);
/* candidates: as nearby_look has them. Of those that give motion the one that is much closer than all others;
 * NULL: none is. Borrowed. */
const json_t *chosen_by_distance(const json_t *candidates);
