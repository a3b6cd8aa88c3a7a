// SPDX-License-Identifier: MIT
#include "coxad/store/history-persister.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/loop/journal.h"
#include "daemon/store/disk-error.h"
#include "daemon/store/history-memory.h"
#include "daemon/store/history-store.h"
#include "daemon/store/persister.h"

/* After this many attempts a file that cannot be read is taken to be damaged. */
#define UNREADABLE_MAX 12
/* Under way; what changes meanwhile waits for it, and is written as it is by then. So a row that is on
 * disk says that those put before it are. */
#define JOBS_MAX 1

struct history_persister {
	struct persister base;
	char *directory; /* NULL: memory only */
	history_persister_fn late;
	void (*changed)(void *user);
	bool (*kept)(void *user);
	void *user;
	struct history_memory memory;
	struct history_store
		*store; /* NULL: could not be opened yet. Of the jobs under way, if any. */
	bool was_damaged;
	bool is_read;          /* at the start, though it could not be written */
	unsigned n_unreadable; /* attempts */
	uint64_t n_failed;     /* commits */
	int error;             /* -errno of the disk, 0: none; logged once */
	struct journal_limit limit;
};

/* Either opens the store or writes rows. */
struct job {
	struct store_job base;
	struct history_persister *persister;
	struct history_row *rows; /* with copies of the strings */
	uint64_t *changed;        /* of each row */
	size_t n, capacity;
	struct history_store *store; /* of the opening */
	bool is_given_up;
	int r;
};

static void tell_change(struct history_persister *p)
{
	if (p->changed)
		p->changed(p->user);
}

static void note_damage(struct history_persister *p)
{
	p->was_damaged = true;
	tell_change(p);
}

static void report(struct history_persister *p, int r)
{
	if (disk_error_note(&p->error, r,
		    &(struct disk_error_words){.again = "the history can be written to disk again",
			    .failing =
				    "the history is kept in memory only, a restart would lose it"}))
		tell_change(p);
}

static void add_row(struct job *job, const struct history_row *row, uint64_t changed)
{
	struct history_row *copy;

	job->rows = alloc_grow(job->rows, job->n, &job->capacity, sizeof(*job->rows));
	job->changed = alloc_resize(job->changed, job->capacity, sizeof(*job->changed));
	job->changed[job->n] = changed;
	copy = &job->rows[job->n++];
	*copy = *row;
	copy->name = alloc_text(row->name);
	copy->text = row->size ? memcpy(alloc_zero(1, row->size + 1), row->text, row->size) : NULL;
}

static struct job *new_job(struct history_persister *p, void (*run)(struct store_job *job),
	void (*done)(struct store_job *job))
{
	struct job *job = new0(struct job);

	job->base = (struct store_job){.run = run, .done = done};
	job->persister = p;
	return job;
}

static struct job *free_job(struct job *job)
{
	for (size_t i = 0; i < job->n; i++) {
		free((char *)job->rows[i].name);
		free((char *)job->rows[i].text);
	}
	free(job->rows);
	free(job->changed);
	free(job);
	return NULL;
}

static void run_commit(struct store_job *base)
{
	struct job *job = (struct job *)base;

	job->r = history_store_commit(job->persister->store, job->rows, job->n);
	if (!job->r)
		history_store_refill(job->persister->store);
}

static void write_dirty(struct history_persister *p);

/* Without a loop there is no later. */
static void settle_later(struct history_persister *p)
{
	if (p->base.end_of_turn)
		persister_settle_later(&p->base);
	else
		write_dirty(p);
}

static void on_committed(struct store_job *base)
{
	struct job *job = (struct job *)base;
	struct history_persister *p = job->persister;
	int r = job->r;

	p->base.n_jobs--;
	p->n_failed += r < 0;
	for (size_t i = 0; i < job->n && !r; i++)
		history_memory_stored(
			&p->memory, job->rows[i].kind, job->rows[i].name, job->changed[i]);
	free_job(job);
	if (r == -EUCLEAN) {
		journal_write_limited(&p->limit, LOG_ERR, "disk",
			"history.db was damaged: starting a new one; nothing in memory is lost");
		note_damage(p);
		history_memory_unstore(&p->memory);
		write_dirty(p);
		return;
	}
	report(p, r);
	if (r) {
		history_memory_unpost(&p->memory);
		persister_retry_later(&p->base);
	} else if (history_memory_n_dirty(&p->memory))
		settle_later(p);
}

