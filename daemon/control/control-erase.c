// SPDX-License-Identifier: MIT
#include "daemon/control/control-erase.h"

#include <errno.h>

#include "daemon/control/control-call.h"

int control_erase_method(struct control *c, sd_bus_message *call, sd_bus_error *error)
{
	char why[CONTROL_WHY_SIZE];
	const char *athlete;
	int r = control_call_admit(c, call, error);

	if (r >= 0)
		r = sd_bus_message_read(call, "s", &athlete);
	if (r < 0)
		return r;
	r = c->ops->erase(c->user, athlete, why);
	if (r < 0)
		return sd_bus_error_set(error,
			r == -EBUSY    ? CONTROL_CALL_BUSY
			: r == -EINVAL ? CONTROL_CALL_INVALID
				       : CONTROL_CALL_FAILED,
			why);
	control_erase_clear(&c->erase);
	c->erase.call = sd_bus_message_ref(call);
	return 1; /* answered when it is done */
}

void control_erase_answer(struct control_erase *e, const char *text, const char *why)
{
	if (e->call && text)
		sd_bus_reply_method_return(e->call, "s", text);
	else if (e->call)
		sd_bus_reply_method_errorf(e->call, CONTROL_CALL_FAILED, "%s", why);
	control_erase_clear(e);
}

void control_erase_clear(struct control_erase *e)
{
	e->call = sd_bus_message_unref(e->call);
}
