// SPDX-License-Identifier: MIT
#pragma once
/* What one commit writes to outbox.db and deletes from it, with copies of all it needs, so that it can
 * be handed to another thread. Plain value, empty when zero.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/outbox/outbox.h"
#include "coxad/store/ahead-rows.h"

/* Tells a wall clock that was set from one that is slewed. */
#define OUTBOX_BATCH_STEP_US INT64_C(1000000)

/* How the instants of this run become dates. When it changes, the next commit gives new dates to all
 * rows of this boot. */
struct outbox_dating {
	int64_t wall_offset_us; /* host time + this is UTC */
	int64_t boot;           /* in which host time counts */
	bool is_synchronised;   /* UTC is right */
};

struct outbox_put {
	struct outbox_item item; /* strings are owned */
	int64_t created_us;
};

struct outbox_puts {
	struct outbox_put *put;
	size_t n, capacity;
};

struct outbox_batch {
	struct outbox_puts rows;   /* events and states */
	struct outbox_puts forget; /* to be deleted; only kind, seq and topic count */
	uint64_t noted_seq;        /* is used, although no event with it may be stored; 0: none */
	struct outbox_dating dating;
	struct ahead_rows ahead;
	uint64_t behind[AHEAD_ROWS_BOOKS]; /* the rows of a book up to here are in its file */
};

/* Copies item and its strings. */
void outbox_batch_add(struct outbox_puts *puts, const struct outbox_item *item, int64_t created_us);
/* Deletions of a commit that failed come before those that were added since. */
void outbox_batch_return(struct outbox_batch *batch, struct outbox_batch *failed);
void outbox_batch_clear(struct outbox_batch *batch);
/* The same dates come out. */
bool outbox_batch_is_same_dating(const struct outbox_dating *one, const struct outbox_dating *two);
