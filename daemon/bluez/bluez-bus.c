// SPDX-License-Identifier: MIT
#include "daemon/bluez/bluez-bus.h"

#include <errno.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/backoff.h"
#include "coxad/base/units.h"
#include "coxad/loop/clock.h"
#include "coxad/loop/journal.h"
#include "daemon/bluez/bus-calls.h"
#include "coxad/loop/bus-loop.h"
#include "daemon/bluez/bus-message.h"

#define SYSTEM_BUS    "unix:path=/run/dbus/system_bus_socket"
#define CALL_US       (10 * (int64_t)US_PER_S)
#define RETRY_US      (US_PER_S / 2)
#define RETRY_MOST_US (10 * (int64_t)US_PER_S)

struct bluez_bus {
	sd_event *loop;
	char *address;
	const struct bluez_bus_ops *ops;
	void *user;

	DBusConnection *connection; /* NULL: no bus */
	struct bus_loop *bus_loop;
	struct bus_calls *calls;
	char *owner; /* unique name of bluetoothd; NULL: absent */
	unsigned generation;
	bool is_filled; /* its objects were fetched */
	bool is_lost;   /* to be closed and opened again by the timer */
	bool is_stopping;
	sd_event_source *retry;
	struct backoff backoff;
	struct journal_limit limit;
};

/* The first is what every connection needs. Signals of the objects of strangers pass too: only the mirror can tell them apart. */
static const char *const matches[] = {
	"type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='org.bluez'",
	"type='signal',sender='org.bluez',interface='org.freedesktop.DBus.ObjectManager'",
	"type='signal',sender='org.bluez',member='PropertiesChanged',arg0='org.bluez.Adapter1'",
	"type='signal',sender='org.bluez',member='PropertiesChanged',arg0='org.bluez.Device1'",
	"type='signal',sender='org.bluez',member='PropertiesChanged',arg0='org.bluez.Battery1'",
	("type='signal',sender='org.bluez',member='PropertiesChanged',"
	 "arg0='org.bluez.GattCharacteristic1'"),
};

static void retry_after(struct bluez_bus *bus, int64_t wait_us)
{
	sd_event_source_set_time_relative(bus->retry, (uint64_t)wait_us);
	sd_event_source_set_enabled(bus->retry, SD_EVENT_ONESHOT);
}

/* --- bluetoothd --- */

/* False: only calls go through this connection, another one follows what bluetoothd says. */
static bool follows(const struct bluez_bus *bus)
{
	return bus->ops->signal != NULL;
}

static void on_objects(DBusMessage *reply, void *owner, void *data)
{
	struct bluez_bus *bus = owner;

	bus->is_filled = dbus_message_get_type(reply) != DBUS_MESSAGE_TYPE_ERROR;
	if (bus->is_filled) {
		bus->ops->objects(bus->user, reply);
		return;
	}
	journal_write_limited(&bus->limit, LOG_WARNING, "bluez", "GetManagedObjects failed: %s",
		dbus_message_get_error_name(reply));
	retry_after(bus, RETRY_US);
}

void bluez_bus_fetch(struct bluez_bus *bus)
{
	bus_calls_send(bus->calls, &(struct bus_call){.message = bus_message_new_call("/",
							      "org.freedesktop.DBus.ObjectManager",
							      "GetManagedObjects"),
					   .timeout_us = CALL_US,
					   .done = on_objects,
					   .owner = bus});
}

static void set_gone(struct bluez_bus *bus)
{
	bus->generation++;
	bus->is_filled = false;
	free(steal(bus->owner));
	bus->ops->gone(bus->user);
}

static void set_owner(struct bluez_bus *bus, const char *owner)
{
	if (bus->owner && strcmp(bus->owner, owner) == 0)
		return;
	if (bus->owner) {
		if (follows(bus))
			journal_write(LOG_WARNING, "bluez",
				"bluetoothd stopped; waiting for it to come back");
		set_gone(bus);
	}
	if (!owner[0])
		return;
	bus_calls_forget(bus->calls, bus); /* a reply of the one before */
	bus->owner = alloc_text(owner);
	bus->generation++;
	bus->ops->came(bus->user);
	if (follows(bus))
		bluez_bus_fetch(bus);
}

