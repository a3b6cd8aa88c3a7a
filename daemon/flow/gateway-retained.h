// SPDX-License-Identifier: MIT
#pragma once
/* Stale retained topics: what an earlier configuration left with the broker. */
#include "daemon/flow/gateway-private.h"

/* Removes them there. Before gateway_memory_restore, which forgets what they were. */
void gateway_retained_clear_stale(struct gateway *gateway);
/* Removes there what this run published and the configuration has no longer. */
void gateway_retained_clear_unused(struct gateway *gateway);
/* Removes one topic there. */
void gateway_retained_remove(struct gateway *gateway, const char *topic);
