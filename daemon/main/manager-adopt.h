// SPDX-License-Identifier: MIT
#pragma once
/* What coxactl asks for while it looks for new wearables: struct control_ops. */
#include "daemon/main/manager-private.h"

/* The user is the manager. */
/* Of the source, and of the coxad that ran before. */
void manager_adopt_changed(void *user);
void manager_adopt_recall(void *user);
char *manager_adopt_scan(void *user, unsigned seconds);
int manager_adopt_hold(void *user, char (*address)[ADDRESS_SIZE], size_t n, unsigned seconds);
char *manager_adopt_held(void *user);
int manager_adopt_identify(void *user, const char *address, unsigned seconds);
