// SPDX-License-Identifier: MIT
#include "daemon/flow/link-action.h"

void link_action_emit(struct link *link, const struct link_action *action)
{
	size_t at = (link->action_first + link->n_actions) % LINK_ACTIONS_MAX;

	/* Drained after each event, and no event needs nearly as many. */
	if (link->n_actions == LINK_ACTIONS_MAX)
		return;
	link->n_actions++;
	link->action[at] = *action;
	link->action[at].epoch = link->epoch;
}

unsigned link_action_await(struct link *link, const struct link_action *action)
{
	struct link_action ticketed = *action;

	if (++link->tickets == 0)
		link->tickets = 1;
	ticketed.ticket = link->tickets;
	link_action_emit(link, &ticketed);
	return ticketed.ticket;
}

bool link_action_take(struct link *link, struct link_action *ret)
{
	if (!link->n_actions)
		return false;
	*ret = link->action[link->action_first];
	link->action_first = (link->action_first + 1) % LINK_ACTIONS_MAX;
	link->n_actions--;
	return true;
}
