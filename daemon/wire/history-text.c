// SPDX-License-Identifier: MIT
#include "daemon/wire/history-text.h"

#include <stdlib.h>

#include "coxad/base/units.h"
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

struct history_time history_text_time(const struct wall_clock *clock)
{
	return (struct history_time){.clock = clock, .latest_us = T_NEVER, .past_us = T_NEVER};
}

void history_text_write_boot(json_t *json, const struct history_time *time)
{
	json_object_set_new(json, "host_boot", json_integer(time->clock->boot));
	if (time->latest_us != T_NEVER)
		json_object_set_new(json, "latest_us", json_integer(time->latest_us));
	if (time->past_us != T_NEVER)
		json_object_set_new(json, "past_us", json_integer(time->past_us));
}

struct history_time history_text_time_of(const json_t *json, const struct wall_clock *clock)
{
	struct history_time time = history_text_time(clock);

	time.is_same_boot = clock->boot &&
			    json_integer_value(json_object_get(json, "host_boot")) == clock->boot;
	return time;
}
