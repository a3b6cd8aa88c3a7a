// SPDX-License-Identifier: MIT
#pragma once
/* The entries that are not in logbook.db yet, in memory and within bounds: their numbers, which of them
 * are being written, and which are in outbox.db ahead. A plain value, empty when zero.
 */
#include "coxad/store/ahead-rows.h"
#include "daemon/store/logbook-rows.h"

struct logbook_waiting {
	struct logbook_rows rows; /* the first n_posted are being written */
	size_t n_posted;
	size_t n_found; /* the first of them have their numbers from an earlier run */
	int64_t last_seq;
	int64_t gap;       /* that numbers of this run leave to those of an earlier one */
	int64_t ahead_seq; /* entries up to this were collected for outbox.db */
	uint64_t n_dropped;
};

/* Copies; the number is given here. False: others had to go, as too many wait. */
bool logbook_waiting_add(struct logbook_waiting *waiting, const struct logbook_entry *entry);
/* Copies one that an earlier run numbered. */
bool logbook_waiting_found(struct logbook_waiting *waiting, const struct logbook_entry *entry);
/* Entries of an earlier run may be found late: numbers of this run are none that those can have. */
void logbook_waiting_skip(struct logbook_waiting *waiting);
/* What came before the file could be read follows what is in it. */
void logbook_waiting_opened(struct logbook_waiting *waiting, int64_t last_seq);
/* n entries, the first of which has this number, are in the file. */
void logbook_waiting_written(struct logbook_waiting *waiting, int64_t seq, size_t n);
/* Entries that were not collected. */
size_t logbook_waiting_n_uncollected(const struct logbook_waiting *waiting);
/* Appends them. */
void logbook_waiting_collect(struct logbook_waiting *waiting, struct ahead_rows *ret);
/* Drops the athlete's that are not being written. How many. */
size_t logbook_waiting_erase(struct logbook_waiting *waiting, const char *athlete);
