// SPDX-License-Identifier: MIT
#include "daemon/flow/intake-quarantine.h"

#define QUARANTINE_AFTER     250 /* refused in a row: 17 s of a Coxa stream, 3 s of a fast one */
#define QUARANTINE_US        (30 * (int64_t)US_PER_S)
#define QUARANTINE_DOUBLINGS 3 /* each relapse doubles it, up to this often */

static bool is_malformed(enum reason reason)
{
	return reason != REASON_DUPLICATE && reason != REASON_STALE && reason != REASON_QUARANTINE;
}

void intake_quarantine_count(struct intake *intake, enum reason reason)
{
	diag_add(&intake->diag, reason, intake->arrival_us);
	if (!is_malformed(reason) || intake->quarantine_until_us)
		return;
	if (++intake->refused_in_row < QUARANTINE_AFTER)
		return;
	intake->quarantine_until_us = intake->arrival_us + (QUARANTINE_US << intake->relapses);
	if (intake->relapses < QUARANTINE_DOUBLINGS)
		intake->relapses++;
}

void intake_quarantine_leave(struct intake *intake, int64_t now_us)
{
	if (!intake->quarantine_until_us || now_us < intake->quarantine_until_us)
		return;
	intake->quarantine_until_us = 0;
	intake->refused_in_row = 0;
	/* If the clock has jumped for good, start from its new value. */
	if (intake->diag.count[REASON_TIME_JUMP])
		clock_sync_restart(&intake->clock);
}
