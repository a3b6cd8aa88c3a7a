// SPDX-License-Identifier: MIT
#include "coxad/flow/link-state.h"

#include "coxad/base/alloc.h"

const char *link_state_to_string(enum link_state state)
{
	static const char *const text[] = {"absent", "seen", "connecting", "resolving", "preparing",
		"streaming", "stalled", "draining", "backoff", "quarantined", "stopped"};

	return (unsigned)state < ARRAY_LEN(text) ? text[state] : "unknown";
}
