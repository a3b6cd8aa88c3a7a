// SPDX-License-Identifier: MIT
#include "coxad/store/outbox-persister.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/loop/clock.h"
#include "coxad/loop/journal.h"
#include "daemon/store/disk-error.h"
#include "daemon/store/outbox-dates.h"
#include "daemon/store/outbox-fresh.h"
#include "daemon/store/outbox-job.h"
#include "daemon/store/topic-set.h"

/* What was acknowledged is deleted from the disk this much later, together; at once, if it is this
 * much. */
#define FORGET_US  (US_PER_S / 4)
#define FORGET_MAX 64
/* A state that the broker has not accepted for this long is worth writing to disk. */
#define STATE_US (5 * US_PER_S)
/* After this many attempts a file that cannot be read is taken to be damaged. */
#define UNREADABLE_MAX 12
#define FLUSH_US       (3 * US_PER_S)
struct outbox_persister {
	struct outbox_persister_options options;
	sd_event_source *timer;
	int64_t timer_us; /* T_NEVER: not set */
	char *directory;
	struct outbox *outbox;
	struct outbox_store *store;   /* NULL: could not be opened. Of the job under way, if any. */
	struct outbox_job *under_way; /* NULL: none */
	int64_t posted_us;            /* when it was */
	int error;                    /* -errno of the disk, 0: none; logged once */
	unsigned n_unreadable;        /* attempts to open it */
	bool is_rewriting;            /* after damage */
	bool is_hung;                 /* the last flush waited in vain */
	uint64_t last_seq;
	bool is_counting;            /* at the start, the disk said which numbers were used */
	struct outbox_dating dating; /* of the last commit */
	struct outbox_fresh fresh;
	bool is_keeping;          /* there is something to be taken along */
	bool is_behind;           /* there may be more than those that are not on disk */
	struct outbox_batch next; /* what the next commit deletes */
	struct topic_set told; /* the states of this run, while an earlier run's cannot be read */
	struct outbox_persister_counters counters;
	struct journal_limit damage_limit;
};

static void set_timer(struct outbox_persister *persister, int64_t in_us)
{
	int64_t at_us = clock_now_us() + in_us;

	if (at_us >= persister->timer_us)
		return;
	persister->timer_us = at_us;
	sd_event_source_set_time(persister->timer, (uint64_t)at_us);
	sd_event_source_set_enabled(persister->timer, SD_EVENT_ONESHOT);
}

static void mark_missing(void *user, struct outbox_entry *entry)
{
	entry->is_stored = false;
}

static void mark_ready(void *user, struct outbox_entry *entry)
{
	entry->is_pending = false;
}

/* Nothing waits for the disk any more: the tick writes what is missing, when the disk lets it. */
static void go_on_in_memory(struct outbox_persister *persister)
{
	if (persister->options.ahead)
		ahead_lost(persister->options.ahead);
	if (persister->options.unsafe)
		persister->options.unsafe(persister->options.user);
	outbox_fresh_clear(&persister->fresh);
	persister->is_behind = true;
	outbox_each(persister->outbox, mark_ready, NULL);
}

static void report(struct outbox_persister *persister, int r)
{
	disk_error_note(&persister->error, r,
		&(struct disk_error_words){.again = "the outbox can be written to disk again",
			.failing = "the outbox is kept in memory only, a power cut would lose it",
			.patience_s = (int)(OUTBOX_PERSISTER_PATIENCE_US / US_PER_S)});
}

static void post(struct outbox_persister *persister, struct outbox_job *job,
	void (*done)(struct store_job *))
{
	job->persister = persister;
	job->base.done = done;
	persister->under_way = job;
	persister->posted_us = clock_now_us();
	if (persister->options.thread) {
		store_thread_post(persister->options.thread, &job->base);
		return;
	}
	job->base.run(&job->base);
	job->base.done(&job->base);
}

static void on_committed(struct store_job *base);