/* Posts what is neither on disk nor under way. */
static void write_dirty(struct history_persister *p)
{
	struct job *job;

	if (!p->store || p->base.n_jobs >= JOBS_MAX)
		return;
	job = new_job(p, run_commit, on_committed);
	for (size_t i = 0; i < p->memory.n; i++) {
		struct history_memory_row *row = &p->memory.row[i];

		if (row->posted == row->changed)
			continue;
		row->posted = row->changed;
		add_row(job, &(struct history_row){row->kind, row->name, row->text, row->size},
			row->changed);
	}
	if (job->n)
		persister_post(&p->base, &job->base);
	else
		free_job(job);
}

static void collect(void *user, const struct history_row *row)
{
	add_row(user, row, 0);
}

static void run_open(struct store_job *base)
{
	struct job *job = (struct job *)base;

	job->r = history_store_open(
		job->persister->directory, job->is_given_up, collect, job, &job->store);
}

/* Into memory; is_late: the gateway is told of what it was not given at the start. */
static void take_rows(struct history_persister *p, const struct job *job, bool is_late)
{
	for (size_t i = 0; i < job->n; i++) {
		const struct history_row *row = &job->rows[i];
		bool is_known = p->is_read && history_memory_find(&p->memory, row->kind, row->name);

		/* What it puts in turn is of both runs, and stays. */
		if (is_late && !is_known && p->late)
			p->late(p->user, row->kind, row->name, row->text, row->size);
		history_memory_adopt(&p->memory, row);
	}
}

static void report_found(const struct history_persister *p, int found)
{
	const char *aside = history_store_aside(p->store);

	if (found == HISTORY_FOUND_DAMAGED)
		journal_write(LOG_ERR, "disk",
			"history.db was damaged: kept as %s, starting a new one; %zu entries were "
			"recovered",
			aside ? aside : "nothing", p->memory.n);
	else if (found == HISTORY_FOUND_OTHER)
		journal_write(LOG_WARNING, "disk",
			"history.db was written by another version of coxad: kept as %s, starting a "
			"new one with %zu of its entries",
			aside ? aside : "nothing", p->memory.n);
}

/* The rows of an attempt that failed do not count: the next one reads them again. */
static void finish_opening(struct history_persister *p, struct job *job, bool is_late)
{
	if (job->r < 0) {
		p->n_unreadable = job->r == -EIO ? p->n_unreadable + 1 : 0;
		report(p, job->r);
		/* To wait for another coxad would keep its next start from opening it. */
		if (job->r == -EBUSY) {
			free(p->directory);
			p->directory = NULL;
		}
		return;
	}
	p->store = job->store;
	take_rows(p, job, is_late);
	if (job->r != HISTORY_FOUND_WHOLE)
		history_memory_unstore(&p->memory);
	report_found(p, job->r);
	if (job->r == HISTORY_FOUND_DAMAGED)
		note_damage(p);
	if (is_late && !p->is_read && job->n)
		journal_write(LOG_NOTICE, "disk",
			"the history could be read at last: %zu entries of an earlier run", job->n);
	write_dirty(p);
	if (!history_memory_n_dirty(&p->memory))
		report(p, 0);
}

static void on_opened(struct store_job *base)
{
	struct job *job = (struct job *)base;
	struct history_persister *p = job->persister;

	p->base.n_jobs--;
	finish_opening(p, job, true);
	free_job(job);
	if (!p->store && p->directory)
		persister_retry_later(&p->base);
}

static struct job *new_opening(struct history_persister *p)
{
	struct job *job = new_job(p, run_open, on_opened);

	job->is_given_up = p->n_unreadable >= UNREADABLE_MAX;
	return job;
}

void history_persister_retry(struct history_persister *p)
{
	if (p->store)
		write_dirty(p);
	else if (p->directory && !p->base.n_jobs)
		persister_post(&p->base, &new_opening(p)->base);
}

static int on_retry(sd_event_source *source, uint64_t usec, void *user)
{
	history_persister_retry(user);
	return 0;
}

static int on_end_of_turn(sd_event_source *source, void *user)
{
	struct history_persister *p = user;

	if (!p->kept || !p->kept(p->user))
		history_persister_settle(p);
	return 0;
}

static void adopt(void *user, const struct history_row *row)
{
	history_memory_adopt(user, row);
}

/* At the start there is nothing yet that must not wait for the disk. */
static void begin(struct history_persister *p)
{
	struct job *job = new_opening(p);

	run_open(&job->base);
	finish_opening(p, job, false);
	free_job(job);
	if (p->store || !p->directory)
		return;
	p->is_read = !history_store_read(p->directory, adopt, &p->memory);
	persister_retry_later(&p->base);
}

