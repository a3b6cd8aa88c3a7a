// SPDX-License-Identifier: MIT
#pragma once
/* Keeps the outbox on disk: events before they are sent, those of one turn in one commit; states and
 * deletions a moment later, together. If the disk cannot be written (full, gone, read-only), the
 * outbox continues in memory, a warning is logged, and it is tried again; if the file is damaged, a
 * new one is written from memory. Owns the store.
 */
#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "coxad/outbox/outbox.h"

struct outbox_persister;

struct outbox_persister_counters {
	uint64_t commits, replaced, not_on_disk;
	uint64_t damaged; /* rows that failed their checksum: kept, not sent */
	int64_t commit_us_max;
	bool is_in_memory; /* the disk cannot be written, or there is no directory */
};

/* Fills the outbox with what an earlier run left. directory NULL: memory only. -EBUSY: another
 * coxad uses the directory; other errors of the disk are not a failure. */
int outbox_persister_new(sd_event *loop, const char *directory, uint64_t max_bytes,
	struct outbox *outbox, struct outbox_persister **ret);
/* Writes what is not on disk yet. */
struct outbox_persister *outbox_persister_free(struct outbox_persister *persister);
uint64_t outbox_persister_last_seq(const struct outbox_persister *persister);
/* An entry was added to the outbox: an event is written by the next settle. */
void outbox_persister_added(struct outbox_persister *persister, struct outbox_entry *entry);
bool outbox_persister_has_fresh(const struct outbox_persister *persister);
/* When this returns, all added events are on disk, or the error is logged. One commit. */
void outbox_persister_settle(struct outbox_persister *persister);
/* From outbox_ops.gone. */
void outbox_persister_gone(struct outbox_persister *persister, const struct outbox_entry *entry,
	enum outbox_gone reason);
/* Refused by the broker for good: goes to the dead letters. Call before outbox_refused. */
void outbox_persister_bury(
	struct outbox_persister *persister, const struct outbox_entry *entry, int reason);
/* Every few seconds: tries again what failed. */
void outbox_persister_tick(struct outbox_persister *persister);
void outbox_persister_flush(struct outbox_persister *persister);
/* Every event in the outbox is on disk. */
bool outbox_persister_is_safe(const struct outbox_persister *persister);
void outbox_persister_get_counters(
	const struct outbox_persister *persister, struct outbox_persister_counters *ret);
