// SPDX-License-Identifier: MIT
#pragma once
/* The timer at which the gateway has something to do. */
#include "daemon/main/manager-private.h"

/* -errno. */
int manager_timer_start(struct manager *m);
/* After whatever may have moved the gateway's deadline. */
void manager_timer_arm(struct manager *m);
