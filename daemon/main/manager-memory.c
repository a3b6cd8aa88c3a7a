// SPDX-License-Identifier: MIT
#include "daemon/main/manager-memory.h"

#include "coxad/base/alloc.h"
#include "coxad/loop/clock.h"

/* The disk could not even be read at the start. */
static void on_late(
	void *user, enum history_kind kind, const char *name, const char *text, size_t size)
{
	struct manager *m = user;

	m->last_us = clock_now_us();
	gateway_advance(m->gateway, m->last_us);
	gateway_restore_late(m->gateway, kind, name, text, size);
}

int manager_memory_open(struct manager *m, const char *directory)
{
	struct history_persister_options options = {.loop = loop_event(m->loop),
		.thread = m->store_thread,
		.directory = directory,
		.late = on_late,
		.user = m};

	return history_persister_new(&options, &m->history);
}

/* Memory goes to disk before its message goes out: killed in between, coxad remembers a symptom
 * that it has not reported, never the reverse. */
void manager_memory_settle(struct manager *m)
{
	history_persister_settle(m->history);
}

static void restore(
	void *user, enum history_kind kind, const char *name, const char *text, size_t size)
{
	gateway_restore(user, kind, name, text, size);
}

void manager_memory_start(struct manager *m)
{
	history_persister_each(m->history, restore, m->gateway);
}

void manager_memory_put(
	struct manager *m, enum history_kind kind, const char *name, const char *text, size_t size)
{
	history_persister_put(m->history, kind, name, text, size);
}

char *manager_memory_get(struct manager *m, enum history_kind kind, const char *name)
{
	return alloc_text(history_persister_get(m->history, kind, name));
}
