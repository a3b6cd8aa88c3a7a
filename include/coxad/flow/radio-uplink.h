// SPDX-License-Identifier: MIT
#pragma once
/* A radio's way up: what it receives becomes batches, which are kept until the brain has them. Takes
 * what the brain says. What an earlier run could not get rid of goes first, under the numbers that it had, so that
 * the brain takes it once. Owns the buffers. Pure: messages leave through ops, time is a parameter.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/core/fleet/radio-buffer.h"
#include "coxad/core/record.h"
#include "coxad/wire/capture.h"

struct radio_uplink;

struct radio_uplink_ops {
	/* Whether a batch would leave now; if not, it stays. */
	bool (*can_send)(void *user);
	/* Both borrow during the call. */
	void (*batch)(void *user, const char *text, size_t size);
	void (*clock)(void *user, const char *text, size_t size);
	/* A batch with a symptom, without its streams: to be kept for radio_uplink_recall until it is
	 * done. Borrows during the call. NULL: nothing is kept. */
	void (*keep)(void *user, int64_t number, const char *text, size_t size);
	/* The brain has all of that boot up to here. NULL: not told. */
	void (*done)(void *user, int64_t boot, int64_t number);
};

struct radio_uplink_status {
	struct radio_buffer_status buffer;
	uint64_t too_long; /* events that fit no batch */
	uint64_t refused;  /* messages of the brain that cannot be */
};

/* The name is copied. boot: drawn anew at each start, never 0. */
struct radio_uplink *radio_uplink_new(const char *name, int64_t boot, size_t bytes_max,
	const struct radio_uplink_ops *ops, void *user);
struct radio_uplink *radio_uplink_free(struct radio_uplink *uplink);
/* What an earlier run kept, in the order in which it was, before anything is sent; it goes first, and by the
 * clock of that run: ahead_us is how far that is ahead of now's. *ret_boot: of that run. -EINVAL: nothing of
 * the kind. -ENOSPC: of too many runs. */
int radio_uplink_recall(struct radio_uplink *uplink, const char *text, size_t size,
	int64_t ahead_us, int64_t *ret_boot);
/* What the intake made of the event in work; before it is pushed. */
void radio_uplink_note_record(struct radio_uplink *uplink, enum record_kind kind);
/* A wearable's event; any other is passed over. */
void radio_uplink_push(struct radio_uplink *uplink, const struct capture_event *event);
void radio_uplink_flow(struct radio_uplink *uplink, const char *text, size_t size);
/* Answers a question. t2_us: when it came in. */
void radio_uplink_clock(
	struct radio_uplink *uplink, const char *text, size_t size, int64_t t2_us, int64_t now_us);
int64_t radio_uplink_deadline(const struct radio_uplink *uplink);
/* Sends what is due, and what waited for can_send. */
void radio_uplink_advance(struct radio_uplink *uplink, int64_t now_us);
void radio_uplink_status(const struct radio_uplink *uplink, struct radio_uplink_status *ret);
