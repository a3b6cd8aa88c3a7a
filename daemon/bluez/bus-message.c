// SPDX-License-Identifier: MIT
#include "daemon/bluez/bus-message.h"

#include <string.h>

bool bus_message_dict_init(struct bus_message_dict *dict, const DBusMessageIter *array)
{
	DBusMessageIter copy = *array;

	if (dbus_message_iter_get_arg_type(&copy) != DBUS_TYPE_ARRAY ||
		dbus_message_iter_get_element_type(&copy) != DBUS_TYPE_DICT_ENTRY)
		return false;
	dbus_message_iter_recurse(&copy, &dict->entries);
	dict->is_first = true;
	return true;
}

bool bus_message_dict_next(
	struct bus_message_dict *dict, const char **ret_key, DBusMessageIter *ret_value)
{
	DBusMessageIter entry, value;

	if (!dict->is_first)
		dbus_message_iter_next(&dict->entries);
	dict->is_first = false;
	if (dbus_message_iter_get_arg_type(&dict->entries) != DBUS_TYPE_DICT_ENTRY)
		return false;
	dbus_message_iter_recurse(&dict->entries, &entry);
	if (!bus_message_get_text(&entry, ret_key) || !dbus_message_iter_next(&entry))
		return false;
	if (dbus_message_iter_get_arg_type(&entry) == DBUS_TYPE_VARIANT) {
		dbus_message_iter_recurse(&entry, &value);
		*ret_value = value;
	} else {
		*ret_value = entry;
	}
	return true;
}

static int type_of(const DBusMessageIter *value, DBusMessageIter *copy)
{
	*copy = *value;
	return dbus_message_iter_get_arg_type(copy);
}

bool bus_message_get_text(const DBusMessageIter *value, const char **ret)
{
	DBusMessageIter copy;
	int type = type_of(value, &copy);

	if (type != DBUS_TYPE_STRING && type != DBUS_TYPE_OBJECT_PATH)
		return false;
	dbus_message_iter_get_basic(&copy, ret);
	return true;
}

bool bus_message_get_bool(const DBusMessageIter *value, bool *ret)
{
	DBusMessageIter copy;
	dbus_bool_t b;

	if (type_of(value, &copy) != DBUS_TYPE_BOOLEAN)
		return false;
	dbus_message_iter_get_basic(&copy, &b);
	*ret = b;
	return true;
}

bool bus_message_get_int(const DBusMessageIter *value, int *ret)
{
	DBusMessageIter copy;
	DBusBasicValue basic = {0};
	int type = type_of(value, &copy);

	switch (type) {
	case DBUS_TYPE_BYTE:
		dbus_message_iter_get_basic(&copy, &basic);
		*ret = basic.byt;
		return true;
	case DBUS_TYPE_INT16:
		dbus_message_iter_get_basic(&copy, &basic);
		*ret = basic.i16;
		return true;
	case DBUS_TYPE_UINT16:
		dbus_message_iter_get_basic(&copy, &basic);
		*ret = basic.u16;
		return true;
	case DBUS_TYPE_INT32:
	case DBUS_TYPE_UINT32:
		dbus_message_iter_get_basic(&copy, &basic);
		*ret = basic.i32;
		return true;
	default:
		return false;
	}
}

bool bus_message_get_bytes(const DBusMessageIter *value, const uint8_t **ret, size_t *ret_size)
{
	DBusMessageIter copy, inside;
	const uint8_t *bytes = NULL;
	int n = 0;

	if (type_of(value, &copy) != DBUS_TYPE_ARRAY ||
		dbus_message_iter_get_element_type(&copy) != DBUS_TYPE_BYTE)
		return false;
	dbus_message_iter_recurse(&copy, &inside);
	dbus_message_iter_get_fixed_array(&inside, &bytes, &n);
	*ret = n ? bytes : (const uint8_t *)""; /* empty, but there */
	*ret_size = (size_t)n;
	return true;
}

