// SPDX-License-Identifier: MIT
/* The bus, and org.bluez on it: both come and go, and each time all is built anew. */
#include <errno.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "daemon/bluez/bus-message.h"
#include "daemon/bluez/source-bluez-private.h"

#define CALL_US         (10 * (int64_t)US_PER_S)
#define REBUILD_US      (US_PER_S / 2)
#define REBUILD_MOST_US (10 * (int64_t)US_PER_S)

/* All that is listened to. Strangers' characteristics cannot be told apart here; the mirror does. */
static const char *const matches[] = {
	"type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='org.bluez'",
	"type='signal',sender='org.bluez',interface='org.freedesktop.DBus.ObjectManager'",
	"type='signal',sender='org.bluez',member='PropertiesChanged',arg0='org.bluez.Adapter1'",
	"type='signal',sender='org.bluez',member='PropertiesChanged',arg0='org.bluez.Device1'",
	"type='signal',sender='org.bluez',member='PropertiesChanged',arg0='org.bluez.Battery1'",
	("type='signal',sender='org.bluez',member='PropertiesChanged',"
	 "arg0='org.bluez.GattCharacteristic1'"),
};

static void bluez_gone(struct source_bluez *source)
{
	source->generation++;
	source->is_filled = false;
	source->version = 0;
	free(steal(source->owner));
	for (size_t i = 0; i < source->n_links; i++)
		bluez_link_bus_lost(source->link[i]);
	bluez_objects_clear(source->objects);
	source_bluez_schedule(source);
}

static void on_objects(DBusMessage *reply, void *user)
{
	struct source_bluez *source = *(struct source_bluez **)user;

	if (dbus_message_get_type(reply) == DBUS_MESSAGE_TYPE_ERROR) {
		journal_write_limited(&source->limit, LOG_WARNING, "bluez",
			"its objects cannot be read: %s", dbus_message_get_error_name(reply));
		/* A bluetoothd that is up answers; try again as long as it has the name. */
		source->is_filled = false;
		sd_event_source_set_time_relative(source->rebuild, REBUILD_US);
		sd_event_source_set_enabled(source->rebuild, SD_EVENT_ONESHOT);
		return;
	}
	source->is_filled = true;
	bluez_objects_fill(source->objects, reply);
	source_bluez_schedule(source);
}

void source_bluez_fetch(struct source_bluez *source)
{
	struct source_bluez **user = alloc_zero(1, sizeof(struct source_bluez *));

	*user = source;
	bus_calls_send(source->calls,
		bus_message_new_call(
			"/", "org.freedesktop.DBus.ObjectManager", "GetManagedObjects"),
		CALL_US, on_objects, user, &source->generation);
}

static void bluez_came(struct source_bluez *source, const char *owner)
{
	bus_calls_forget(source->calls, &source->generation);
	source->owner = alloc_text(owner);
	source->generation++;
	bluez_agent_register(source);
	source_bluez_fetch(source);
}

static void owner_changed(struct source_bluez *source, const char *owner)
{
	if (source->owner && strcmp(source->owner, owner) == 0)
		return;
	if (source->owner) {
		journal_write(LOG_WARNING, "bluez", "bluetoothd is gone");
		bluez_gone(source);
	}
	if (owner[0])
		bluez_came(source, owner);
}

static void on_owner(DBusMessage *reply, void *user)
{
	struct source_bluez *source = *(struct source_bluez **)user;
	const char *owner;

	if (dbus_message_get_args(reply, NULL, DBUS_TYPE_STRING, &owner, DBUS_TYPE_INVALID) &&
		dbus_message_get_type(reply) != DBUS_MESSAGE_TYPE_ERROR)
		owner_changed(source, owner);
	else
		journal_write(LOG_WARNING, "bluez", "bluetoothd is not there yet");
}

static void rebuild_soon(struct source_bluez *source, int64_t wait_us)
{
	sd_event_source_set_time_relative(source->rebuild, (uint64_t)wait_us);
	sd_event_source_set_enabled(source->rebuild, SD_EVENT_ONESHOT);
}

static DBusHandlerResult on_message(DBusConnection *connection, DBusMessage *message, void *user)
{
	struct source_bluez *source = user;
	const char *sender = dbus_message_get_sender(message);
	const char *name, *old, *new;

	if (dbus_message_get_type(message) != DBUS_MESSAGE_TYPE_SIGNAL)
		return DBUS_HANDLER_RESULT_NOT_YET_HANDLED;
	if (dbus_message_is_signal(message, DBUS_INTERFACE_LOCAL, "Disconnected")) {
		/* Not here, inside its dispatch: from the loop. */
		source->is_lost = true;
		rebuild_soon(source, 0);
	} else if (dbus_message_is_signal(message, DBUS_INTERFACE_DBUS, "NameOwnerChanged")) {
		if (dbus_message_get_args(message, NULL, DBUS_TYPE_STRING, &name, DBUS_TYPE_STRING,
			    &old, DBUS_TYPE_STRING, &new, DBUS_TYPE_INVALID) &&
			strcmp(name, "org.bluez") == 0)
			owner_changed(source, new);
	} else if (source->owner && sender && strcmp(sender, source->owner) == 0) {
		bluez_objects_signal(source->objects, message);
	}
	return DBUS_HANDLER_RESULT_HANDLED;
}