/* is_all: the states too. */
static void begin_commit(struct outbox_persister *persister, bool is_all)
{
	struct outbox_job *job = outbox_job_new_commit(persister->store);

	job->batch = persister->next;
	persister->next = (struct outbox_batch){0};
	persister->is_keeping = false;
	persister->dating = job->batch.dating = outbox_dates_now();
	if (is_all || persister->is_behind)
		persister->is_behind = outbox_job_collect(job, persister->outbox, is_all);
	else
		outbox_fresh_give(&persister->fresh, job);
	outbox_fresh_clear(&persister->fresh);
	if (persister->options.ahead)
		ahead_collect(persister->options.ahead, !persister->is_behind, &job->batch.ahead);
	post(persister, job, on_committed);
}

static void count_commit(struct outbox_persister *persister, const struct outbox_job *job)
{
	if (job->took_us > persister->counters.commit_us_max)
		persister->counters.commit_us_max = job->took_us;
	persister->counters.commits++;
}

/* True if everything in memory is written to the new file before anything is given up. */
static bool is_rewritten(struct outbox_persister *persister, int r)
{
	bool was_rewriting = persister->is_rewriting;

	persister->is_rewriting = r == -EUCLEAN && !was_rewriting;
	if (r != -EUCLEAN)
		return false;
	journal_write_limited(&persister->damage_limit, LOG_ERR, "disk",
		"outbox.db was damaged: put aside, starting a new one");
	persister->counters.replaced++;
	outbox_each(persister->outbox, mark_missing, NULL);
	if (persister->options.ahead)
		ahead_lost(persister->options.ahead);
	return !was_rewriting;
}

static void on_committed(struct store_job *base)
{
	struct outbox_job *job = (struct outbox_job *)base;
	struct outbox_persister *persister = job->persister;
	int r = job->r;

	if (!persister) {
		outbox_store_free(job->store);
		outbox_job_free(job);
		return;
	}
	persister->under_way = NULL;
	count_commit(persister, job);
	outbox_job_settle(job);
	if (r)
		outbox_batch_return(&persister->next, &job->batch);
	outbox_job_free(job);
	if (is_rewritten(persister, r)) {
		begin_commit(persister, true);
		return;
	}
	report(persister, r);
	if (!r && persister->options.ahead)
		ahead_stored(persister->options.ahead);
	if (r)
		go_on_in_memory(persister);
	else
		outbox_persister_settle(persister);
	if (persister->options.ready)
		persister->options.ready(persister->options.user);
}

/* A commit may begin. */
static bool is_free(const struct outbox_persister *persister)
{
	return persister->store && !persister->under_way && !persister->error;
}

void outbox_persister_settle(struct outbox_persister *persister)
{
	if (is_free(persister) &&
		(persister->fresh.n || persister->is_behind || persister->is_keeping))
		begin_commit(persister, persister->is_behind);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *user)
{
	struct outbox_persister *persister = user;

	persister->timer_us = T_NEVER;
	if (is_free(persister))
		begin_commit(persister, true);
	else if (persister->store && !persister->error)
		set_timer(persister, FORGET_US);
	return 0;
}

static void restore(struct outbox_persister *persister, const struct outbox_table_row *row)
{
	bool is_outdated = row->item.kind == OUTBOX_KIND_STATE &&
			   topic_set_has(&persister->told, row->item.topic);
	int64_t created_us;

	if (!is_outdated && outbox_dates_created(row, &created_us))
		outbox_restore(persister->outbox, created_us, &row->item);
	else
		outbox_batch_add(&persister->next.forget, &row->item, 0);
}

static void on_opened(struct store_job *base)
{
	struct outbox_job *job = (struct outbox_job *)base;
	struct outbox_persister *persister = job->persister;
	bool is_missing;

	if (!persister) {
		outbox_store_free(job->store);
		outbox_job_free(job);
		return;
	}
	persister->under_way = NULL;
	if (job->last_seq > 0 && (uint64_t)job->last_seq > persister->last_seq)
		persister->last_seq = (uint64_t)job->last_seq;
	persister->n_unreadable = job->r == -EIO ? persister->n_unreadable + 1 : 0;
	if (job->r < 0) {
		report(persister, job->r);
		outbox_job_free(job);
		return;
	}
	persister->store = job->store;
	for (size_t i = 0; i < job->ahead.n && persister->options.ahead; i++)
		ahead_found(persister->options.ahead, &job->ahead.row[i]);
	/* Rows of an earlier run may come in after newer events: late, but not lost. A state of which this
	 * run has told a newer value does not come back: the older would be the last that the broker gets. */
	for (size_t i = 0; i < job->n_rows; i++)
		restore(persister, &job->row[i]);
	topic_set_clear(&persister->told);
	if (job->r)
		outbox_each(persister->outbox, mark_missing, NULL);
	outbox_job_report(job, outbox_n_events(persister->outbox));
	persister->counters.replaced += job->r && !job->is_foreign;
	persister->counters.damaged += (uint64_t)outbox_store_n_damaged(job->store);
	persister->next.noted_seq = persister->last_seq;
	is_missing = job->r != 0;
	outbox_job_free(job);
	if (persister->error || is_missing)
		begin_commit(persister, true);
	if (persister->options.ready)
		persister->options.ready(persister->options.user);
}

