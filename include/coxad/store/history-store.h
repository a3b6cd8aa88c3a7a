// SPDX-License-Identifier: MIT
#pragma once
/* What coxad remembers over restarts, in SQLite: JSON text under a kind and a name. Also the two
 * rights of an athlete, to see what is stored and to have it erased; both include the outbox. One
 * thread. The puts of one turn of the loop are written in one commit, which waits for the disk.
 */
#include <stddef.h>

#include "coxad/wire/history-kind.h"

struct history_store;

/* Makes the directory if it is missing. -EBUSY: another coxad uses it. Other -errno: not usable.
 * 1: the file was damaged; it is kept as history.db.bad, the new one is empty. */
int history_store_open(const char *directory, struct history_store **ret);
struct history_store *history_store_free(struct history_store *store);
/* Replaces; size 0 deletes. On disk after the next commit. -errno: not stored. */
int history_store_put(struct history_store *store, enum history_kind kind, const char *name,
	const char *text, size_t size);
/* When this returns 0, what was put is on disk. -errno: what was put since the last commit is lost.
 */
int history_store_commit(struct history_store *store);
/* 1 and *ret, returns-owned; 0: nothing is stored there; or -errno. */
int history_store_get(
	struct history_store *store, enum history_kind kind, const char *name, char **ret);
/* All entries, by kind and name. Strings are borrowed during the call. 0 or -errno. */
int history_store_each(struct history_store *store,
	void (*each)(void *user, enum history_kind kind, const char *name, const char *text,
		size_t size),
	void *user);

/* coxad --export-athlete: all that the state directory holds about the athlete (stored under the
 * name, with the name as its "athlete", or waiting in the outbox below athlete/<name>/), as one JSON
 * object. *ret is returns-owned. Returns how many entries. -EBUSY while coxad runs. */
int history_store_export(const char *directory, const char *athlete, char **ret);
/* coxad --erase-athlete: deletes the same entries, also from the free pages of the files. The topics
 * that the broker retains stay listed, so that the next run removes them from the broker. Returns
 * how many entries. -EBUSY while coxad runs. */
int history_store_erase(const char *directory, const char *athlete);
