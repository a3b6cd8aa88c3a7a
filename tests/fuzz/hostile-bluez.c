// SPDX-License-Identifier: MIT
#include "tests/fuzz/hostile-bluez.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "tests/fuzz/hostile-value.h"
#include "tests/fuzz/virtual-bus.h"

#define PATH_SIZE       128
#define CHARACTERISTICS 16

enum kind { KIND_ADAPTER, KIND_DEVICE, KIND_CHARACTERISTIC, KIND_BATTERY, KIND_OTHER };

static const char *const interfaces[] = {"org.bluez.Adapter1", "org.bluez.Device1",
	"org.bluez.GattCharacteristic1", "org.bluez.Battery1", "org.bluez.Input1"};

void hostile_bluez_address(unsigned wearable, char ret[static ADDRESS_SIZE])
{
	snprintf(ret, ADDRESS_SIZE, "C0:A5:00:00:01:%02X", 1 + wearable % 255);
}

/* --- paths --- */

static void adapter_path(unsigned which, char ret[static PATH_SIZE])
{
	snprintf(ret, PATH_SIZE, "/org/bluez/hci%u", which % 2);
}

static void device_path(unsigned which, char ret[static PATH_SIZE])
{
	snprintf(ret, PATH_SIZE, "/org/bluez/hci%u/dev_C0_A5_00_00_01_%02X", which / 4 % 2,
		1 + which % 4);
}

static void characteristic_path(unsigned which, unsigned number, char ret[static PATH_SIZE])
{
	device_path(which, ret);
	snprintf(ret + strlen(ret), PATH_SIZE - strlen(ret), "/service0010/char%04x", number);
}

static void path_of(enum kind kind, struct bytes *input, char ret[static PATH_SIZE])
{
	unsigned which = bytes_u8(input);

	if (kind == KIND_ADAPTER)
		adapter_path(which, ret);
	else if (kind == KIND_CHARACTERISTIC)
		characteristic_path(which, bytes_u8(input) % (2 * CHARACTERISTICS), ret);
	else if (which < 250)
		device_path(which, ret);
	else
		strcpy(ret, which == 250 ? "/" : "/org/bluez/hci0/dev_C0_A5/x/y/z");
}

#define YES "\1"
#define NO  "\0"

/* The flags of a wearable: 1 connected, 2 resolved, 4 bonded, 8 advertises. */
static void put_device(DBusMessageIter *dict, unsigned wearable, unsigned state)
{
	char address[ADDRESS_SIZE];

	hostile_bluez_address(wearable % 4, address);
	hostile_value_put_good_text(dict, "Address", address);
	hostile_value_put_good(dict, "Connected", 'b', state & 1 ? YES : NO, 1);
	hostile_value_put_good(dict, "ServicesResolved", 'b', state & 2 ? YES : NO, 1);
	if (state & 4)
		hostile_value_put_good(dict, "Paired", 'b', YES, 1);
	if (state & 8)
		hostile_value_put_good(dict, "RSSI", 'n', "\xc4\xff\0\0\0\0\0\0", 8);
}

static void put_characteristic(DBusMessageIter *dict, unsigned uuid)
{
	uint8_t which = (uint8_t)uuid;

	hostile_value_put_good(dict, "UUID", 'U', &which, 1);
	hostile_value_put_good(dict, "Flags", 'F', "\x1f", 1);
	hostile_value_put_good(dict, "MTU", 'q', "\xf7\0\0\0\0\0\0\0", 8);
}

static void put_adapter(DBusMessageIter *dict, unsigned which)
{
	hostile_value_put_good_text(
		dict, "Address", which ? "00:00:00:00:00:02" : "00:00:00:00:00:01");
	hostile_value_put_good_text(
		dict, "Modalias", which ? "usb:v1D6Bp0246d0542" : "usb:v1D6Bp0246d0554");
	hostile_value_put_good(dict, "Powered", 'b', YES, 1);
}

struct object {
	enum kind kind;
	unsigned which, number, state;
};

