// SPDX-License-Identifier: MIT
#pragma once
/* The life of a pop: judged, published, revised, final (decision-model.md 7.7, rulings 12, 20 to
 * 22). Each call publishes before it returns.
 */
#include "coxad/core/judge/judge-command.h"
#include "daemon/core/judge/judge-private.h"

/* Judges and publishes a pending sound. */
void pop_life_conclude(
	struct judge *judge, struct athlete *athlete, struct pop *pop, int64_t now_us);
/* Publishes a restored pop that the previous run had not published yet. */
void pop_life_announce(
	struct judge *judge, struct athlete *athlete, struct pop *pop, int64_t now_us);
/* Reads the motion again, once all frames around the pop have arrived. */
void pop_life_look_again(
	struct judge *judge, struct athlete *athlete, struct pop *pop, int64_t now_us);
/* Publishes the final revision unless a late symptom is still possible; learns from a benign pop.
 */
void pop_life_finish(struct judge *judge, struct athlete *athlete, struct pop *pop, int64_t now_us);
/* Judges again; publishes if class, severity or symptoms changed. */
void pop_life_review(struct judge *judge, struct athlete *athlete, struct pop *pop, int64_t now_us);
/* Publishes a symptom as an event of its own. */
void pop_life_symptom_event(
	struct judge *judge, struct athlete *athlete, struct symptom *symptom, int64_t now_us);
/* Applies a person's class, which holds until a new symptom is reported. */
void pop_life_override(struct judge *judge, struct athlete *athlete, struct pop *pop,
	int64_t now_us, const struct judge_override *override);
