// SPDX-License-Identifier: MIT
#pragma once
/* Commands as they arrive: parsed, held to their rate, carried out here or by the pipeline, answered. */
#include "coxad/wire/capture.h"
#include "daemon/flow/gateway-private.h"

/* reply_to NULL: the answer goes to the topic of the verb. */
void gateway_command_take(struct gateway *gateway, const struct capture_event *event,
	const struct reply_to *reply_to);
