// SPDX-License-Identifier: MIT
#include "daemon/flow/gateway-flood.h"

#include "coxad/core/judge/judge.h"
#include "coxad/flow/gateway-health.h"

static void tell(struct gateway *g, const struct health_report *report)
{
	gateway_health_note(g, g->now_us, report);
	if (g->ops->flooded)
		g->ops->flooded(g->user, report->subject, report->text);
}

void gateway_flood_check(struct gateway_wearable *w)
{
	struct gateway *g = w->gateway;
	const struct judge_counters *c = pipeline_judge_counters(g->pipeline);
	uint64_t left_out = c->symptoms_over_rate + c->pops_over_rate;

	if (left_out == g->count.left_out)
		return;
	g->count.left_out = left_out;
	tell(g, &(struct health_report){.code = HEALTH_WEARABLE_FLOODS,
			.subject = g->conf->wearable[w->index].name,
			.text = "reports complaints or pops faster than a person can, so some are "
				"left out (its alert stays): replace it, or look for what imitates it"});
}

bool gateway_flood_admits(
	struct gateway *g, const struct command *command, struct command_reply *reply)
{
	if (command_rate_take(&g->command_rate, g->now_us, command, reply))
		return true;
	g->count.commands_over_rate++;
	tell(g, &(struct health_report){.code = HEALTH_COMMANDS_FLOOD,
			.subject = "broker",
			.text = "commands come faster than people enter them, so some are answered "
				"\"busy\": look in the broker's log for the client that repeats them"});
	return false;
}
