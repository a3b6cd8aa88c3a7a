// SPDX-License-Identifier: MIT
#include "daemon/control/control-adopt.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/address.h"
#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/loop/clock.h"
#include "daemon/control/control-call.h"

#define SCAN_MAX_S 60
/* Who adopts asks again within this time, or is gone. */
#define TRY_MAX_S 10

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

void control_adopt_done(struct control_adopt *adopt)
{
	free(adopt->who);
	*adopt = (struct control_adopt){0};
}

static int take_turn(struct control *c, sd_bus_message *call, unsigned seconds, sd_bus_error *error)
{
	const char *who = sd_bus_message_get_sender(call);
	struct control_adopt *adopt = &c->adopt;

	if (adopt->who && strcmp(adopt->who, who) != 0 && clock_now_us() < adopt->until_us)
		return sd_bus_error_set(error, CONTROL_CALL_BUSY,
			"somebody else is adopting sensors right now; wait until that is done");
	control_adopt_done(adopt);
	adopt->who = alloc_text(who);
	adopt->until_us = clock_now_us() + (int64_t)seconds * US_PER_S;
	return 0;
}

static int read_addresses(sd_bus_message *call, char ret[static CONTROL_TRY_MAX][ADDRESS_SIZE])
{
	const char *text;
	int n = 0, r = sd_bus_message_enter_container(call, 'a', "s");

	while (r >= 0 && (r = sd_bus_message_read(call, "s", &text)) > 0) {
		if (n == CONTROL_TRY_MAX || address_from_string(text, ret[n]) < 0)
			return -EINVAL;
		n++;
	}
	if (r >= 0)
		r = sd_bus_message_exit_container(call);
	return r < 0 ? r : n;
}

int control_adopt_try(sd_bus_message *call, void *user, sd_bus_error *error)
{
	struct control *c = user;
	char address[CONTROL_TRY_MAX][ADDRESS_SIZE];
	uint32_t seconds = 0;
	int n, r = control_call_admit(c, call, error);

	if (r < 0)
		return r;
	n = read_addresses(call, address);
	if (n >= 0)
		r = sd_bus_message_read(call, "u", &seconds);
	if (n < 0 || r < 0 || seconds < 1 || seconds > TRY_MAX_S)
		return sd_bus_error_setf(error, CONTROL_CALL_INVALID,
			"%d addresses at most, and 1 to %d seconds", CONTROL_TRY_MAX, TRY_MAX_S);
	r = take_turn(c, call, n ? seconds : 0, error);
	if (r < 0)
		return r;
	r = c->ops->hold(c->user, address, (size_t)n, seconds);
	if (r == -ENOENT)
		return sd_bus_error_set(error, CONTROL_CALL_INVALID,
			"one of them is configured, or was not heard since the scan began");
	return r < 0 ? r : answer(c, call, c->ops->held(c->user), error);
}

int control_adopt_identify(sd_bus_message *call, void *user, sd_bus_error *error)
{
	struct control *c = user;
	const char *address;
	uint32_t seconds;
	int r = control_call_admit(c, call, error);

	if (r >= 0)
		r = sd_bus_message_read(call, "su", &address, &seconds);
	if (r < 0)
		return r;
	r = c->ops->identify(c->user, address, seconds);
	if (r < 0)
		return sd_bus_error_set(error, CONTROL_CALL_FAILED,
			"it is not connected, or has neither light nor motor");
	return sd_bus_reply_method_return(call, "");
}
