// SPDX-License-Identifier: MIT
#pragma once
/* The events that were added since the last commit began, in their order, up to what one commit takes. A plain
 * value, empty when zero; borrows the entries from the outbox.
 */
#include "daemon/store/outbox-job.h"

struct outbox_fresh {
	struct outbox_entry *entry[OUTBOX_JOB_ROWS_MAX];
	size_t n;
};

/* False: there is no room. */
bool outbox_fresh_add(struct outbox_fresh *fresh, struct outbox_entry *entry);
/* It is about to go. */
void outbox_fresh_drop(struct outbox_fresh *fresh, const struct outbox_entry *entry);
/* The job writes all of them. */
void outbox_fresh_give(const struct outbox_fresh *fresh, struct outbox_job *job);
void outbox_fresh_clear(struct outbox_fresh *fresh);
