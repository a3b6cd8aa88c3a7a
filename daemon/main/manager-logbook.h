// SPDX-License-Identifier: MIT
#pragma once
/* The live run's logbook: what happened to athletes, and questions about it. */
#include "daemon/main/manager-private.h"

/* Without a directory it is in memory alone. -errno. */
int manager_logbook_open(struct manager *m, const char *directory);
/* Whether the disk has it all, to the gateway's health. */
void manager_logbook_tell(struct manager *m);
/* gateway_ops.enter and .ask */
void manager_logbook_enter(void *user, const struct logbook_entry *entry);
int manager_logbook_ask(void *user, uint64_t question, const struct logbook_query *query);
size_t manager_logbook_gauges(const struct manager *m, struct stat_entry *entries, size_t capacity);
