// SPDX-License-Identifier: MIT
#pragma once
/* What the live run remembers over a restart. */
#include "daemon/main/manager-private.h"

/* Of history_persister_options; the user is the manager. */
struct manager_memory_ops {
	history_persister_fn late;
	void (*changed)(void *user);
	/* Of ahead_options. */
	void (*begins)(void *user);
	void (*stored)(void *user);
};

/* Without a directory, or while it cannot be used, coxad runs on and remembers in memory alone. */
int manager_memory_open(
	struct manager *m, const char *directory, const struct manager_memory_ops *ops);
/* What could not even be read at the start. The gateway's deadline may move. */
void manager_memory_late(
	struct manager *m, enum history_kind kind, const char *name, const char *text, size_t size);
/* Whether the disk has it all, to the gateway's health. The gateway's deadline may move. */
void manager_memory_tell(struct manager *m);
/* Ends the history, the logbook and the store thread, and waits for the disk while there is time. */
void manager_memory_close(struct manager *m);
/* Gives the gateway what was remembered; from here on it may remember more. */
void manager_memory_start(struct manager *m);
/* After history and logbook were opened, before the outbox is. -errno. */
int manager_memory_start_ahead(struct manager *m, const struct manager_memory_ops *ops);
/* Of history_persister_options and logbook_persister_options. */
bool manager_memory_keep(void *user);
void manager_memory_put(
	struct manager *m, enum history_kind kind, const char *name, const char *text, size_t size);
/* Returns-owned, or NULL. */
char *manager_memory_get(struct manager *m, enum history_kind kind, const char *name);
