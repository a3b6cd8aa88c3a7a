// SPDX-License-Identifier: MIT
#include "daemon/control/control-call.h"

#include <errno.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/loop/clock.h"

/* Longer than any verb. */
#define VERB_MAX 32
/* The bus hangs up on a message of more than 32 MiB. */
#define ANSWER_MAX (16 << 20)

int control_call_admit(struct control *c, sd_bus_message *call, sd_bus_error *error)
{
	const char *caller = sd_bus_message_get_sender(call);

	if (!caller || !caller_rate_take(&c->rate, caller, clock_now_us()))
		return sd_bus_error_set(error, CONTROL_CALL_BUSY,
			"too many calls: wait a second, and look for what repeats them");
	return 0;
}

int control_call_answer(struct control *c, sd_bus_message *call, char *text)
{
	_auto_free_ char *owned = text;

	if (strlen(owned) > ANSWER_MAX)
		return sd_bus_reply_method_errorf(
			call, CONTROL_CALL_FAILED, "too much for one message on the bus");
	caller_rate_charge(
		&c->rate, sd_bus_message_get_sender(call), clock_now_us(), strlen(owned));
	return sd_bus_reply_method_return(call, "s", owned);
}

static bool is_verb(const char *verb)
{
	size_t length = strlen(verb);

	return length > 0 && length <= VERB_MAX &&
	       strspn(verb, "abcdefghijklmnopqrstuvwxyz-") == length;
}

int control_call_command(struct control *c, sd_bus_message *call, const char *verb,
	const char *payload, sd_bus_error *error)
{
	_auto_free_ char *topic = alloc_printf("command/%s", verb);
	uint64_t number;

	if (!is_verb(verb))
		return sd_bus_error_set(error, CONTROL_CALL_INVALID,
			"a command is a word of small letters and hyphens");
	number = control_pending_add(&c->pending, call);
	if (!number)
		return sd_bus_error_set(error, CONTROL_CALL_BUSY,
			"too many commands wait for the disk; nothing was changed, try again");
	c->ops->command(c->user, &(struct command_request){.topic = topic,
					 .payload = payload,
					 .size = strlen(payload),
					 .reply_to = {.kind = REPLY_DBUS, .call = number}});
	return 1; /* answered by control_reply */
}
