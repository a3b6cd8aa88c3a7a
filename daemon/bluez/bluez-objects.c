// SPDX-License-Identifier: MIT
#include "daemon/bluez/bluez-objects.h"

#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/hash.h"
#include "daemon/bluez/bluez-properties.h"
#include "daemon/bluez/bus-message.h"

#define BUCKETS 1024 /* a power of two */

struct bluez_objects {
	const struct bluez_objects_ops *ops;
	void *user;
	struct bluez_adapter *adapters;
	struct bluez_device *devices;
	unsigned odd;
	struct bluez_node *bucket[BUCKETS];
};

static unsigned bucket_of(const char *path)
{
	uint64_t hash = hash_text(HASH_START, path);

	return (unsigned)(hash ^ hash >> 32) & (BUCKETS - 1);
}

static void *find(const struct bluez_objects *objects, const char *path, enum bluez_kind kind)
{
	for (struct bluez_node *node = objects->bucket[bucket_of(path)]; node; node = node->next)
		if (node->kind == kind && strcmp(node->path, path) == 0)
			return node;
	return NULL;
}

static void insert(struct bluez_objects *objects, struct bluez_node *node, enum bluez_kind kind,
	const char *path)
{
	unsigned at = bucket_of(path);

	node->kind = kind;
	node->path = alloc_text(path);
	node->next = objects->bucket[at];
	objects->bucket[at] = node;
}

static void extract(struct bluez_objects *objects, struct bluez_node *node)
{
	struct bluez_node **at = &objects->bucket[bucket_of(node->path)];

	while (*at != node)
		at = &(*at)->next;
	*at = node->next;
	free(node->path);
}

struct bluez_objects *bluez_objects_new(const struct bluez_objects_ops *ops, void *user)
{
	struct bluez_objects *objects = new0(struct bluez_objects);

	objects->ops = ops;
	objects->user = user;
	return objects;
}

static void remove_characteristic(
	struct bluez_objects *objects, struct bluez_characteristic *characteristic)
{
	struct bluez_device *device = characteristic->device;
	struct bluez_characteristic **at = &device->characteristics;

	while (*at != characteristic)
		at = &(*at)->next;
	*at = characteristic->next;
	device->n_characteristics--;
	extract(objects, &characteristic->node);
	free(characteristic);
}

static void remove_device(struct bluez_objects *objects, struct bluez_device *device, bool tell)
{
	struct bluez_device **at = &objects->devices;

	if (tell)
		objects->ops->device(objects->user, device, BLUEZ_CHANGE_REMOVED);
	while (device->characteristics)
		remove_characteristic(objects, device->characteristics);
	while (*at != device)
		at = &(*at)->next;
	*at = device->next;
	extract(objects, &device->node);
	free(device);
}

static void remove_adapter(struct bluez_objects *objects, struct bluez_adapter *adapter, bool tell)
{
	struct bluez_adapter **at = &objects->adapters;
	struct bluez_device *device = objects->devices;

	while (device) {
		struct bluez_device *next = device->next;

		if (device->adapter == adapter)
			remove_device(objects, device, tell);
		device = next;
	}
	if (tell)
		objects->ops->adapter(objects->user, adapter, BLUEZ_CHANGE_REMOVED);
	while (*at != adapter)
		at = &(*at)->next;
	*at = adapter->next;
	extract(objects, &adapter->node);
	free(adapter);
}

void bluez_objects_clear(struct bluez_objects *objects)
{
	while (objects->adapters)
		remove_adapter(objects, objects->adapters, true);
}

struct bluez_objects *bluez_objects_free(struct bluez_objects *objects)
{
	if (!objects)
		return NULL;
	while (objects->adapters)
		remove_adapter(objects, objects->adapters, false);
	free(objects);
	return NULL;
}

/* The object path of the adapter or device above a path: its first n components. */
static bool parent_path(const char *path, unsigned n, char *ret, size_t size)
{
	size_t length = 0;

	for (unsigned slashes = 0; path[length]; length++)
		if (path[length] == '/' && slashes++ == n)
			break;
	if (length >= size)
		return false;
	memcpy(ret, path, length);
	ret[length] = '\0';
	return true;
}

