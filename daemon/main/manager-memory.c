// SPDX-License-Identifier: MIT
#include "daemon/main/manager-memory.h"

#include <string.h>

void manager_memory_open(struct manager *m, const char *directory)
{
	int r = 0;

	if (!directory)
		journal_write(LOG_WARNING, "config",
			"no state directory: nothing is remembered across restarts; set state-directory in [gateway]");
	else if ((r = history_store_open(directory, &m->history)) < 0)
		journal_write(LOG_WARNING, "disk",
			"cannot open the history in %s: %s; nothing is remembered across restarts",
			directory, strerror(-r));
	else if (r > 0)
		journal_write(LOG_ERR, "disk",
			"history.db was damaged: renamed to history.db.bad, starting a new one");
}

static void warn_on_failure(struct manager *m, int r, const char *what)
{
	if (r < 0)
		journal_write_limited(&m->history_limit, LOG_WARNING, "disk",
			"cannot write the history (%s): a restart would lose recent changes (%s)",
			strerror(-r), what);
}

/* Memory goes to disk before its message goes out: killed in between, coxad remembers a symptom
 * that it has not reported, never the reverse. */
void manager_memory_settle(struct manager *m)
{
	if (m->history)
		warn_on_failure(m, history_store_commit(m->history), "commit");
}

static int on_history_settle(sd_event_source *source, void *user)
{
	manager_memory_settle(user);
	return 0;
}

static void restore(
	void *user, enum history_kind kind, const char *name, const char *text, size_t size)
{
	gateway_restore(user, kind, name, text, size);
}

int manager_memory_start(struct manager *m)
{
	int r;

	if (m->history)
		history_store_each(m->history, restore, m->gateway);
	r = sd_event_add_defer(loop_event(m->loop), &m->history_settle, on_history_settle, m);
	return r < 0 ? r : sd_event_source_set_enabled(m->history_settle, SD_EVENT_OFF);
}

void manager_memory_put(
	struct manager *m, enum history_kind kind, const char *name, const char *text, size_t size)
{
	if (!m->history)
		return;
	warn_on_failure(m, history_store_put(m->history, kind, name, text, size),
		history_kind_to_string(kind));
	sd_event_source_set_enabled(m->history_settle, SD_EVENT_ONESHOT);
}

char *manager_memory_get(struct manager *m, enum history_kind kind, const char *name)
{
	char *text = NULL;

	if (m->history)
		history_store_get(m->history, kind, name, &text);
	return text;
}
