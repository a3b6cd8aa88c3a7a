// SPDX-License-Identifier: MIT
#include "daemon/store/outbox-fresh.h"

bool outbox_fresh_add(struct outbox_fresh *fresh, struct outbox_entry *entry)
{
	if (fresh->n == OUTBOX_JOB_ROWS_MAX)
		return false;
	fresh->entry[fresh->n++] = entry;
	return true;
}

void outbox_fresh_drop(struct outbox_fresh *fresh, const struct outbox_entry *entry)
{
	size_t kept = 0;

	for (size_t i = 0; i < fresh->n; i++)
		if (fresh->entry[i] != entry)
			fresh->entry[kept++] = fresh->entry[i];
	fresh->n = kept;
}

void outbox_fresh_give(const struct outbox_fresh *fresh, struct outbox_job *job)
{
	for (size_t i = 0; i < fresh->n; i++)
		outbox_job_take(job, fresh->entry[i]);
}

void outbox_fresh_clear(struct outbox_fresh *fresh)
{
	fresh->n = 0;
}
