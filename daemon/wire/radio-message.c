// SPDX-License-Identifier: MIT
#include "coxad/wire/radio-message.h"

#include <errno.h>
#include <jansson.h>

#define NUMBER_MAX RADIO_CLOCK_T_MAX_US

static json_t *read_object(const char *text, size_t size)
{
	if (size > RADIO_MESSAGE_MAX)
		return NULL;
	return json_loadb(size ? text : "", size, JSON_REJECT_DUPLICATES, NULL);
}

/* -1: absent; -EINVAL: no number from 0 up. */
static int64_t number_of(const json_t *json, const char *key)
{
	const json_t *value = json_object_get(json, key);

	if (!value)
		return -1;
	if (!json_is_integer(value) || json_integer_value(value) < 0 ||
		json_integer_value(value) > NUMBER_MAX)
		return -EINVAL;
	return json_integer_value(value);
}

static size_t write_object(json_t *json, char ret[static RADIO_MESSAGE_MAX])
{
	size_t size = json_dumpb(json, ret, RADIO_MESSAGE_MAX, JSON_COMPACT);

	json_decref(json);
	return size;
}

size_t radio_message_write_flow(const struct radio_flow *flow, char ret[static RADIO_MESSAGE_MAX])
{
	json_t *json = json_object();

	json_object_set_new(json, "boot", json_integer(flow->boot));
	if (flow->done)
		json_object_set_new(json, "done", json_integer(flow->done));
	if (flow->from)
		json_object_set_new(json, "from", json_integer(flow->from));
	return write_object(json, ret);
}

int radio_message_read_flow(const char *text, size_t size, struct radio_flow *ret)
{
	json_t *json = read_object(text, size);
	int64_t boot = number_of(json, "boot"), done = number_of(json, "done"),
		from = number_of(json, "from");

	json_decref(json);
	if (boot < 1 || (done < 1) == (from < 1) || done < -1 || from < -1)
		return -EINVAL;
	*ret = (struct radio_flow){boot, done > 0 ? done : 0, from > 0 ? from : 0};
	return 0;
}

size_t radio_message_write_clock(
	const struct radio_clock_answer *clock, bool is_answer, char ret[static RADIO_MESSAGE_MAX])
{
	json_t *json = json_object();

	json_object_set_new(json, "n", json_integer(clock->number));
	json_object_set_new(json, "t1", json_integer(clock->t1_us));
	if (is_answer) {
		json_object_set_new(json, "boot", json_integer(clock->boot));
		json_object_set_new(json, "t2", json_integer(clock->t2_us));
		json_object_set_new(json, "t3", json_integer(clock->t3_us));
	}
	return write_object(json, ret);
}

int radio_message_read_clock(const char *text, size_t size, struct radio_clock_answer *ret)
{
	json_t *json = read_object(text, size);
	struct radio_clock_answer clock = {.boot = number_of(json, "boot"),
		.number = number_of(json, "n"),
		.t1_us = number_of(json, "t1"),
		.t2_us = number_of(json, "t2"),
		.t3_us = number_of(json, "t3")};
	bool is_answer;

	json_decref(json);
	is_answer = clock.t2_us != -1 || clock.t3_us != -1;
	if (clock.number < 1 || clock.t1_us < 0 ||
		(is_answer && (clock.boot < 1 || clock.t2_us < 0 || clock.t3_us < 0)))
		return -EINVAL;
	if (!is_answer)
		clock.boot = clock.t2_us = clock.t3_us = 0;
	*ret = clock;
	return is_answer;
}
