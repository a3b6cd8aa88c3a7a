// SPDX-License-Identifier: MIT
#pragma once
/* What coxad remembers over restarts: JSON text under a kind and a name, in memory, and a copy of it on
 * disk. What changed in one turn of the loop is written in one commit, by the store thread. A disk
 * that cannot be written (full, gone, read-only) is tried again, and gets everything that it missed;
 * a damaged file is written anew from memory. If the disk could not even be read at the start, what it
 * holds comes in late. Owns the history on disk.
 */
#include <stdbool.h>
#include <stddef.h>
#include <systemd/sd-event.h>

#include "coxad/store/ahead-rows.h"
#include "coxad/store/store-thread.h"
#include "coxad/wire/history-kind.h"

struct history_persister;
struct history_store;

typedef void (*history_persister_fn)(
	void *user, enum history_kind kind, const char *name, const char *text, size_t size);

/* All texts together; what is beyond is not remembered. */
#define HISTORY_PERSISTER_BYTES_MAX (32 << 20)

/* Borrowed for life, except directory. */
struct history_persister_options {
	/* Without both, each settle waits for the disk, and nothing is tried again by itself. */
	sd_event *loop;
	struct store_thread *thread;
	const char *directory; /* NULL: memory only */
	/* An entry that an earlier run stored came only now; what this run has put under that name
	 * is kept. May put. NULL: not told. */
	history_persister_fn late;
	/* history_persister_error or history_persister_was_damaged says something else now. NULL:
	 * not told. */
	void (*changed)(void *user);
	/* At the end of a turn: what was put is on disk soon by other means. NULL or false: it is not. */
	bool (*kept)(void *user);
	void *user;
};

/* Reads what an earlier run stored, if the disk lets it. Only the lack of descriptors is a failure. */
int history_persister_new(
	const struct history_persister_options *options, struct history_persister **ret);
/* Writes what is not on disk yet, for at most timeout_us. Before store_thread_free. */
struct history_persister *history_persister_free(
	struct history_persister *persister, int64_t timeout_us);
/* Replaces; size 0 deletes. Written by the next settle, or at the end of this turn of the loop. */
void history_persister_put(struct history_persister *persister, enum history_kind kind,
	const char *name, const char *text, size_t size);
/* As if it had never been put; what of it is on disk, or being written, is for erasure.h to delete. */
void history_persister_erase(
	struct history_persister *persister, enum history_kind kind, const char *name);
/* What was put last, borrowed until the next put; NULL: nothing. */
const char *history_persister_get(
	const struct history_persister *persister, enum history_kind kind, const char *name);
/* By kind and name. */
void history_persister_each(
	const struct history_persister *persister, history_persister_fn each, void *user);
/* What is posted to the store thread after this is on disk after what was put before. */
void history_persister_settle(struct history_persister *persister);
/* The same; false: not all that is not on disk is under way. */
bool history_persister_flush(struct history_persister *persister);
/* What an earlier run stored is known by now. */
bool history_persister_is_read(const struct history_persister *persister);
/* What was put is on disk or was collected, or the disk fails anyway. */
bool history_persister_is_safe(const struct history_persister *persister);
/* Commits that failed, in all. */
uint64_t history_persister_n_failed(const struct history_persister *persister);
/* Appends what is neither on disk nor being written and was not collected before, unless the disk
 * fails anyway. */
void history_persister_collect(struct history_persister *persister, struct ahead_rows *ret);
bool history_persister_has_uncollected(const struct history_persister *persister);
/* As if nothing had been collected. */
void history_persister_uncollect(struct history_persister *persister);
/* What an earlier run put last and history.db may lack. What this run has put stays. Calls `late`. */
void history_persister_found(struct history_persister *persister, enum history_kind kind,
	const char *name, const char *text, size_t size);
/* What failed is tried again: every two seconds, or whenever this is called. */
void history_persister_retry(struct history_persister *persister);
/* -errno of the disk, 0: none. */
int history_persister_error(const struct history_persister *persister);
/* A file of this run was damaged; what could be read was kept. */
bool history_persister_was_damaged(const struct history_persister *persister);
/* How many entries are not on disk as they are in memory. */
size_t history_persister_not_on_disk(const struct history_persister *persister);
/* For jobs of the store thread alone; borrowed. NULL: it could not be opened, or the last write failed. */
struct history_store *history_persister_store(const struct history_persister *persister);
