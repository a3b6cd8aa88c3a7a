// SPDX-License-Identifier: MIT
#include "gym/door-agent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "gym/door-properties.h"
#include "gym/door-send.h"

#define FAILED   "org.bluez.Error.AuthenticationFailed"
#define CANCELED "org.bluez.Error.AuthenticationCanceled"
#define DIGITS   6

static const struct {
	const char *word, *method;
} demands[] = {
	[DOOR_DEMAND_NOTHING] = {"nothing", ""},
	[DOOR_DEMAND_SHOWN] = {"shown", "RequestPasskey"},
	[DOOR_DEMAND_ENTERED] = {"entered", "DisplayPasskey"},
	[DOOR_DEMAND_COMPARED] = {"compared", "RequestConfirmation"},
	[DOOR_DEMAND_PIN] = {"pin", "RequestPinCode"},
};

/* --- agents --- */

static struct door_agent *find(struct door *door, const char *owner, const char *path)
{
	for (size_t i = 0; i < DOOR_AGENTS_MAX; i++)
		if (strcmp(door->agent[i].owner, owner) == 0 &&
			(!path || strcmp(door->agent[i].path, path) == 0))
			return &door->agent[i];
	return NULL;
}

static struct door_agent *find_default(struct door *door)
{
	for (size_t i = 0; i < DOOR_AGENTS_MAX; i++)
		if (door->agent[i].is_default)
			return &door->agent[i];
	return NULL;
}

static bool add(struct door *door, const char *owner, const char *path, const char *capability)
{
	struct door_agent *agent = find(door, "", NULL);

	if (find(door, owner, NULL) || !agent)
		return false;
	snprintf(agent->owner, sizeof(agent->owner), "%s", owner);
	snprintf(agent->path, sizeof(agent->path), "%s", path);
	agent->has_keyboard = strcmp(capability, "KeyboardDisplay") == 0;
	return true;
}

bool door_agent_call(struct door *door, DBusMessage *call, const char *member)
{
	const char *owner = dbus_message_get_sender(call), *path = "", *capability = "";
	struct door_agent *agent;

	if (strcmp(member, "RegisterAgent") == 0)
		return dbus_message_get_args(call, NULL, DBUS_TYPE_OBJECT_PATH, &path,
			       DBUS_TYPE_STRING, &capability, DBUS_TYPE_INVALID) &&
		       add(door, owner, path, capability);
	if (!dbus_message_get_args(call, NULL, DBUS_TYPE_OBJECT_PATH, &path, DBUS_TYPE_INVALID))
		return false;
	agent = find(door, owner, path);
	if (!agent)
		return false;
	if (strcmp(member, "UnregisterAgent") == 0) {
		*agent = (struct door_agent){0};
		return true;
	}
	for (size_t i = 0; i < DOOR_AGENTS_MAX; i++)
		door->agent[i].is_default = &door->agent[i] == agent;
	return true;
}

unsigned door_agent_count(const struct door *door)
{
	unsigned n = 0;

	for (size_t i = 0; i < DOOR_AGENTS_MAX; i++)
		n += door->agent[i].owner[0] != '\0';
	return n;
}

/* --- pairing --- */

static void forget(struct door_device *device)
{
	struct door_pairing *pairing = &device->pairing;

	if (pairing->question) {
		dbus_pending_call_cancel(pairing->question);
		dbus_pending_call_unref(steal(pairing->question));
	}
	if (pairing->call)
		dbus_message_unref(steal(pairing->call));
}

static void end(struct door_device *device, const char *error)
{
	DBusMessage *call = device->pairing.call;

	if (!error)
		door_properties_set_bonded(device->door, device, true);
	door_send_message(device->door,
		error ? dbus_message_new_error(call, error, "Authentication failed")
		      : dbus_message_new_method_return(call),
		0);
	forget(device);
}

static void cancel(struct door_device *device)
{
	const struct door_pairing *pairing = &device->pairing;

	if (!pairing->call)
		return;
	if (pairing->question)
		door_send_message(device->door,
			dbus_message_new_method_call(pairing->agent.owner, pairing->agent.path,
				"org.bluez.Agent1", "Cancel"),
			0);
	end(device, CANCELED);
}

/* The agent's answer is what the wearable waits for. */
static bool is_right(const struct door_device *device, DBusMessage *reply)
{
	dbus_uint32_t passkey;
	const char *pin;

	if (dbus_message_get_type(reply) == DBUS_MESSAGE_TYPE_ERROR)
		return false;
	switch (device->demand) {
	case DOOR_DEMAND_SHOWN:
		return dbus_message_get_args(
			       reply, NULL, DBUS_TYPE_UINT32, &passkey, DBUS_TYPE_INVALID) &&
		       passkey == strtoul(device->demanded, NULL, 10);
	case DOOR_DEMAND_PIN:
		return dbus_message_get_args(
			       reply, NULL, DBUS_TYPE_STRING, &pin, DBUS_TYPE_INVALID) &&
		       strcmp(pin, device->demanded) == 0;
	case DOOR_DEMAND_NOTHING:
	case DOOR_DEMAND_ENTERED:
	case DOOR_DEMAND_COMPARED:
		break;
	}
	return true;
}