static void *find_parent(
	const struct bluez_objects *objects, const char *path, enum bluez_kind kind)
{
	char parent[128];

	if (!parent_path(path, kind == BLUEZ_KIND_ADAPTER ? 3 : 4, parent, sizeof(parent)))
		return NULL;
	return find(objects, parent, kind);
}

static void add_adapter(
	struct bluez_objects *objects, const char *path, const DBusMessageIter *properties)
{
	struct bluez_adapter *adapter = find(objects, path, BLUEZ_KIND_ADAPTER), fresh = {0};
	unsigned changes = BLUEZ_CHANGE_STATE;

	bluez_properties_read_adapter(adapter ? adapter : &fresh, properties, &objects->odd);
	if (!adapter) {
		if (!fresh.address[0])
			return; /* to be told from others by nothing else */
		adapter = new0(struct bluez_adapter);
		*adapter = fresh;
		insert(objects, &adapter->node, BLUEZ_KIND_ADAPTER, path);
		adapter->next = objects->adapters;
		objects->adapters = adapter;
		changes = BLUEZ_CHANGE_ADDED;
	}
	objects->ops->adapter(objects->user, adapter, changes);
}

/* One that was removed from the configuration, which a scan may find again. */
static void tell_unwanted(struct bluez_objects *objects, const struct bluez_device *device,
	const DBusMessageIter *properties)
{
	if (!objects->ops->is_wanted(objects->user, device->address))
		objects->ops->stranger(
			objects->user, device->adapter, device->node.path, properties);
}

static void add_device(
	struct bluez_objects *objects, const char *path, const DBusMessageIter *properties)
{
	struct bluez_adapter *adapter = find_parent(objects, path, BLUEZ_KIND_ADAPTER);
	struct bluez_device *device = find(objects, path, BLUEZ_KIND_DEVICE);
	struct bluez_device fresh = {.adapter = adapter, .battery_percent = -1};
	unsigned changes;

	if (!adapter)
		return;
	objects->ops->heard(objects->user, adapter);
	if (device) {
		changes = bluez_properties_read_device(device, properties, &objects->odd);
		tell_unwanted(objects, device, properties);
		objects->ops->device(objects->user, device, changes | BLUEZ_CHANGE_STATE);
		return;
	}
	changes = bluez_properties_read_device(&fresh, properties, &objects->odd);
	if (!fresh.address[0])
		return;
	if (!objects->ops->is_wanted(objects->user, fresh.address)) {
		objects->ops->stranger(objects->user, adapter, path, properties);
		return;
	}
	device = new0(struct bluez_device);
	*device = fresh;
	insert(objects, &device->node, BLUEZ_KIND_DEVICE, path);
	device->next = objects->devices;
	objects->devices = device;
	objects->ops->device(objects->user, device, changes | BLUEZ_CHANGE_ADDED);
}

static void add_characteristic(
	struct bluez_objects *objects, const char *path, const DBusMessageIter *properties)
{
	struct bluez_device *device = find_parent(objects, path, BLUEZ_KIND_DEVICE);
	struct bluez_characteristic fresh = {.device = device}, *characteristic;

	if (!device || find(objects, path, BLUEZ_KIND_CHARACTERISTIC) ||
		device->n_characteristics >= BLUEZ_CHARACTERISTICS_MAX ||
		!bluez_properties_read_characteristic(&fresh, properties, NULL, &objects->odd))
		return;
	characteristic = new0(struct bluez_characteristic);
	*characteristic = fresh;
	insert(objects, &characteristic->node, BLUEZ_KIND_CHARACTERISTIC, path);
	characteristic->next = device->characteristics;
	device->characteristics = characteristic;
	device->n_characteristics++;
	objects->ops->device(objects->user, device, BLUEZ_CHANGE_CHARACTERISTICS);
}

