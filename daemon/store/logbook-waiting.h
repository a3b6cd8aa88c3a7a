// SPDX-License-Identifier: MIT
#pragma once
/* The entries that are not in logbook.db yet, in memory and within bounds: their numbers, and which of
 * them are being written. A plain value, empty when zero.
 */
#include "daemon/store/logbook-rows.h"

struct logbook_waiting {
	struct logbook_rows rows; /* the first n_posted are being written */
	size_t n_posted;
	int64_t last_seq;
	uint64_t n_dropped;
};

/* Copies; the number is given here. False: others had to go, as too many wait. */
bool logbook_waiting_add(struct logbook_waiting *waiting, const struct logbook_entry *entry);
/* What came before the file could be read follows what is in it. */
void logbook_waiting_opened(struct logbook_waiting *waiting, int64_t last_seq);
/* n entries, the first of which has this number, are in the file. */
void logbook_waiting_written(struct logbook_waiting *waiting, int64_t seq, size_t n);
