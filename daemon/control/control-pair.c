// SPDX-License-Identifier: MIT
#include "daemon/control/control-pair.h"

#include <errno.h>
#include <string.h>

#include "daemon/control/control-call.h"

#define LOOK_MAX_S 300

static void forget_caller(struct control_pair *p)
{
	p->call = sd_bus_message_unref(p->call);
	p->caller = sd_bus_track_unref(p->caller);
}

void control_pair_clear(struct control *c)
{
	if (!c->pair.call)
		return;
	forget_caller(&c->pair);
	c->ops->pair_cancel(c->user);
}

static int on_caller_gone(sd_bus_track *track, void *user)
{
	control_pair_clear(user);
	return 0;
}

static int follow_caller(struct control *c, sd_bus_message *call)
{
	int r = sd_bus_track_new(sd_bus_message_get_bus(call), &c->pair.caller, on_caller_gone, c);

	c->pair.call = sd_bus_message_ref(call);
	if (r >= 0)
		r = sd_bus_track_add_sender(c->pair.caller, call);
	return r;
}

static int refuse(int r, const char *who, const char *why, sd_bus_error *error)
{
	if (r == -EBUSY)
		return sd_bus_error_set(error, CONTROL_CALL_BUSY,
			"somebody else is pairing a wearable right now; wait until that is done");
	if (r == -ENOENT)
		return sd_bus_error_setf(
			error, CONTROL_CALL_INVALID, "there is no wearable %.64s", who);
	return sd_bus_error_set(error, CONTROL_CALL_FAILED, why);
}

int control_pair_method(sd_bus_message *call, void *user, sd_bus_error *error)
{
	struct control *c = user;
	char why[CONTROL_WHY_SIZE] = "";
	const char *who;
	uint32_t seconds;
	int r = control_call_admit(c, call, error);

	if (r >= 0)
		r = sd_bus_message_read(call, "su", &who, &seconds);
	if (r < 0)
		return r;
	if (seconds < 1 || seconds > LOOK_MAX_S)
		return sd_bus_error_setf(
			error, CONTROL_CALL_INVALID, "seconds must be from 1 to %d", LOOK_MAX_S);
	r = c->pair.call ? -EBUSY : c->ops->pair(c->user, who, seconds, why);
	if (r < 0)
		return refuse(r, who, why, error);
	r = follow_caller(c, call);
	if (r < 0)
		control_pair_clear(c);
	return r < 0 ? r : 1; /* answered when it has ended */
}

int control_pair_answer_method(sd_bus_message *call, void *user, sd_bus_error *error)
{
	struct control *c = user;
	const char *answer;
	int r = control_call_admit(c, call, error);

	if (r >= 0)
		r = sd_bus_message_read(call, "s", &answer);
	if (r < 0)
		return r;
	r = c->pair.call && strcmp(sd_bus_message_get_sender(c->pair.call),
				    sd_bus_message_get_sender(call)) == 0
		    ? c->ops->pair_answer(c->user, answer)
		    : -ENOENT;
	if (r == -EINVAL)
		return sd_bus_error_set(error, CONTROL_CALL_INVALID,
			"a passkey is up to six digits, a PIN up to 16 characters, and what is "
			"compared is answered with yes or no");
	if (r < 0)
		return sd_bus_error_set(
			error, CONTROL_CALL_FAILED, "the wearable does not ask for anything now");
	return sd_bus_reply_method_return(call, "");
}

void control_pair_tell(const struct control_pair *p, const char *what, const char *value)
{
	sd_bus_message *signal = NULL;
	sd_bus *bus = p->call ? sd_bus_message_get_bus(p->call) : NULL;
	int r;

	if (!bus)
		return;
	r = sd_bus_message_new_signal(
		bus, &signal, CONTROL_BUS_PATH, CONTROL_BUS_ADMIN, "PairRequest");
	if (r >= 0)
		r = sd_bus_message_append(signal, "ss", what, value);
	if (r >= 0)
		sd_bus_send_to(bus, signal, sd_bus_message_get_sender(p->call), NULL);
	sd_bus_message_unref(signal);
}

void control_pair_done(struct control_pair *p, const char *document, const char *why)
{
	if (p->call && why)
		sd_bus_reply_method_errorf(p->call, CONTROL_CALL_FAILED, "%s", why);
	else if (p->call)
		sd_bus_reply_method_return(p->call, "s", document);
	forget_caller(p);
}
