// SPDX-License-Identifier: MIT
#include "coxad/store/ahead.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/loop/clock.h"
#include "daemon/store/outbox-store.h"

/* In history.db: the rows up to this number are there, or newer ones. */
#define NAME "ahead"

struct ahead {
	struct ahead_options options;
	const struct ahead_ops *ops; /* NULL: there is no outbox */
	void *user;
	sd_event_source *timer;
	uint64_t last, noted;
	bool is_numbered; /* what history.db notes is known */
	bool has_begun;   /* the commit under way is of all that there was */
	size_t bytes;     /* collected since the last flush */
	struct flush *under_way;
	struct ahead_rows early; /* found before that was known */
};

/* Comes back when all that was posted before it is done. */
struct flush {
	struct store_job base;
	struct ahead *ahead; /* NULL: gone */
	uint64_t last;
	bool is_posted[AHEAD_ROWS_BOOKS]; /* all that was not on disk */
	uint64_t failures[AHEAD_ROWS_BOOKS];
};

static void arm(struct ahead *a, int64_t in_us)
{
	sd_event_source_set_time(a->timer, (uint64_t)(clock_now_us() + in_us));
	sd_event_source_set_enabled(a->timer, SD_EVENT_ONESHOT);
}

static uint64_t noted_number(const struct ahead *a)
{
	const char *text = history_persister_get(a->options.history, HISTORY_KIND_NUMBER, NAME);
	uint64_t number = text ? strtoull(text, NULL, 10) : 0;

	/* SQLite's integers end there. */
	return number < INT64_MAX / 2 ? number : 0;
}

static void remember(struct ahead *a, const struct ahead_row *row)
{
	enum history_kind kind;

	if (row->number > a->noted && !history_kind_from_string(row->kind, &kind))
		history_persister_found(a->options.history, kind, row->name, row->text, row->size);
}

/* If history.db could not be read at the start, its number comes later. May call history_persister_options.late. */
static void learn_number(struct ahead *a)
{
	if (a->is_numbered || !history_persister_is_read(a->options.history))
		return;
	a->is_numbered = true;
	a->noted = noted_number(a);
	a->last = a->last > a->noted ? a->last : a->noted;
	for (size_t i = 0; i < a->early.n; i++)
		remember(a, &a->early.row[i]);
	ahead_rows_done(&a->early);
}

/* Whatever is written after this is as new as the rows so far, so that they are not entered over it. */
static void note_number(struct ahead *a)
{
	char text[32];

	if (!a->is_numbered || a->noted == a->last)
		return;
	a->noted = a->last;
	snprintf(text, sizeof(text), "%" PRIu64, a->last);
	history_persister_put(a->options.history, HISTORY_KIND_NUMBER, NAME, text, strlen(text));
}

static void tell_begin(struct ahead *a)
{
	a->has_begun = false;
	if (a->options.begins)
		a->options.begins(a->options.user);
}

static void run_nothing(struct store_job *job)
{
}

static uint64_t failures_of(const struct ahead *a, unsigned book)
{
	return book == AHEAD_ROWS_HISTORY ? history_persister_n_failed(a->options.history)
					  : logbook_persister_n_failed(a->options.logbook);
}

static void on_flushed(struct store_job *base)
{
	struct flush *flush = (struct flush *)base;
	struct ahead *a = flush->ahead;
	bool is_all = true;

	for (unsigned i = 0; a && i < AHEAD_ROWS_BOOKS; i++) {
		bool is_there = flush->is_posted[i] && failures_of(a, i) == flush->failures[i];

		if (is_there && a->ops)
			a->ops->behind(a->user, (enum ahead_rows_book)i, flush->last);
		is_all &= is_there;
	}
	if (a)
		a->under_way = NULL;
	if (a && (!is_all || a->last > flush->last))
		arm(a, AHEAD_US);
	free(flush);
}

static void post(struct ahead *a, struct flush *flush)
{
	a->bytes = 0;
	a->under_way = flush;
	if (a->options.thread)
		store_thread_post(a->options.thread, &flush->base);
	else
		on_flushed(&flush->base);
}

static void begin_flush(struct ahead *a)
{
	struct flush *flush = new0(struct flush);

	flush->base = (struct store_job){.run = run_nothing, .done = on_flushed};
	flush->ahead = a;
	flush->last = a->last;
	note_number(a);
	for (unsigned i = 0; i < AHEAD_ROWS_BOOKS; i++)
		flush->failures[i] = failures_of(a, i);
	flush->is_posted[AHEAD_ROWS_HISTORY] =
		history_persister_flush(a->options.history) && a->is_numbered;
	flush->is_posted[AHEAD_ROWS_LOGBOOK] = logbook_persister_flush(a->options.logbook);
	if (a->under_way)
		free(flush);
	else
		post(a, flush);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *user)
{
	learn_number(user);
	begin_flush(user);
	return 0;
}

