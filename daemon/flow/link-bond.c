// SPDX-License-Identifier: MIT
#include "daemon/flow/link-bond.h"

#define DOUBT_MAX      6
#define UNANSWERED_MAX 2 /* timeouts of steps in a row */

bool link_bond_doubt(struct link *link, unsigned weight)
{
	if (!link->is_bonded)
		return false;
	if (weight > link->attempt_doubt) {
		link->doubt += weight - link->attempt_doubt;
		link->attempt_doubt = weight;
	}
	if (link->doubt < DOUBT_MAX)
		return false;
	link->doubt = DOUBT_MAX; /* from now on one failure is enough */
	link->problem = WEARABLE_PROBLEM_BOND_LOST;
	return true;
}

void link_bond_attempt(struct link *link)
{
	link->attempt_doubt = 0;
}

void link_bond_trust(struct link *link)
{
	link->doubt = link->unanswered = 0;
	link->problem = WEARABLE_PROBLEM_NONE;
}

void link_bond_set(struct link *link, bool is_bonded)
{
	if (link->is_bonded == is_bonded)
		return;
	link->is_bonded = is_bonded;
	link_bond_trust(link);
}

static bool wants_bond(const struct link *link)
{
	return link->settings.bond || link->settings.must_encrypt || link->profile.needs_bond ||
	       link->asked_for_bond;
}

bool link_bond_must_pair(const struct link *link)
{
	return !link->is_bonded &&
	       (link->is_asked_to_pair || (wants_bond(link) && link->settings.may_pair));
}

bool link_bond_forbids(const struct link *link)
{
	return link->settings.must_encrypt && !link->is_bonded;
}

bool link_bond_refuses(struct link *link, enum link_error error)
{
	if (link->is_bonded)
		return false;
	if (error == LINK_ERROR_AUTHENTICATION)
		link->asked_for_bond = true;
	if (link->settings.may_pair)
		return false;
	/* bluetoothd leaves what needs encryption unanswered while nobody lets it pair. */
	if (error == LINK_ERROR_TIMEOUT && wants_bond(link))
		link->unanswered++;
	if (error != LINK_ERROR_AUTHENTICATION && link->unanswered < UNANSWERED_MAX)
		return false;
	link->problem = WEARABLE_PROBLEM_NEEDS_PAIRING;
	return true;
}
