// SPDX-License-Identifier: MIT
#pragma once
/* Pairing on command: struct control_ops. The user is the manager. */
#include "daemon/main/manager-private.h"

int manager_pair_begin(
	void *user, const char *who, unsigned seconds, char ret_why[static CONTROL_WHY_SIZE]);
int manager_pair_answer(void *user, const char *answer);
void manager_pair_cancel(void *user);
