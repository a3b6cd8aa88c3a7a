// SPDX-License-Identifier: MIT
#include "gym/door-dict.h"

void door_dict_open_array(DBusMessageIter *at, const char *signature, DBusMessageIter *ret)
{
	dbus_message_iter_open_container(at, DBUS_TYPE_ARRAY, signature, ret);
}

void door_dict_open_entry(
	DBusMessageIter *dict, const char *name, const char *signature, struct door_dict_entry *ret)
{
	dbus_message_iter_open_container(dict, DBUS_TYPE_DICT_ENTRY, NULL, &ret->entry);
	dbus_message_iter_append_basic(&ret->entry, DBUS_TYPE_STRING, &name);
	dbus_message_iter_open_container(&ret->entry, DBUS_TYPE_VARIANT, signature, &ret->value);
}

void door_dict_close_entry(DBusMessageIter *dict, struct door_dict_entry *entry)
{
	dbus_message_iter_close_container(&entry->entry, &entry->value);
	dbus_message_iter_close_container(dict, &entry->entry);
}

/* `type` is also the signature: a basic type is one character. */
static void put_basic(DBusMessageIter *dict, const char *name, int type, const void *value)
{
	const char signature[] = {(char)type, '\0'};
	struct door_dict_entry entry;

	door_dict_open_entry(dict, name, signature, &entry);
	dbus_message_iter_append_basic(&entry.value, type, value);
	door_dict_close_entry(dict, &entry);
}

void door_dict_put_text(DBusMessageIter *dict, const char *name, const char *text)
{
	put_basic(dict, name, DBUS_TYPE_STRING, &text);
}

void door_dict_put_path(DBusMessageIter *dict, const char *name, const char *path)
{
	put_basic(dict, name, DBUS_TYPE_OBJECT_PATH, &path);
}

void door_dict_put_bool(DBusMessageIter *dict, const char *name, bool value)
{
	dbus_bool_t b = value;

	put_basic(dict, name, DBUS_TYPE_BOOLEAN, &b);
}

void door_dict_put_u8(DBusMessageIter *dict, const char *name, uint8_t value)
{
	put_basic(dict, name, DBUS_TYPE_BYTE, &value);
}

void door_dict_put_i16(DBusMessageIter *dict, const char *name, int value)
{
	dbus_int16_t i = (dbus_int16_t)value;

	put_basic(dict, name, DBUS_TYPE_INT16, &i);
}

void door_dict_put_u16(DBusMessageIter *dict, const char *name, unsigned value)
{
	dbus_uint16_t u = (dbus_uint16_t)value;

	put_basic(dict, name, DBUS_TYPE_UINT16, &u);
}

void door_dict_put_texts(
	DBusMessageIter *dict, const char *name, const char *const *texts, size_t n)
{
	struct door_dict_entry entry;
	DBusMessageIter array;

	door_dict_open_entry(dict, name, "as", &entry);
	door_dict_open_array(&entry.value, "s", &array);
	for (size_t i = 0; i < n; i++)
		dbus_message_iter_append_basic(&array, DBUS_TYPE_STRING, &texts[i]);
	dbus_message_iter_close_container(&entry.value, &array);
	door_dict_close_entry(dict, &entry);
}

static void append_bytes(DBusMessageIter *at, const uint8_t *bytes, size_t size)
{
	DBusMessageIter array;

	door_dict_open_array(at, "y", &array);
	dbus_message_iter_append_fixed_array(&array, DBUS_TYPE_BYTE, &bytes, (int)size);
	dbus_message_iter_close_container(at, &array);
}

void door_dict_put_bytes(DBusMessageIter *dict, const char *name, const uint8_t *bytes, size_t size)
{
	struct door_dict_entry entry;

	door_dict_open_entry(dict, name, "ay", &entry);
	append_bytes(&entry.value, bytes, size);
	door_dict_close_entry(dict, &entry);
}

void door_dict_put_numbered_bytes(
	DBusMessageIter *dict, const char *name, unsigned number, const uint8_t *bytes, size_t size)
{
	dbus_uint16_t key = (dbus_uint16_t)number;
	struct door_dict_entry entry;
	DBusMessageIter array, inner, variant;

	door_dict_open_entry(dict, name, "a{qv}", &entry);
	door_dict_open_array(&entry.value, "{qv}", &array);
	dbus_message_iter_open_container(&array, DBUS_TYPE_DICT_ENTRY, NULL, &inner);
	dbus_message_iter_append_basic(&inner, DBUS_TYPE_UINT16, &key);
	dbus_message_iter_open_container(&inner, DBUS_TYPE_VARIANT, "ay", &variant);
	append_bytes(&variant, bytes, size);
	dbus_message_iter_close_container(&inner, &variant);
	dbus_message_iter_close_container(&array, &inner);
	dbus_message_iter_close_container(&entry.value, &array);
	door_dict_close_entry(dict, &entry);
}
