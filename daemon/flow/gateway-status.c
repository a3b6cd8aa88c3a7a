// SPDX-License-Identifier: MIT
#include "config.h"

#include "daemon/flow/gateway-status.h"

#include "coxad/wire/message-home-assistant.h"
#include "daemon/flow/gateway-deliver.h"

#define ADAPTERS_MAX 16

void gateway_status_publish(struct gateway *g, bool is_online)
{
	const char *adapters[ADAPTERS_MAX];
	struct gateway_status status = {
		.is_online = is_online,
		.since_us = g->started_us,
		.version = PACKAGE_VERSION,
		.adapters = adapters,
		.n_adapters =
			g->ops->adapters ? g->ops->adapters(g->user, adapters, ADAPTERS_MAX) : 0,
	};
	struct message message;

	if (message_encode_status(g->encoder, g->now_us, &status, &message) == 0)
		gateway_deliver(g, &message);
}

void gateway_status_publish_discovery(struct gateway *g)
{
	struct message message;

	for (unsigned i = 0; g->conf->mqtt.home_assistant && i < g->conf->n_wearables; i++)
		if (!g->conf->wearable[i].is_gone &&
			message_home_assistant_encode(g->encoder, g->now_us, i, &message) == 0)
			gateway_deliver(g, &message);
}
