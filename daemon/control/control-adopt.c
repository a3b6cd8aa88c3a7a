// SPDX-License-Identifier: MIT
#include "daemon/control/control-adopt.h"

#include "daemon/control/control-call.h"

#define SCAN_MAX_S 60

static int answer(struct control *c, sd_bus_message *call, char *text, sd_bus_error *error)
{
	if (!text)
		return sd_bus_error_set(error, CONTROL_CALL_FAILED,
			"coxad has no connection to BlueZ: systemctl status bluetooth");
	return control_call_answer(c, call, text);
}

int control_adopt_scan(sd_bus_message *call, void *user, sd_bus_error *error)
{
	struct control *c = user;
	uint32_t seconds;
	int r = control_call_admit(c, call, error);

	if (r >= 0)
		r = sd_bus_message_read(call, "u", &seconds);
	if (r < 0)
		return r;
	if (seconds < 1 || seconds > SCAN_MAX_S)
		return sd_bus_error_setf(
			error, CONTROL_CALL_INVALID, "a scan takes 1 to %d seconds", SCAN_MAX_S);
	return answer(c, call, c->ops->scan(c->user, seconds), error);
}
