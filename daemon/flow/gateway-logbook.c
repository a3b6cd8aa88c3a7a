// SPDX-License-Identifier: MIT
#include "daemon/flow/gateway-logbook.h"

#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/wire/logbook-act.h"

void gateway_logbook_note(
	struct gateway *g, const struct result *result, const struct message *message)
{
	struct logbook_entry entry = {.at_ms = wall_clock_at(&g->clock, g->now_us) / US_PER_MS,
		.athlete = logbook_athlete(result)};
	_auto_free_ char *text = NULL;

	if (!g->ops->enter || !logbook_takes(result, &entry.kind))
		return;
	if (result->kind == RESULT_ACT)
		text = logbook_act_text(result->act, &g->clock);
	else if (message)
		text = logbook_text(entry.kind, message->payload, message->size);
	if (!text)
		return;
	entry.text = text;
	entry.size = strlen(text);
	g->ops->enter(g->user, &entry);
}
