// SPDX-License-Identifier: MIT
#pragma once
/* What a reported symptom means for a pop: a leaf. */
#include "daemon/core/judge/judge-private.h"

/* Counts for pops at t: not cleared by then. */
bool symptom_is_open_at(const struct symptom *symptom, int64_t t_us);
/* From the pop to the symptom; at the edge of the window where the clocks leave open that it was
 * within. */
int64_t symptom_after_pop_us(
	const struct judge *judge, const struct symptom *symptom, const struct pop *pop);
/* What the rules of red flags look at. */
struct red_symptom symptom_red(const struct symptom *symptom);
/* Marks all of the athlete's open symptoms as cleared by a person. */
void symptom_clear(struct athlete *athlete, int64_t now_us);