static void put_object(DBusMessageIter *to, const struct object *object)
{
	DBusMessageIter all, entry, dict;

	dbus_message_iter_open_container(to, DBUS_TYPE_ARRAY, "{sa{sv}}", &all);
	dbus_message_iter_open_container(&all, DBUS_TYPE_DICT_ENTRY, NULL, &entry);
	hostile_value_put_text(&entry, DBUS_TYPE_STRING, interfaces[object->kind]);
	dbus_message_iter_open_container(&entry, DBUS_TYPE_ARRAY, "{sv}", &dict);
	if (object->kind == KIND_ADAPTER)
		put_adapter(&dict, object->which);
	else if (object->kind == KIND_DEVICE)
		put_device(&dict, object->which, object->state);
	else
		put_characteristic(&dict, object->number + object->state);
	dbus_message_iter_close_container(&entry, &dict);
	dbus_message_iter_close_container(&all, &entry);
	dbus_message_iter_close_container(to, &all);
}

static void put_managed(DBusMessageIter *dict, const struct object *object)
{
	char path[PATH_SIZE];
	DBusMessageIter entry;

	if (object->kind == KIND_ADAPTER)
		adapter_path(object->which, path);
	else if (object->kind == KIND_DEVICE)
		device_path(object->which, path);
	else
		characteristic_path(object->which, object->number, path);
	dbus_message_iter_open_container(dict, DBUS_TYPE_DICT_ENTRY, NULL, &entry);
	hostile_value_put_text(&entry, DBUS_TYPE_OBJECT_PATH, path);
	put_object(&entry, object);
	dbus_message_iter_close_container(dict, &entry);
}

/* The first byte is the state of the wearables, the second which adapters and wearables are there,
 * the third the first of the characteristics. */
static void put_all_objects(DBusMessage *message, struct bytes *input)
{
	unsigned state = bytes_u8(input), what = bytes_u8(input), first = bytes_u8(input);
	DBusMessageIter args, dict;

	dbus_message_iter_init_append(message, &args);
	dbus_message_iter_open_container(&args, DBUS_TYPE_ARRAY, "{oa{sa{sv}}}", &dict);
	for (unsigned d = 0; d < 8 && what & 4; d++)
		put_managed(&dict, &(struct object){KIND_DEVICE, d, 0, state});
	for (unsigned a = 0; a < 2; a++)
		if (what & 1u << a)
			put_managed(&dict, &(struct object){KIND_ADAPTER, a, 0, 0});
	for (unsigned c = 0; c < CHARACTERISTICS && what & 8; c++)
		put_managed(&dict, &(struct object){KIND_CHARACTERISTIC, 0, c, first});
	dbus_message_iter_close_container(&args, &dict);
}

/* --- signals --- */

static DBusMessage *from_bluetoothd(DBusMessage *message)
{
	dbus_message_set_sender(message, VIRTUAL_BUS_BLUETOOTHD);
	dbus_message_set_serial(message, 1);
	return message;
}

static DBusMessage *object_manager_signal(const char *member)
{
	return from_bluetoothd(
		dbus_message_new_signal("/", "org.freedesktop.DBus.ObjectManager", member));
}

static DBusMessage *added(const struct object *object)
{
	DBusMessage *message = object_manager_signal("InterfacesAdded");
	char path[PATH_SIZE];
	DBusMessageIter args;

	if (object->kind == KIND_DEVICE)
		device_path(object->which, path);
	else
		characteristic_path(object->which, object->number, path);
	dbus_message_iter_init_append(message, &args);
	hostile_value_put_text(&args, DBUS_TYPE_OBJECT_PATH, path);
	put_object(&args, object);
	return message;
}

DBusMessage *hostile_bluez_arrival(struct bytes *input)
{
	unsigned which = bytes_u8(input), state = bytes_u8(input);

	return added(&(struct object){KIND_DEVICE, which, 0, state});
}

DBusMessage *hostile_bluez_resolved(struct bytes *input)
{
	unsigned which = bytes_u8(input), number = bytes_u8(input), uuid = bytes_u8(input);

	return added(&(struct object){
		KIND_CHARACTERISTIC, which, number % CHARACTERISTICS, uuid - number});
}

static DBusMessage *changed(const char *path, const char *interface, DBusMessageIter *ret_args)
{
	DBusMessage *message = from_bluetoothd(dbus_message_new_signal(
		path, "org.freedesktop.DBus.Properties", "PropertiesChanged"));

	dbus_message_iter_init_append(message, ret_args);
	hostile_value_put_text(ret_args, DBUS_TYPE_STRING, interface);
	return message;
}

