// SPDX-License-Identifier: MIT
#pragma once
/* The life of a pop: judged, published, revised, final (decision-model.md 7.7, rulings 12, 20 to
 * 22). What each call publishes is out when it returns.
 */
#include "coxad/core/judge/judge-command.h"
#include "daemon/core/judge/judge-private.h"

/* The pending sound is judged and published. */
void pop_life_conclude(
	struct judge *judge, struct athlete *athlete, struct pop *pop, int64_t now_us);
/* A restored one that a restart came before: said now. */
void pop_life_announce(
	struct judge *judge, struct athlete *athlete, struct pop *pop, int64_t now_us);
/* Reads the motion again, once all frames that bear on the pop are in. */
void pop_life_look_again(
	struct judge *judge, struct athlete *athlete, struct pop *pop, int64_t now_us);
/* Publishes the final revision, unless a symptom may still come late; learns a benign pop. */
void pop_life_finish(struct judge *judge, struct athlete *athlete, struct pop *pop, int64_t now_us);
/* Judges again by what is known now; publishes what changed of class, severity or symptoms. */
void pop_life_review(struct judge *judge, struct athlete *athlete, struct pop *pop, int64_t now_us);
/* An event of its own for a symptom. */
void pop_life_symptom_event(
	struct judge *judge, struct athlete *athlete, struct symptom *symptom, int64_t now_us);
/* A person's class stands until a new symptom comes. */
void pop_life_override(struct judge *judge, struct athlete *athlete, struct pop *pop,
	int64_t now_us, const struct judge_override *override);
