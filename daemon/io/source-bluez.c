// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/backoff.h"
#include "coxad/base/units.h"
#include "coxad/io/loop.h"
#include "daemon/io/dbus-message.h"
#include "daemon/io/source-bluez-private.h"

#define CALL_US         (10 * (int64_t)US_PER_S)
#define REBUILD_US      (US_PER_S / 2)
#define REBUILD_MOST_US (10 * (int64_t)US_PER_S)
#define CANDIDATES_MAX  (CONF_WEARABLES_MAX * 2)
#define SYSTEM_BUS      "unix:path=/run/dbus/system_bus_socket"

/* All that is listened to. Strangers' characteristics cannot be told apart here; the mirror does. */
static const char *const matches[] = {
	"type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='org.bluez'",
	"type='signal',sender='org.bluez',interface='org.freedesktop.DBus.ObjectManager'",
	"type='signal',sender='org.bluez',member='PropertiesChanged',arg0='org.bluez.Adapter1'",
	"type='signal',sender='org.bluez',member='PropertiesChanged',arg0='org.bluez.Device1'",
	"type='signal',sender='org.bluez',member='PropertiesChanged',arg0='org.bluez.Battery1'",
	"type='signal',sender='org.bluez',member='PropertiesChanged',"
	"arg0='org.bluez.GattCharacteristic1'",
};

static int on_schedule(sd_event_source *event, void *user)
{
	struct source_bluez *source = user;
	struct slots_adapter adapters[SLOTS_ADAPTERS_MAX] = {0};
	struct slots_candidate candidates[CANDIDATES_MAX];
	int64_t now_us = loop_now_us();
	size_t n = 0;
	int picked;

	for (unsigned i = 0; i < SLOTS_ADAPTERS_MAX; i++)
		if (source->radio[i])
			adapters[i].is_usable = bluez_radio_is_usable(source->radio[i]);
	for (size_t i = 0; i < source->n_links; i++) {
		const struct bluez_adapter *adapter = bluez_link_adapter(source->link[i]);

		if (adapter) {
			adapters[adapter->slot].in_use++;
			adapters[adapter->slot].is_connecting |=
				bluez_link_is_making(source->link[i]);
		}
		if (n < CANDIDATES_MAX && !source->is_stopping)
			n += bluez_link_candidates(
				source->link[i], &candidates[n], CANDIDATES_MAX - n);
	}
	while ((picked = slots_pick(&source->slots, now_us, source->timing.heard, adapters,
			candidates, n)) >= 0) {
		struct slots_candidate chosen = candidates[picked];

		adapters[chosen.adapter].is_connecting = true;
		adapters[chosen.adapter].in_use++;
		bluez_link_permit(source->link[chosen.wearable], chosen.adapter);
		for (size_t i = 0; i < n; i++)
			if (candidates[i].wearable == chosen.wearable)
				candidates[i--] = candidates[--n];
	}
	for (unsigned i = 0; i < SLOTS_ADAPTERS_MAX; i++)
		if (source->radio[i])
			bluez_radio_step(source->radio[i]);
	return 0;
}

void source_bluez_schedule(struct source_bluez *source)
{
	sd_event_source_set_enabled(source->schedule, SD_EVENT_ONESHOT);
}

/* --- what the mirror tells --- */

static struct bluez_link *link_of(const struct source_bluez *source, const char *address)
{
	for (size_t i = 0; i < source->n_links; i++)
		if (strcmp(bluez_link_address(source->link[i]), address) == 0)
			return source->link[i];
	return NULL;
}

static bool on_is_wanted(void *user, const char *address)
{
	return link_of(user, address);
}

static struct bluez_radio *radio_of(struct source_bluez *source, const char *address)
{
	for (unsigned i = 0; i < SLOTS_ADAPTERS_MAX; i++) {
		if (!source->radio[i])
			return source->radio[i] = bluez_radio_new(source, address, i);
		if (strcmp(bluez_radio_address(source->radio[i]), address) == 0)
			return source->radio[i];
	}
	return NULL;
}

static unsigned slot_of(const struct source_bluez *source, const struct bluez_radio *radio)
{
	unsigned i = 0;

	while (i < SLOTS_ADAPTERS_MAX && source->radio[i] != radio)
		i++;
	return i;
}

static void learn_version(struct source_bluez *source, unsigned version)
{
	if (!version || version == source->version)
		return;
	source->version = version;
	journal_write(LOG_NOTICE, "bluez", "BlueZ %u.%u%s", version / 100, version % 100,
		version < BLUEZ_VERSION_SAFE_ACQUIRE ? ": notifications come by signal unless told "
						       "otherwise"
						     : "");
	for (size_t i = 0; i < source->n_links; i++)
		bluez_link_configure(source->link[i], (unsigned)i);
}

