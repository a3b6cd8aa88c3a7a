// SPDX-License-Identifier: MIT
#include "coxad/store/snapshot.h"

#include <errno.h>
#include <stdbool.h>

#include "coxad/base/alloc.h"
#include "daemon/store/database-copy.h"
#include "daemon/store/history-store.h"
#include "daemon/store/logbook-store.h"
#include "daemon/store/outbox-store.h"

struct snapshot {
	struct store_job job; /* the one under way, if any */
	struct store_thread *thread;
	const struct snapshot_ops *ops; /* NULL: freed */
	void *user;
	const struct history_store *history;
	const struct logbook_store *logbook;
	const struct outbox_store *outbox; /* NULL: none */
	struct snapshot_file file[SNAPSHOT_FILES_MAX];
	size_t n;
	bool is_under_way;
	int r;
	size_t at; /* the file being read */
	int64_t offset;
	size_t n_read;
	char piece[SNAPSHOT_PIECE_BYTES];
};

/* At each job anew: a damaged file is replaced by another one. */
static sqlite3 *db_of(const struct snapshot *s, size_t i)
{
	switch (i) {
	case 0:
		return history_store_db(s->history);
	case 1:
		return logbook_store_db(s->logbook);
	default:
		return outbox_store_db(s->outbox);
	}
}

static void post(
	struct snapshot *s, void (*run)(struct store_job *), void (*done)(struct store_job *))
{
	s->job = (struct store_job){.run = run, .done = done};
	s->is_under_way = true;
	store_thread_post(s->thread, &s->job);
}

/* --- the end --- */

static void run_end(struct store_job *job)
{
	struct snapshot *s = (struct snapshot *)job;

	for (size_t i = 0; i < s->n; i++)
		database_copy_end(db_of(s, i));
}

static void on_ended(struct store_job *job)
{
	free(job);
}

/* True: it is being freed, and nobody waits for what a job gave. */
static bool is_over(struct snapshot *s)
{
	s->is_under_way = false;
	if (s->ops)
		return false;
	post(s, run_end, on_ended);
	return true;
}

struct snapshot *snapshot_free(struct snapshot *s)
{
	if (!s)
		return NULL;
	s->ops = NULL;
	if (!s->is_under_way)
		post(s, run_end, on_ended);
	return NULL;
}

/* --- the beginning --- */

static void run_begin(struct store_job *job)
{
	struct snapshot *s = (struct snapshot *)job;

	for (size_t i = 0; i < s->n && s->r >= 0; i++)
		s->r = database_copy_begin(db_of(s, i), &s->file[i].bytes);
}

static void on_begun(struct store_job *job)
{
	struct snapshot *s = (struct snapshot *)job;

	if (!is_over(s))
		s->ops->begun(s->user, s->r, s->file, s->n);
}

int snapshot_new(const struct snapshot_options *options, const struct snapshot_ops *ops, void *user,
	struct snapshot **ret)
{
	struct snapshot *s = new0(struct snapshot);

	s->thread = options->thread;
	s->ops = ops;
	s->user = user;
	s->history = history_persister_store(options->history);
	s->logbook = logbook_persister_store(options->logbook);
	s->outbox = options->outbox ? outbox_persister_store(options->outbox) : NULL;
	s->file[s->n++].name = "history.db";
	s->file[s->n++].name = "logbook.db";
	if (options->outbox)
		s->file[s->n++].name = "outbox.db";
	if (!s->history || !s->logbook || (options->outbox && !s->outbox)) {
		free(s);
		return -EAGAIN;
	}
	post(s, run_begin, on_begun);
	*ret = s;
	return 0;
}

/* --- the pieces --- */

static void run_read(struct store_job *job)
{
	struct snapshot *s = (struct snapshot *)job;
	int64_t left = s->file[s->at].bytes - s->offset;

	s->n_read = left < SNAPSHOT_PIECE_BYTES ? (size_t)left : SNAPSHOT_PIECE_BYTES;
	s->r = database_copy_read(db_of(s, s->at), s->offset, s->piece, s->n_read);
	s->offset += (int64_t)s->n_read;
}

static void on_read(struct store_job *job)
{
	struct snapshot *s = (struct snapshot *)job;

	if (!is_over(s))
		s->ops->piece(s->user, s->r, s->piece, s->n_read);
}

void snapshot_next(struct snapshot *s)
{
	while (s->at < s->n && s->offset >= s->file[s->at].bytes) {
		s->at++;
		s->offset = 0;
	}
	if (s->at < s->n)
		post(s, run_read, on_read);
	else
		s->ops->piece(s->user, 0, NULL, 0);
}
