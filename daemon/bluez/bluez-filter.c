// SPDX-License-Identifier: MIT
#include "daemon/bluez/bluez-filter.h"

#include <string.h>

#include "coxad/drivers/driver-list.h"
#include "daemon/bluez/bus-message.h"

#define SERVICES_MAX 32

static bool is_driver_used(const struct conf *conf, const struct driver *driver)
{
	for (unsigned i = 0; i < conf->n_wearables; i++)
		if (!conf->wearable[i].is_gone &&
			(!conf->wearable[i].driver ||
				strcmp(conf->wearable[i].driver, driver->id) == 0))
			return true;
	return false;
}

/* Of the drivers that a configured wearable has, or may turn out to have. */
static size_t list_services(const struct conf *conf, struct uuid ret[static SERVICES_MAX])
{
	size_t n_drivers, n = 0;
	const struct driver *const *drivers = driver_list(&n_drivers);

	for (size_t d = 0; d < n_drivers; d++) {
		if (!is_driver_used(conf, drivers[d]))
			continue;
		for (size_t s = 0; s < drivers[d]->match.n_services && n < SERVICES_MAX; s++)
			ret[n++] = drivers[d]->match.services[s];
	}
	return n;
}

static void put_services(const struct conf *conf, DBusMessageIter *dict)
{
	struct uuid services[SERVICES_MAX];
	DBusMessageIter entry, variant, array;
	const char *key = "UUIDs";
	size_t n = list_services(conf, services);

	if (!n)
		return;
	bus_message_must(
		dbus_message_iter_open_container(dict, DBUS_TYPE_DICT_ENTRY, NULL, &entry));
	bus_message_must(dbus_message_iter_append_basic(&entry, DBUS_TYPE_STRING, &key));
	bus_message_must(
		dbus_message_iter_open_container(&entry, DBUS_TYPE_VARIANT, "as", &variant));
	bus_message_must(dbus_message_iter_open_container(&variant, DBUS_TYPE_ARRAY, "s", &array));
	for (size_t i = 0; i < n; i++) {
		char text[UUID_TEXT_SIZE];
		const char *p = text;

		uuid_to_string(&services[i], text);
		bus_message_must(dbus_message_iter_append_basic(&array, DBUS_TYPE_STRING, &p));
	}
	bus_message_must(dbus_message_iter_close_container(&variant, &array));
	bus_message_must(dbus_message_iter_close_container(&entry, &variant));
	bus_message_must(dbus_message_iter_close_container(dict, &entry));
}

DBusMessage *bluez_filter_new(const struct conf *conf, const char *path, bool is_wide)
{
	DBusMessage *message =
		bus_message_new_call(path, "org.bluez.Adapter1", "SetDiscoveryFilter");
	DBusMessageIter args, dict;

	dbus_message_iter_init_append(message, &args);
	bus_message_must(dbus_message_iter_open_container(&args, DBUS_TYPE_ARRAY, "{sv}", &dict));
	bus_message_put_text_entry(&dict, "Transport", "le");
	/* Repeated adverts show that a wearable is still there, and how near. In a wide search they
	 * would come from every device around, and the RSSI is reported anyway. */
	bus_message_put_bool_entry(&dict, "DuplicateData", !is_wide);
	if (!is_wide)
		put_services(conf, &dict);
	bus_message_must(dbus_message_iter_close_container(&args, &dict));
	return message;
}
