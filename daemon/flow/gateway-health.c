// SPDX-License-Identifier: MIT
#include "coxad/flow/gateway-health.h"

#include "coxad/base/units.h"
#include "daemon/flow/gateway-deliver.h"

#define INTERVAL_US US_PER_S

void gateway_health_note(struct gateway *g, int64_t now_us, const struct health_report *report)
{
	if (!health_note(&g->health, now_us, report))
		return;
	g->is_health_dirty = true;
	if (g->next_health_us < now_us)
		g->next_health_us = now_us;
}

int64_t gateway_health_deadline(const struct gateway *g)
{
	int64_t next_us = health_deadline(&g->health);

	if (!g->has_health)
		return T_NEVER;
	return g->is_health_dirty && g->next_health_us < next_us ? g->next_health_us : next_us;
}

void gateway_health_advance(struct gateway *g)
{
	struct message message;

	if (gateway_health_deadline(g) > g->now_us)
		return;
	if (health_advance(&g->health, g->now_us))
		g->is_health_dirty = true;
	if (!g->is_health_dirty || g->next_health_us > g->now_us)
		return;
	g->is_health_dirty = false;
	g->next_health_us = g->now_us + INTERVAL_US;
	if (message_encode_health(g->encoder, g->now_us, &g->health, &message) == 0)
		gateway_deliver(g, &message);
}
