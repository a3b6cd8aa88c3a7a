// SPDX-License-Identifier: MIT
#pragma once
/* A copy of all databases as they were at one instant, while coxad goes on writing: one job of the store
 * thread holds them, and each further job reads one piece, so that what is to be written meanwhile waits for no
 * more than that. Meanwhile the write-ahead logs grow, so whoever takes a snapshot does not keep it for
 * long. Owns nothing of the stores, which must outlive it and its last job.
 */
#include <stddef.h>
#include <stdint.h>

#include "coxad/store/history-persister.h"
#include "coxad/store/logbook-persister.h"
#include "coxad/store/outbox-persister.h"
#include "coxad/store/store-thread.h"

#define SNAPSHOT_FILES_MAX   3
#define SNAPSHOT_PIECE_BYTES (256 << 10)

struct snapshot;

struct snapshot_file {
	const char *name; /* as in the state directory */
	int64_t bytes;
};

/* On the loop. */
struct snapshot_ops {
	/* All are held; in this order they are read. r < 0: none is, and nothing follows. */
	void (*begun)(void *user, int r, const struct snapshot_file *files, size_t n);
	/* What was asked for, borrowed until the next call of the snapshot; n == 0: that was all. r < 0: it
	 * cannot go on. */
	void (*piece)(void *user, int r, const void *bytes, size_t n);
};

struct snapshot_options {
	struct store_thread *thread;
	const struct history_persister *history;
	const struct logbook_persister *logbook;
	const struct outbox_persister *outbox; /* NULL: there is none */
};

/* Takes what is on disk; what was settled before is. ops are borrowed for life. -EAGAIN: one of the stores
 * has no file, or fails. */
int snapshot_new(const struct snapshot_options *options, const struct snapshot_ops *ops, void *user,
	struct snapshot **ret);
/* Asks for the next piece; one at a time. */
void snapshot_next(struct snapshot *snapshot);
/* Calls nobody any more; the store thread lets the files go. */
struct snapshot *snapshot_free(struct snapshot *snapshot);
