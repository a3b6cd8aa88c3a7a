// SPDX-License-Identifier: MIT
#include "daemon/wire/payload.h"

#include <math.h>

#include "coxad/wire/wall-text.h"

void payload_set_text(json_t *object, const char *key, const char *text)
{
	json_t *value = text && *text ? json_string(text) : NULL;

	json_object_set_new(object, key, value ? value : json_null());
}

void payload_set_integer(json_t *object, const char *key, int64_t value)
{
	json_object_set_new(object, key, json_integer(value));
}

void payload_set_bool(json_t *object, const char *key, bool value)
{
	json_object_set_new(object, key, json_boolean(value));
}

json_t *payload_number(double value, int decimals)
{
	double scale = 1;

	for (int i = 0; i < decimals; i++)
		scale *= 10;
	value = round(value * scale) / scale + 0.0; /* no negative zero */
	if (!isfinite(value))
		return json_null();
	if (decimals == 0 && fabs(value) < 1e15)
		return json_integer((json_int_t)value);
	return json_real(value);
}

void payload_set_number(json_t *object, const char *key, double value, int decimals)
{
	json_object_set_new(object, key, payload_number(value, decimals));
}

void payload_set_time(json_t *object, const char *key, const struct wall_clock *clock, int64_t t_us)
{
	char text[WALL_TEXT_SIZE];

	if (clock->n == 0) {
		json_object_set_new(object, key, json_null());
		return;
	}
	wall_text_write(wall_clock_at(clock, t_us), text);
	payload_set_text(object, key, text);
}

void payload_set_codes(json_t *object, const char *key, uint64_t codes)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < CODE_COUNT; i++)
		if (codes & UINT64_C(1) << i)
			json_array_append_new(list, json_string(code_to_string((enum code)i)));
	json_object_set_new(object, key, list);
}

void payload_set_ids(json_t *object, const char *key, unsigned n, const char (*ids)[ID_SIZE])
{
	json_t *list = json_array();

	for (unsigned i = 0; i < n; i++)
		json_array_append_new(list, json_string(ids[i]));
	json_object_set_new(object, key, list);
}
