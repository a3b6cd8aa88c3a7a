// SPDX-License-Identifier: MIT
#pragma once
/* Where a link stands; link.c draws how it gets from one state to the next. */

enum link_state {
	LINK_STATE_ABSENT, /* not heard lately */
	LINK_STATE_HEARD,  /* advertises; waits for a slot */
	LINK_STATE_CONNECTING,
	LINK_STATE_RESOLVING, /* connected; services, characteristics, bond are awaited */
	LINK_STATE_PREPARING, /* runs the start plan */
	LINK_STATE_STREAMING,
	LINK_STATE_STALLED,  /* no data, or a stream closed: being subscribed again */
	LINK_STATE_DRAINING, /* stop plan, disconnect on its way */
	LINK_STATE_BACKOFF,
	LINK_STATE_QUARANTINED,
	LINK_STATE_STOPPED
};

const char *link_state_to_string(enum link_state state);