int history_persister_new(
	const struct history_persister_options *options, struct history_persister **ret)
{
	struct history_persister *p = alloc_zero(1, sizeof(*p));
	int r = persister_begin(&p->base, options->loop, on_retry, on_end_of_turn, p);

	p->base.thread = options->thread;
	p->late = options->late;
	p->changed = options->changed;
	p->kept = options->kept;
	p->user = options->user;
	p->directory = alloc_text(options->directory);
	if (r < 0) {
		history_persister_free(p, 0);
		return r;
	}
	if (p->directory)
		begin(p);
	else
		journal_write(LOG_WARNING, "config",
			"no state directory: nothing is remembered across restarts; set state-directory in [gateway]");
	*ret = p;
	return 0;
}

struct history_persister *history_persister_free(struct history_persister *p, int64_t timeout_us)
{
	if (!p)
		return NULL;
	write_dirty(p);
	/* The disk does not answer: the jobs under way keep it. */
	if (!persister_end(&p->base, timeout_us))
		return NULL;
	history_store_free(p->store);
	history_memory_done(&p->memory);
	free(p->directory);
	free(p);
	return NULL;
}

void history_persister_put(struct history_persister *p, enum history_kind kind, const char *name,
	const char *text, size_t size)
{
	struct history_row row = {.kind = kind, .name = name, .text = text, .size = size};

	if (!history_memory_put(&p->memory, &row, HISTORY_PERSISTER_BYTES_MAX))
		journal_write_limited(&p->limit, LOG_WARNING, "disk",
			"more than %d MiB to remember: a restart would lose recent changes (%s)",
			HISTORY_PERSISTER_BYTES_MAX >> 20, history_kind_to_string(kind));
	persister_settle_later(&p->base);
}

void history_persister_erase(struct history_persister *p, enum history_kind kind, const char *name)
{
	history_memory_erase(&p->memory, kind, name);
}

const char *history_persister_get(
	const struct history_persister *p, enum history_kind kind, const char *name)
{
	const struct history_memory_row *row = history_memory_find(&p->memory, kind, name);

	return row ? row->text : NULL;
}

void history_persister_each(
	const struct history_persister *p, history_persister_fn each, void *user)
{
	for (size_t i = 0; i < p->memory.n; i++) {
		const struct history_memory_row *row = &p->memory.row[i];

		if (row->text)
			each(user, row->kind, row->name, row->text, row->size);
	}
}

void history_persister_settle(struct history_persister *p)
{
	if (!p->error)
		write_dirty(p);
}

bool history_persister_flush(struct history_persister *p)
{
	bool is_free = p->store && !p->error && p->base.n_jobs < JOBS_MAX;

	history_persister_settle(p);
	return is_free;
}

uint64_t history_persister_n_failed(const struct history_persister *p)
{
	return p->n_failed;
}

bool history_persister_has_uncollected(const struct history_persister *p)
{
	return !p->error && history_memory_has_uncollected(&p->memory);
}

bool history_persister_is_safe(const struct history_persister *p)
{
	return !p->directory || p->error || !history_memory_has_exposed(&p->memory);
}

bool history_persister_is_read(const struct history_persister *p)
{
	return p->store || p->is_read || !p->directory;
}

void history_persister_collect(struct history_persister *p, struct ahead_rows *ret)
{
	if (!p->error)
		history_memory_collect(&p->memory, ret);
}

void history_persister_uncollect(struct history_persister *p)
{
	history_memory_uncollect(&p->memory);
}

void history_persister_found(struct history_persister *p, enum history_kind kind, const char *name,
	const char *text, size_t size)
{
	struct history_memory_row *row = history_memory_find(&p->memory, kind, name);

	if (!row || row->is_old) {
		history_persister_put(p, kind, name, text, size);
		row = history_memory_find(&p->memory, kind, name);
		if (row)
			row->is_old = true;
	}
	if (p->late && size)
		p->late(p->user, kind, name, text, size);
}

int history_persister_error(const struct history_persister *p)
{
	return p->error;
}

bool history_persister_was_damaged(const struct history_persister *p)
{
	return p->was_damaged;
}

size_t history_persister_not_on_disk(const struct history_persister *p)
{
	return p->directory ? history_memory_n_dirty(&p->memory) : 0;
}

struct history_store *history_persister_store(const struct history_persister *p)
{
	return p->error ? NULL : p->store;
}
