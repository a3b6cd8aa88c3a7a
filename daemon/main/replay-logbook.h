// SPDX-License-Identifier: MIT
#pragma once
/* The logbook of a replay: in memory, or in the directory of --state; answers at once. */
#include "coxad/flow/gateway.h"
#include "coxad/store/logbook-persister.h"

struct replay_logbook {
	struct gateway *gateway; /* to be set before the first event */
	struct logbook_persister *persister;
};

/* directory NULL: in memory. -errno. */
int replay_logbook_open(struct replay_logbook *logbook, const char *directory);
void replay_logbook_close(struct replay_logbook *logbook);
void replay_logbook_enter(struct replay_logbook *logbook, const struct logbook_entry *entry);
int replay_logbook_ask(
	struct replay_logbook *logbook, uint64_t question, const struct logbook_query *query);
