// SPDX-License-Identifier: MIT
#pragma once
/* Sources that flood: what is left out of them is counted, and told in health and by gateway_ops.flooded. */
#include "coxad/wire/command.h"
#include "daemon/flow/gateway-private.h"

/* After a record of the wearable was handed on. */
void gateway_flood_check(struct gateway_wearable *wearable);
/* False, and the answer, if the command must not be carried out. */
bool gateway_flood_admits(
	struct gateway *gateway, const struct command *command, struct command_reply *reply);