/* The interfaces of one kind, from an a{sa{sv}}. */
static void add_interfaces(struct bluez_objects *objects, const char *path,
	const DBusMessageIter *interfaces, enum bluez_kind kind)
{
	struct bus_message_dict dict;
	DBusMessageIter properties;
	const char *name;

	if (!bus_message_dict_init(&dict, interfaces))
		return;
	while (bus_message_dict_next(&dict, &name, &properties)) {
		if (strncmp(name, "org.bluez.", 10) != 0)
			continue;
		name += 10;
		if (kind == BLUEZ_KIND_ADAPTER && strcmp(name, "Adapter1") == 0)
			add_adapter(objects, path, &properties);
		else if (kind == BLUEZ_KIND_DEVICE && strcmp(name, "Device1") == 0)
			add_device(objects, path, &properties);
		else if (kind == BLUEZ_KIND_CHARACTERISTIC &&
			 strcmp(name, "GattCharacteristic1") == 0)
			add_characteristic(objects, path, &properties);
		else if (kind == BLUEZ_KIND_CHARACTERISTIC && strcmp(name, "Battery1") == 0) {
			struct bluez_device *device = find(objects, path, BLUEZ_KIND_DEVICE);

			if (device &&
				bluez_properties_read_battery(device, &properties, &objects->odd))
				objects->ops->device(objects->user, device, BLUEZ_CHANGE_BATTERY);
		}
	}
}

void bluez_objects_fill(struct bluez_objects *objects, DBusMessage *reply)
{
	DBusMessageIter args, value;
	struct bus_message_dict dict;
	const char *path;

	if (!dbus_message_iter_init(reply, &args))
		return;
	/* Parents first: the reply is in no particular order. */
	for (unsigned kind = 0; kind <= BLUEZ_KIND_CHARACTERISTIC; kind++) {
		if (!bus_message_dict_init(&dict, &args))
			return;
		while (bus_message_dict_next(&dict, &path, &value))
			add_interfaces(objects, path, &value, (enum bluez_kind)kind);
	}
}

static void interfaces_removed(
	struct bluez_objects *objects, const char *path, DBusMessageIter *names)
{
	DBusMessageIter item;
	const char *name;

	if (dbus_message_iter_get_arg_type(names) != DBUS_TYPE_ARRAY)
		return;
	dbus_message_iter_recurse(names, &item);
	for (; bus_message_get_text(&item, &name); dbus_message_iter_next(&item)) {
		void *object;

		if (strcmp(name, "org.bluez.Adapter1") == 0 &&
			(object = find(objects, path, BLUEZ_KIND_ADAPTER))) {
			remove_adapter(objects, object, true);
		} else if (strcmp(name, "org.bluez.Device1") == 0 &&
			   (object = find(objects, path, BLUEZ_KIND_DEVICE))) {
			remove_device(objects, object, true);
		} else if (strcmp(name, "org.bluez.GattCharacteristic1") == 0 &&
			   (object = find(objects, path, BLUEZ_KIND_CHARACTERISTIC))) {
			struct bluez_device *device =
				((struct bluez_characteristic *)object)->device;

			remove_characteristic(objects, object);
			objects->ops->device(objects->user, device, BLUEZ_CHANGE_CHARACTERISTICS);
		}
	}
}

/* An unknown device may take a wanted address: pairing reveals its identity. */
static void stranger_changed(
	struct bluez_objects *objects, const char *path, const DBusMessageIter *properties)
{
	struct bluez_adapter *adapter = find_parent(objects, path, BLUEZ_KIND_ADAPTER);
	char address[ADDRESS_SIZE];
	struct bus_message_dict dict;
	DBusMessageIter value;
	const char *key;

	if (!adapter)
		return;
	objects->ops->heard(objects->user, adapter);
	objects->ops->stranger(objects->user, adapter, path, properties);
	if (!bus_message_dict_init(&dict, properties))
		return;
	while (bus_message_dict_next(&dict, &key, &value))
		if (strcmp(key, "Address") == 0 && bluez_properties_read_address(&value, address) &&
			objects->ops->is_wanted(objects->user, address)) {
			objects->ops->refetch(objects->user);
			return;
		}
}

