// SPDX-License-Identifier: MIT
#pragma once
/* How a symptom relates to a pop: a leaf. */
#include "daemon/core/judge/judge-private.h"

/* Open at t: not cleared by then. */
bool symptom_is_open_at(const struct symptom *symptom, int64_t t_us);
/* Time from the pop to the symptom; moved into the symptom's window if it is within the clocks'
 * uncertainty of it. */
int64_t symptom_after_pop_us(
	const struct judge *judge, const struct symptom *symptom, const struct pop *pop);
/* The symptom as the red-flag rules see it. */
struct red_symptom symptom_red(const struct symptom *symptom);
/* Marks all of the athlete's open symptoms as cleared by a person. */
void symptom_clear(struct athlete *athlete, int64_t now_us);
