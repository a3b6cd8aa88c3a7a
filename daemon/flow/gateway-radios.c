// SPDX-License-Identifier: MIT
#include "coxad/flow/gateway-radios.h"

#include "coxad/flow/gateway.h"
#include "daemon/flow/gateway-deliver.h"

void gateway_radios_publish(struct gateway *g, int64_t now_us, const struct message_radios *radios)
{
	struct message message;

	if (!g->encoder)
		return;
	gateway_advance(g, now_us);
	if (message_radios_encode(g->encoder, g->now_us, radios, &message) == 0)
		gateway_deliver(g, &message);
}
