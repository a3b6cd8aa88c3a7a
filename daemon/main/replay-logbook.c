// SPDX-License-Identifier: MIT
#include "daemon/main/replay-logbook.h"

#include "coxad/flow/gateway-history.h"

struct question {
	struct replay_logbook *logbook;
	uint64_t number;
};

int replay_logbook_open(struct replay_logbook *logbook, const char *directory)
{
	struct logbook_persister_options options = {.directory = directory};
	int r = logbook_persister_new(&options, &logbook->persister);

	return r < 0 ? r : logbook_persister_error(logbook->persister);
}

void replay_logbook_close(struct replay_logbook *logbook)
{
	logbook->persister = logbook_persister_free(logbook->persister, 0);
}

void replay_logbook_enter(struct replay_logbook *logbook, const struct logbook_entry *entry)
{
	logbook_persister_add(logbook->persister, entry);
	logbook_persister_settle(logbook->persister);
}

static void on_page(void *user, int r, const struct logbook_page *page)
{
	const struct question *q = user;

	gateway_history_answer(q->logbook->gateway, q->number, r, page);
}

int replay_logbook_ask(
	struct replay_logbook *logbook, uint64_t question, const struct logbook_query *query)
{
	struct question q = {logbook, question};

	return logbook_persister_query(logbook->persister, query, on_page, &q);
}
