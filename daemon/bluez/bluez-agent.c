// SPDX-License-Identifier: MIT
#include "daemon/bluez/bluez-agent.h"

#include <string.h>

#include "coxad/base/units.h"
#include "daemon/bluez/bluez-bus.h"
#include "daemon/bluez/bluez-context-private.h"
#include "daemon/bluez/bluez-objects.h"
#include "daemon/bluez/bus-calls.h"
#include "daemon/bluez/bus-message.h"

#define AGENT_PATH "/org/coxad/agent"
#define CALL_US    (6 * (int64_t)US_PER_S)

/* The first argument is the device; the passkey or UUID after it cannot be checked here. */
static bool may_pair(const struct bluez_context *context, DBusMessage *call)
{
	DBusMessageIter args;
	const char *path;

	if (context->conf->bluetooth.pairing != PAIRING_MODE_CONFIGURED || context->is_stopping ||
		!dbus_message_iter_init(call, &args) || !bus_message_get_text(&args, &path))
		return false;
	for (const struct bluez_device *d = bluez_objects_devices(context->objects); d; d = d->next)
		if (strcmp(d->node.path, path) == 0)
			return true; /* the mirror holds configured wearables only */
	return false;
}

static DBusHandlerResult on_call(DBusConnection *connection, DBusMessage *call, void *user)
{
	const struct bluez_context *context = user;
	const char *sender = dbus_message_get_sender(call);
	const char *member = dbus_message_get_member(call);
	DBusMessage *reply;

	if (!dbus_message_has_interface(call, "org.bluez.Agent1") || !member)
		return DBUS_HANDLER_RESULT_NOT_YET_HANDLED;
	if (!bluez_bus_is_bluetoothd(context->bus, sender))
		reply = dbus_message_new_error(call, "org.bluez.Error.Rejected", "not bluetoothd");
	else if (strcmp(member, "Release") == 0 || strcmp(member, "Cancel") == 0)
		reply = dbus_message_new_method_return(call);
	else if ((strcmp(member, "RequestConfirmation") == 0 ||
			 strcmp(member, "RequestAuthorization") == 0 ||
			 strcmp(member, "AuthorizeService") == 0) &&
		 may_pair(context, call))
		reply = dbus_message_new_method_return(call);
	else
		reply = dbus_message_new_error(call, "org.bluez.Error.Rejected", "not configured");
	bus_message_must(reply && dbus_connection_send(connection, reply, NULL));
	dbus_message_unref(reply);
	return DBUS_HANDLER_RESULT_HANDLED;
}

void bluez_agent_export(struct bluez_context *context, DBusConnection *connection)
{
	static const DBusObjectPathVTable table = {.message_function = on_call};

	bus_message_must(
		dbus_connection_register_object_path(connection, AGENT_PATH, &table, context));
}

static DBusMessage *new_call(const char *method)
{
	DBusMessage *call = bus_message_new_call("/org/bluez", "org.bluez.AgentManager1", method);
	const char *path = AGENT_PATH;

	bus_message_must(
		dbus_message_append_args(call, DBUS_TYPE_OBJECT_PATH, &path, DBUS_TYPE_INVALID));
	return call;
}

static void send(const struct bluez_context *context, DBusMessage *call)
{
	bus_calls_send(bluez_bus_calls(context->bus),
		&(struct bus_call){.message = call, .timeout_us = CALL_US});
}

static bool is_default(const struct bluez_context *context)
{
	return context->conf->bluetooth.pairing == PAIRING_MODE_CONFIGURED;
}

static void enroll(const struct bluez_context *context)
{
	const char *capability = "NoInputNoOutput";
	DBusMessage *call = new_call("RegisterAgent");

	bus_message_must(
		dbus_message_append_args(call, DBUS_TYPE_STRING, &capability, DBUS_TYPE_INVALID));
	send(context, call);
}

void bluez_agent_offer(const struct bluez_context *context)
{
	if (!is_default(context))
		enroll(context);
}

void bluez_agent_withdraw(const struct bluez_context *context)
{
	if (!is_default(context))
		send(context, new_call("UnregisterAgent"));
}

void bluez_agent_register(struct bluez_context *context)
{
	bool was_default = context->is_agent_default;

	context->is_agent_default = is_default(context);
	if (is_default(context)) {
		enroll(context);
		send(context, new_call("RequestDefaultAgent"));
	} else if (was_default) {
		send(context,
			new_call("UnregisterAgent")); /* another agent of this host may pair */
	}
}

void bluez_agent_forget(struct bluez_context *context)
{
	context->is_agent_default = false;
}