static void on_owner(DBusMessage *reply, void *owner, void *data)
{
	struct bluez_bus *bus = owner;
	const char *name;

	if (bus->is_lost)
		return;
	backoff_reset(&bus->backoff); /* all signals were granted */
	if (dbus_message_get_type(reply) != DBUS_MESSAGE_TYPE_ERROR &&
		dbus_message_get_args(reply, NULL, DBUS_TYPE_STRING, &name, DBUS_TYPE_INVALID))
		set_owner(bus, name);
	else
		journal_write(LOG_WARNING, "bluez",
			"bluetoothd is not running; waiting for it (check `systemctl status bluetooth`)");
}

static DBusHandlerResult on_message(DBusConnection *connection, DBusMessage *message, void *user)
{
	struct bluez_bus *bus = user;
	const char *name, *old, *new;

	if (dbus_message_get_type(message) != DBUS_MESSAGE_TYPE_SIGNAL)
		return DBUS_HANDLER_RESULT_NOT_YET_HANDLED;
	if (dbus_message_is_signal(message, DBUS_INTERFACE_LOCAL, "Disconnected")) {
		bus->is_lost = true;
		retry_after(bus, 0); /* it cannot be closed inside its own dispatch */
	} else if (bus->is_lost) {
		return DBUS_HANDLER_RESULT_HANDLED; /* of what is about to be forgotten */
	} else if (dbus_message_is_signal(message, DBUS_INTERFACE_DBUS, "NameOwnerChanged")) {
		if (dbus_message_get_args(message, NULL, DBUS_TYPE_STRING, &name, DBUS_TYPE_STRING,
			    &old, DBUS_TYPE_STRING, &new, DBUS_TYPE_INVALID) &&
			strcmp(name, "org.bluez") == 0)
			set_owner(bus, new);
	} else if (follows(bus) && bluez_bus_is_bluetoothd(bus, dbus_message_get_sender(message))) {
		bus->ops->signal(bus->user, message);
	}
	return DBUS_HANDLER_RESULT_HANDLED;
}

/* --- the connection --- */

/* Without its signals bluetoothd could not be followed: start over. */
static void on_match(DBusMessage *reply, void *owner, void *data)
{
	struct bluez_bus *bus = owner;

	if (dbus_message_get_type(reply) != DBUS_MESSAGE_TYPE_ERROR || bus->is_lost)
		return;
	journal_write_limited(&bus->limit, LOG_ERR, "bluez",
		"the system bus refuses signals: %s; connecting again",
		dbus_message_get_error_name(reply));
	bus->is_lost = true;
	retry_after(bus, backoff_next(&bus->backoff, RETRY_US, RETRY_MOST_US));
}

static void add_match(struct bluez_bus *bus, const char *rule)
{
	DBusMessage *call = bus_message_new_bus_call("AddMatch");

	bus_message_must(
		dbus_message_append_args(call, DBUS_TYPE_STRING, &rule, DBUS_TYPE_INVALID));
	bus_calls_send(bus->calls,
		&(struct bus_call){
			.message = call, .timeout_us = CALL_US, .done = on_match, .owner = bus});
}

