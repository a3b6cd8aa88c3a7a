// SPDX-License-Identifier: MIT
#pragma once
/* What coxactl asks for while it looks for new wearables: struct control_ops. */
#include "daemon/main/manager-private.h"

/* The user is the manager. */
char *manager_adopt_scan(void *user, unsigned seconds);
