// SPDX-License-Identifier: MIT
#include "ctl/topic.h"

#include <math.h>
#include <string.h>

bool topic_is(const char *topic, const char *first, const char *last)
{
	size_t length = strlen(first);
	const char *end = strrchr(topic, '/');

	return strncmp(topic, first, length) == 0 && topic[length] == '/' && end &&
	       end > topic + length && strcmp(end + 1, last) == 0;
}

bool topic_name(const char *topic, char ret[static TOPIC_NAME_SIZE])
{
	const char *first = strchr(topic, '/'), *last = strrchr(topic, '/');
	size_t length = first && last > first ? (size_t)(last - first - 1) : 0;

	if (length == 0 || length >= TOPIC_NAME_SIZE)
		return false;
	memcpy(ret, first + 1, length);
	ret[length] = '\0';
	return true;
}

const char *topic_text(const json_t *payload, const char *key)
{
	const char *text = json_string_value(json_object_get(payload, key));

	return text ? text : "-";
}

double topic_number(const json_t *payload, const char *key)
{
	const json_t *value = json_object_get(payload, key);

	return json_is_number(value) ? json_number_value(value) : NAN;
}
