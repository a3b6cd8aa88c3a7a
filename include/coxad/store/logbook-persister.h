// SPDX-License-Identifier: MIT
#pragma once
/* Keeps the logbook, by way of the store thread: what is entered in one turn of the loop is written in one
 * commit. What the disk does not take (full, gone, read-only) waits in memory, within bounds, and is
 * tried again; of a damaged file all that is whole is copied into a new one, a little at a time. Without
 * a directory the logbook is in memory alone. Owns the store.
 */
#include <stdbool.h>
#include <systemd/sd-event.h>

#include "coxad/store/ahead-rows.h"
#include "coxad/store/store-thread.h"
#include "coxad/wire/logbook.h"

struct logbook_persister;
struct logbook_store;

/* Not on disk yet; beyond, the oldest repetitions are dropped, and then the oldest of all. */
#define LOGBOOK_PERSISTER_WAITING_MAX 10000
#define LOGBOOK_PERSISTER_BYTES_MAX   (8 << 20)
/* Questions under way. */
#define LOGBOOK_PERSISTER_QUERIES_MAX 16

/* Borrowed for life, except directory. */
struct logbook_persister_options {
	/* Without both, everything is done at once, and nothing is tried again by itself. */
	sd_event *loop;
	struct store_thread *thread;
	const char *directory; /* NULL: memory only */
	/* logbook_persister_error or logbook_persister_was_damaged says something else now. NULL:
	 * not told. */
	void (*changed)(void *user);
	/* At the end of a turn: what was added is on disk soon by other means. NULL or false: it is not. */
	bool (*kept)(void *user);
	void *user;
};

/* r < 0: the disk does not give it now, -errno; the page is empty. Borrowed during the call. */
typedef void (*logbook_persister_fn)(void *user, int r, const struct logbook_page *page);

/* Does not wait for the disk, except without a thread. Only the lack of descriptors is a failure. */
int logbook_persister_new(
	const struct logbook_persister_options *options, struct logbook_persister **ret);
/* Writes what is not on disk yet, and answers what was asked, for at most timeout_us. Before
 * store_thread_free. */
struct logbook_persister *logbook_persister_free(
	struct logbook_persister *persister, int64_t timeout_us);
/* Copies; the number is given here. Written by the next settle, or at the end of this turn of the
 * loop. */
void logbook_persister_add(struct logbook_persister *persister, const struct logbook_entry *entry);
/* Drops the athlete's entries that wait and are not being written. How many. What is on disk or being
 * written is for erasure.h to delete. */
size_t logbook_persister_erase(struct logbook_persister *persister, const char *athlete);
/* Answers once, perhaps before it returns: with what was added before, on disk or not. -EBUSY: too many
 * questions are under way. */
int logbook_persister_query(struct logbook_persister *persister, const struct logbook_query *query,
	logbook_persister_fn answer, void *user);
void logbook_persister_settle(struct logbook_persister *persister);
/* The same; false: not all that is not on disk is under way. */
bool logbook_persister_flush(struct logbook_persister *persister);
/* Commits that failed, in all. */
uint64_t logbook_persister_n_failed(const struct logbook_persister *persister);
/* Appends what is not on disk and was not collected before, unless the disk fails anyway. */
void logbook_persister_collect(struct logbook_persister *persister, struct ahead_rows *ret);
bool logbook_persister_has_uncollected(const struct logbook_persister *persister);
/* As if nothing had been collected. */
void logbook_persister_uncollect(struct logbook_persister *persister);
/* Entries of an earlier run may be found late: their numbers are left free. */
void logbook_persister_skip(struct logbook_persister *persister);
/* Copies an entry that an earlier run numbered and logbook.db may lack. */
void logbook_persister_found(
	struct logbook_persister *persister, const struct logbook_entry *entry);
/* What failed is tried again: every two seconds, or whenever this is called. */
void logbook_persister_retry(struct logbook_persister *persister);
/* -errno of the disk, 0: none. */
int logbook_persister_error(const struct logbook_persister *persister);
bool logbook_persister_was_damaged(const struct logbook_persister *persister);
/* Entries that are in no file: neither logbook.db has them nor, ahead of it, outbox.db. Those given to a
 * commit of outbox.db that has not ended do not count. */
size_t logbook_persister_not_on_disk(const struct logbook_persister *persister);
/* Entries that are not in logbook.db. */
size_t logbook_persister_n_waiting(const struct logbook_persister *persister);
/* Entries that were dropped because too many waited. */
uint64_t logbook_persister_n_dropped(const struct logbook_persister *persister);
/* For jobs of the store thread alone; borrowed. NULL: it could not be opened, or the last write failed. */
struct logbook_store *logbook_persister_store(const struct logbook_persister *persister);
