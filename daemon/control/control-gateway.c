// SPDX-License-Identifier: MIT
#include "daemon/control/control-gateway.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "daemon/control/control-call.h"
#include "daemon/control/state-text.h"

static int on_status(sd_bus_message *call, void *user, sd_bus_error *error)
{
	struct control *c = user;
	struct state_text text;
	int r = control_call_admit(c, call, error);

	if (r < 0)
		return r;
	state_text_begin(&text, c->conf->mqtt.base);
	c->ops->states(c->user, state_text_add, &text);
	return control_call_answer(c, call, state_text_end(&text));
}

/* One state topic of the gateway itself. */
struct wanted {
	const char *base, *topic;
	char *payload;
};

static void look_for(void *visitor, const struct message *message)
{
	struct wanted *wanted = visitor;
	const char *topic = state_text_below(message->topic, wanted->base);

	if (topic && strcmp(topic, wanted->topic) == 0 && message->size && !wanted->payload) {
		wanted->payload = alloc_zero(1, message->size + 1);
		memcpy(wanted->payload, message->payload, message->size);
	}
}

static int answer_state(
	struct control *c, sd_bus_message *call, const char *what, sd_bus_error *error)
{
	_auto_free_ char *topic = alloc_printf("gateway/%s/%s", c->conf->gateway.name, what);
	struct wanted wanted = {.base = c->conf->mqtt.base, .topic = topic};
	int r = control_call_admit(c, call, error);

	if (r < 0)
		return r;
	c->ops->states(c->user, look_for, &wanted);
	if (!wanted.payload)
		return sd_bus_error_set(
			error, CONTROL_CALL_FAILED, "not known yet; try again in a second");
	return control_call_answer(c, call, wanted.payload);
}

static int on_inventory(sd_bus_message *call, void *user, sd_bus_error *error)
{
	return answer_state(user, call, "inventory", error);
}

static int on_health(sd_bus_message *call, void *user, sd_bus_error *error)
{
	return answer_state(user, call, "health", error);
}

static int on_command(sd_bus_message *call, void *user, sd_bus_error *error)
{
	const char *verb, *payload;
	int r = control_call_admit(user, call, error);

	if (r >= 0)
		r = sd_bus_message_read(call, "ss", &verb, &payload);
	return r < 0 ? r : control_call_command(user, call, verb, payload, error);
}

/* Empty texts and 0 stand for what is not asked for. */
static int on_history(sd_bus_message *call, void *user, sd_bus_error *error)
{
	const char *athlete, *kind, *since;
	uint32_t limit;
	_auto_free_ char *payload = NULL;
	json_t *members;
	int r = control_call_admit(user, call, error);

	if (r >= 0)
		r = sd_bus_message_read(call, "sssu", &athlete, &kind, &since, &limit);
	if (r < 0)
		return r;
	members = json_pack("{s:s}", "athlete", athlete);
	if (members && kind[0])
		json_object_set_new(members, "kind", json_string(kind));
	if (members && since[0])
		json_object_set_new(members, "since", json_string(since));
	if (members && limit)
		json_object_set_new(members, "limit", json_integer(limit));
	payload = members ? json_dumps(members, JSON_COMPACT) : NULL;
	json_decref(members);
	if (!payload)
		return -EINVAL;
	return control_call_command(user, call, "history", payload, error);
}

static int on_watch(sd_bus_message *call, void *user, sd_bus_error *error)
{
	struct control *c = user;
	const char *kit;
	uint32_t seconds;
	int r = control_call_admit(c, call, error);

	if (r >= 0)
		r = sd_bus_message_read(call, "su", &kit, &seconds);
	if (r < 0)
		return r;
	if (kit[0] && conf_find_kit(c->conf, kit) < 0)
		return sd_bus_error_setf(error, CONTROL_CALL_INVALID, "there is no kit %.32s", kit);
	r = control_watch_start(&c->watch, call, kit, seconds);
	if (r == -EBUSY)
		return sd_bus_error_set(error, CONTROL_CALL_BUSY, "too many programs watch");
	if (r >= 0)
		r = sd_bus_reply_method_return(call, "");
	if (r >= 0)
		c->ops->states(c->user, control_watch_tell_state, &c->watch);
	return r;
}

/* To sd-bus: who may call is for the policy of the bus. */
#define ANYBODY SD_BUS_VTABLE_UNPRIVILEGED
const sd_bus_vtable control_gateway_methods[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_METHOD_WITH_ARGS(
		"Status", SD_BUS_NO_ARGS, SD_BUS_RESULT("s", states), on_status, ANYBODY),
	SD_BUS_METHOD_WITH_ARGS(
		"Inventory", SD_BUS_NO_ARGS, SD_BUS_RESULT("s", inventory), on_inventory, ANYBODY),
	SD_BUS_METHOD_WITH_ARGS(
		"Health", SD_BUS_NO_ARGS, SD_BUS_RESULT("s", health), on_health, ANYBODY),
	SD_BUS_METHOD_WITH_ARGS("Command", SD_BUS_ARGS("s", verb, "s", payload),
		SD_BUS_RESULT("s", result), on_command, ANYBODY),
	SD_BUS_METHOD_WITH_ARGS("History",
		SD_BUS_ARGS("s", athlete, "s", kind, "s", since, "u", limit),
		SD_BUS_RESULT("s", result), on_history, ANYBODY),
	SD_BUS_METHOD_WITH_ARGS(
		"Watch", SD_BUS_ARGS("s", kit, "u", seconds), SD_BUS_NO_RESULT, on_watch, ANYBODY),
	SD_BUS_SIGNAL_WITH_ARGS("Message", SD_BUS_ARGS("s", topic, "s", payload), 0),
	SD_BUS_VTABLE_END,
};
