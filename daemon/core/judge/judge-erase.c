// SPDX-License-Identifier: MIT
#include "coxad/core/judge/judge-erase.h"

#include <errno.h>
#include <stdlib.h>

#include "daemon/core/judge/judge-due.h"
#include "daemon/core/judge/judge-private.h"
#include "daemon/core/judge/roster.h"

int judge_erase(struct judge *j, int64_t now_us, const char *athlete)
{
	struct athlete *a = roster_find(j, athlete);

	if (!a)
		return 0;
	if (a->kit >= 0)
		return -EBUSY;
	for (unsigned i = 0; i < j->conf->n_kits; i++)
		if (j->kit[i].before == a)
			j->kit[i].before = NULL;
	roster_drop(j, a);
	judge_due_settle(j, now_us);
	return 0;
}
