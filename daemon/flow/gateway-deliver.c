// SPDX-License-Identifier: MIT
#include "daemon/flow/gateway-deliver.h"

#include "daemon/flow/gateway-logbook.h"

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

/* A kit that was removed still ends its session, but its retained topics are gone for good. */
static bool is_of_removed(const struct gateway *g, const struct result *result)
{
	const char *kit = result->kind == RESULT_SESSION       ? result->session->kit
			  : result->kind == RESULT_CALIBRATION ? result->calibration->kit
							       : NULL;

	return kit && conf_find_kit(g->conf, kit) < 0;
}

void gateway_deliver_result(struct gateway *g, const struct result *result)
{
	struct message message;
	bool is_message;

	if (is_of_removed(g, result))
		return;
	is_message = message_encode(g->encoder, g->now_us, result, &message) == 0;
	/* Before it is published: killed in between, the logbook knows more, never less. Whoever writes both to
	 * disk keeps the order, as ahead.c does. */
	gateway_logbook_note(g, result, is_message ? &message : NULL);
	if (is_message)
		gateway_deliver(g, &message);
}

void gateway_deliver(struct gateway *g, const struct message *message)
{
	g->count.messages++;
	if (message->is_event)
		g->count.events++;
	note_retained(g, message);
	g->ops->message(g->user, message);
}