static void properties_changed(
	struct bluez_objects *objects, const char *path, DBusMessageIter *args)
{
	struct bluez_value value = {0};
	const char *interface;
	unsigned changes;
	void *object;

	if (!bus_message_get_text(args, &interface) || !dbus_message_iter_next(args))
		return;
	if (strcmp(interface, "org.bluez.GattCharacteristic1") == 0) {
		struct bluez_characteristic *characteristic =
			find(objects, path, BLUEZ_KIND_CHARACTERISTIC);

		if (!characteristic)
			return;
		bluez_properties_read_characteristic(characteristic, args, &value, &objects->odd);
		if (value.bytes)
			objects->ops->value(objects->user, characteristic, value.bytes, value.size);
	} else if (strcmp(interface, "org.bluez.Device1") == 0) {
		object = find(objects, path, BLUEZ_KIND_DEVICE);
		if (object)
			tell_unwanted(objects, object, args);
		if (!object)
			stranger_changed(objects, path, args);
		else if ((changes = bluez_properties_read_device(object, args, &objects->odd)))
			objects->ops->device(objects->user, object, changes);
	} else if (strcmp(interface, "org.bluez.Battery1") == 0) {
		object = find(objects, path, BLUEZ_KIND_DEVICE);
		if (object &&
			(changes = bluez_properties_read_battery(object, args, &objects->odd)))
			objects->ops->device(objects->user, object, changes);
	} else if (strcmp(interface, "org.bluez.Adapter1") == 0) {
		struct bluez_adapter *adapter = find(objects, path, BLUEZ_KIND_ADAPTER);

		if (!adapter)
			return;
		bluez_properties_read_adapter(adapter, args, &objects->odd);
		objects->ops->adapter(objects->user, adapter, BLUEZ_CHANGE_STATE);
	}
}

void bluez_objects_signal(struct bluez_objects *objects, DBusMessage *signal)
{
	const char *member = dbus_message_get_member(signal);
	const char *path = dbus_message_get_path(signal);
	DBusMessageIter args;

	if (!member || !path || !dbus_message_iter_init(signal, &args))
		return;
	if (strcmp(member, "PropertiesChanged") == 0) {
		properties_changed(objects, path, &args);
		return;
	}
	if (!bus_message_get_text(&args, &path) || !dbus_message_iter_next(&args))
		return;
	if (strcmp(member, "InterfacesAdded") == 0)
		for (unsigned kind = 0; kind <= BLUEZ_KIND_CHARACTERISTIC; kind++)
			add_interfaces(objects, path, &args, (enum bluez_kind)kind);
	else if (strcmp(member, "InterfacesRemoved") == 0)
		interfaces_removed(objects, path, &args);
}

void bluez_objects_refresh(
	struct bluez_objects *objects, struct bluez_device *device, DBusMessage *reply)
{
	DBusMessageIter args;
	unsigned changes;

	if (!dbus_message_iter_init(reply, &args))
		return;
	/* The RSSI of GetAll may be old: it is not an advert. */
	changes = bluez_properties_read_device(device, &args, &objects->odd) &
		  ~(unsigned)BLUEZ_CHANGE_ADVERT;
	if (changes)
		objects->ops->device(objects->user, device, changes);
}

unsigned bluez_objects_odd(const struct bluez_objects *objects)
{
	return objects->odd;
}

struct bluez_device *bluez_objects_devices(const struct bluez_objects *objects)
{
	return objects->devices;
}

struct bluez_characteristic *bluez_objects_find_characteristic(
	const struct bluez_device *device, const struct uuid *uuid)
{
	struct bluez_characteristic *characteristic = device->characteristics;

	while (characteristic && !uuid_is_equal(&characteristic->uuid, uuid))
		characteristic = characteristic->next;
	return characteristic;
}
