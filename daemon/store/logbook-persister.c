// SPDX-License-Identifier: MIT
#include "coxad/store/logbook-persister.h"

#include <errno.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/loop/clock.h"
#include "coxad/loop/journal.h"
#include "daemon/store/disk-error.h"
#include "daemon/store/logbook-store.h"
#include "daemon/store/logbook-table.h"
#include "daemon/store/logbook-waiting.h"
#include "daemon/store/persister.h"

#define MEMORY_BYTES (16 << 20)
/* After this many attempts a file that cannot be read is taken to be damaged. */
#define UNREADABLE_MAX 12
/* Under way at once, so that what was entered this turn is posted this turn. */
#define COMMITS_MAX 8

struct logbook_persister {
	struct persister base;
	char *directory; /* NULL: memory only */
	void (*changed)(void *user);
	bool (*kept)(void *user);
	void *user;
	struct logbook_store *store; /* NULL: not opened yet. Of the jobs under way, if any. */
	struct logbook_waiting waiting;
	unsigned n_commits, n_queries, n_unreadable;
	bool has_failed; /* a commit, since none was under way */
	bool is_opening, is_salvaging, was_damaged, is_ending;
	int error; /* -errno of the disk, 0: none; logged once */
	uint64_t n_failed;
	struct journal_limit limit;
};

/* Opens, writes, salvages or answers. */
struct job {
	struct store_job base;
	struct logbook_persister *persister;
	int r;
	char *aside; /* what was put aside: the store's own may be another one already */
	struct logbook_store *store; /* of the opening */
	bool is_given_up;
	int64_t last_seq;
	const struct logbook_entry *entries; /* copies of what waits, which keeps the strings */
	size_t n;
	int64_t now_ms;
	struct logbook_query query;
	struct logbook_rows rows;
	bool has_more, is_known;
	logbook_persister_fn answer;
	void *user;
};

static void tell_change(struct logbook_persister *p)
{
	if (p->changed)
		p->changed(p->user);
}

static void report(struct logbook_persister *p, int r)
{
	/* What another coxad keeps from the disk stays in memory. */
	if (p->directory &&
		disk_error_note(&p->error, r,
			&(struct disk_error_words){
				.again = "the logbook can be written to disk again",
				.failing =
					"new entries of the logbook are kept in memory only, a restart "
					"would lose them"}))
		tell_change(p);
}

static struct job *new_job(struct logbook_persister *p, void (*run)(struct store_job *job),
	void (*done)(struct store_job *job))
{
	struct job *job = new0(struct job);

	job->base = (struct store_job){.run = run, .done = done};
	job->persister = p;
	return job;
}

static struct job *free_job(struct job *job)
{
	logbook_rows_done(&job->rows);
	free((void *)job->entries);
	free(job->aside);
	free(job);
	return NULL;
}

static void run_salvage(struct store_job *base)
{
	struct job *job = (struct job *)base;

	job->r = logbook_store_salvage(job->persister->store);
}

static void salvage(struct logbook_persister *p);

static void on_salvaged(struct store_job *base)
{
	struct job *job = (struct job *)base;
	struct logbook_persister *p = job->persister;
	int r = job->r;

	p->base.n_jobs--;
	p->is_salvaging = r < 0;
	free_job(job);
	if (r > 0 && !p->is_ending)
		salvage(p);
	else if (r < 0)
		persister_retry_later(&p->base);
}

static void salvage(struct logbook_persister *p)
{
	p->is_salvaging = true;
	persister_post(&p->base, &new_job(p, run_salvage, on_salvaged)->base);
}

static void begin_salvage(
	struct logbook_persister *p, const struct job *job, int level, const char *what)
{
	journal_write(level, "disk",
		"logbook.db was %s: kept as %s, starting a new one with what can be read", what,
		job->aside ? job->aside : "nothing");
	salvage(p);
}

static void note_damage(struct logbook_persister *p, const struct job *job)
{
	begin_salvage(p, job, LOG_ERR, "damaged");
	p->was_damaged = true;
	tell_change(p);
}

static void run_commit(struct store_job *base)
{
	struct job *job = (struct job *)base;

	job->r = logbook_store_commit(job->persister->store, job->entries, job->n, job->now_ms);
	job->aside = alloc_text(logbook_store_aside(job->persister->store));
}

static void write_waiting(struct logbook_persister *p);