/* --- the bus itself --- */

static void on_hello(DBusMessage *reply, void *user)
{
	struct source_bluez *source = *(struct source_bluez **)user;
	struct source_bluez **again;
	DBusMessage *call;
	const char *name, *bluez = "org.bluez";

	if (dbus_message_get_type(reply) == DBUS_MESSAGE_TYPE_ERROR ||
		!dbus_message_get_args(reply, NULL, DBUS_TYPE_STRING, &name, DBUS_TYPE_INVALID)) {
		source->is_lost = true;
		rebuild_soon(source, 0);
		return;
	}
	dbus_bus_set_unique_name(source->connection, name);
	backoff_reset(&source->backoff);
	for (size_t i = 0; i < ARRAY_LEN(matches); i++)
		dbus_bus_add_match(source->connection, matches[i], NULL);
	again = alloc_zero(1, sizeof(struct source_bluez *));
	*again = source;
	call = dbus_message_new_method_call(
		DBUS_SERVICE_DBUS, DBUS_PATH_DBUS, DBUS_INTERFACE_DBUS, "GetNameOwner");
	dbus_message_append_args(call, DBUS_TYPE_STRING, &bluez, DBUS_TYPE_INVALID);
	bus_calls_send(source->calls, call, CALL_US, on_owner, again, source);
}

static int error_number(const DBusError *error)
{
	if (dbus_error_has_name(error, DBUS_ERROR_FILE_NOT_FOUND))
		return -ENOENT;
	if (dbus_error_has_name(error, DBUS_ERROR_BAD_ADDRESS))
		return -EINVAL;
	if (dbus_error_has_name(error, DBUS_ERROR_ACCESS_DENIED))
		return -EACCES;
	return -ECONNREFUSED;
}

/* Only the socket's connect blocks, which is local. Authentication, Hello and the rest go through
 * the loop, so that a bus that hangs cannot hang us. */
int source_bluez_open(struct source_bluez *source)
{
	struct source_bluez **user;
	DBusError error = DBUS_ERROR_INIT;
	int r;

	source->connection = dbus_connection_open_private(source->bus_address, &error);
	if (!source->connection) {
		r = error_number(&error);
		journal_write_limited(&source->limit, LOG_ERR, "bluez", "no bus at %s: %s",
			source->bus_address, error.message);
		dbus_error_free(&error);
		return r;
	}
	dbus_connection_set_exit_on_disconnect(source->connection, FALSE);
	r = bus_loop_attach(source->loop, source->connection, &source->bus_loop);
	if (r < 0) {
		dbus_connection_close(source->connection);
		dbus_connection_unref(steal(source->connection));
		return r;
	}
	source->calls = bus_calls_new(source->connection);
	dbus_connection_add_filter(source->connection, on_message, source, NULL);
	bluez_agent_export(source);
	user = alloc_zero(1, sizeof(struct source_bluez *));
	*user = source;
	bus_calls_send(source->calls,
		dbus_message_new_method_call(
			DBUS_SERVICE_DBUS, DBUS_PATH_DBUS, DBUS_INTERFACE_DBUS, "Hello"),
		CALL_US, on_hello, user, source);
	return 0;
}

void source_bluez_close(struct source_bluez *source)
{
	if (!source->connection)
		return;
	source->calls = bus_calls_free(source->calls);
	dbus_connection_remove_filter(source->connection, on_message, source);
	dbus_connection_unregister_object_path(source->connection, "/org/coxad/agent");
	source->bus_loop = bus_loop_detach(source->bus_loop);
	dbus_connection_close(source->connection);
	dbus_connection_unref(steal(source->connection));
	source->is_lost = false;
}

int source_bluez_on_rebuild(sd_event_source *event, uint64_t usec, void *user)
{
	struct source_bluez *source = user;

	if (source->is_lost) {
		journal_write(LOG_WARNING, "bluez", "the bus is gone");
		bluez_gone(source);
		source_bluez_close(source);
	}
	if (!source->connection) {
		if (!source->is_stopping && source_bluez_open(source) < 0)
			rebuild_soon(source,
				backoff_next(&source->backoff, REBUILD_US, REBUILD_MOST_US));
	} else if (source->owner && !source->is_filled) {
		source_bluez_fetch(source);
	}
	return 0;
}
