// SPDX-License-Identifier: MIT
#include "daemon/store/outbox-job.h"

#include <stdlib.h>

#include "coxad/base/alloc.h"
#include "coxad/loop/clock.h"
#include "coxad/loop/journal.h"

static void on_row(void *user, const struct outbox_table_row *row)
{
	struct outbox_job *job = user;

	job->row = alloc_grow(job->row, job->n_rows, &job->capacity, sizeof(*job->row));
	outbox_batch_add(&job->found, &row->item, 0);
	job->row[job->n_rows] = *row;
	job->row[job->n_rows].item = job->found.put[job->n_rows].item;
	job->n_rows++;
}

static void on_ahead(void *user, const struct ahead_row *row)
{
	struct outbox_job *job = user;

	ahead_rows_add(&job->ahead, row);
}

/* job->r: 0, 1 if the rows have to be written again, or -errno. */
static void run_opening(struct store_job *base)
{
	struct outbox_job *job = (struct outbox_job *)base;

	job->r = outbox_store_open(job->directory, job->max_bytes, job->is_given_up, &job->store);
	if (job->r < 0) {
		job->last_seq = outbox_store_peek(job->directory);
		return;
	}
	job->is_foreign = outbox_store_is_foreign(job->store);
	job->r = outbox_store_load(job->store, on_ahead, on_row, job);
	if (outbox_store_is_counting(job->store))
		job->last_seq = (int64_t)outbox_store_last_seq(job->store);
	if (job->r < 0)
		job->store = outbox_store_free(job->store);
}

static void run_commit(struct store_job *base)
{
	struct outbox_job *job = (struct outbox_job *)base;
	int64_t begin_us = clock_now_us();

	job->r = outbox_store_commit(job->store, &job->batch);
	job->took_us = clock_now_us() - begin_us;
	if (!job->r)
		outbox_store_refill(job->store);
}

struct outbox_job *outbox_job_new_opening(const char *directory, uint64_t max_bytes)
{
	struct outbox_job *job = new0(struct outbox_job);

	job->base.run = run_opening;
	job->directory = alloc_text(directory);
	job->max_bytes = max_bytes;
	job->last_seq = -1;
	return job;
}

struct outbox_job *outbox_job_new_commit(struct outbox_store *store)
{
	struct outbox_job *job = new0(struct outbox_job);

	job->base.run = run_commit;
	job->store = store;
	return job;
}

struct outbox_job *outbox_job_free(struct outbox_job *job)
{
	struct outbox_batch found = {.rows = job->found};

	outbox_batch_clear(&job->batch);
	outbox_batch_clear(&found);
	ahead_rows_done(&job->ahead);
	free(job->entry);
	free(job->row);
	free(job->directory);
	free(job);
	return NULL;
}

void outbox_job_report(const struct outbox_job *job, size_t n_events)
{
	const char *aside = outbox_store_aside(job->store);
	int64_t n_damaged = outbox_store_n_damaged(job->store);

	if (job->is_foreign)
		journal_write(LOG_WARNING, "disk",
			"outbox.db was written by another version of coxad: kept as %s; its %zu messages were taken over",
			aside ? aside : "nothing", job->n_rows);
	else if (job->r)
		journal_write(LOG_ERR, "disk",
			"outbox.db was damaged: kept as %s; %zu messages could be read",
			aside ? aside : "nothing", job->n_rows);
	else if (n_events)
		journal_write(LOG_NOTICE, "coxad", "%zu events are waiting to be sent", n_events);
	if (n_damaged)
		journal_write(LOG_ERR, "disk",
			"%lld rows of outbox.db failed their checksum and are not sent: see its table damaged",
			(long long)n_damaged);
}

static bool is_missing(const struct outbox_entry *entry)
{
	switch (entry->item.kind) {
	case OUTBOX_KIND_EVENT:
		return !entry->is_stored && !entry->is_writing;
	case OUTBOX_KIND_STATE:
		return (entry->is_dirty || !entry->is_stored) && !entry->is_writing;
	case OUTBOX_KIND_REPLY:
		break;
	}
	return false;
}

struct collection {
	struct outbox_job *job;
	bool is_all; /* the states too */
	bool is_cut; /* there is more */
};

void outbox_job_take(struct outbox_job *job, struct outbox_entry *entry)
{
	size_t n = job->batch.rows.n;

	outbox_batch_add(&job->batch.rows, &entry->item, entry->created_us);
	job->entry = alloc_resize(job->entry, job->batch.rows.capacity, sizeof(*job->entry));
	job->entry[n] = entry;
	entry->is_writing = true;
}

static void collect(void *user, struct outbox_entry *entry)
{
	struct collection *collection = user;

	if (!is_missing(entry) || (entry->item.kind == OUTBOX_KIND_STATE && !collection->is_all))
		return;
	if (collection->job->batch.rows.n == OUTBOX_JOB_ROWS_MAX)
		collection->is_cut = true;
	else
		outbox_job_take(collection->job, entry);
}

bool outbox_job_collect(struct outbox_job *job, struct outbox *outbox, bool is_all)
{
	struct collection collection = {.job = job, .is_all = is_all};

	outbox_each(outbox, collect, &collection);
	return collection.is_cut;
}

void outbox_job_drop(struct outbox_job *job, const struct outbox_entry *entry)
{
	for (size_t i = 0; i < job->batch.rows.n; i++)
		if (job->entry[i] == entry)
			job->entry[i] = NULL;
}

void outbox_job_settle(struct outbox_job *job)
{
	for (size_t i = 0; i < job->batch.rows.n; i++) {
		struct outbox_entry *entry = job->entry[i];

		if (!entry)
			continue;
		entry->is_writing = false;
		if (job->r)
			continue;
		entry->is_stored = true;
		entry->is_dirty = entry->is_pending = false;
		entry->item.seq = job->batch.rows.put[i].item.seq;
	}
}
