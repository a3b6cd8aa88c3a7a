// SPDX-License-Identifier: MIT
#pragma once
/* Keeps the outbox on disk: events before they are sent, those of one turn in one commit; states
 * and what has gone a moment later in one go.
 * Where the disk does not take it (full, gone, read-only) the outbox lives on in memory, this is
 * said, and tried again; where the file is damaged a new one is written from memory. Owns the
 * store.
 */
#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "coxad/outbox/outbox.h"

struct outbox_keeper;

struct outbox_keeper_counters {
	uint64_t commits, replaced, not_on_disk;
	int64_t commit_us_max;
};

/* Fills the outbox with what an earlier run left. directory NULL: memory only. -EBUSY: another
 * coxad has the directory; other troubles of the disk are no failure. */
int outbox_keeper_new(sd_event *loop, const char *directory, uint64_t max_bytes,
	struct outbox *outbox, struct outbox_keeper **ret);
/* Writes what waits. */
struct outbox_keeper *outbox_keeper_free(struct outbox_keeper *keeper);
uint64_t outbox_keeper_last_seq(const struct outbox_keeper *keeper);
/* Keeps an event in mind for the next settle. */
void outbox_keeper_added(struct outbox_keeper *keeper, struct outbox_entry *entry);
bool outbox_keeper_has_fresh(const struct outbox_keeper *keeper);
/* All events added are on disk when this returns, or the trouble is told. One commit. */
void outbox_keeper_settle(struct outbox_keeper *keeper);
/* From outbox_ops.gone. */
void outbox_keeper_gone(
	struct outbox_keeper *keeper, const struct outbox_entry *entry, enum outbox_gone why);
/* Refused by the broker for good: into the dead letters. Before outbox_refused. */
void outbox_keeper_bury(struct outbox_keeper *keeper, const struct outbox_entry *entry, int reason);
/* Each few seconds: tries again what failed. */
void outbox_keeper_tick(struct outbox_keeper *keeper);
void outbox_keeper_flush(struct outbox_keeper *keeper);
/* Everything that the outbox holds and the disk should have is there. */
bool outbox_keeper_is_safe(const struct outbox_keeper *keeper);
void outbox_keeper_get_counters(
	const struct outbox_keeper *keeper, struct outbox_keeper_counters *ret);