DBusMessage *hostile_bluez_connected(struct bytes *input)
{
	unsigned which = bytes_u8(input), state = bytes_u8(input);
	DBusMessageIter args, dict;
	char path[PATH_SIZE];
	DBusMessage *message;

	device_path(which, path);
	message = changed(path, interfaces[KIND_DEVICE], &args);
	dbus_message_iter_open_container(&args, DBUS_TYPE_ARRAY, "{sv}", &dict);
	put_device(&dict, which, state);
	dbus_message_iter_close_container(&args, &dict);
	return message;
}

DBusMessage *hostile_bluez_value(struct bytes *input)
{
	DBusMessageIter args, dict;
	char path[PATH_SIZE];
	DBusMessage *message;

	path_of(KIND_CHARACTERISTIC, input, path);
	message = changed(path, interfaces[KIND_CHARACTERISTIC], &args);
	dbus_message_iter_open_container(&args, DBUS_TYPE_ARRAY, "{sv}", &dict);
	hostile_value_put_value_entry(&dict, input);
	dbus_message_iter_close_container(&args, &dict);
	return message;
}

static DBusMessage *any_change(enum kind kind, struct bytes *input)
{
	char path[PATH_SIZE];
	DBusMessageIter args;
	DBusMessage *message;

	path_of(kind, input, path);
	message = changed(path, interfaces[kind], &args);
	hostile_value_put_properties(&args, input);
	return message;
}

static DBusMessage *any_addition(enum kind kind, struct bytes *input)
{
	DBusMessage *message = object_manager_signal("InterfacesAdded");
	DBusMessageIter args, all, entry;
	char path[PATH_SIZE];

	path_of(kind, input, path);
	dbus_message_iter_init_append(message, &args);
	hostile_value_put_text(&args, DBUS_TYPE_OBJECT_PATH, path);
	dbus_message_iter_open_container(&args, DBUS_TYPE_ARRAY, "{sa{sv}}", &all);
	dbus_message_iter_open_container(&all, DBUS_TYPE_DICT_ENTRY, NULL, &entry);
	hostile_value_put_text(&entry, DBUS_TYPE_STRING, interfaces[kind]);
	hostile_value_put_properties(&entry, input);
	dbus_message_iter_close_container(&all, &entry);
	dbus_message_iter_close_container(&args, &all);
	return message;
}

static DBusMessage *any_removal(enum kind kind, struct bytes *input)
{
	DBusMessage *message = object_manager_signal("InterfacesRemoved");
	DBusMessageIter args, names;
	char path[PATH_SIZE];

	path_of(kind, input, path);
	dbus_message_iter_init_append(message, &args);
	hostile_value_put_text(&args, DBUS_TYPE_OBJECT_PATH, path);
	dbus_message_iter_open_container(&args, DBUS_TYPE_ARRAY, "s", &names);
	hostile_value_put_text(&names, DBUS_TYPE_STRING, interfaces[kind]);
	dbus_message_iter_close_container(&args, &names);
	return message;
}

DBusMessage *hostile_bluez_signal(struct bytes *input)
{
	unsigned which = bytes_u8(input);
	enum kind kind = (enum kind)(which / 4 % (KIND_OTHER + 1));

	switch (which % 4) {
	case 0:
		return any_addition(kind, input);
	case 1:
		return any_removal(kind, input);
	default:
		return any_change(kind, input);
	}
}

/* --- answers --- */

static int put_socket(DBusMessage *message)
{
	dbus_uint16_t mtu = 247;
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, ends) < 0)
		abort();
	dbus_message_append_args(
		message, DBUS_TYPE_UNIX_FD, &ends[0], DBUS_TYPE_UINT16, &mtu, DBUS_TYPE_INVALID);
	close(ends[0]);
	return ends[1];
}

static void append_text(DBusMessage *message, const char *text)
{
	dbus_message_append_args(message, DBUS_TYPE_STRING, &text, DBUS_TYPE_INVALID);
}

/* Of the device that is asked for. */
static void append_device(DBusMessage *message, DBusMessage *call, struct bytes *input)
{
	const char *path = dbus_message_get_path(call), *last = strrchr(path, '_');
	DBusMessageIter args, dict;

	dbus_message_iter_init_append(message, &args);
	dbus_message_iter_open_container(&args, DBUS_TYPE_ARRAY, "{sv}", &dict);
	put_device(&dict, last ? (unsigned)strtoul(last + 1, NULL, 16) - 1 : 0, bytes_u8(input));
	dbus_message_iter_close_container(&args, &dict);
}

