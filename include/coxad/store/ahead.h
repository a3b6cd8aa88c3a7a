// SPDX-License-Identifier: MIT
#pragma once
/* An event waits for one sync: what must be on disk before it is sent, its entry in the logbook and what
 * coxad remembers of it, goes into outbox.db in the commit of the event itself, ahead of logbook.db
 * and history.db. These are written a moment later, many changes together;
 * only then are the rows ahead deleted. What a killed coxad left there is entered by the next one.
 * Borrows history and logbook.
 */
#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "coxad/store/history-persister.h"
#include "coxad/store/logbook-persister.h"
#include "coxad/store/ahead-rows.h"

struct ahead;

/* How long logbook.db and history.db wait, and for how much at most. */
#define AHEAD_US    (2 * INT64_C(1000000))
#define AHEAD_BYTES (256 << 10)

struct ahead_options {
	sd_event *loop;
	struct store_thread
		*thread; /* that of history and logbook, borrowed for life; NULL: none */
	struct history_persister *history;
	struct logbook_persister *logbook;
	/* All that there is so far is about to be written, with what this puts into the history;
	 * then that it is on disk, if it is. Puts nothing if nothing is new. Both may be NULL. */
	void (*begins)(void *user);
	void (*stored)(void *user);
	void *user;
};

/* What the outbox does. */
struct ahead_ops {
	/* Has the rows collected in a commit, now or when that under way has ended. False: the disk
	 * cannot be written. is_more: there are any. */
	bool (*keep)(void *user, bool is_more);
	/* The rows of this book up to the number are on disk in its own file: to be deleted. */
	void (*behind)(void *user, enum ahead_rows_book book, uint64_t number);
};

/* -errno: no descriptor left. */
int ahead_new(const struct ahead_options *options, struct ahead **ret);
struct ahead *ahead_free(struct ahead *ahead);
/* From here on there is an outbox; ops NULL: no longer. */
void ahead_attach(struct ahead *ahead, const struct ahead_ops *ops, void *user);
/* What is not on disk will be, by way of the outbox. False: history and logbook have to see to it. */
bool ahead_keep(struct ahead *ahead);
/* Appends what no commit has yet, with its numbers. has_all: the commit has all events too. */
void ahead_collect(struct ahead *ahead, bool has_all, struct ahead_rows *ret);
/* The commit of what was collected last is on disk. */
void ahead_stored(struct ahead *ahead);
/* What was collected is not on disk in outbox.db, or no longer. */
void ahead_lost(struct ahead *ahead);
/* outbox.db cannot be read at the start: what an earlier run left there is found later. */
void ahead_unread(struct ahead *ahead);
/* A row that an earlier run left in outbox.db. */
void ahead_found(struct ahead *ahead, const struct ahead_row *row);
/* Without an outbox: what an earlier run that had one left in its file. */
void ahead_read(struct ahead *ahead, const char *directory);
/* Has logbook.db and history.db written now: what is posted to the store thread after this comes after them. */
void ahead_write(struct ahead *ahead);
/* The same, and waits for it. */
void ahead_flush(struct ahead *ahead, int64_t timeout_us);
