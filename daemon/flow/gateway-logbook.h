// SPDX-License-Identifier: MIT
#pragma once
/* What the gateway enters into the logbook: repetitions, pops once they are final, alerts, summaries of
 * sessions that ended, and what people did.
 */
#include "daemon/flow/gateway-private.h"

/* A result, and the message that it became; NULL: none. */
void gateway_logbook_note(
	struct gateway *gateway, const struct result *result, const struct message *message);
