// SPDX-License-Identifier: MIT
#pragma once
/* What the machine's clocks say about the rows of outbox.db. No state. */
#include <stdbool.h>
#include <stdint.h>

#include "daemon/store/outbox-batch.h"
#include "daemon/store/outbox-table.h"

struct outbox_dating outbox_dates_now(void);
/* When a row was made, in host time. In this boot, the monotonic clock knows. Otherwise the wall clock
 * says so if it is right now and was right then; or else it counts as made just now, so that what was
 * dated by a clock that nobody set never ages. False: it expires, and nobody knows when. */
bool outbox_dates_created(const struct outbox_table_row *row, int64_t *ret_us);
/* A number from which on no earlier run has used any, where it is not known which those were; at least
 * `least`. */
uint64_t outbox_dates_unused_seq(uint64_t least);
