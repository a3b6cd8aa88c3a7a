// SPDX-License-Identifier: MIT
#include "daemon/config/conf-value.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/config/conf-read.h"
#include "daemon/config/conf-text.h"
#include "coxad/base/nearest.h"

struct unit {
	const char *text;
	double factor;
};
static const struct unit durations[] = {{"s", 1}, {"min", 60}, {"h", 3600}, {"d", 86400}};
static const struct unit sizes[] = {{"K", 1024}, {"M", 1048576}, {"G", 1073741824}, {"KiB", 1024},
	{"MiB", 1048576}, {"GiB", 1073741824}};

/* The words of a type, in the order of its enum; NULL after the last. */
static const char *word(enum conf_type type, unsigned i)
{
	static const char *const role[] = {"all", "radio", "brain"};
	static const char *const notify[] = {"auto", "fd", "signal"};
	static const char *const pairing[] = {"never", "configured"};
	static const char *const version[] = {"5", "3.1.1"};
	static const char *const truth[] = {"no", "yes", "false", "true"};

	switch (type) {
	case CONF_TYPE_ROLE:
		return i < ARRAY_LEN(role) ? role[i] : NULL;
	case CONF_TYPE_NOTIFY:
		return i < ARRAY_LEN(notify) ? notify[i] : NULL;
	case CONF_TYPE_PAIRING:
		return i < ARRAY_LEN(pairing) ? pairing[i] : NULL;
	case CONF_TYPE_VERSION:
		return i < ARRAY_LEN(version) ? version[i] : NULL;
	case CONF_TYPE_BOOL:
		return i < ARRAY_LEN(truth) ? truth[i] : NULL;
	case CONF_TYPE_EXERCISE: /* "none" is not allowed in files */
		return i + 1 < EXERCISE_COUNT ? exercise_to_string((enum exercise)(i + 1)) : NULL;
	case CONF_TYPE_PLACEMENT:
		return i < PLACEMENT_COUNT ? placement_to_string((enum placement)i) : NULL;
	case CONF_TYPE_TEXT:
	case CONF_TYPE_NAME:
	case CONF_TYPE_PATH:
	case CONF_TYPE_URL:
	case CONF_TYPE_TOPIC:
	case CONF_TYPE_DRIVER:
	case CONF_TYPE_ADDRESS:
	case CONF_TYPE_ADAPTERS:
	case CONF_TYPE_NUMBER:
	case CONF_TYPE_COUNT:
	case CONF_TYPE_BYTES:
	case CONF_TYPE_DURATION:
	case CONF_TYPE_KIT:
		break;
	}
	return NULL;
}

static int word_set(const struct conf_row *row, void *field, const char *text, char *error)
{
	struct nearest nearest = {0};
	const char *w;
	unsigned i;
	char allowed[CONF_ERROR_SIZE / 2];

	for (i = 0; (w = word(row->type, i)); i++) {
		if (strcasecmp(w, text) == 0)
			break;
		nearest_add(&nearest, text, w);
	}
	if (!w) {
		conf_value_allowed(row, allowed, sizeof(allowed));
		snprintf(error, CONF_ERROR_SIZE, "unknown value; did you mean %s? (allowed: %s)",
			nearest.word, allowed);
		return -EINVAL;
	}
	if (row->type == CONF_TYPE_ROLE)
		*(enum gateway_role *)field = (enum gateway_role)i;
	else if (row->type == CONF_TYPE_NOTIFY)
		*(enum notify_mode *)field = (enum notify_mode)i;
	else if (row->type == CONF_TYPE_PAIRING)
		*(enum pairing_mode *)field = (enum pairing_mode)i;
	else if (row->type == CONF_TYPE_VERSION)
		*(unsigned *)field = i == 0 ? 5 : 4;
	else if (row->type == CONF_TYPE_BOOL)
		*(bool *)field = i & 1;
	else if (row->type == CONF_TYPE_EXERCISE)
		*(enum exercise *)field = (enum exercise)(i + 1);
	else
		*(enum placement *)field = (enum placement)i;
	return 0;
}

