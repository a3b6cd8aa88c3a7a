// SPDX-License-Identifier: MIT
#include "daemon/flow/gateway-deliver.h"

/* So that a later run knows which topics the broker keeps; see gateway-retained.c. */
static void note_retained(struct gateway *g, const struct message *message)
{
	bool is_new = retained_put(g->retained, message);

	if (!message->retain || !g->ops->remember)
		return;
	if (message->size == 0)
		g->ops->remember(g->user, HISTORY_KIND_RETAINED, message->topic, NULL, 0);
	else if (is_new)
		g->ops->remember(g->user, HISTORY_KIND_RETAINED, message->topic, "1", 1);
}

void gateway_deliver(struct gateway *g, const struct message *message)
{
	g->count.messages++;
	if (message->is_event)
		g->count.events++;
	note_retained(g, message);
	g->ops->message(g->user, message);
}
