// SPDX-License-Identifier: MIT
#include "daemon/wire/history-text.h"

#include <stdlib.h>

#include "coxad/wire/history.h"

char *history_text_write(json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT);

	json_decref(json);
	if (!text)
		abort(); /* out of memory: all texts in it are UTF-8 */
	return text;
}

json_t *history_text_read(const char *text, size_t size, const char *key)
{
	json_t *json = NULL;

	if (size <= HISTORY_TEXT_MAX)
		json = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
	if (json_integer_value(json_object_get(json, key)) == HISTORY_VERSION)
		return json;
	json_decref(json);
	return NULL;
}

int64_t history_text_wall_offset_us(const struct wall_clock *clock)
{
	return clock->n ? wall_clock_at(clock, clock->setting[clock->n - 1].t_us) -
				  clock->setting[clock->n - 1].t_us
			: 0;
}
