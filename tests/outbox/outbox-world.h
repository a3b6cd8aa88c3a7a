// SPDX-License-Identifier: MIT
#pragma once
/* An outbox and what became of each event that it was given. */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/outbox/outbox.h"

#define OUTBOX_WORLD_EVENTS 400

/* What happened to each seq. */
struct outbox_world_fate {
	bool was_added, was_sent, is_gone;
	enum outbox_gone reason;
	unsigned class;
};

struct outbox_world {
	struct outbox *outbox;
	struct outbox_world_fate fate[OUTBOX_WORLD_EVENTS + 1];
	uint64_t n;                            /* last seq */
	uint64_t under_way[OUTBOX_WINDOW_MAX]; /* tokens, as the broker has them */
	unsigned n_under_way;
	uint64_t gone_events[OUTBOX_GONE_COUNT];
	unsigned states_gone[OUTBOX_GONE_COUNT];
};

/* Limits that no test reaches. */
extern const struct outbox_limits outbox_world_wide;

void outbox_world_begin(struct outbox_world *w, const struct outbox_limits *limits);
struct outbox_item outbox_world_event_of(uint64_t seq, unsigned class);
struct outbox_item outbox_world_state_of(const char *topic, const char *value);
/* Adds the next event; NULL: not accepted. */
struct outbox_entry *outbox_world_push(struct outbox_world *w, unsigned class, int64_t now_us);
