// SPDX-License-Identifier: MIT
#pragma once
/* A pure link on the loop: pushes events, hands its actions out one by one, keeps its timer, says
 * when its state changes. Owns the link and the timer.
 */
#include <systemd/sd-event.h>

#include "coxad/flow/link.h"

struct link_runner;

struct link_runner_ops {
	/* Events pushed inside are taken in; the actions they cause come after the call. */
	void (*carry_out)(void *user, const struct link_action *action);
	/* The link went from one state to another, all actions are carried out. */
	void (*entered)(void *user, enum link_state before, enum link_state state);
};

/* Takes link, also on failure. -errno. */
int link_runner_new(sd_event *loop, struct link *link, const struct link_runner_ops *ops,
	void *user, struct link_runner **ret);
struct link_runner *link_runner_free(struct link_runner *runner);
void link_runner_push(struct link_runner *runner, const struct link_event *event);
/* An event without details, that happens now. */
void link_runner_tell(struct link_runner *runner, enum link_event_kind kind);
/* As link_write. */
int link_runner_write(struct link_runner *runner, const struct driver_step *step);
void link_runner_configure(struct link_runner *runner, const struct link_settings *settings);
const struct link *link_runner_link(const struct link_runner *runner);