static void on_committed(struct store_job *base)
{
	struct job *job = (struct job *)base;
	struct logbook_persister *p = job->persister;
	bool is_again;
	int r = job->r;

	p->base.n_jobs--;
	p->n_commits--;
	p->has_failed |= r < 0;
	p->n_failed += r < 0;
	if (!r)
		logbook_waiting_written(&p->waiting, job->entries[0].seq, job->n);
	if (r == -EUCLEAN)
		note_damage(p, job);
	else
		report(p, r);
	free_job(job);
	if (p->has_failed && p->n_commits)
		return;
	is_again = r == -EUCLEAN || (!r && (p->has_failed || !p->kept));
	if (p->has_failed)
		p->waiting.n_posted = 0;
	p->has_failed = false;
	if (is_again)
		write_waiting(p);
	else if (!r)
		persister_settle_later(&p->base);
	else
		persister_retry_later(&p->base);
}

/* Only a live run knows how old an entry is, and only by a clock that is right. */
static int64_t age_now_ms(const struct logbook_persister *p)
{
	return p->base.thread && clock_is_synchronised() ? clock_wall_us() / US_PER_MS : 0;
}

static void write_waiting(struct logbook_persister *p)
{
	struct logbook_waiting *waiting = &p->waiting;
	size_t n = waiting->rows.n - waiting->n_posted, bytes = n * sizeof(*waiting->rows.entry);
	struct job *job;

	if (!p->store || !n || p->n_commits >= COMMITS_MAX || p->has_failed)
		return;
	job = new_job(p, run_commit, on_committed);
	job->n = n;
	job->entries = memcpy(alloc_zero(1, bytes), waiting->rows.entry + waiting->n_posted, bytes);
	job->now_ms = age_now_ms(p);
	waiting->n_posted += n;
	p->n_commits++;
	persister_post(&p->base, &job->base);
}

static void run_open(struct store_job *base)
{
	struct job *job = (struct job *)base;
	const char *directory = job->persister->directory;

	job->r = logbook_store_open(directory, directory ? LOGBOOK_TABLE_BYTES_MAX : MEMORY_BYTES,
		job->is_given_up, &job->store);
	if (job->r < 0)
		return;
	job->last_seq = logbook_store_last_seq(job->store);
	job->aside = alloc_text(logbook_store_aside(job->store));
}

static void opening_failed(struct logbook_persister *p, int r)
{
	p->n_unreadable = r == -EIO ? p->n_unreadable + 1 : 0;
	report(p, r);
	/* To wait for another coxad would keep its next start from opening it. */
	if (r == -EBUSY) {
		free(p->directory);
		p->directory = NULL;
	}
	persister_retry_later(&p->base);
}

static void on_opened(struct store_job *base)
{
	struct job *job = (struct job *)base;
	struct logbook_persister *p = job->persister;
	int found = job->r;

	p->base.n_jobs--;
	p->is_opening = false;
	if (found < 0) {
		free_job(job);
		opening_failed(p, found);
		return;
	}
	p->store = job->store;
	logbook_waiting_opened(&p->waiting, job->last_seq);
	if (found == LOGBOOK_FOUND_DAMAGED)
		note_damage(p, job);
	else if (found == LOGBOOK_FOUND_OTHER)
		begin_salvage(p, job, LOG_WARNING, "written by another version of coxad");
	free_job(job);
	report(p, 0);
	write_waiting(p);
}

static void open_store(struct logbook_persister *p)
{
	struct job *job = new_job(p, run_open, on_opened);

	job->is_given_up = p->n_unreadable >= UNREADABLE_MAX;
	p->is_opening = true;
	persister_post(&p->base, &job->base);
}

static int on_retry(sd_event_source *source, uint64_t usec, void *user)
{
	logbook_persister_retry(user);
	return 0;
}

static int on_end_of_turn(sd_event_source *source, void *user)
{
	struct logbook_persister *p = user;

	if (!p->kept || !p->kept(p->user))
		logbook_persister_settle(p);
	return 0;
}

int logbook_persister_new(
	const struct logbook_persister_options *options, struct logbook_persister **ret)
{
	struct logbook_persister *p = new0(struct logbook_persister);
	int r = persister_begin(&p->base, options->loop, on_retry, on_end_of_turn, p);

	p->base.thread = options->thread;
	p->changed = options->changed;
	p->kept = options->kept;
	p->user = options->user;
	p->directory = alloc_text(options->directory);
	if (r < 0) {
		logbook_persister_free(p, 0);
		return r;
	}
	open_store(p);
	*ret = p;
	return 0;
}

struct logbook_persister *logbook_persister_free(struct logbook_persister *p, int64_t timeout_us)
{
	if (!p)
		return NULL;
	p->is_ending = true;
	write_waiting(p);
	/* The disk does not answer: the jobs under way keep it. */
	if (!persister_end(&p->base, timeout_us))
		return NULL;
	logbook_store_free(p->store);
	logbook_rows_done(&p->waiting.rows);
	free(p->directory);
	free(p);
	return NULL;
}

