// SPDX-License-Identifier: MIT
#pragma once
/* What coxad remembers over restarts, in SQLite: text (JSON) under a kind and a name; calibrations
 * by kit, baselines by athlete, and what else the pipeline asks for. Also the two rights of an
 * athlete: to see what is held, to have it erased; both also in the outbox. One thread; puts of one
 * turn of the loop go to the disk in one commit, which waits for it.
 */
#include <stddef.h>

#include "coxad/wire/history-kind.h"

struct history_store;

/* directory is made where it is missing. -EBUSY: another coxad has it. Other -errno: not usable.
 * 1: it was damaged and has been put aside as history.db.bad; this one is empty. */
int history_store_open(const char *directory, struct history_store **ret);
struct history_store *history_store_free(struct history_store *store);
/* Replaces; size 0 forgets. Kept from the next commit on. -errno: not kept. */
int history_store_put(struct history_store *store, enum history_kind kind, const char *name,
	const char *text, size_t size);
/* What was put is on disk when this returns; nothing to do is 0. -errno: what was put since the
 * last commit is not kept. */
int history_store_commit(struct history_store *store);
/* What was put last under it: 1 and *ret returned-owned, 0 where there is nothing, or -errno. */
int history_store_get(
	struct history_store *store, enum history_kind kind, const char *name, char **ret);
/* All, by kind and name; strings are borrowed during the call. 0 or -errno. */
int history_store_each(struct history_store *store,
	void (*each)(void *user, enum history_kind kind, const char *name, const char *text,
		size_t size),
	void *user);

/* coxad --export-athlete: all that the state directory holds of the athlete (under the name, with
 * the name as its "athlete", or waiting in the outbox below athlete/<name>/), as one JSON object.
 * *ret is returned-owned. Returns how many entries. -EBUSY while coxad runs. */
int history_store_export(const char *directory, const char *athlete, char **ret);
/* coxad --erase-athlete: the same entries go, from the free pages of the files too; of what the
 * broker keeps, the topic stays for the next run, which removes it there. Returns how many. -EBUSY
 * while coxad runs. */
int history_store_erase(const char *directory, const char *athlete);
