// SPDX-License-Identifier: MIT
#pragma once
/* Values of D-Bus, right and wrong, made from the bytes of a fuzzer's input. A type is D-Bus's code of
 * one, or 'F' for flags, 'Y' for bytes, 'M' for bytes with a company's number, 'U' for a UUID.
 */
#include <dbus/dbus.h>
#include <stdbool.h>
#include <stddef.h>

#include "coxad/base/bytes.h"

/* type: DBUS_TYPE_STRING or DBUS_TYPE_OBJECT_PATH. */
void hostile_value_put_text(DBusMessageIter *to, int type, const char *text);
void hostile_value_put(DBusMessageIter *to, char type, struct bytes *input);
/* The entry "Value" of an a{sv}, with bytes. */
void hostile_value_put_value_entry(DBusMessageIter *dict, struct bytes *input);
/* Some entries of an a{sv}, mostly of the right type. */
void hostile_value_put_properties(DBusMessageIter *to, struct bytes *input);
/* An entry that is right. */
void hostile_value_put_good(
	DBusMessageIter *dict, const char *key, char type, const void *data, size_t size);
void hostile_value_put_good_text(DBusMessageIter *dict, const char *key, const char *text);
/* Whether an entry so far said that a wearable is bonded. */
bool hostile_value_has_bonded(void);
void hostile_value_reset(void);
