// SPDX-License-Identifier: MIT
#pragma once
/* Entries of the logbook as a list that owns its strings. A plain value, empty when zero. */
#include "coxad/wire/logbook.h"

struct logbook_rows {
	struct logbook_entry *entry;
	size_t n, capacity;
	size_t bytes; /* of all texts */
};

/* Copies. */
void logbook_rows_add(struct logbook_rows *rows, const struct logbook_entry *entry);
/* n from `at` on go. */
void logbook_rows_drop(struct logbook_rows *rows, size_t at, size_t n);
/* To what one page may hold, but one entry at least. True: some went. */
bool logbook_rows_cut(struct logbook_rows *rows, unsigned limit);
void logbook_rows_sort(struct logbook_rows *rows);
void logbook_rows_done(struct logbook_rows *rows);
