// SPDX-License-Identifier: MIT
#include "daemon/store/logbook-rows.h"

#include <string.h>

#include "coxad/base/alloc.h"

void logbook_rows_add(struct logbook_rows *rows, const struct logbook_entry *entry)
{
	struct logbook_entry *copy;

	rows->entry = alloc_grow(rows->entry, rows->n, &rows->capacity, sizeof(*rows->entry));
	copy = &rows->entry[rows->n++];
	*copy = *entry;
	copy->athlete = alloc_text(entry->athlete);
	copy->text = memcpy(alloc_zero(1, entry->size + 1), entry->text, entry->size);
	rows->bytes += entry->size;
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

static int compare(const void *a, const void *b)
{
	const struct logbook_entry *one = a, *other = b;

	return (one->seq > other->seq) - (one->seq < other->seq);
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