static void on_adapter(void *user, struct bluez_adapter *adapter, unsigned changes)
{
	struct source_bluez *source = user;
	struct bluez_radio *radio;

	if (changes & BLUEZ_CHANGE_ADDED) {
		/* The number in the path changes over resets; the address does not. */
		radio = radio_of(source, adapter->address);
		adapter->slot = slot_of(source, radio);
		learn_version(source, adapter->version);
		if (radio)
			bluez_radio_set_object(radio, adapter);
		return;
	}
	if (adapter->slot >= SLOTS_ADAPTERS_MAX)
		return;
	radio = source->radio[adapter->slot];
	if (changes & BLUEZ_CHANGE_REMOVED) {
		if (bluez_radio_object(radio) == adapter)
			bluez_radio_set_object(radio, NULL);
		return;
	}
	bluez_radio_changed(radio);
}

static void on_device(void *user, struct bluez_device *device, unsigned changes)
{
	struct source_bluez *source = user;
	struct bluez_link *link = device->owner, *named;

	if (device->adapter->slot >= SLOTS_ADAPTERS_MAX)
		return;
	/* Pairing may tell another address: it is still the one that was paired. */
	if (!link || strcmp(bluez_link_address(link), device->address) != 0) {
		named = link_of(source, device->address);
		link = named ? named : link;
	}
	if (link)
		bluez_link_device(link, device, changes);
}

static void on_value(void *user, struct bluez_characteristic *characteristic, const uint8_t *value,
	size_t size)
{
	if (characteristic->device->owner)
		bluez_link_value(characteristic->device->owner, characteristic, value, size);
}

static void fetch(struct source_bluez *source);

static void on_refetch(void *user)
{
	fetch(user);
}

static const struct bluez_objects_ops objects_ops = {
	on_is_wanted, on_adapter, on_device, on_value, on_refetch};

/* --- org.bluez comes and goes --- */

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

static void fetch(struct source_bluez *source)
{
	struct source_bluez **user = alloc_zero(1, sizeof(struct source_bluez *));

	*user = source;
	dbus_calls_send(source->calls,
		dbus_new_call("/", "org.freedesktop.DBus.ObjectManager", "GetManagedObjects"),
		CALL_US, on_objects, user, &source->generation);
}

static void bluez_came(struct source_bluez *source, const char *owner)
{
	dbus_calls_forget(source->calls, &source->generation);
	source->owner = alloc_text(owner);
	source->generation++;
	bluez_agent_register(source);
	fetch(source);
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
	dbus_calls_send(source->calls, call, CALL_US, on_owner, again, source);
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
static int open_bus(struct source_bluez *source)
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
	r = dbus_loop_attach(source->loop, source->connection, &source->dbus_loop);
	if (r < 0) {
		dbus_connection_close(source->connection);
		dbus_connection_unref(steal(source->connection));
		return r;
	}
	source->calls = dbus_calls_new(source->connection);
	dbus_connection_add_filter(source->connection, on_message, source, NULL);
	bluez_agent_export(source);
	user = alloc_zero(1, sizeof(struct source_bluez *));
	*user = source;
	dbus_calls_send(source->calls,
		dbus_message_new_method_call(
			DBUS_SERVICE_DBUS, DBUS_PATH_DBUS, DBUS_INTERFACE_DBUS, "Hello"),
		CALL_US, on_hello, user, source);
	return 0;
}

static void close_bus(struct source_bluez *source)
{
	if (!source->connection)
		return;
	source->calls = dbus_calls_free(source->calls);
	dbus_connection_remove_filter(source->connection, on_message, source);
	dbus_connection_unregister_object_path(source->connection, "/org/coxad/agent");
	source->dbus_loop = dbus_loop_detach(source->dbus_loop);
	dbus_connection_close(source->connection);
	dbus_connection_unref(steal(source->connection));
	source->is_lost = false;
}

static int on_rebuild(sd_event_source *event, uint64_t usec, void *user)
{
	struct source_bluez *source = user;

	if (source->is_lost) {
		journal_write(LOG_WARNING, "bluez", "the bus is gone");
		bluez_gone(source);
		close_bus(source);
	}
	if (!source->connection) {
		if (!source->is_stopping && open_bus(source) < 0)
			rebuild_soon(source,
				backoff_next(&source->backoff, REBUILD_US, REBUILD_MOST_US));
	} else if (source->owner && !source->is_filled) {
		fetch(source);
	}
	return 0;
}

/* --- public --- */

void source_bluez_set_timing(struct source_bluez *source, const struct link_timing *timing)
{
	source->timing = *timing;
	for (size_t i = 0; i < source->n_links; i++) {
		bluez_link_free(source->link[i]);
		source->link[i] = bluez_link_new(source, (unsigned)i);
	}
}

