// SPDX-License-Identifier: MIT
#include "daemon/store/logbook-waiting.h"

#include <string.h>

#include "coxad/store/logbook-persister.h"

static void drop(struct logbook_waiting *w, size_t at)
{
	logbook_rows_drop(&w->rows, at, 1);
	w->n_found -= at < w->n_found;
}

static void drop_one(struct logbook_waiting *w)
{
	drop(w, logbook_rows_least(&w->rows, w->n_posted));
	w->n_dropped++;
}

static bool is_room(const struct logbook_waiting *w, size_t size)
{
	return w->rows.n < LOGBOOK_PERSISTER_WAITING_MAX &&
	       w->rows.bytes + size <= LOGBOOK_PERSISTER_BYTES_MAX;
}

/* False: something had to go. */
static bool make_room(struct logbook_waiting *w, size_t size)
{
	uint64_t n_dropped = w->n_dropped;

	while (!is_room(w, size) && w->n_posted < w->rows.n)
		drop_one(w);
	return w->n_dropped == n_dropped;
}

bool logbook_waiting_add(struct logbook_waiting *w, const struct logbook_entry *entry)
{
	bool is_whole = make_room(w, entry->size);
	struct logbook_entry numbered = *entry;

	numbered.seq = w->last_seq = logbook_rows_next_seq(w->last_seq, entry->at_ms);
	logbook_rows_add(&w->rows, &numbered);
	return is_whole;
}

bool logbook_waiting_found(struct logbook_waiting *w, const struct logbook_entry *entry)
{
	bool is_whole = make_room(w, entry->size);

	/* Those of this run may yet be numbered anew. */
	if (!w->n_posted)
		logbook_rows_insert(&w->rows, w->n_found++, entry);
	else
		logbook_rows_add(&w->rows, entry);
	if (entry->seq > w->last_seq)
		w->last_seq = entry->seq;
	return is_whole;
}

/* More than ever wait, each numbered one more than the last. */
#define GAP (LOGBOOK_PERSISTER_WAITING_MAX * 100)

void logbook_waiting_skip(struct logbook_waiting *w)
{
	w->gap = GAP;
	w->last_seq += GAP;
}

void logbook_waiting_opened(struct logbook_waiting *w, int64_t in_file_seq)
{
	int64_t last_seq = in_file_seq + w->gap;
	struct logbook_rows *rows = &w->rows;

	if (w->n_found == rows->n || rows->entry[w->n_found].seq > last_seq) {
		w->last_seq = last_seq > w->last_seq ? last_seq : w->last_seq;
		return;
	}
	w->last_seq = last_seq;
	for (size_t i = 0; i < w->n_found; i++)
		if (rows->entry[i].seq > w->last_seq)
			w->last_seq = rows->entry[i].seq;
	for (size_t i = w->n_found; i < rows->n; i++)
		w->last_seq = rows->entry[i].seq =
			logbook_rows_next_seq(w->last_seq, rows->entry[i].at_ms);
}

void logbook_waiting_written(struct logbook_waiting *w, int64_t seq, size_t n)
{
	/* Perhaps behind those of a commit that failed. */
	logbook_rows_drop(&w->rows, logbook_rows_find(&w->rows, seq), n);
	w->n_posted -= n;
	w->n_found = 0;
}

size_t logbook_waiting_n_uncollected(const struct logbook_waiting *w)
{
	size_t n = 0;

	for (size_t i = 0; i < w->rows.n; i++)
		n += w->rows.entry[i].seq > w->ahead_seq;
	return n;
}

void logbook_waiting_collect(struct logbook_waiting *w, struct ahead_rows *ret)
{
	w->ahead_seq = logbook_rows_collect(&w->rows, w->ahead_seq, ret);
}

size_t logbook_waiting_erase(struct logbook_waiting *w, const char *athlete)
{
	size_t n = 0;

	for (size_t i = w->rows.n; i-- > w->n_posted;) {
		if (strcmp(w->rows.entry[i].athlete, athlete) != 0)
			continue;
		drop(w, i);
		n++;
	}
	return n;
}
