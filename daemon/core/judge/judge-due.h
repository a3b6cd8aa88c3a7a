// SPDX-License-Identifier: MIT
#pragma once
/* The order in which things happen. What is due is carried out one by one, each as of its own
 * instant; what one event changes is published together at its end.
 */
#include "daemon/core/judge/judge-private.h"

/* Carries out everything due up to now. */
void judge_due_advance(struct judge *judge, int64_t now_us);
/* To call at the end of each event: closes sessions with nothing left to wait for, publishes
 * alerts, stores changed memories and computes the next deadline. */
void judge_due_settle(struct judge *judge, int64_t now_us);
/* Judges every pending sound now, with what is known of it. */
void judge_due_conclude_all(struct judge *judge, int64_t now_us);
/* The same of one kit. */
void judge_due_conclude_kit(struct judge *judge, int64_t now_us, unsigned kit);
