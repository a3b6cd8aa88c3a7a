// SPDX-License-Identifier: MIT
#pragma once
/* The one way out: every message that the gateway publishes goes through here. */
#include "daemon/flow/gateway-private.h"

/* Counts it, keeps it if it is retained, gives it to the sink. */
void gateway_deliver(struct gateway *gateway, const struct message *message);
/* The same of a result, as a message. */
void gateway_deliver_result(struct gateway *gateway, const struct result *result);
