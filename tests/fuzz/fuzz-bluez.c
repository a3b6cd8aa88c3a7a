// SPDX-License-Identifier: MIT
/* Feeds the mirror what org.bluez may send. The input is a sequence of D-Bus messages as on the wire:
 * signals, replies of GetManagedObjects and GetAll, errors. */
#include <dbus/dbus.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "daemon/bluez/bluez-error.h"
#include "daemon/bluez/bluez-objects.h"
#include "daemon/bluez/bluez-sightings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool on_is_wanted(void *user, const char *address)
{
	return address[0] != '5'; /* some are strangers */
}

static void on_adapter(void *user, struct bluez_adapter *adapter, unsigned changes)
{
	if (!adapter->node.path || adapter->version > 25599)
		abort();
}

static void on_device(void *user, struct bluez_device *device, unsigned changes)
{
	if (!device->adapter || device->n_characteristics > BLUEZ_CHARACTERISTICS_MAX ||
		device->battery_percent > 100)
		abort();
}

static void on_value(
	void *user, struct bluez_characteristic *characteristic, const uint8_t *value, size_t size)
{
	volatile uint8_t last = size ? value[size - 1] : 0;

	(void)last;
	if (!characteristic->device)
		abort();
}

static void on_heard(void *user, struct bluez_adapter *adapter)
{
	if (!adapter->address[0])
		abort();
}

static void on_stranger(void *user, const struct bluez_adapter *adapter, const char *path,
	const DBusMessageIter *properties)
{
	static struct bluez_sightings sightings;

	bluez_sightings_take(&sightings, adapter->address, path, properties, 1);
	for (size_t i = 0; i < sightings.n; i++)
		if (!sightings.one[i].seen.driver)
			abort();
}

static void on_refetch(void *user)
{
}

static const struct bluez_objects_ops ops = {
	on_is_wanted, on_adapter, on_device, on_value, on_heard, on_stranger, on_refetch};

static void take(struct bluez_objects *objects, DBusMessage *message)
{
	if (dbus_message_get_type(message) == DBUS_MESSAGE_TYPE_METHOD_RETURN) {
		bluez_objects_fill(objects, message);
		for (struct bluez_device *d = bluez_objects_devices(objects); d; d = d->next)
			bluez_objects_refresh(objects, d, message);
	}
	bluez_objects_signal(objects, message);
	bluez_error_of(message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bluez_objects *objects = bluez_objects_new(&ops, NULL);

	while (size && size <= 65536) {
		int n = dbus_message_demarshal_bytes_needed((const char *)data, (int)size);
		DBusMessage *message;

		if (n <= 0 || (size_t)n > size ||
			!(message = dbus_message_demarshal((const char *)data, n, NULL)))
			break;
		take(objects, message);
		dbus_message_unref(message);
		data += n;
		size -= (size_t)n;
	}
	if (size)
		bluez_objects_clear(objects);
	bluez_objects_free(objects);
	return 0;
}
