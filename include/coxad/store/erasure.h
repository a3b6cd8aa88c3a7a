// SPDX-License-Identifier: MIT
#pragma once
/* Erases athletes from the databases of a running coxad, all or nothing: what is to be erased is written
 * down in the state directory first, so that the next run finishes what a killed one began. Three steps,
 * each a job of the store thread:
 *
 *   note     the file "erasing" has the name; from here on it is finished, whatever happens
 *   delete   the rows and the files that were put aside are gone
 *   clean    the name is in no byte of any file, "erasing" included: not before the broker has removed
 *            the topics that it retained, whose names have to be kept until then
 *
 * The stores are borrowed and must outlive it and its last job. Without a state directory, only what is in
 * memory is deleted.
 */
#include <stdbool.h>
#include <stddef.h>

#include "coxad/store/history-persister.h"
#include "coxad/store/logbook-persister.h"
#include "coxad/store/outbox-persister.h"
#include "coxad/store/store-thread.h"

/* Whose topics wait for the broker, at once. */
#define ERASURE_ATHLETES_MAX 64

struct erasure;

struct erasure_options {
	struct store_thread *thread;
	const char *directory; /* NULL: none */
	const struct history_persister *history;
	const struct logbook_persister *logbook;
	const struct outbox_persister
		*outbox; /* NULL: there is none, perhaps a file of an earlier run */
};

/* On the loop. r: -errno, or what the step says. */
typedef void (*erasure_fn)(void *user, int r);

/* Reads what an earlier run has left to do; waits for the disk. */
struct erasure *erasure_new(const struct erasure_options *options, erasure_fn done, void *user);
/* Calls nobody any more. */
struct erasure *erasure_free(struct erasure *erasure);
/* Who is noted and not deleted yet; NULL: nobody is. */
const char *erasure_athlete(const struct erasure *erasure);
/* Some files still have to be cleaned. */
bool erasure_is_dirty(const struct erasure *erasure);

/* Each step begins here and ends with `done`, one at a time. -EAGAIN: a store has no file now, or fails. */

/* The name is valid. -EBUSY: there are too many. If it fails, the athlete stays. */
int erasure_note(struct erasure *erasure, const char *athlete);
/* Who was noted stays after all. If it fails, it has to be called again: the next run would delete them. */
int erasure_revoke(struct erasure *erasure);
/* It failed. */
bool erasure_is_revoked(const struct erasure *erasure);
/* Tells how many rows there were. If it fails, it has to be called again. What memory has of the athlete is
 * dropped before: the persisters would write it anew. */
int erasure_delete(struct erasure *erasure);
/* is_busy: others must not wait for long. Ends with -EINPROGRESS: the broker may have topics yet, or -EBUSY: it
 * would take long; and has to be called again later. */
int erasure_clean(struct erasure *erasure, bool is_busy);