static void on_hello(DBusMessage *reply, void *owner, void *data)
{
	struct bluez_bus *bus = owner;
	const char *name, *bluez = "org.bluez";
	DBusMessage *call;

	if (dbus_message_get_type(reply) == DBUS_MESSAGE_TYPE_ERROR ||
		!dbus_message_get_args(reply, NULL, DBUS_TYPE_STRING, &name, DBUS_TYPE_INVALID)) {
		bus->is_lost = true;
		retry_after(bus, 0);
		return;
	}
	dbus_bus_set_unique_name(bus->connection, name);
	for (size_t i = 0; i < (follows(bus) ? ARRAY_LEN(matches) : 1); i++)
		add_match(bus, matches[i]);
	call = bus_message_new_bus_call("GetNameOwner");
	bus_message_must(
		dbus_message_append_args(call, DBUS_TYPE_STRING, &bluez, DBUS_TYPE_INVALID));
	bus_calls_send(bus->calls,
		&(struct bus_call){
			.message = call, .timeout_us = CALL_US, .done = on_owner, .owner = bus});
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

/* Authentication, Hello and the rest go through the loop: a bus that hangs cannot hang coxad. */
static int open_connection(struct bluez_bus *bus)
{
	DBusError error = DBUS_ERROR_INIT;
	int r;

	bus->connection = dbus_connection_open_private(bus->address, &error);
	if (!bus->connection) {
		r = error_number(&error);
		journal_write_limited(&bus->limit, LOG_ERR, "bluez",
			"cannot connect to the system bus at %s: %s", bus->address, error.message);
		dbus_error_free(&error);
		return r;
	}
	dbus_connection_set_exit_on_disconnect(bus->connection, FALSE);
	r = bus_loop_attach(bus->loop, bus->connection, &bus->bus_loop);
	if (r < 0) {
		dbus_connection_close(bus->connection);
		dbus_connection_unref(steal(bus->connection));
		return r;
	}
	bus->calls = bus_calls_new(bus->connection);
	bus_message_must(dbus_connection_add_filter(bus->connection, on_message, bus, NULL));
	bus->ops->opened(bus->user, bus->connection);
	bus_calls_send(bus->calls, &(struct bus_call){.message = bus_message_new_bus_call("Hello"),
					   .timeout_us = CALL_US,
					   .done = on_hello,
					   .owner = bus});
	return 0;
}

static void close_connection(struct bluez_bus *bus)
{
	if (!bus->connection)
		return;
	bus->calls = bus_calls_free(bus->calls);
	dbus_connection_remove_filter(bus->connection, on_message, bus);
	bus->bus_loop = bus_loop_detach(bus->bus_loop);
	dbus_connection_close(bus->connection);
	dbus_connection_unref(steal(bus->connection));
	bus->is_lost = false;
}

static int on_retry(sd_event_source *event, uint64_t usec, void *user)
{
	struct bluez_bus *bus = user;

	if (bus->is_lost) {
		journal_write(LOG_WARNING, "bluez", "lost the connection to the system bus");
		set_gone(bus);
		close_connection(bus);
	}
	if (!bus->connection) {
		if (!bus->is_stopping && open_connection(bus) < 0)
			retry_after(bus, backoff_next(&bus->backoff, RETRY_US, RETRY_MOST_US));
	} else if (bus->owner && !bus->is_filled && follows(bus)) {
		bluez_bus_fetch(bus);
	}
	return 0;
}

/* --- public --- */

int bluez_bus_new(sd_event *loop, const char *address, const struct bluez_bus_ops *ops, void *user,
	struct bluez_bus **ret)
{
	struct bluez_bus *bus = new0(struct bluez_bus);
	const char *system_bus = getenv("DBUS_SYSTEM_BUS_ADDRESS");
	int r;

	bus->loop = sd_event_ref(loop);
	bus->address = alloc_text(address ? address : system_bus ? system_bus : SYSTEM_BUS);
	bus->ops = ops;
	bus->user = user;
	backoff_init(&bus->backoff, (uint64_t)clock_now_us());
	r = sd_event_add_time(loop, &bus->retry, CLOCK_MONOTONIC, 0, 0, on_retry, bus);
	if (r >= 0)
		r = sd_event_source_set_enabled(bus->retry, SD_EVENT_OFF);
	if (r >= 0)
		r = open_connection(bus);
	if (r < 0) {
		bluez_bus_free(bus);
		return r;
	}
	*ret = bus;
	return 0;
}

struct bluez_bus *bluez_bus_free(struct bluez_bus *bus)
{
	if (!bus)
		return NULL;
	close_connection(bus);
	sd_event_source_disable_unref(bus->retry);
	sd_event_unref(bus->loop);
	free(bus->owner);
	free(bus->address);
	free(bus);
	return NULL;
}

const char *bluez_bus_address(const struct bluez_bus *bus)
{
	return bus->address;
}

void bluez_bus_stop(struct bluez_bus *bus)
{
	bus->is_stopping = true;
}

struct bus_calls *bluez_bus_calls(const struct bluez_bus *bus)
{
	return bus->calls;
}

unsigned bluez_bus_generation(const struct bluez_bus *bus)
{
	return bus->generation;
}

bool bluez_bus_is_bluetoothd(const struct bluez_bus *bus, const char *sender)
{
	return bus->owner && sender && strcmp(sender, bus->owner) == 0;
}