static const char *word_get(const struct conf_row *row, const void *field)
{
	if (row->type == CONF_TYPE_ROLE)
		return word(row->type, *(const enum gateway_role *)field);
	if (row->type == CONF_TYPE_NOTIFY)
		return word(row->type, *(const enum notify_mode *)field);
	if (row->type == CONF_TYPE_PAIRING)
		return word(row->type, *(const enum pairing_mode *)field);
	if (row->type == CONF_TYPE_VERSION)
		return word(row->type, *(const unsigned *)field == 5 ? 0 : 1);
	if (row->type == CONF_TYPE_BOOL)
		return word(row->type, *(const bool *)field ? 1 : 0);
	if (row->type == CONF_TYPE_EXERCISE) {
		enum exercise exercise = *(const enum exercise *)field;

		return exercise == EXERCISE_NONE ? NULL : exercise_to_string(exercise);
	}
	return placement_to_string(*(const enum placement *)field);
}

/* The end of the decimal number at the beginning of the text, NULL if there is none. Refuses what
 * strtod accepts beyond that: hexadecimal, infinity, a plus sign. */
static const char *number(const char *text, double *ret)
{
	size_t length = strspn(text, "0123456789.eE+-");
	char *end;
	double value;

	if (length == 0 || text[0] == '+' || text[0] == 'e' || text[0] == 'E')
		return NULL;
	value = strtod(text, &end);
	if (end == text || (size_t)(end - text) > length || !isfinite(value))
		return NULL;
	*ret = value;
	return end;
}

static const struct unit *unit_find(const struct unit *units, size_t n, const char *text)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(units[i].text, text) == 0)
			return &units[i];
	return NULL;
}

static int number_set(const struct conf_row *row, void *field, const char *text, char *error)
{
	const struct unit *units = NULL, *unit = NULL;
	size_t n = 0;
	double value = 0;
	const char *end = number(text, &value);
	char allowed[CONF_ERROR_SIZE / 2], limit[32];
	bool is_whole = row->type == CONF_TYPE_COUNT || row->type == CONF_TYPE_BYTES;

	conf_value_allowed(row, allowed, sizeof(allowed));
	if (row->type == CONF_TYPE_DURATION) {
		units = durations;
		n = ARRAY_LEN(durations);
	} else if (row->type == CONF_TYPE_BYTES) {
		units = sizes;
		n = ARRAY_LEN(sizes);
	}
	if (end && *end) {
		while (*end == ' ')
			end++;
		unit = unit_find(units, n, end);
		if (!unit)
			end = NULL;
		else
			value *= unit->factor;
	}
	if (!end || (is_whole && value != floor(value))) {
		snprintf(error, CONF_ERROR_SIZE, "not a %s; allowed: %s",
			row->type == CONF_TYPE_DURATION ? "duration"
			: is_whole                      ? "whole number"
							: "number",
			allowed);
		return -EINVAL;
	}
	if (value < row->min || value > row->max) {
		conf_text_number(value < row->min ? row->min : row->max, limit, sizeof(limit));
		snprintf(error, CONF_ERROR_SIZE, "out of range; nearest allowed: %s (%s)", limit,
			allowed);
		return -EINVAL;
	}
	if (row->type == CONF_TYPE_COUNT)
		*(unsigned *)field = (unsigned)value;
	else if (row->type == CONF_TYPE_BYTES)
		*(uint64_t *)field = (uint64_t)value;
	else
		*(double *)field = value;
	return 0;
}