static int add_timer(struct outbox_persister *persister)
{
	int r = sd_event_add_time(persister->options.loop, &persister->timer, CLOCK_MONOTONIC, 0, 1,
		on_timer, persister);

	return r < 0 ? r : sd_event_source_set_enabled(persister->timer, SD_EVENT_OFF);
}

static struct outbox_job *new_opening(const struct outbox_persister *persister)
{
	struct outbox_job *job =
		outbox_job_new_opening(persister->directory, persister->options.max_bytes);

	job->is_given_up = persister->n_unreadable >= UNREADABLE_MAX;
	return job;
}

/* At the start there is nothing yet that must not wait for the disk. */
static void begin(struct outbox_persister *persister)
{
	struct outbox_job *job = new_opening(persister);

	job->persister = persister;
	job->base.run(&job->base);
	persister->is_counting = job->last_seq >= 0;
	if (job->r < 0 && persister->options.ahead)
		ahead_unread(persister->options.ahead);
	on_opened(&job->base);
}

static bool keep(void *user, bool is_more)
{
	struct outbox_persister *persister = user;

	if (!persister->store || persister->error)
		return false;
	persister->is_keeping |= is_more;
	outbox_persister_settle(persister);
	return true;
}

static void forget_ahead(void *user, enum ahead_rows_book book, uint64_t number)
{
	struct outbox_persister *persister = user;

	if (number <= persister->next.behind[book])
		return;
	persister->next.behind[book] = number;
	if (persister->store)
		set_timer(persister, FORGET_US);
}

static const struct ahead_ops ahead_ops = {.keep = keep, .behind = forget_ahead};

int outbox_persister_new(
	const struct outbox_persister_options *options, struct outbox_persister **ret)
{
	struct outbox_persister *persister = alloc_zero(1, sizeof(*persister));
	int r;

	persister->options = *options;
	persister->outbox = options->outbox;
	persister->directory = alloc_text(options->directory);
	persister->timer_us = T_NEVER;
	persister->dating = outbox_dates_now();
	if (options->ahead)
		ahead_attach(options->ahead, &ahead_ops, persister);
	/* The outbox calls outbox_persister_gone while it is filled. */
	*ret = persister;
	r = add_timer(persister);
	if (r >= 0 && persister->directory) {
		begin(persister);
		r = persister->error == -EBUSY ? -EBUSY : 0;
	} else if (r >= 0) {
		journal_write(LOG_WARNING, "config",
			"no state directory: the outbox is kept in memory only; set state-directory in [gateway]");
	}
	if (r < 0) {
		*ret = NULL;
		outbox_persister_free(persister);
		return r;
	}
	return 0;
}

struct outbox_persister *outbox_persister_free(struct outbox_persister *persister)
{
	if (!persister)
		return NULL;
	if (!persister->is_hung)
		outbox_persister_flush(persister);
	if (persister->options.ahead)
		ahead_attach(persister->options.ahead, NULL, NULL);
	/* If the disk does not even answer now, the store is left to the job that waits for it. */
	if (persister->under_way)
		persister->under_way->persister = NULL;
	else
		outbox_store_free(persister->store);
	sd_event_source_disable_unref(persister->timer);
	outbox_batch_clear(&persister->next);
	topic_set_clear(&persister->told);
	free(persister->directory);
	free(persister);
	return NULL;
}

uint64_t outbox_persister_first_seq(const struct outbox_persister *persister, bool *ret_is_known)
{
	*ret_is_known = persister->is_counting;
	return 1 + (persister->is_counting ? persister->last_seq
					   : outbox_dates_unused_seq(persister->last_seq));
}

