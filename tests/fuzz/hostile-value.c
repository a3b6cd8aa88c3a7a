// SPDX-License-Identifier: MIT
#include "tests/fuzz/hostile-value.h"

#include <stdint.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/uuid.h"
#include "tests/fuzz/fuzz-packets.h"

#define ENTRIES_MAX 12

static const struct property {
	const char *key;
	char type;
} properties[] = {{"Address", 's'}, {"Powered", 'b'}, {"PowerState", 's'}, {"Discovering", 'b'},
	{"Modalias", 's'}, {"Connected", 'b'}, {"ServicesResolved", 'b'}, {"Paired", 'b'},
	{"Bonded", 'b'}, {"RSSI", 'n'}, {"ManufacturerData", 'M'}, {"ServiceData", 'M'},
	{"AdvertisingData", 'M'}, {"UUID", 'U'}, {"Flags", 'F'}, {"MTU", 'q'}, {"Value", 'Y'},
	{"Percentage", 'y'}, {"Name", 's'}, {"Trusted", 'b'}};

static const char *const texts[] = {"", "C0:A5:00:00:01:01", "c0:a5:00:00:01:02", "on",
	"off-blocked", "usb:v1D6Bp0246d0542", "usb:v1D6Bp0246d0554", "usb:v1D6Bp0246dFFFF",
	"00:00:00:00:00:00", "not an address at al", "WT901", "/org/bluez/hci0"};

static bool has_bonded;

bool hostile_value_has_bonded(void)
{
	return has_bonded;
}

void hostile_value_reset(void)
{
	has_bonded = false;
}

static const struct fuzz_packets_table *table(void)
{
	static struct fuzz_packets_table all;

	if (all.n == 0)
		fuzz_packets_init(&all, NULL);
	return &all;
}

static void put_basic(DBusMessageIter *to, int type, uint64_t value)
{
	DBusBasicValue basic = {.u64 = value};

	if (type == DBUS_TYPE_BOOLEAN)
		basic.bool_val = value & 1;
	dbus_message_iter_append_basic(to, type, &basic);
}

void hostile_value_put_text(DBusMessageIter *to, int type, const char *text)
{
	if (type == DBUS_TYPE_OBJECT_PATH && text[0] != '/')
		text = "/x";
	if (type == DBUS_TYPE_SIGNATURE)
		text = "a{sv}";
	dbus_message_iter_append_basic(to, type, &text);
}

static void put_bytes(DBusMessageIter *to, const uint8_t *bytes, size_t size)
{
	DBusMessageIter array;

	dbus_message_iter_open_container(to, DBUS_TYPE_ARRAY, "y", &array);
	dbus_message_iter_append_fixed_array(&array, DBUS_TYPE_BYTE, &bytes, (int)size);
	dbus_message_iter_close_container(to, &array);
}

static void put_input_bytes(DBusMessageIter *to, struct bytes *input)
{
	static const uint8_t zeros[1024];
	size_t size = bytes_u8(input);

	if (size == UINT8_MAX) /* more than ATT allows */
		put_bytes(to, zeros, sizeof(zeros));
	else if (size <= bytes_left(input))
		put_bytes(to, bytes_take(input, size), size);
	else
		put_bytes(to, zeros, size);
}

static void put_flags(DBusMessageIter *to, unsigned mask)
{
	static const char *const flags[] = {
		"read", "write", "notify", "indicate", "write-without-response", "broadcast"};
	DBusMessageIter array;

	dbus_message_iter_open_container(to, DBUS_TYPE_ARRAY, "s", &array);
	for (unsigned i = 0; i < ARRAY_LEN(flags); i++)
		if (mask & 1u << i)
			hostile_value_put_text(&array, DBUS_TYPE_STRING, flags[i]);
	dbus_message_iter_close_container(to, &array);
}

static void put_numbered_bytes(DBusMessageIter *to, struct bytes *input)
{
	DBusMessageIter array, entry, variant;

	dbus_message_iter_open_container(to, DBUS_TYPE_ARRAY, "{qv}", &array);
	for (unsigned n = bytes_u8(input) % 3; n > 0; n--) {
		dbus_message_iter_open_container(&array, DBUS_TYPE_DICT_ENTRY, NULL, &entry);
		put_basic(&entry, DBUS_TYPE_UINT16, bytes_le16(input));
		dbus_message_iter_open_container(&entry, DBUS_TYPE_VARIANT, "ay", &variant);
		put_input_bytes(&variant, input);
		dbus_message_iter_close_container(&entry, &variant);
		dbus_message_iter_close_container(&array, &entry);
	}
	dbus_message_iter_close_container(to, &array);
}

