// SPDX-License-Identifier: MIT
#include "daemon/flow/gateway-command.h"

#include <string.h>

#include "coxad/flow/gateway-history.h"
#include "coxad/flow/gateway-watch.h"
#include "coxad/flow/pipeline-command.h"
#include "daemon/flow/gateway-deliver.h"
#include "daemon/flow/gateway-flood.h"

static void watch(struct gateway *g, const struct command *command, struct command_reply *reply)
{
	if (gateway_watch(g, command->kit, command->seconds) >= 0)
		return;
	command_refuse(reply, COMMAND_ERROR_UNKNOWN_KIT, "there is no kit %s", command->kit);
}

/* False: it is answered elsewhere. */
static bool carry_out(struct gateway *g, const struct command *command, struct command_reply *reply,
	const struct reply_to *reply_to)
{
	switch (command->verb) {
	case COMMAND_WATCH:
		watch(g, command, reply);
		return true;
	case COMMAND_HISTORY:
		return !gateway_history_ask(g, command, reply, reply_to);
	case COMMAND_SESSION_START:
	case COMMAND_SESSION_END:
	case COMMAND_CALIBRATE:
	case COMMAND_SYMPTOM:
	case COMMAND_ACKNOWLEDGE:
	case COMMAND_OVERRIDE:
	case COMMAND_CLEAR_SYMPTOMS:
	case COMMAND_IDENTIFY:
	case COMMAND_CUE:
	case COMMAND_COUNT:
		break;
	}
	pipeline_command(g->pipeline, g->now_us, command, reply);
	return true;
}

void gateway_command_take(
	struct gateway *g, const struct capture_event *event, const struct reply_to *reply_to)
{
	static const char prefix[] = "command/";
	const char *verb;
	struct command command;
	struct command_reply reply;
	struct message message;

	/* The broker repeats a retained command at each connection; it was meant for once. */
	if (event->is_retained || strncmp(event->topic, prefix, sizeof(prefix) - 1) != 0)
		return;
	verb = event->topic + sizeof(prefix) - 1;
	g->count.commands++;
	if (command_parse(verb, event->payload, event->payload_size, &command, &reply) == 0 &&
		gateway_flood_admits(g, &command, &reply) &&
		!carry_out(g, &command, &reply, reply_to))
		return;
	if (reply.error != COMMAND_ERROR_NONE)
		g->count.commands_refused++;
	if (message_encode_reply(g->encoder, g->now_us, verb, &reply, &message) < 0)
		return;
	if (reply_to)
		message.reply_to = *reply_to;
	gateway_deliver(g, &message);
}