static int text_set(const struct conf_row *row, char **field, const char *text, char *error)
{
	int r = 0;

	if (row->max > 0 && strlen(text) > (size_t)row->max) {
		snprintf(error, CONF_ERROR_SIZE, "too long; allowed: %.0f bytes", row->max);
		return -EINVAL;
	}
	if (row->type == CONF_TYPE_NAME || row->type == CONF_TYPE_KIT)
		r = conf_text_check_name(text, error);
	else if (row->type == CONF_TYPE_PATH)
		r = conf_text_check_path(text, error);
	else if (row->type == CONF_TYPE_URL)
		r = conf_text_check_url(text, error);
	else if (row->type == CONF_TYPE_TOPIC)
		r = conf_text_check_topic(text, error);
	else if (row->type == CONF_TYPE_DRIVER)
		r = conf_text_check_driver(text, error);
	if (r < 0 || row->type == CONF_TYPE_KIT)
		return r;
	free(*field);
	*field = row->type == CONF_TYPE_DRIVER && strcmp(text, "auto") == 0 ? NULL
									    : alloc_text(text);
	return 0;
}

int conf_value_set(const struct conf_row *row, void *base, const char *text,
	char error[static CONF_ERROR_SIZE])
{
	char *field = (char *)base + row->offset;
	char adapters[CONF_TEXT_SIZE];

	if (!*text) {
		snprintf(error, CONF_ERROR_SIZE, "no value; leave the line out to use the default");
		return -EINVAL;
	}
	switch (row->type) {
	case CONF_TYPE_TEXT:
	case CONF_TYPE_NAME:
	case CONF_TYPE_PATH:
	case CONF_TYPE_URL:
	case CONF_TYPE_TOPIC:
	case CONF_TYPE_DRIVER:
	case CONF_TYPE_KIT:
		return text_set(row, (char **)field, text, error);
	case CONF_TYPE_ADDRESS:
		return conf_text_address(text, field, error);
	case CONF_TYPE_ADAPTERS:
		if (conf_text_adapters(text, adapters, error) < 0)
			return -EINVAL;
		free(*(char **)field);
		*(char **)field = alloc_text(adapters);
		return 0;
	case CONF_TYPE_NUMBER:
	case CONF_TYPE_COUNT:
	case CONF_TYPE_BYTES:
	case CONF_TYPE_DURATION:
		return number_set(row, field, text, error);
	case CONF_TYPE_BOOL:
	case CONF_TYPE_VERSION:
	case CONF_TYPE_ROLE:
	case CONF_TYPE_NOTIFY:
	case CONF_TYPE_PAIRING:
	case CONF_TYPE_EXERCISE:
	case CONF_TYPE_PLACEMENT:
		return word_set(row, field, text, error);
	}
	return -EINVAL;
}

static void with_unit(double value, const struct unit *units, size_t n, char *ret)
{
	char text[32];

	while (n > 0 && (value < units[n - 1].factor || fmod(value, units[n - 1].factor) != 0))
		n--;
	conf_text_number(n > 0 ? value / units[n - 1].factor : value, text, sizeof(text));
	snprintf(ret, CONF_TEXT_SIZE, "%s%s", text, n > 0 ? units[n - 1].text : "");
}

bool conf_value_get(const struct conf_row *row, const void *base, char ret[static CONF_TEXT_SIZE])
{
	const void *field = (const char *)base + row->offset;
	const char *text = NULL;

	switch (row->type) {
	case CONF_TYPE_TEXT:
	case CONF_TYPE_NAME:
	case CONF_TYPE_PATH:
	case CONF_TYPE_URL:
	case CONF_TYPE_TOPIC:
	case CONF_TYPE_ADAPTERS:
		text = *(char *const *)field;
		break;
	case CONF_TYPE_DRIVER:
		text = *(char *const *)field ? *(char *const *)field : "auto";
		break;
	case CONF_TYPE_ADDRESS:
		text = *(const char *)field ? field : NULL;
		break;
	case CONF_TYPE_NUMBER:
		conf_text_number(*(const double *)field, ret, CONF_TEXT_SIZE);
		return true;
	case CONF_TYPE_COUNT:
		snprintf(ret, CONF_TEXT_SIZE, "%u", *(const unsigned *)field);
		return true;
	case CONF_TYPE_BYTES: /* only K, M and G: the first three */
		with_unit((double)*(const uint64_t *)field, sizes, 3, ret);
		return true;
	case CONF_TYPE_DURATION:
		with_unit(*(const double *)field, durations, ARRAY_LEN(durations), ret);
		return true;
	case CONF_TYPE_BOOL:
	case CONF_TYPE_VERSION:
	case CONF_TYPE_ROLE:
	case CONF_TYPE_NOTIFY:
	case CONF_TYPE_PAIRING:
	case CONF_TYPE_EXERCISE:
	case CONF_TYPE_PLACEMENT:
		text = word_get(row, field);
		break;
	case CONF_TYPE_KIT:
		break;
	}
	if (text)
		snprintf(ret, CONF_TEXT_SIZE, "%s", text);
	return text;
}

