// SPDX-License-Identifier: MIT
#pragma once
/* What coxad remembers over restarts: the history store, one commit at the end of each turn of the
 * loop that put something into it, and its troubles told once. Owned by the manager; one thread.
 */
#include <stddef.h>
#include <systemd/sd-event.h>

struct gateway;
struct remembrance;

/* directory NULL, or one that cannot be used: says so, and remembers nothing. */
struct remembrance *remembrance_new(const char *directory);
struct remembrance *remembrance_free(struct remembrance *remembrance);
/* From now on turns of the loop end with a commit. 0 or -errno. */
int remembrance_start(struct remembrance *remembrance, sd_event *event);
/* All that is held, to a gateway that has not begun yet. */
void remembrance_restore(struct remembrance *remembrance, struct gateway *gateway);
/* As gateway_ops.remember: replaces, size 0 forgets. */
void remembrance_put(struct remembrance *remembrance, const char *kind, const char *name,
	const char *text, size_t size);
/* What was put last, returns-owned, or NULL. */
char *remembrance_get(struct remembrance *remembrance, const char *kind, const char *name);
/* What was put is on disk when this returns, or the loss is told. */
void remembrance_settle(struct remembrance *remembrance);
