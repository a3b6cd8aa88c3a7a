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

struct outbox_persister;

struct outbox_persister_counters {
	uint64_t commits, replaced, not_on_disk;
	int64_t commit_us_max;
};

/* Fills the outbox with what an earlier run left. directory NULL: memory only. -EBUSY: another
 * coxad has the directory; other troubles of the disk are no failure. */
int outbox_persister_new(sd_event *loop, const char *directory, uint64_t max_bytes,
	struct outbox *outbox, struct outbox_persister **ret);
/* Writes what waits. */
struct outbox_persister *outbox_persister_free(struct outbox_persister *keeper);
uint64_t outbox_persister_last_seq(const struct outbox_persister *keeper);
/* Keeps an event in mind for the next settle. */
void outbox_persister_added(struct outbox_persister *keeper, struct outbox_entry *entry);
bool outbox_persister_has_fresh(const struct outbox_persister *keeper);
/* All events added are on disk when this returns, or the trouble is told. One commit. */
void outbox_persister_settle(struct outbox_persister *keeper);
/* From outbox_ops.gone. */
void outbox_persister_gone(
	struct outbox_persister *keeper, const struct outbox_entry *entry, enum outbox_gone why);
/* Refused by the broker for good: into the dead letters. Before outbox_refused. */
void outbox_persister_bury(
	struct outbox_persister *keeper, const struct outbox_entry *entry, int reason);
/* Each few seconds: tries again what failed. */
void outbox_persister_tick(struct outbox_persister *keeper);
void outbox_persister_flush(struct outbox_persister *keeper);
/* Everything that the outbox holds and the disk should have is there. */
bool outbox_persister_is_safe(const struct outbox_persister *keeper);
void outbox_persister_get_counters(
	const struct outbox_persister *keeper, struct outbox_persister_counters *ret);
