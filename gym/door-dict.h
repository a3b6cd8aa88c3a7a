// SPDX-License-Identifier: MIT
#pragma once
/* Building an a{sv}, entry by entry, as D-Bus carries properties. */
#include <dbus/dbus.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Opens the array of entries, or of anything else. */
void door_dict_open_array(DBusMessageIter *at, const char *signature, DBusMessageIter *ret);

/* An entry whose value is filled in between open and close. */
struct door_dict_entry {
	DBusMessageIter entry, value;
};
void door_dict_open_entry(DBusMessageIter *dict, const char *name, const char *signature,
	struct door_dict_entry *ret);
void door_dict_close_entry(DBusMessageIter *dict, struct door_dict_entry *entry);

void door_dict_put_text(DBusMessageIter *dict, const char *name, const char *text);
void door_dict_put_path(DBusMessageIter *dict, const char *name, const char *path);
void door_dict_put_bool(DBusMessageIter *dict, const char *name, bool value);
void door_dict_put_u8(DBusMessageIter *dict, const char *name, uint8_t value);
void door_dict_put_i16(DBusMessageIter *dict, const char *name, int value);
void door_dict_put_u16(DBusMessageIter *dict, const char *name, unsigned value);
void door_dict_put_texts(
	DBusMessageIter *dict, const char *name, const char *const *texts, size_t n);
void door_dict_put_bytes(
	DBusMessageIter *dict, const char *name, const uint8_t *bytes, size_t size);
/* {company: bytes}, as ManufacturerData has it. */
void door_dict_put_numbered_bytes(DBusMessageIter *dict, const char *name, unsigned number,
	const uint8_t *bytes, size_t size);
