// SPDX-License-Identifier: MIT
#pragma once
/* Erases an athlete while coxad runs: first from memory, then from the databases (erasure.h), and from the
 * broker, whose answer is waited for. What a killed run has begun is finished at the start.
 */
#include "daemon/main/manager-private.h"

/* Before the gateway is made: it does not get what is still to be erased. -errno: no descriptor left. */
int manager_erase_open(struct manager *m, const char *directory);
/* Before anything of what it uses is freed. */
void manager_erase_stop(struct manager *m);
/* Begins; control_erased follows. -errno, with the reason for people. */
int manager_erase_begin(
	struct manager *m, const char *athlete, char ret_why[static CONTROL_WHY_SIZE]);
/* The broker retains nothing on this topic any more. */
void manager_erase_removed(struct manager *m, const char *topic);
