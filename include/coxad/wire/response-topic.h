// SPDX-License-Identifier: MIT
#pragma once
/* Where a client may have its answer. Pure. */
#include <stdbool.h>

/* True for a topic below the base that is no topic of ours: coxad writes with more rights than who sends
 * a command, and must not be made to forge a status or a command. */
bool response_topic_is_allowed(const char *topic, const char *base);
