// SPDX-License-Identifier: MIT
#pragma once
/* SIGHUP: the configuration read again while running. */
#include "daemon/main/manager-private.h"

/* True: it is in force, and the gateway's deadline may have moved. False: nothing has changed, and
 * the journal says why. */
bool manager_reload(struct manager *m);
