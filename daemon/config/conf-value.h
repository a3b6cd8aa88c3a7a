// SPDX-License-Identifier: MIT
#pragma once
/* One value of the configuration, from text to its field and back, by its row in conf-table.h. Pure. */
#include <stdbool.h>
#include <stddef.h>

#include "daemon/config/conf-table.h"

#define CONF_ERROR_SIZE 320
#define CONF_TEXT_SIZE  256 /* a value as text; lines are shorter */

/* base: the struct that row->offset counts from. 0, or -EINVAL with the field untouched and `error`
 * set ("out of range; nearest allowed: 10 (0 to 10 Hz)"). Of a CONF_TYPE_KIT only the form is
 * checked. */
int conf_value_set(const struct conf_row *row, void *base, const char *text,
	char error[static CONF_ERROR_SIZE]);
/* The value as text that conf_value_set accepts; false if it is unset (or a CONF_TYPE_KIT). */
bool conf_value_get(const struct conf_row *row, const void *base, char ret[static CONF_TEXT_SIZE]);
/* Both unset, or the same as text. */
bool conf_value_is_same(const struct conf_row *row, const void *a, const void *b);
/* To a field that was set before, or is zero. */
void conf_value_copy(const struct conf_row *row, void *base, const void *from);
/* What is allowed, for people: "0 to 10 Hz", "auto, fd, signal". */
void conf_value_allowed(const struct conf_row *row, char *ret, size_t size);
/* Frees what the field owns. */
void conf_value_done(const struct conf_row *row, void *base);
