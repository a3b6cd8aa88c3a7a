// SPDX-License-Identifier: MIT
#include "coxad/store/athlete-match.h"

#include <jansson.h>
#include <string.h>

#include "coxad/wire/history-kind.h"

#define LEVEL "/athlete/"

static bool is_named_in(const char *athlete, const char *text, size_t size)
{
	json_t *value = size ? json_loadb(text, size, JSON_DECODE_ANY, NULL) : NULL;
	const char *name = json_string_value(json_object_get(value, "athlete"));
	bool is_named = name && strcmp(name, athlete) == 0;

	json_decref(value);
	return is_named;
}

bool athlete_match(
	const char *athlete, const char *kind, const char *name, const char *text, size_t size)
{
	const char *level = strstr(name, LEVEL);
	size_t length = strlen(athlete);

	if (strcmp(kind, history_kind_to_string(HISTORY_KIND_ATHLETE)) == 0 &&
		strcmp(name, athlete) == 0)
		return true;
	/* Most of what waits: not parsed. */
	if (level)
		return strncmp(level + strlen(LEVEL), athlete, length) == 0 &&
		       level[strlen(LEVEL) + length] == '/';
	return is_named_in(athlete, text, size);
}