int ahead_new(const struct ahead_options *options, struct ahead **ret)
{
	struct ahead *a = new0(struct ahead);
	int r = sd_event_add_time(
		options->loop, &a->timer, CLOCK_MONOTONIC, UINT64_MAX, 1, on_timer, a);

	a->options = *options;
	learn_number(a);
	if (r < 0) {
		ahead_free(a);
		return r;
	}
	*ret = a;
	return 0;
}

struct ahead *ahead_free(struct ahead *a)
{
	if (!a)
		return NULL;
	sd_event_source_disable_unref(a->timer);
	/* What history.db gets last is newer than all that was ever ahead. */
	note_number(a);
	if (a->under_way)
		a->under_way->ahead = NULL;
	ahead_rows_done(&a->early);
	free(a);
	return NULL;
}

void ahead_attach(struct ahead *a, const struct ahead_ops *ops, void *user)
{
	a->ops = ops;
	a->user = user;
}

bool ahead_keep(struct ahead *a)
{
	bool is_more;

	learn_number(a);
	is_more = history_persister_has_uncollected(a->options.history) ||
		  logbook_persister_has_uncollected(a->options.logbook);

	if (history_persister_error(a->options.history))
		tell_begin(a);
	if (a->ops && a->ops->keep(a->user, is_more))
		return true;
	note_number(a);
	tell_begin(a);
	return false;
}

void ahead_collect(struct ahead *a, bool has_all, struct ahead_rows *ret)
{
	size_t n = ret->n, bytes = ret->bytes;

	if (has_all)
		tell_begin(a);
	a->has_begun = has_all && a->is_numbered && !history_persister_error(a->options.history);
	if (a->is_numbered)
		history_persister_collect(a->options.history, ret);
	logbook_persister_collect(a->options.logbook, ret);
	for (size_t i = n; i < ret->n; i++)
		ret->row[i].number = ++a->last;
	if (ret->n == n)
		return;
	if (!a->bytes)
		arm(a, AHEAD_US);
	a->bytes += ret->bytes - bytes + 1;
	if (a->bytes > AHEAD_BYTES)
		arm(a, 0);
}

void ahead_stored(struct ahead *a)
{
	if (a->has_begun && a->options.stored)
		a->options.stored(a->options.user);
	a->has_begun = false;
}

void ahead_lost(struct ahead *a)
{
	tell_begin(a);
	history_persister_uncollect(a->options.history);
	logbook_persister_uncollect(a->options.logbook);
	begin_flush(a);
}

void ahead_unread(struct ahead *a)
{
	logbook_persister_skip(a->options.logbook);
}

static void enter(struct ahead *a, const struct ahead_row *row)
{
	struct logbook_entry entry = {.seq = row->seq,
		.at_ms = row->at_ms,
		.athlete = row->name,
		.text = row->text,
		.size = row->size};

	if (row->size && !logbook_kind_from_string(row->kind, &entry.kind))
		logbook_persister_found(a->options.logbook, &entry);
}

void ahead_found(struct ahead *a, const struct ahead_row *row)
{
	learn_number(a);
	if (row->book == AHEAD_ROWS_LOGBOOK)
		enter(a, row);
	else if (a->is_numbered)
		remember(a, row);
	else
		ahead_rows_add(&a->early, row);
	if (row->number > a->last)
		a->last = row->number;
	/* A flush under way does not write it. */
	for (unsigned i = 0; a->under_way && i < AHEAD_ROWS_BOOKS; i++)
		a->under_way->is_posted[i] = false;
	/* They are deleted once they are where they belong. */
	arm(a, AHEAD_US);
}

static void on_row(void *user, const struct ahead_row *row)
{
	ahead_found(user, row);
}

void ahead_read(struct ahead *a, const char *directory)
{
	outbox_store_read_ahead(directory, on_row, a);
}

void ahead_write(struct ahead *a)
{
	begin_flush(a);
}

void ahead_flush(struct ahead *a, int64_t timeout_us)
{
	int64_t until_us = clock_now_us() + timeout_us;

	if (!a->options.thread) {
		begin_flush(a);
	} else if (store_thread_wait(a->options.thread, until_us)) {
		begin_flush(a);
		store_thread_wait(a->options.thread, until_us);
	}
}
