// SPDX-License-Identifier: MIT
#include "daemon/flow/command-rate.h"

#include "coxad/base/hash.h"

/* Two a second for long, and a minute's worth of taps at once. */
static const struct rate_limit limit = {.interval_us = 500000, .burst = 60};

static const char *subject_of(const struct command *command)
{
	if (command->kit[0])
		return command->kit;
	if (command->athlete[0])
		return command->athlete;
	return command->wearable[0] ? command->wearable : command_verb_to_string(command->verb);
}

bool command_rate_take(struct command_rate *rate, int64_t now_us, const struct command *command,
	struct command_reply *reply)
{
	const char *subject = subject_of(command);
	uint64_t share = hash_text(HASH_START, subject) % COMMAND_RATE_SHARES;

	if (rate_take(&rate->share[share], &limit, now_us))
		return true;
	command_refuse(reply, COMMAND_ERROR_BUSY,
		"too many commands for %s: not carried out; wait a second, and look for what repeats "
		"them",
		subject);
	return false;
}