void conf_value_allowed(const struct conf_row *row, char *ret, size_t size)
{
	char min[32], max[32];
	size_t at = 0;
	const char *w;

	ret[0] = '\0';
	switch (row->type) {
	case CONF_TYPE_NUMBER:
	case CONF_TYPE_COUNT:
	case CONF_TYPE_BYTES:
	case CONF_TYPE_DURATION:
		conf_text_number(row->min, min, sizeof(min));
		conf_text_number(row->max, max, sizeof(max));
		snprintf(ret, size, "%s to %s%s%s%s", min, max, *row->unit ? " " : "", row->unit,
			row->type == CONF_TYPE_DURATION ? "; units: s, min, h, d"
			: row->type == CONF_TYPE_BYTES  ? "; units: K, M, G"
							: "");
		return;
	case CONF_TYPE_BOOL:
		snprintf(ret, size, "yes, no");
		return;
	case CONF_TYPE_ADDRESS:
		snprintf(ret, size, "six pairs of hexadecimal digits, like C0:A5:00:00:03:01");
		return;
	case CONF_TYPE_ADAPTERS:
		snprintf(ret, size, "all, or addresses separated by spaces");
		return;
	case CONF_TYPE_NAME:
	case CONF_TYPE_KIT:
		snprintf(ret, size, "%s", CONF_TEXT_NAME_RULE);
		return;
	case CONF_TYPE_URL:
		snprintf(ret, size, "%s", CONF_TEXT_URL_RULE);
		return;
	case CONF_TYPE_DRIVER:
		snprintf(ret, size, "auto, or the id of a driver");
		return;
	case CONF_TYPE_PATH:
		snprintf(ret, size, "an absolute path");
		return;
	case CONF_TYPE_TEXT:
	case CONF_TYPE_TOPIC:
		snprintf(ret, size, "1 to %.0f bytes", row->max);
		return;
	case CONF_TYPE_VERSION:
	case CONF_TYPE_ROLE:
	case CONF_TYPE_NOTIFY:
	case CONF_TYPE_PAIRING:
	case CONF_TYPE_EXERCISE:
	case CONF_TYPE_PLACEMENT:
		for (unsigned i = 0; (w = word(row->type, i)) && at < size; i++)
			at += (size_t)snprintf(ret + at, size - at, "%s%s", i ? ", " : "", w);
		return;
	}
}

void conf_value_done(const struct conf_row *row, void *base)
{
	char **field = (char **)(void *)((char *)base + row->offset);

	if (row->type <= CONF_TYPE_DRIVER || row->type == CONF_TYPE_ADAPTERS) {
		free(*field);
		*field = NULL;
	}
}

bool conf_value_is_same(const struct conf_row *row, const void *a, const void *b)
{
	char left[CONF_TEXT_SIZE], right[CONF_TEXT_SIZE];
	bool has_left = conf_value_get(row, a, left), has_right = conf_value_get(row, b, right);

	return has_left == has_right && (!has_left || strcmp(left, right) == 0);
}

void conf_value_copy(const struct conf_row *row, void *base, const void *from)
{
	char value[CONF_TEXT_SIZE], error[CONF_ERROR_SIZE];

	if (conf_value_get(row, from, value))
		conf_value_set(row, base, value, error);
	else
		conf_value_done(row, base);
}
