// SPDX-License-Identifier: MIT
#pragma once
/* The link's queue of actions, and the tickets by which answers find their action. */
#include "daemon/flow/link-private.h"

/* Queues a copy, stamped with the present epoch. */
void link_action_emit(struct link *link, const struct link_action *action);
/* The same with a new ticket, which it returns. */
unsigned link_action_await(struct link *link, const struct link_action *action);
/* Takes the oldest; false where there is none. */
bool link_action_take(struct link *link, struct link_action *ret);
