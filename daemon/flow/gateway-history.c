// SPDX-License-Identifier: MIT
#include "coxad/flow/gateway-history.h"

#include <string.h>

#include "coxad/base/alloc.h"
#include "daemon/flow/gateway-deliver.h"

static struct gateway_question *find(struct gateway *g, uint64_t number)
{
	for (unsigned i = 0; i < GATEWAY_HISTORY_MAX; i++)
		if (g->question[i].number == number)
			return &g->question[i];
	return NULL;
}

static void forget(struct gateway_question *q)
{
	free((char *)q->reply_to.topic);
	free((void *)q->reply_to.correlation);
	*q = (struct gateway_question){0};
}

/* All that the reply needs, as what it came with is gone by then. */
static void keep(struct gateway_question *q, const struct command *command,
	const struct command_reply *reply, const struct reply_to *reply_to)
{
	memcpy(q->athlete, command->query.athlete, sizeof(q->athlete));
	memcpy(q->request, reply->request, sizeof(q->request));
	if (!reply_to)
		return;
	q->has_reply_to = true;
	q->reply_to = *reply_to;
	q->reply_to.topic = alloc_text(reply_to->topic);
	q->reply_to.correlation = NULL;
	if (reply_to->correlation_size)
		q->reply_to.correlation = memcpy(alloc_zero(1, reply_to->correlation_size),
			reply_to->correlation, reply_to->correlation_size);
}

static bool refuse_busy(struct command_reply *reply)
{
	command_refuse(reply, COMMAND_ERROR_BUSY,
		"too many questions about the history at once; ask again in a second");
	return false;
}

bool gateway_history_ask(struct gateway *g, const struct command *command,
	struct command_reply *reply, const struct reply_to *reply_to)
{
	struct gateway_question *q = find(g, 0);

	if (!g->ops->ask) {
		command_refuse(reply, COMMAND_ERROR_NOT_SUPPORTED, "no history is kept here");
		return false;
	}
	if (!q)
		return refuse_busy(reply);
	keep(q, command, reply, reply_to);
	q->number = ++g->last_question;
	if (g->ops->ask(g->user, q->number, &command->query) >= 0)
		return true;
	forget(q);
	return refuse_busy(reply);
}

/* Also without an entry. */
static bool knows_athlete(struct gateway *g, const char *athlete)
{
	_auto_free_ char *memory =
		g->ops->recall ? g->ops->recall(g->user, HISTORY_KIND_ATHLETE, athlete) : NULL;

	for (size_t i = 0; i < g->conf->n_kits; i++)
		if (g->conf->kit[i].athlete && strcmp(g->conf->kit[i].athlete, athlete) == 0)
			return true;
	return memory != NULL;
}

static void word(struct gateway *g, const struct gateway_question *q, int r,
	const struct logbook_page *page, struct command_reply *ret)
{
	*ret = (struct command_reply){.error = COMMAND_ERROR_NONE, .page = page};
	memcpy(ret->request, q->request, sizeof(ret->request));
	if (r < 0)
		command_refuse(ret, COMMAND_ERROR_UNAVAILABLE,
			"the history cannot be read from the disk now; ask again later");
	else if (!page->is_known && !knows_athlete(g, q->athlete))
		command_refuse(
			ret, COMMAND_ERROR_UNKNOWN_ATHLETE, "unknown athlete %s", q->athlete);
}

void gateway_history_answer(
	struct gateway *g, uint64_t question, int r, const struct logbook_page *page)
{
	struct gateway_question *q = question ? find(g, question) : NULL;
	struct command_reply reply;
	struct message message;

	if (!q)
		return;
	word(g, q, r, page, &reply);
	if (reply.error != COMMAND_ERROR_NONE)
		g->count.commands_refused++;
	if (message_encode_reply(g->encoder, g->now_us, command_verb_to_string(COMMAND_HISTORY),
		    &reply, &message) >= 0) {
		if (q->has_reply_to)
			message.reply_to = q->reply_to;
		gateway_deliver(g, &message);
	}
	forget(q);
}

void gateway_history_done(struct gateway *g)
{
	for (unsigned i = 0; i < GATEWAY_HISTORY_MAX; i++)
		forget(&g->question[i]);
}