int source_bluez_new(sd_event *loop, const char *bus_address, const struct conf *conf,
	const struct source_bluez_ops *ops, void *user, struct source_bluez **ret)
{
	struct source_bluez *source = new0(struct source_bluez);
	const char *system_bus = getenv("DBUS_SYSTEM_BUS_ADDRESS");
	int r;

	source->loop = sd_event_ref(loop);
	source->bus_address = alloc_text(bus_address ? bus_address
					 : system_bus ? system_bus
						      : SYSTEM_BUS);
	source->conf = conf;
	source->ops = ops;
	source->user = user;
	link_timing_default(&source->timing);
	slots_init(&source->slots, conf->bluetooth.slots ? conf->bluetooth.slots : 7);
	backoff_init(&source->backoff, (uint64_t)loop_now_us());
	source->objects = bluez_objects_new(&objects_ops, source);
	r = sd_event_add_defer(loop, &source->schedule, on_schedule, source);
	if (r >= 0)
		r = sd_event_add_time(
			loop, &source->rebuild, CLOCK_MONOTONIC, 0, 0, on_rebuild, source);
	if (r >= 0) {
		sd_event_source_set_enabled(source->schedule, SD_EVENT_OFF);
		sd_event_source_set_enabled(source->rebuild, SD_EVENT_OFF);
		r = open_bus(source);
	}
	if (r < 0) {
		source_bluez_free(source);
		return r;
	}
	for (unsigned i = 0; i < conf->n_wearables; i++)
		source->link[source->n_links++] = bluez_link_new(source, i);
	*ret = source;
	return 0;
}

struct source_bluez *source_bluez_free(struct source_bluez *source)
{
	if (!source)
		return NULL;
	for (size_t i = 0; i < source->n_links; i++)
		bluez_link_free(source->link[i]);
	close_bus(source);
	bluez_objects_free(source->objects);
	for (unsigned i = 0; i < SLOTS_ADAPTERS_MAX; i++)
		bluez_radio_free(source->radio[i]);
	sd_event_source_disable_unref(source->schedule);
	sd_event_source_disable_unref(source->rebuild);
	sd_event_unref(source->loop);
	free(source->owner);
	free(source->bus_address);
	free(source);
	return NULL;
}

int source_bluez_reload(struct source_bluez *source, const struct conf *conf)
{
	struct bluez_link *old[CONF_WEARABLES_MAX];
	size_t n_old = source->n_links;

	memcpy(old, source->link, sizeof(old));
	source->conf = conf;
	source->slots.capacity = conf->bluetooth.slots ? conf->bluetooth.slots : 7;
	source->n_links = 0;
	for (unsigned i = 0; i < conf->n_wearables; i++) {
		struct bluez_link *link = NULL;

		for (size_t k = 0; k < n_old && !link; k++)
			if (old[k] &&
				strcmp(bluez_link_address(old[k]), conf->wearable[i].address) == 0)
				link = steal(old[k]);
		source->link[i] = link ? link : bluez_link_new(source, i);
		source->n_links = i + 1;
		if (link)
			bluez_link_configure(link, i);
	}
	for (size_t k = 0; k < n_old; k++)
		bluez_link_free(old[k]);
	/* Wearables that are new here may long be known there. */
	if (source->owner)
		fetch(source);
	source_bluez_schedule(source);
	return 0;
}

int source_bluez_write(struct source_bluez *source, unsigned wearable,
	const struct driver_step *step)
{
	return wearable < source->n_links ? bluez_link_write(source->link[wearable], step)
					  : -ENOTCONN;
}

size_t source_bluez_adapters(const struct source_bluez *source, const char **ret, size_t room)
{
	size_t n = 0;

	for (unsigned i = 0; i < SLOTS_ADAPTERS_MAX && n < room; i++)
		if (source->radio[i] && bluez_radio_is_usable(source->radio[i]))
			ret[n++] = bluez_radio_address(source->radio[i]);
	return n;
}

size_t source_bluez_services(const struct source_bluez *source, const struct uuid **ret, size_t room)
{
	size_t n_drivers, n = 0;
	const struct driver *const *drivers = driver_list(&n_drivers);

	for (size_t d = 0; d < n_drivers; d++) {
		bool is_used = false;

		for (unsigned i = 0; i < source->conf->n_wearables; i++) {
			const char *id = source->conf->wearable[i].driver;

			is_used = is_used || !id || strcmp(id, drivers[d]->id) == 0;
		}
		for (size_t s = 0; is_used && s < drivers[d]->match.n_services && n < room; s++)
			ret[n++] = &drivers[d]->match.services[s];
	}
	return n;
}

void source_bluez_stop(struct source_bluez *source)
{
	source->is_stopping = true;
	for (size_t i = 0; i < source->n_links; i++)
		bluez_link_stop(source->link[i]);
	source_bluez_schedule(source);
}

bool source_bluez_is_stopped(const struct source_bluez *source)
{
	for (size_t i = 0; i < source->n_links; i++)
		if (link_state(bluez_link_state(source->link[i])) != LINK_STATE_STOPPED)
			return false;
	return source->is_stopping;
}

bool source_bluez_is_alive(const struct source_bluez *source)
{
	return !source->calls || !dbus_calls_are_overdue(source->calls, loop_now_us());
}
