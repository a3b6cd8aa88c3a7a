// SPDX-License-Identifier: MIT
#pragma once
/* The order in which things happen: what is due is carried out one by one, each as of its own
 * instant, and what one event changed is published together at its end.
 */
#include "daemon/core/judge/judge-private.h"

/* Carries out all that is due up to now. */
void judge_due_advance(struct judge *judge, int64_t now_us);
/* The end of an event: closes sessions that have nothing left to wait for, publishes alerts, stores
 * memories that changed, and finds the next deadline. */
void judge_due_settle(struct judge *judge, int64_t now_us);
/* Judges every pending sound now, with what is known of it. */
void judge_due_conclude_all(struct judge *judge, int64_t now_us);
