// SPDX-License-Identifier: MIT
#include "remembrance.h"

#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/flow/gateway.h"
#include "coxad/io/history-store.h"
#include "coxad/io/journal.h"

struct remembrance {
	struct history_store *store; /* NULL: nothing is remembered */
	sd_event_source *settle;     /* at the end of a turn */
	struct journal_limit limit;
};

struct remembrance *remembrance_new(const char *directory)
{
	struct remembrance *remembrance = new0(struct remembrance);
	int r;

	if (!directory)
		journal_write(LOG_WARNING, "config",
			"no state directory: nothing is remembered over a restart");
	else if ((r = history_store_open(directory, &remembrance->store)) < 0)
		journal_write(LOG_WARNING, "disk", "%s: history: %s", directory, strerror(-r));
	else if (r > 0)
		journal_write(LOG_ERR, "disk",
			"history.db was damaged: it is now history.db.bad, a new one is written");
	return remembrance;
}

struct remembrance *remembrance_free(struct remembrance *remembrance)
{
	if (!remembrance)
		return NULL;
	remembrance_settle(remembrance);
	history_store_free(remembrance->store);
	sd_event_source_disable_unref(remembrance->settle);
	free(remembrance);
	return NULL;
}

static void tell(struct remembrance *remembrance, int r, const char *of)
{
	if (r < 0)
		journal_write_limited(&remembrance->limit, LOG_WARNING, "disk",
			"history: %s: a restart would forget the last of %s", strerror(-r), of);
}

static int on_settle(sd_event_source *source, void *user)
{
	remembrance_settle(user);
	return 0;
}

int remembrance_start(struct remembrance *remembrance, sd_event *event)
{
	int r = sd_event_add_defer(event, &remembrance->settle, on_settle, remembrance);

	return r < 0 ? r : sd_event_source_set_enabled(remembrance->settle, SD_EVENT_OFF);
}

static void restore(void *user, const char *kind, const char *name, const char *text, size_t size)
{
	gateway_restore(user, kind, name, text, size);
}

void remembrance_restore(struct remembrance *remembrance, struct gateway *gateway)
{
	if (remembrance->store)
		history_store_each(remembrance->store, restore, gateway);
}

void remembrance_put(struct remembrance *remembrance, const char *kind, const char *name,
	const char *text, size_t size)
{
	if (!remembrance->store)
		return;
	tell(remembrance, history_store_put(remembrance->store, kind, name, text, size), kind);
	sd_event_source_set_enabled(remembrance->settle, SD_EVENT_ONESHOT);
}

char *remembrance_get(struct remembrance *remembrance, const char *kind, const char *name)
{
	char *text = NULL;

	if (remembrance->store)
		history_store_get(remembrance->store, kind, name, &text);
	return text;
}

void remembrance_settle(struct remembrance *remembrance)
{
	if (remembrance->store)
		tell(remembrance, history_store_commit(remembrance->store), "this turn");
}