static void on_answer(DBusPendingCall *pending, void *user)
{
	struct door_device *device = user;
	DBusMessage *reply = dbus_pending_call_steal_reply(pending);
	bool right = is_right(device, reply);

	dbus_message_unref(reply);
	dbus_pending_call_unref(steal(device->pairing.question));
	/* What is shown has still to be entered at the wearable. */
	if (!right || device->demand != DOOR_DEMAND_ENTERED)
		end(device, right ? NULL : FAILED);
}

static DBusMessage *question_of(const struct door_device *device, unsigned entered)
{
	const struct door_agent *agent = &device->pairing.agent;
	DBusMessage *question = dbus_message_new_method_call(
		agent->owner, agent->path, "org.bluez.Agent1", demands[device->demand].method);
	const char *path = device->path;
	dbus_uint32_t passkey = (dbus_uint32_t)strtoul(device->demanded, NULL, 10);
	dbus_uint16_t n = (dbus_uint16_t)entered;

	dbus_message_append_args(question, DBUS_TYPE_OBJECT_PATH, &path, DBUS_TYPE_INVALID);
	if (device->demand == DOOR_DEMAND_COMPARED || device->demand == DOOR_DEMAND_ENTERED)
		dbus_message_append_args(question, DBUS_TYPE_UINT32, &passkey, DBUS_TYPE_INVALID);
	if (device->demand == DOOR_DEMAND_ENTERED)
		dbus_message_append_args(question, DBUS_TYPE_UINT16, &n, DBUS_TYPE_INVALID);
	return question;
}

static void ask(struct door_device *device)
{
	DBusMessage *question = question_of(device, 0);

	if (dbus_connection_send_with_reply(device->door->connection, question,
		    &device->pairing.question, DBUS_TIMEOUT_INFINITE) &&
		device->pairing.question)
		dbus_pending_call_set_notify(device->pairing.question, on_answer, device, NULL);
	dbus_message_unref(question);
}

bool door_agent_pair(struct door *door, struct door_device *device, DBusMessage *call)
{
	const struct door_agent *agent = find(door, dbus_message_get_sender(call), NULL);

	if (!agent)
		agent = find_default(door);
	if (agent && device->demand == DOOR_DEMAND_NOTHING)
		return false;
	device->pairing.call = dbus_message_ref(call);
	if (agent && agent->has_keyboard) {
		device->pairing.agent = *agent;
		ask(device);
	} else {
		end(device, FAILED);
	}
	return true;
}

void door_agent_link_down(struct door_device *device)
{
	cancel(device);
}

/* --- what the wearable wants, and what is done at it --- */

const char *door_agent_demand(struct door_device *device, char **words, size_t n)
{
	for (size_t i = 0; n > 2 && i < ARRAY_LEN(demands); i++)
		if (strcmp(words[2], demands[i].word) == 0) {
			device->demand = (enum door_demand)i;
			snprintf(device->demanded, sizeof(device->demanded), "%s",
				n > 3 ? words[3] : "");
			return "ok";
		}
	return "error usage: demand WHO nothing|shown|entered|compared|pin [VALUE]";
}

const char *door_agent_enter(struct door_device *device, const char *value)
{
	if (!device->pairing.call || device->demand != DOOR_DEMAND_ENTERED)
		return "error nothing is to be entered";
	for (unsigned i = 1; i <= DIGITS; i++) {
		DBusMessage *again = question_of(device, i);

		dbus_message_set_no_reply(again, true);
		door_send_message(device->door, again, 0);
	}
	end(device, strcmp(value, device->demanded) == 0 ? NULL : FAILED);
	return "ok";
}

/* --- clients leave --- */

void door_agent_forget_all(struct door *door)
{
	for (size_t i = 0; i < door->n_devices; i++)
		forget(&door->devices[i]);
	memset(door->agent, 0, sizeof(door->agent));
}

static void leave(struct door *door, const char *name)
{
	struct door_agent *agent = find(door, name, NULL);

	if (agent)
		*agent = (struct door_agent){0};
	for (size_t i = 0; i < door->n_devices; i++) {
		struct door_device *device = &door->devices[i];

		if (device->pairing.call &&
			strcmp(dbus_message_get_sender(device->pairing.call), name) == 0)
			forget(device);
		else if (device->pairing.call && strcmp(device->pairing.agent.owner, name) == 0)
			end(device, CANCELED);
	}
}

DBusHandlerResult door_agent_on_signal(DBusConnection *connection, DBusMessage *signal, void *user)
{
	const char *name, *old, *now;

	if (!dbus_message_is_signal(signal, DBUS_INTERFACE_DBUS, "NameOwnerChanged"))
		return DBUS_HANDLER_RESULT_NOT_YET_HANDLED;
	if (dbus_message_get_args(signal, NULL, DBUS_TYPE_STRING, &name, DBUS_TYPE_STRING, &old,
		    DBUS_TYPE_STRING, &now, DBUS_TYPE_INVALID) &&
		!now[0])
		leave(user, name);
	return DBUS_HANDLER_RESULT_HANDLED;
}
