// SPDX-License-Identifier: MIT
#pragma once
/* How often commands are carried out. Who sent one is not known, so each kit, athlete or wearable that
 * commands are about has its share: a tablet that repeats itself without end keeps nobody else from
 * commanding, nor fills the outbox. Pure values.
 */
#include "coxad/base/rate.h"
#include "coxad/wire/command.h"

#define COMMAND_RATE_SHARES 256

/* Nothing was commanded when zero. */
struct command_rate {
	struct rate share[COMMAND_RATE_SHARES];
};

/* False, and the answer, if it is one too many. */
bool command_rate_take(struct command_rate *rate, int64_t now_us, const struct command *command,
	struct command_reply *reply);
