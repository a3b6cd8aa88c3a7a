// SPDX-License-Identifier: MIT
#pragma once
/* Members of the objects that a brain and its radios send each other. Whoever takes one gives its default
 * in *ret, which an absent one and null leave. Pure.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/base/address.h"

/* They stay exact where JSON has doubles. */
#define RADIO_JSON_NUMBER_MAX (INT64_C(1) << 53)

/* NULL: it is no object, or longer than max. Returns-owned. */
json_t *radio_json_read(const char *text, size_t size, size_t max);
/* Takes the object, which is known to fit. Returns the size. */
size_t radio_json_write(json_t *json, char *ret, size_t max);

/* All return false where a value is none that can be. */
bool radio_json_take_number(
	const json_t *json, const char *key, int64_t min, int64_t max, int64_t *ret);
bool radio_json_take_unsigned(const json_t *json, const char *key, unsigned max, unsigned *ret);
bool radio_json_take_bool(const json_t *json, const char *key, bool *ret);
/* Clean, not empty, shorter than size. */
bool radio_json_take_text(const json_t *json, const char *key, char *ret, size_t size);
/* Has no default. */
bool radio_json_take_address(const json_t *json, const char *key, char ret[static ADDRESS_SIZE]);
/* Also the number of elements, if it is an array of at most max. Borrowed. */
const json_t *radio_json_take_array(const json_t *json, const char *key, size_t max, size_t *ret_n);
