// SPDX-License-Identifier: MIT
#include "daemon/main/restore-guard.h"

#include <stdio.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/loop/journal.h"

bool restore_guard_is_unfinished(const char *config)
{
	/* As in ctl/restore-plan.c. */
	_auto_free_ char *path = alloc_printf("%s.restore/journal", config);

	if (access(path, F_OK) < 0)
		return false;
	journal_write(LOG_ERR, "config",
		"a restore was interrupted: `sudo coxactl restore` finishes it, then coxad can start");
	return true;
}