static void put_uuid(DBusMessageIter *to, unsigned which)
{
	char text[UUID_TEXT_SIZE];

	uuid_to_string(&table()->uuid[which % table()->n], text);
	hostile_value_put_text(to, DBUS_TYPE_STRING, text);
}

static const char *signature_of(char type)
{
	static const char *const of[] = {"Fas", "Yay", "Ma{qv}", "Us"};
	static char basic[2];

	for (size_t i = 0; i < ARRAY_LEN(of); i++)
		if (of[i][0] == type)
			return of[i] + 1;
	basic[0] = type;
	return basic;
}

void hostile_value_put(DBusMessageIter *to, char type, struct bytes *input)
{
	switch (type) {
	case 'F':
		put_flags(to, bytes_u8(input));
		break;
	case 'Y':
		put_input_bytes(to, input);
		break;
	case 'M':
		put_numbered_bytes(to, input);
		break;
	case 'U':
		put_uuid(to, bytes_u8(input));
		break;
	case 's':
	case 'o':
	case 'g':
		hostile_value_put_text(to, type, texts[bytes_u8(input) % ARRAY_LEN(texts)]);
		break;
	case 'y':
	case 'b':
		put_basic(to, type, bytes_u8(input));
		break;
	default:
		put_basic(to, type, bytes_le64(input));
	}
}

/* Mostly the right type. */
static char type_for(char right, struct bytes *input)
{
	static const char types[] = "ynqiuxtdsogbFYMU";
	unsigned which = bytes_u8(input);

	return which < 224 ? right : types[which % (sizeof(types) - 1)];
}

static void put_entry(
	DBusMessageIter *dict, const struct property *property, char type, struct bytes *input)
{
	DBusMessageIter entry, variant;

	if (strcmp(property->key, "Paired") == 0 || strcmp(property->key, "Bonded") == 0)
		has_bonded = true;
	dbus_message_iter_open_container(dict, DBUS_TYPE_DICT_ENTRY, NULL, &entry);
	hostile_value_put_text(&entry, DBUS_TYPE_STRING, property->key);
	dbus_message_iter_open_container(&entry, DBUS_TYPE_VARIANT, signature_of(type), &variant);
	hostile_value_put(&variant, type, input);
	dbus_message_iter_close_container(&entry, &variant);
	dbus_message_iter_close_container(dict, &entry);
}

void hostile_value_put_properties(DBusMessageIter *to, struct bytes *input)
{
	DBusMessageIter dict;

	dbus_message_iter_open_container(to, DBUS_TYPE_ARRAY, "{sv}", &dict);
	for (unsigned n = bytes_u8(input) % ENTRIES_MAX; n > 0; n--) {
		const struct property *property =
			&properties[bytes_u8(input) % ARRAY_LEN(properties)];

		put_entry(&dict, property, type_for(property->type, input), input);
	}
	dbus_message_iter_close_container(to, &dict);
}

void hostile_value_put_good(
	DBusMessageIter *dict, const char *key, char type, const void *data, size_t size)
{
	struct bytes value = bytes_of(data, size);
	struct property property = {key, type};

	put_entry(dict, &property, type, &value);
}

void hostile_value_put_good_text(DBusMessageIter *dict, const char *key, const char *text)
{
	DBusMessageIter entry, variant;

	dbus_message_iter_open_container(dict, DBUS_TYPE_DICT_ENTRY, NULL, &entry);
	hostile_value_put_text(&entry, DBUS_TYPE_STRING, key);
	dbus_message_iter_open_container(&entry, DBUS_TYPE_VARIANT, "s", &variant);
	hostile_value_put_text(&variant, DBUS_TYPE_STRING, text);
	dbus_message_iter_close_container(&entry, &variant);
	dbus_message_iter_close_container(dict, &entry);
}

void hostile_value_put_value_entry(DBusMessageIter *dict, struct bytes *input)
{
	static const struct property value = {"Value", 'Y'};

	put_entry(dict, &value, value.type, input);
}
