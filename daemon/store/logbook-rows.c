// SPDX-License-Identifier: MIT
#include "daemon/store/logbook-rows.h"

#include <string.h>

#include "coxad/base/alloc.h"

void logbook_rows_insert(struct logbook_rows *rows, size_t at, const struct logbook_entry *entry)
{
	struct logbook_entry *copy;

	rows->entry = alloc_grow(rows->entry, rows->n, &rows->capacity, sizeof(*rows->entry));
	copy = &rows->entry[at];
	memmove(copy + 1, copy, (rows->n - at) * sizeof(*copy));
	rows->n++;
	*copy = *entry;
	copy->athlete = alloc_text(entry->athlete);
	copy->text = memcpy(alloc_zero(1, entry->size + 1), entry->text, entry->size);
	rows->bytes += entry->size;
}

void logbook_rows_add(struct logbook_rows *rows, const struct logbook_entry *entry)
{
	logbook_rows_insert(rows, rows->n, entry);
}

int64_t logbook_rows_next_seq(int64_t last_seq, int64_t at_ms)
{
	int64_t least = at_ms > 0 && at_ms < LOGBOOK_SEQ_MAX / LOGBOOK_SEQ_PER_MS
				? at_ms * LOGBOOK_SEQ_PER_MS
				: 1;

	return least > last_seq ? least : last_seq + 1;
}

static int compare(const void *a, const void *b)
{
	const struct logbook_entry *one = a, *other = b;

	return (one->seq > other->seq) - (one->seq < other->seq);
}

static bool is_asked_for(const struct logbook_query *query, const struct logbook_entry *entry)
{
	return entry->seq > logbook_after(query) && entry->at_ms >= query->since_ms &&
	       (!query->kinds || query->kinds >> entry->kind & 1);
}

bool logbook_rows_ask(const struct logbook_rows *rows, const struct logbook_query *query,
	struct logbook_rows *page, bool *has_more)
{
	int64_t end = *has_more && page->n ? page->entry[page->n - 1].seq : INT64_MAX;
	size_t n = page->n;
	bool is_known = false;

	for (size_t i = 0; i < rows->n; i++) {
		const struct logbook_entry *entry = &rows->entry[i];

		if (strcmp(entry->athlete, query->athlete) != 0)
			continue;
		is_known = true;
		/* One of an earlier run may be on disk after all. */
		if (entry->seq < end && is_asked_for(query, entry) &&
			!(n && bsearch(entry, page->entry, n, sizeof(*entry), compare)))
			logbook_rows_add(page, entry);
	}
	logbook_rows_sort(page);
	*has_more |= logbook_rows_cut(page, query->limit);
	return is_known;
}

int64_t logbook_rows_collect(
	const struct logbook_rows *rows, int64_t after_seq, struct ahead_rows *ret)
{
	int64_t last_seq = after_seq;

	for (size_t i = 0; i < rows->n; i++) {
		const struct logbook_entry *entry = &rows->entry[i];

		if (entry->seq <= after_seq)
			continue;
		ahead_rows_add(ret, &(struct ahead_row){.book = AHEAD_ROWS_LOGBOOK,
					    .kind = logbook_kind_to_string(entry->kind),
					    .name = entry->athlete,
					    .text = entry->text,
					    .size = entry->size,
					    .seq = entry->seq,
					    .at_ms = entry->at_ms});
		last_seq = entry->seq > last_seq ? entry->seq : last_seq;
	}
	return last_seq;
}

size_t logbook_rows_least(const struct logbook_rows *rows, size_t at)
{
	for (size_t i = at; i < rows->n; i++)
		if (rows->entry[i].kind == LOGBOOK_KIND_REP)
			return i;
	return at;
}

size_t logbook_rows_find(const struct logbook_rows *rows, int64_t seq)
{
	size_t at = 0;

	while (rows->entry[at].seq != seq)
		at++;
	return at;
}

void logbook_rows_drop(struct logbook_rows *rows, size_t at, size_t n)
{
	for (size_t i = at; i < at + n; i++) {
		rows->bytes -= rows->entry[i].size;
		free((char *)rows->entry[i].athlete);
		free((char *)rows->entry[i].text);
	}
	memmove(&rows->entry[at], &rows->entry[at + n], (rows->n - at - n) * sizeof(*rows->entry));
	rows->n -= n;
}

bool logbook_rows_cut(struct logbook_rows *rows, unsigned limit)
{
	size_t n = 0, bytes = 0;

	while (n < rows->n && n < limit &&
		(n == 0 || bytes + rows->entry[n].size <= LOGBOOK_PAGE_BYTES))
		bytes += rows->entry[n++].size;
	if (n == rows->n)
		return false;
	logbook_rows_drop(rows, n, rows->n - n);
	return true;
}

void logbook_rows_sort(struct logbook_rows *rows)
{
	if (rows->n)
		qsort(rows->entry, rows->n, sizeof(*rows->entry), compare);
}

void logbook_rows_done(struct logbook_rows *rows)
{
	if (rows->n)
		logbook_rows_drop(rows, 0, rows->n);
	free(rows->entry);
	*rows = (struct logbook_rows){0};
}
