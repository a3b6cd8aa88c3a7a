// SPDX-License-Identifier: MIT
#pragma once
/* A driver's plans, step by step. Queues actions and says how a plan went; link.c draws the
 * conclusion.
 */
#include "daemon/flow/link-private.h"

enum link_outcome_kind {
	LINK_OUTCOME_NONE, /* a step is under way, or nothing follows */
	LINK_OUTCOME_STARTED,
	LINK_OUTCOME_STOPPED,
	LINK_OUTCOME_FAILED,    /* this connection is of no use; reason */
	LINK_OUTCOME_QUARANTINE /* nor is the next one; reason */
};

struct link_outcome {
	enum link_outcome_kind kind;
	const char *reason; /* static */
};

struct link_outcome link_steps_start(struct link *link, int64_t now_us, enum driver_plan plan);
/* The step under way was answered, or its time is up. */
struct link_outcome link_steps_done(struct link *link, int64_t now_us, enum link_error error);
void link_steps_cancel(struct link *link);
/* Subscribes again to what is closed (all: to everything). */
void link_steps_resubscribe(struct link *link, int64_t now_us, bool all);
/* True where every characteristic that the start plan requires exists. */
bool link_steps_are_possible(struct link *link);
