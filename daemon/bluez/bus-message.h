// SPDX-License-Identifier: MIT
#pragma once
/* Reads and builds the D-Bus messages of BlueZ. Readers check each type and return false if the
 * message holds something else: the other side may be any version, or hostile.
 */
#include <dbus/dbus.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* Iterates over an a{sv}, or a{?a{..}}: init with the array, then next until false. ret_key is
 * borrowed; ret_value points inside the variant, if there is one. */
struct bus_message_dict {
	DBusMessageIter entries;
	bool is_first;
};
bool bus_message_dict_init(struct bus_message_dict *dict, const DBusMessageIter *array);
bool bus_message_dict_next(
	struct bus_message_dict *dict, const char **ret_key, DBusMessageIter *ret_value);

bool bus_message_get_text(const DBusMessageIter *value, const char **ret); /* also an object path */
bool bus_message_get_bool(const DBusMessageIter *value, bool *ret);
bool bus_message_get_int(const DBusMessageIter *value, int *ret); /* y n q i u */
bool bus_message_get_bytes(const DBusMessageIter *value, const uint8_t **ret, size_t *ret_size);
/* The first entry of org.bluez.Device1's ManufacturerData, an a{qv}, as it was in the advert: the company in two
 * bytes, little-endian, then its data. False, and nothing is written, if that is over `most` bytes. */
bool bus_message_get_maker_data(
	const DBusMessageIter *value, uint8_t *ret, size_t most, size_t *ret_size);

/* libdbus says false when memory runs out, which ends coxad, as in alloc_zero: a call that misses an
 * argument, or is never answered, would be worse. */
static inline void bus_message_must(dbus_bool_t is_done)
{
	if (!is_done)
		abort();
}
/* A method call to org.bluez. Returns-owned, never NULL. */
DBusMessage *bus_message_new_call(const char *path, const char *interface, const char *method);
/* Sets a property of org.bluez. Returns-owned, never NULL. */
DBusMessage *bus_message_new_set_bool(
	const char *path, const char *interface, const char *name, bool value);
/* A method call to the bus itself. Returns-owned, never NULL. */
DBusMessage *bus_message_new_bus_call(const char *method);
/* Appends an entry of a{sv}. */
void bus_message_put_text_entry(DBusMessageIter *dict, const char *key, const char *text);
void bus_message_put_bool_entry(DBusMessageIter *dict, const char *key, bool value);