DBusMessage *hostile_bluez_answer(DBusMessage *call, struct bytes *input, int *ret_fd)
{
	DBusMessage *reply = dbus_message_new_method_return(call);
	const char *member = dbus_message_get_member(call);
	DBusMessageIter args;

	*ret_fd = -1;
	if (strcmp(member, "Hello") == 0)
		append_text(reply, ":1.2");
	else if (strcmp(member, "GetNameOwner") == 0)
		append_text(reply, VIRTUAL_BUS_BLUETOOTHD);
	else if (strcmp(member, "GetManagedObjects") == 0)
		put_all_objects(reply, input);
	else if (strcmp(member, "GetAll") == 0)
		append_device(reply, call, input);
	else if (strcmp(member, "AcquireNotify") == 0)
		*ret_fd = put_socket(reply);
	else if (strcmp(member, "ReadValue") == 0) {
		dbus_message_iter_init_append(reply, &args);
		hostile_value_put(&args, 'Y', input);
	}
	return from_bluetoothd(reply);
}

DBusMessage *hostile_bluez_error(DBusMessage *call, struct bytes *input)
{
	static const char *const names[] = {"org.bluez.Error.Failed",
		"org.bluez.Error.AlreadyConnected", "org.bluez.Error.AlreadyExists",
		"org.bluez.Error.InProgress", "org.bluez.Error.NotReady",
		"org.bluez.Error.NotPermitted", "org.bluez.Error.NotAuthorized",
		"org.bluez.Error.NotSupported", "org.bluez.Error.NotConnected",
		"org.bluez.Error.DoesNotExist", "org.bluez.Error.AuthenticationFailed",
		"org.bluez.Error.AuthenticationCanceled", "org.bluez.Error.Rejected",
		"org.freedesktop.DBus.Error.UnknownObject",
		"org.freedesktop.DBus.Error.ServiceUnknown", DBUS_ERROR_NO_REPLY, "x.y"};
	static const char *const why[] = {"", "Already notifying", "le-connection-abort-by-local",
		"br-connection-limit", "Not connected", "adapter-not-powered", "key-missing",
		"Insufficient Encryption", "Operation failed with ATT error: 0x0e",
		"connection-refused"};
	const char *name = names[bytes_u8(input) % ARRAY_LEN(names)];
	unsigned text = bytes_u8(input);
	DBusMessage *reply =
		dbus_message_new_error(call, name, text < 250 ? why[text % ARRAY_LEN(why)] : NULL);

	return from_bluetoothd(reply);
}

DBusMessage *hostile_bluez_nonsense(DBusMessage *call, struct bytes *input)
{
	static const char types[] = "ynqiuxtdsogbFYMUh";
	DBusMessage *reply = dbus_message_new_method_return(call);

	for (unsigned n = bytes_u8(input) % 4; n > 0; n--) {
		char type = types[bytes_u8(input) % (sizeof(types) - 1)];
		DBusMessageIter args;

		if (type == 'h') {
			close(put_socket(reply));
			continue;
		}
		dbus_message_iter_init_append(reply, &args);
		hostile_value_put(&args, type, input);
	}
	return from_bluetoothd(reply);
}

DBusMessage *hostile_bluez_pairing(struct bytes *input)
{
	static const char *const members[] = {"Release", "Cancel", "RequestConfirmation",
		"RequestAuthorization", "AuthorizeService", "RequestPinCode", "DisplayPasskey"};
	unsigned which = bytes_u8(input);
	DBusMessage *message = from_bluetoothd(dbus_message_new_method_call("org.coxad",
		"/org/coxad/agent", which < 250 ? "org.bluez.Agent1" : "org.bluez.Other1",
		members[which % ARRAY_LEN(members)]));
	char path[PATH_SIZE];
	DBusMessageIter args;

	if (which >= 128)
		dbus_message_set_sender(message, ":1.99");
	path_of(KIND_DEVICE, input, path);
	dbus_message_iter_init_append(message, &args);
	hostile_value_put_text(&args, which & 64 ? DBUS_TYPE_STRING : DBUS_TYPE_OBJECT_PATH, path);
	return message;
}
