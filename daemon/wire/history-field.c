// SPDX-License-Identifier: MIT
#include "daemon/wire/history-field.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/text.h"
#include "coxad/base/units.h"
#include "coxad/core/terms.h"

#define KEY_SIZE 32

static json_t *codes_write(uint64_t codes)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < CODE_COUNT; i++)
		if (codes & UINT64_C(1) << i)
			json_array_append_new(list, json_string(code_to_string((enum code)i)));
	return list;
}

static uint64_t codes_read(const json_t *list)
{
	uint64_t codes = 0;
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		const char *text = json_string_value(item);

		for (unsigned c = 0; text && c < CODE_COUNT; c++)
			if (strcmp(text, code_to_string((enum code)c)) == 0)
				codes |= UINT64_C(1) << c;
	}
	return codes;
}

static json_t *number_write(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

/* Beside "since_us", "since_up_us" is the host time. */
static void up_key(const char *key, char ret[static KEY_SIZE])
{
	snprintf(ret, KEY_SIZE, "%.*sup_us", (int)(strlen(key) - strlen("us")), key);
}

static void note_latest(int64_t *latest_us, int64_t wall_us)
{
	if (*latest_us == T_NEVER || wall_us > *latest_us)
		*latest_us = wall_us;
}

void history_field_write_time(
	json_t *json, const char *key, int64_t t_us, struct history_time *time)
{
	int64_t wall_us = time->clock->n ? wall_clock_at(time->clock, t_us) : t_us;
	char up[KEY_SIZE];

	up_key(key, up);
	json_object_set_new(json, key, json_integer(wall_us));
	json_object_set_new(json, up, json_integer(t_us));
	note_latest(&time->latest_us, wall_us);
	if (t_us < 0)
		note_latest(&time->past_us, wall_us);
}

static int64_t integer_read(const json_t *value, int64_t min, int64_t max, int64_t otherwise)
{
	int64_t number = json_integer_value(value);

	return json_is_integer(value) && number >= min && number <= max ? number : otherwise;
}

int64_t history_field_read_time(
	const json_t *json, const char *key, const struct history_time *time)
{
	const json_t *wall = json_object_get(json, key);
	char up[KEY_SIZE];
	int64_t t_us;

	up_key(key, up);
	t_us = integer_read(json_object_get(json, up), 0, HISTORY_FIELD_TIME_MAX, -1);
	if (time->is_same_boot && t_us >= 0)
		return t_us;
	if (!json_is_integer(wall) || llabs(json_integer_value(wall)) > HISTORY_FIELD_TIME_MAX)
		return 0;
	return wall_clock_past_at(time->clock, json_integer_value(wall));
}

static json_t *field_write(const struct history_field *field, const void *at)
{
	unsigned term;

	switch (field->type) {
	case HISTORY_FIELD_TEXT:
		return json_string(at);
	case HISTORY_FIELD_BOOL:
		return json_boolean(*(const bool *)at);
	case HISTORY_FIELD_INT:
		return json_integer(*(const int *)at);
	case HISTORY_FIELD_COUNT:
		return json_integer(*(const uint32_t *)at);
	case HISTORY_FIELD_NUMBER:
	case HISTORY_FIELD_UNKNOWN:
		return number_write(*(const double *)at);
	case HISTORY_FIELD_TIME: /* by history_field_write_time */
		break;
	case HISTORY_FIELD_CODES:
		return codes_write(*(const uint64_t *)at);
	case HISTORY_FIELD_TERM:
	case HISTORY_FIELD_TERM_OR_NONE:
		term = *(const unsigned *)at;
		return term < field->size ? json_string(field->term(term)) : json_null();
	}
	return NULL;
}

json_t *history_field_write(
	const struct history_field *fields, size_t n, const void *object, struct history_time *time)
{
	json_t *json = json_object();

	for (size_t i = 0; i < n; i++) {
		const void *at = (const char *)object + fields[i].offset;
		json_t *value;

		if (fields[i].type == HISTORY_FIELD_TIME) {
			history_field_write_time(json, fields[i].key, *(const int64_t *)at, time);
			continue;
		}
		value = field_write(&fields[i], at);
		json_object_set_new(json, fields[i].key, value ? value : json_null());
	}
	return json;
}

static int term_read(const struct history_field *field, const json_t *value, unsigned *ret)
{
	const char *text = json_string_value(value);

	if (field->type == HISTORY_FIELD_TERM_OR_NONE && (!value || json_is_null(value))) {
		*ret = (unsigned)field->size;
		return 0;
	}
	for (unsigned i = 0; text && i < field->size; i++)
		if (strcmp(text, field->term(i)) == 0) {
			*ret = i;
			return 0;
		}
	return -EINVAL;
}

static int field_read(const struct history_field *field, const json_t *value, void *at)
{
	const char *text = json_string_value(value);

	switch (field->type) {
	case HISTORY_FIELD_TEXT:
		if (text && strlen(text) < field->size && text_is_clean(text, strlen(text)))
			strcpy(at, text);
		return 0;
	case HISTORY_FIELD_BOOL:
		*(bool *)at = json_is_true(value);
		return 0;
	case HISTORY_FIELD_INT:
		*(int *)at = (int)integer_read(
			value, (int64_t)field->min, (int64_t)field->max, (int64_t)field->min);
		return 0;
	case HISTORY_FIELD_COUNT:
		*(uint32_t *)at = (uint32_t)integer_read(value, 0, INT32_MAX, 0);
		return 0;
	case HISTORY_FIELD_NUMBER:
		*(double *)at = json_number_value(value);
		return 0;
	case HISTORY_FIELD_UNKNOWN:
		*(double *)at = json_is_number(value) ? json_number_value(value) : NAN;
		return 0;
	case HISTORY_FIELD_TIME:
		break; /* by history_field_read_time */
	case HISTORY_FIELD_CODES:
		*(uint64_t *)at = codes_read(value);
		return 0;
	case HISTORY_FIELD_TERM:
	case HISTORY_FIELD_TERM_OR_NONE:
		return term_read(field, value, at);
	}
	return -EINVAL;
}

int history_field_read(const struct history_field *fields, size_t n, const json_t *json, void *ret,
	const struct history_time *time)
{
	if (!json_is_object(json))
		return -EINVAL;
	for (size_t i = 0; i < n; i++) {
		void *at = (char *)ret + fields[i].offset;

		if (fields[i].type == HISTORY_FIELD_TIME)
			*(int64_t *)at = history_field_read_time(json, fields[i].key, time);
		else if (field_read(&fields[i], json_object_get(json, fields[i].key), at) < 0)
			return -EINVAL;
	}
	return 0;
}
