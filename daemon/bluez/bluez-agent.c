// SPDX-License-Identifier: MIT
/* org.bluez.Agent1: says yes to the configured wearables where pairing is configured, and no to
 * everybody else. It can neither show nor type a passkey. */
#include <string.h>

#include "coxad/base/units.h"
#include "daemon/bluez/bus-message.h"
#include "daemon/bluez/source-bluez-private.h"

#define AGENT_PATH "/org/coxad/agent"
#define CALL_US    (6 * (int64_t)US_PER_S)

/* The first argument is the device; passkeys and UUIDs after it say nothing that we could check. */
static bool may_pair(const struct source_bluez *source, DBusMessage *call)
{
	DBusMessageIter args;
	const char *path;

	if (source->conf->bluetooth.pairing != PAIRING_MODE_CONFIGURED || source->is_stopping ||
		!dbus_message_iter_init(call, &args) || !bus_message_get_text(&args, &path))
		return false;
	for (const struct bluez_device *d = bluez_objects_devices(source->objects); d; d = d->next)
		if (strcmp(d->node.path, path) == 0)
			return true; /* the mirror holds configured wearables alone */
	return false;
}

static DBusHandlerResult on_call(DBusConnection *connection, DBusMessage *call, void *user)
{
	struct source_bluez *source = user;
	const char *sender = dbus_message_get_sender(call);
	const char *member = dbus_message_get_member(call);
	DBusMessage *reply;

	if (!dbus_message_has_interface(call, "org.bluez.Agent1") || !member)
		return DBUS_HANDLER_RESULT_NOT_YET_HANDLED;
	if (!source->owner || !sender || strcmp(sender, source->owner) != 0)
		reply = dbus_message_new_error(call, "org.bluez.Error.Rejected", "not bluetoothd");
	else if (strcmp(member, "Release") == 0 || strcmp(member, "Cancel") == 0)
		reply = dbus_message_new_method_return(call);
	else if ((strcmp(member, "RequestConfirmation") == 0 ||
			 strcmp(member, "RequestAuthorization") == 0 ||
			 strcmp(member, "AuthorizeService") == 0) &&
		 may_pair(source, call))
		reply = dbus_message_new_method_return(call);
	else
		reply = dbus_message_new_error(call, "org.bluez.Error.Rejected", "not configured");
	if (reply) {
		dbus_connection_send(connection, reply, NULL);
		dbus_message_unref(reply);
	}
	return DBUS_HANDLER_RESULT_HANDLED;
}

void bluez_agent_export(struct source_bluez *source)
{
	static const DBusObjectPathVTable table = {.message_function = on_call};

	dbus_connection_register_object_path(source->connection, AGENT_PATH, &table, source);
}

void bluez_agent_register(struct source_bluez *source)
{
	const char *path = AGENT_PATH, *capability = "NoInputNoOutput";
	DBusMessage *call =
		bus_message_new_call("/org/bluez", "org.bluez.AgentManager1", "RegisterAgent");

	dbus_message_append_args(call, DBUS_TYPE_OBJECT_PATH, &path, DBUS_TYPE_STRING, &capability,
		DBUS_TYPE_INVALID);
	bus_calls_send(source->calls, call, CALL_US, NULL, NULL, source);
	call = bus_message_new_call("/org/bluez", "org.bluez.AgentManager1", "RequestDefaultAgent");
	dbus_message_append_args(call, DBUS_TYPE_OBJECT_PATH, &path, DBUS_TYPE_INVALID);
	bus_calls_send(source->calls, call, CALL_US, NULL, NULL, source);
}