void outbox_persister_added(struct outbox_persister *persister, struct outbox_entry *entry)
{
	if (entry->item.seq > persister->last_seq)
		persister->last_seq = entry->item.seq;
	if (!persister->store && persister->directory && entry->item.kind == OUTBOX_KIND_STATE)
		topic_set_add(&persister->told, entry->item.topic);
	if (!persister->store || persister->error)
		return; /* the tick tries again */
	switch (entry->item.kind) {
	case OUTBOX_KIND_EVENT:
		entry->is_pending = true;
		persister->is_behind |= !outbox_fresh_add(&persister->fresh, entry);
		break;
	case OUTBOX_KIND_STATE:
		set_timer(persister, STATE_US);
		break;
	case OUTBOX_KIND_REPLY:
		break;
	}
}

void outbox_persister_gone(struct outbox_persister *persister, const struct outbox_entry *entry,
	enum outbox_gone reason)
{
	const struct outbox_item *item = &entry->item;

	if (!persister || !persister->store || item->kind == OUTBOX_KIND_REPLY)
		return;
	if (entry->is_writing)
		outbox_job_drop(persister->under_way, entry);
	else if (!entry->is_stored)
		outbox_fresh_drop(&persister->fresh, entry);
	if (reason == OUTBOX_GONE_REPLACED)
		return; /* the row belongs to the newer value now */
	if (entry->is_stored || entry->is_writing)
		outbox_batch_add(&persister->next.forget, item, 0);
	else if (item->kind == OUTBOX_KIND_EVENT && item->seq > persister->next.noted_seq)
		persister->next.noted_seq = item->seq;
	set_timer(persister, persister->next.forget.n >= FORGET_MAX ? 0 : FORGET_US);
}

/* When the clock was set, the rows on disk get new dates. */
static bool is_wall_set(const struct outbox_persister *persister)
{
	struct outbox_dating now = outbox_dates_now();

	return !outbox_batch_is_same_dating(&now, &persister->dating);
}

static void give_up_waiting(struct outbox_persister *persister)
{
	if (clock_now_us() - persister->posted_us < OUTBOX_PERSISTER_PATIENCE_US ||
		persister->error == -ETIMEDOUT)
		return;
	report(persister, -ETIMEDOUT);
	go_on_in_memory(persister);
}

void outbox_persister_tick(struct outbox_persister *persister)
{
	if (!persister->directory)
		return;
	if (persister->under_way)
		give_up_waiting(persister);
	else if (!persister->store)
		post(persister, new_opening(persister), on_opened);
	else if (persister->error || is_wall_set(persister))
		begin_commit(persister, true);
}

static bool wait_until(struct outbox_persister *persister, int64_t until_us)
{
	if (persister->options.thread)
		store_thread_wait(persister->options.thread, until_us);
	return !persister->under_way;
}

void outbox_persister_flush(struct outbox_persister *persister)
{
	int64_t until_us = clock_now_us() + FLUSH_US;
	bool is_done = wait_until(persister, until_us);

	while (is_done && persister->store) {
		begin_commit(persister, true);
		is_done = wait_until(persister, until_us);
		if (!persister->is_behind || persister->error)
			break;
	}
	persister->is_hung = !is_done;
}

static void count_missing(void *user, struct outbox_entry *entry)
{
	uint64_t *n = user;

	*n += entry->item.kind == OUTBOX_KIND_EVENT && !entry->is_stored;
}

void outbox_persister_get_counters(
	const struct outbox_persister *persister, struct outbox_persister_counters *ret)
{
	*ret = persister->counters;
	ret->is_in_memory = !persister->store || persister->error;
	ret->not_on_disk = 0;
	outbox_each(persister->outbox, count_missing, &ret->not_on_disk);
}

bool outbox_persister_is_safe(const struct outbox_persister *persister)
{
	struct outbox_persister_counters counters;

	outbox_persister_get_counters(persister, &counters);
	return persister->store && !persister->error && !counters.not_on_disk &&
	       !persister->is_keeping &&
	       !(persister->under_way && persister->under_way->batch.ahead.n);
}

struct outbox_store *outbox_persister_store(const struct outbox_persister *persister)
{
	return persister->error ? NULL : persister->store;
}