/* The first entry of an a{qv} with bytes in it. */
static bool get_numbered_bytes(
	const DBusMessageIter *value, uint16_t *ret_number, const uint8_t **ret, size_t *ret_size)
{
	DBusMessageIter copy, entries, entry, bytes;

	if (type_of(value, &copy) != DBUS_TYPE_ARRAY ||
		dbus_message_iter_get_element_type(&copy) != DBUS_TYPE_DICT_ENTRY)
		return false;
	dbus_message_iter_recurse(&copy, &entries);
	if (dbus_message_iter_get_arg_type(&entries) != DBUS_TYPE_DICT_ENTRY)
		return false;
	dbus_message_iter_recurse(&entries, &entry);
	if (dbus_message_iter_get_arg_type(&entry) != DBUS_TYPE_UINT16)
		return false;
	dbus_message_iter_get_basic(&entry, ret_number);
	if (!dbus_message_iter_next(&entry) ||
		dbus_message_iter_get_arg_type(&entry) != DBUS_TYPE_VARIANT)
		return false;
	dbus_message_iter_recurse(&entry, &bytes);
	return bus_message_get_bytes(&bytes, ret, ret_size);
}

bool bus_message_get_maker_data(
	const DBusMessageIter *value, uint8_t *ret, size_t most, size_t *ret_size)
{
	const uint8_t *data;
	uint16_t company;
	size_t size;

	if (!get_numbered_bytes(value, &company, &data, &size) || size + 2 > most)
		return false;
	ret[0] = (uint8_t)company;
	ret[1] = (uint8_t)(company >> 8);
	if (size)
		memcpy(ret + 2, data, size);
	*ret_size = size + 2;
	return true;
}

static DBusMessage *checked(DBusMessage *message)
{
	bus_message_must(message != NULL);
	return message;
}

DBusMessage *bus_message_new_call(const char *path, const char *interface, const char *method)
{
	DBusMessage *message =
		checked(dbus_message_new_method_call("org.bluez", path, interface, method));

	dbus_message_set_auto_start(message, FALSE);
	return message;
}

DBusMessage *bus_message_new_bus_call(const char *method)
{
	return checked(dbus_message_new_method_call(
		DBUS_SERVICE_DBUS, DBUS_PATH_DBUS, DBUS_INTERFACE_DBUS, method));
}

static void put_entry(
	DBusMessageIter *dict, const char *key, int type, const char *signature, const void *value)
{
	DBusMessageIter entry, variant;

	bus_message_must(
		dbus_message_iter_open_container(dict, DBUS_TYPE_DICT_ENTRY, NULL, &entry));
	bus_message_must(dbus_message_iter_append_basic(&entry, DBUS_TYPE_STRING, &key));
	bus_message_must(
		dbus_message_iter_open_container(&entry, DBUS_TYPE_VARIANT, signature, &variant));
	bus_message_must(dbus_message_iter_append_basic(&variant, type, value));
	bus_message_must(dbus_message_iter_close_container(&entry, &variant));
	bus_message_must(dbus_message_iter_close_container(dict, &entry));
}

void bus_message_put_text_entry(DBusMessageIter *dict, const char *key, const char *text)
{
	put_entry(dict, key, DBUS_TYPE_STRING, "s", &text);
}

void bus_message_put_bool_entry(DBusMessageIter *dict, const char *key, bool value)
{
	dbus_bool_t b = value;

	put_entry(dict, key, DBUS_TYPE_BOOLEAN, "b", &b);
}

DBusMessage *bus_message_new_set_bool(
	const char *path, const char *interface, const char *name, bool value)
{
	DBusMessage *message = bus_message_new_call(path, "org.freedesktop.DBus.Properties", "Set");
	DBusMessageIter args, variant;
	dbus_bool_t b = value;

	dbus_message_iter_init_append(message, &args);
	bus_message_must(dbus_message_iter_append_basic(&args, DBUS_TYPE_STRING, &interface));
	bus_message_must(dbus_message_iter_append_basic(&args, DBUS_TYPE_STRING, &name));
	bus_message_must(dbus_message_iter_open_container(&args, DBUS_TYPE_VARIANT, "b", &variant));
	bus_message_must(dbus_message_iter_append_basic(&variant, DBUS_TYPE_BOOLEAN, &b));
	bus_message_must(dbus_message_iter_close_container(&args, &variant));
	return message;
}
