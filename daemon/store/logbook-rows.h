// SPDX-License-Identifier: MIT
#pragma once
/* Entries of the logbook as a list that owns its strings. A plain value, empty when zero. */
#include "coxad/store/ahead-rows.h"
#include "coxad/wire/logbook.h"

struct logbook_rows {
	struct logbook_entry *entry;
	size_t n, capacity;
	size_t bytes; /* of all texts */
};

/* Copies. */
void logbook_rows_add(struct logbook_rows *rows, const struct logbook_entry *entry);
/* Copies; before the one that is there. */
void logbook_rows_insert(struct logbook_rows *rows, size_t at, const struct logbook_entry *entry);
/* The number of an entry of this instant that follows this one. */
int64_t logbook_rows_next_seq(int64_t last_seq, int64_t at_ms);
/* Adds to a page what is asked for of these rows, which are not on disk: newer than all that is, unless
 * their commit failed and one behind it did not. True: some are of the athlete. */
bool logbook_rows_ask(const struct logbook_rows *rows, const struct logbook_query *query,
	struct logbook_rows *page, bool *has_more);
/* Appends those of a greater number; returns the greatest. */
int64_t logbook_rows_collect(
	const struct logbook_rows *rows, int64_t after_seq, struct ahead_rows *ret);
/* The first from `at` on of the lowest kind. */
size_t logbook_rows_least(const struct logbook_rows *rows, size_t at);
/* Where the entry is, which must be there. */
size_t logbook_rows_find(const struct logbook_rows *rows, int64_t seq);
/* n from `at` on go. */
void logbook_rows_drop(struct logbook_rows *rows, size_t at, size_t n);
/* To what one page may hold, but one entry at least. True: some went. */
bool logbook_rows_cut(struct logbook_rows *rows, unsigned limit);
void logbook_rows_sort(struct logbook_rows *rows);
void logbook_rows_done(struct logbook_rows *rows);
