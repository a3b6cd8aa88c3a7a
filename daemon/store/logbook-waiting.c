// SPDX-License-Identifier: MIT
#include "daemon/store/logbook-waiting.h"

#include "coxad/store/logbook-persister.h"

static void drop_one(struct logbook_waiting *w)
{
	size_t at = logbook_rows_least(&w->rows, w->n_posted);

	logbook_rows_drop(&w->rows, at, 1);
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

void logbook_waiting_opened(struct logbook_waiting *w, int64_t last_seq)
{
	struct logbook_rows *rows = &w->rows;

	if (!rows->n || rows->entry[0].seq > last_seq) {
		w->last_seq = last_seq > w->last_seq ? last_seq : w->last_seq;
		return;
	}
	w->last_seq = last_seq;
	for (size_t i = 0; i < rows->n; i++)
		w->last_seq = rows->entry[i].seq =
			logbook_rows_next_seq(w->last_seq, rows->entry[i].at_ms);
}

void logbook_waiting_written(struct logbook_waiting *w, int64_t seq, size_t n)
{
	/* Perhaps behind those of a commit that failed. */
	logbook_rows_drop(&w->rows, logbook_rows_find(&w->rows, seq), n);
	w->n_posted -= n;
}
