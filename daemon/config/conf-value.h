// SPDX-License-Identifier: MIT
#pragma once
/* One value of the configuration between text and its field, by the row of conf-table.h. Pure. */
#include <stdbool.h>
#include <stddef.h>

#include "daemon/config/conf-table.h"

#define CONF_WHY_SIZE  320
#define CONF_TEXT_SIZE 256 /* of a value as text; lines are shorter */

/* base: the struct that row->offset counts from. 0, or -EINVAL with the field untouched and `why`
 * set ("is too large; nearest allowed: 10 (0 to 10 Hz)"). CONF_TYPE_KIT is only checked for form.
 */
int conf_value_set(
	const struct conf_row *row, void *base, const char *text, char why[static CONF_WHY_SIZE]);
/* The value as text that conf_value_set takes; false where it is unset (or a CONF_TYPE_KIT). */
bool conf_value_get(const struct conf_row *row, const void *base, char ret[static CONF_TEXT_SIZE]);
/* For people: "0 to 10 Hz, default 10", "auto, fd, signal". */
void conf_value_allowed(const struct conf_row *row, char *ret, size_t size);
/* Frees what the field owns. */
void conf_value_done(const struct conf_row *row, void *base);
