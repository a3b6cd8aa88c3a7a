// SPDX-License-Identifier: MIT
#pragma once
/* What the store thread does for the outbox: opens outbox.db and reads it, or commits a batch. */
#include "coxad/store/store-thread.h"
#include "daemon/store/outbox-batch.h"
#include "daemon/store/outbox-store.h"

struct outbox_persister;

/* Rows of one commit. */
#define OUTBOX_JOB_ROWS_MAX 1024

struct outbox_job {
	struct store_job base;
	struct outbox_persister *persister; /* NULL: it is gone */
	struct outbox_store *store; /* of the job while it runs; NULL: could not be opened */
	int r;
	/* A commit: the entries of batch.rows, borrowed from the outbox; NULL: gone meanwhile. */
	struct outbox_batch batch;
	struct outbox_entry **entry;
	int64_t took_us;
	/* An opening: what it gave. */
	char *directory;
	uint64_t max_bytes;
	bool is_given_up;         /* set by the poster: a file that cannot be read is damaged */
	struct outbox_puts found; /* the items of rows */
	struct outbox_table_row *row;
	size_t n_rows, capacity;
	struct ahead_rows ahead;
	bool is_foreign;  /* the file is of another version */
	int64_t last_seq; /* -1: not known */
};

/* Copies directory. */
struct outbox_job *outbox_job_new_opening(const char *directory, uint64_t max_bytes);
struct outbox_job *outbox_job_new_commit(struct outbox_store *store);
/* Leaves the store. */
struct outbox_job *outbox_job_free(struct outbox_job *job);
/* Logs what an opening found; n_events: that wait now. */
void outbox_job_report(const struct outbox_job *job, size_t n_events);
/* Adds a copy of the entry, which is then being written. */
void outbox_job_take(struct outbox_job *job, struct outbox_entry *entry);
/* Adds the events that are not on disk, with is_all the states too. True: there are more. */
bool outbox_job_collect(struct outbox_job *job, struct outbox *outbox, bool is_all);
/* The entry is gone. */
void outbox_job_drop(struct outbox_job *job, const struct outbox_entry *entry);
/* The commit has ended: tells the entries. */
void outbox_job_settle(struct outbox_job *job);
