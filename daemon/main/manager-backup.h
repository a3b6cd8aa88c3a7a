// SPDX-License-Identifier: MIT
#pragma once
/* The one backup that somebody asked for: a snapshot of the databases goes through a socket to the caller, one
 * piece in memory at a time. A caller who does not read is not waited for.
 */
#include "daemon/main/manager-private.h"

/* control_backed_up follows. -EBUSY: one is under way. */
int manager_backup_begin(struct manager *m);
/* Ends it, and waits for the disk. If that does not answer, the stores are left to the job that waits for it:
 * m has none any more. */
void manager_backup_stop(struct manager *m);
