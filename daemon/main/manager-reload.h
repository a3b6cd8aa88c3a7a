// SPDX-License-Identifier: MIT
#pragma once
/* The configuration read again while running, as SIGHUP or an administrator asks for. */
#include "daemon/main/manager-private.h"

/* Why a reload was refused: the setting, the section or the place in a file, and what is wrong with it.
 * Borrowed during the call. */
typedef void manager_reload_refused(void *user, const char *name, const char *reason);

/* 0: it is in force. -EINVAL: the files have errors; -EPERM: something cannot change while coxad runs.
 * Then nothing has changed, `refused` (NULL: nobody) was called for each reason, and the journal has
 * them too. */
int manager_reload(struct manager *m, manager_reload_refused *refused, void *user);