static void report_room(struct logbook_persister *p, bool is_whole)
{
	if (!is_whole)
		journal_write_limited(&p->limit, LOG_WARNING, "disk",
			"the disk takes no entries of the logbook, and too many wait: some were dropped");
}

void logbook_persister_add(struct logbook_persister *p, const struct logbook_entry *entry)
{
	if (entry->size > LOGBOOK_TEXT_MAX)
		return;
	report_room(p, logbook_waiting_add(&p->waiting, entry));
	persister_settle_later(&p->base);
}

size_t logbook_persister_erase(struct logbook_persister *p, const char *athlete)
{
	return logbook_waiting_erase(&p->waiting, athlete);
}

void logbook_persister_settle(struct logbook_persister *p)
{
	if (!p->error || !p->directory)
		write_waiting(p);
}

bool logbook_persister_flush(struct logbook_persister *p)
{
	logbook_persister_settle(p);
	return p->store && p->directory && p->waiting.n_posted == p->waiting.rows.n &&
	       !p->has_failed;
}

uint64_t logbook_persister_n_failed(const struct logbook_persister *p)
{
	return p->n_failed;
}

static bool is_collected(const struct logbook_persister *p)
{
	return p->store && p->directory && !p->error;
}

bool logbook_persister_has_uncollected(const struct logbook_persister *p)
{
	return is_collected(p) && logbook_waiting_n_uncollected(&p->waiting);
}

void logbook_persister_collect(struct logbook_persister *p, struct ahead_rows *ret)
{
	if (is_collected(p))
		logbook_waiting_collect(&p->waiting, ret);
}

void logbook_persister_uncollect(struct logbook_persister *p)
{
	p->waiting.ahead_seq = 0;
}

void logbook_persister_skip(struct logbook_persister *p)
{
	logbook_waiting_skip(&p->waiting);
}

void logbook_persister_found(struct logbook_persister *p, const struct logbook_entry *entry)
{
	if (entry->size > LOGBOOK_TEXT_MAX)
		return;
	report_room(p, logbook_waiting_found(&p->waiting, entry));
	persister_settle_later(&p->base);
}

void logbook_persister_retry(struct logbook_persister *p)
{
	if (!p->store && !p->is_opening)
		open_store(p);
	if (p->store && p->is_salvaging && !p->base.n_jobs)
		salvage(p);
	write_waiting(p);
}

static void run_query(struct store_job *base)
{
	struct job *job = (struct job *)base;
	struct logbook_store *store = job->persister->store;

	job->r =
		logbook_store_query(store, &job->query, &job->rows, &job->has_more, &job->is_known);
	job->aside = alloc_text(logbook_store_aside(store));
}

static void on_answered(struct store_job *base)
{
	struct job *job = (struct job *)base;
	struct logbook_persister *p = job->persister;
	struct logbook_page page = {0};

	p->base.n_jobs--;
	p->n_queries--;
	if (job->r == -EUCLEAN)
		note_damage(p, job);
	if (!job->r) {
		job->is_known |=
			logbook_rows_ask(&p->waiting.rows, &job->query, &job->rows, &job->has_more);
		page = (struct logbook_page){
			job->rows.entry, job->rows.n, job->has_more, job->is_known};
	}
	job->answer(job->user, job->r, &page);
	free_job(job);
}

int logbook_persister_query(struct logbook_persister *p, const struct logbook_query *query,
	logbook_persister_fn answer, void *user)
{
	struct job *job;

	if (p->n_queries >= LOGBOOK_PERSISTER_QUERIES_MAX)
		return -EBUSY;
	if (!p->store) {
		answer(user, p->error ? p->error : -EAGAIN, &(struct logbook_page){0});
		return 0;
	}
	write_waiting(p);
	job = new_job(p, run_query, on_answered);
	job->query = *query;
	job->answer = answer;
	job->user = user;
	p->n_queries++;
	persister_post(&p->base, &job->base);
	return 0;
}

int logbook_persister_error(const struct logbook_persister *p)
{
	return p->error;
}

bool logbook_persister_was_damaged(const struct logbook_persister *p)
{
	return p->was_damaged;
}

size_t logbook_persister_n_waiting(const struct logbook_persister *p)
{
	return p->waiting.rows.n;
}

size_t logbook_persister_not_on_disk(const struct logbook_persister *p)
{
	return logbook_waiting_n_uncollected(&p->waiting);
}

uint64_t logbook_persister_n_dropped(const struct logbook_persister *p)
{
	return p->waiting.n_dropped;
}

struct logbook_store *logbook_persister_store(const struct logbook_persister *p)
{
	return p->error ? NULL : p->store;
}
