// SPDX-License-Identifier: MIT
#pragma once
/* Where a link stands; link.c draws how it gets from one state to the next. */

enum link_state {
	LINK_STATE_ABSENT, /* no advert lately */
	LINK_STATE_SEEN,   /* advertises, waits for a slot */
	LINK_STATE_CONNECTING,
	LINK_STATE_RESOLVING, /* connected; waits for services, characteristics, bond */
	LINK_STATE_PREPARING, /* runs the start plan */
	LINK_STATE_STREAMING,
	LINK_STATE_STALLED,  /* silent, or a stream closed: subscribing again */
	LINK_STATE_DRAINING, /* stop plan, then disconnecting */
	LINK_STATE_BACKOFF,
	LINK_STATE_QUARANTINED,
	LINK_STATE_STOPPED
};

const char *link_state_to_string(enum link_state state);
