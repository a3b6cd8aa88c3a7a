// SPDX-License-Identifier: MIT
#include "daemon/wire/radio-json.h"

#include <assert.h>
#include <string.h>

#include "coxad/base/text.h"

json_t *radio_json_read(const char *text, size_t size, size_t max)
{
	json_t *json =
		size && size <= max ? json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL) : NULL;

	if (json_is_object(json))
		return json;
	json_decref(json);
	return NULL;
}

size_t radio_json_write(json_t *json, char *ret, size_t max)
{
	size_t size = json_dumpb(json, ret, max, JSON_COMPACT);

	assert(size && size <= max);
	json_decref(json);
	return size;
}

static const json_t *member(const json_t *json, const char *key)
{
	const json_t *value = json_object_get(json, key);

	return json_is_null(value) ? NULL : value;
}

bool radio_json_take_number(
	const json_t *json, const char *key, int64_t min, int64_t max, int64_t *ret)
{
	const json_t *value = member(json, key);

	if (!value)
		return true;
	if (!json_is_integer(value) || json_integer_value(value) < min ||
		json_integer_value(value) > max)
		return false;
	*ret = json_integer_value(value);
	return true;
}

bool radio_json_take_unsigned(const json_t *json, const char *key, unsigned max, unsigned *ret)
{
	int64_t value = *ret;

	if (!radio_json_take_number(json, key, 0, max, &value))
		return false;
	*ret = (unsigned)value;
	return true;
}

bool radio_json_take_bool(const json_t *json, const char *key, bool *ret)
{
	const json_t *value = member(json, key);

	if (!value)
		return true;
	*ret = json_is_true(value);
	return json_is_boolean(value);
}

bool radio_json_take_text(const json_t *json, const char *key, char *ret, size_t size)
{
	const json_t *value = member(json, key);
	size_t length = json_string_length(value);

	if (!value)
		return true;
	if (!length || length >= size || !text_is_clean(json_string_value(value), length))
		return false;
	memcpy(ret, json_string_value(value), length + 1);
	return true;
}

bool radio_json_take_address(const json_t *json, const char *key, char ret[static ADDRESS_SIZE])
{
	const char *value = json_string_value(json_object_get(json, key));

	return value && address_from_string(value, ret) == 0;
}

const json_t *radio_json_take_array(const json_t *json, const char *key, size_t max, size_t *ret_n)
{
	const json_t *value = member(json, key);

	*ret_n = json_array_size(value);
	return json_is_array(value) && *ret_n <= max ? value : NULL;
}
