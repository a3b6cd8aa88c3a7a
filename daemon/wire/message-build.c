// SPDX-License-Identifier: MIT
#include "daemon/wire/message-build.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/wire/wall-text.h"

/* Enough for a rounded number, too few to show the binary rest. */
#define DUMP_FLAGS (JSON_COMPACT | JSON_REAL_PRECISION(15))

void message_set_text(json_t *object, const char *key, const char *text)
{
	json_t *value = text && *text ? json_string(text) : NULL;

	json_object_set_new(object, key, value ? value : json_null());
}

void message_set_integer(json_t *object, const char *key, int64_t value)
{
	json_object_set_new(object, key, json_integer(value));
}

void message_set_bool(json_t *object, const char *key, bool value)
{
	json_object_set_new(object, key, json_boolean(value));
}

json_t *message_number(double value, int decimals)
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

void message_set_number(json_t *object, const char *key, double value, int decimals)
{
	json_object_set_new(object, key, message_number(value, decimals));
}

void message_set_time(
	json_t *object, const char *key, const struct message_encoder *encoder, int64_t t_us)
{
	char text[WALL_TEXT_SIZE];

	if (encoder->clock->n == 0) {
		json_object_set_new(object, key, json_null());
		return;
	}
	wall_text_write(wall_clock_at(encoder->clock, t_us), text);
	message_set_text(object, key, text);
}

void message_set_codes(json_t *object, const char *key, uint64_t codes)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < CODE_COUNT; i++)
		if (codes & UINT64_C(1) << i)
			json_array_append_new(list, json_string(code_to_string((enum code)i)));
	json_object_set_new(object, key, list);
}

void message_set_ids(json_t *object, const char *key, unsigned n, const char (*ids)[ID_SIZE])
{
	json_t *list = json_array();

	for (unsigned i = 0; i < n; i++)
		json_array_append_new(list, json_string(ids[i]));
	json_object_set_new(object, key, list);
}

json_t *message_event(
	struct message_encoder *encoder, const char *id, int64_t t_us, double uncertainty_ms)
{
	json_t *event = json_object();
	uint64_t seq = encoder->next_seq++;

	if (id)
		snprintf(encoder->id, sizeof(encoder->id), "%s", id);
	else
		snprintf(encoder->id, sizeof(encoder->id), "%.16s-e%" PRIu64, encoder->run, seq);
	message_set_text(event, "id", encoder->id);
	message_set_time(event, "time", encoder, t_us);
	/* Rounded up: the instant lies within what is stated. */
	message_set_number(event, "time_uncertainty_ms", ceil(uncertainty_ms * 10) / 10, 1);
	message_set_text(event, "gateway", encoder->conf->gateway.name);
	message_set_integer(event, "seq", (int64_t)seq);
	return event;
}

static void write_payload(struct message_encoder *encoder, const json_t *object, size_t *ret_size)
{
	size_t size = json_dumpb(object, encoder->payload, encoder->room, DUMP_FLAGS);

	if (size + 1 > encoder->room) {
		free(encoder->payload);
		encoder->room = size * 2 + 1;
		encoder->payload = alloc_zero(encoder->room, 1);
		json_dumpb(object, encoder->payload, encoder->room, DUMP_FLAGS);
	}
	encoder->payload[size] = '\0';
	*ret_size = size;
}

int message_finish(struct message_encoder *encoder, int64_t now_us, enum topic topic,
	const char *name, json_t *object, struct message *ret)
{
	const struct topic_row *row = topic_row(topic);
	bool is_event = row->class >= MESSAGE_CLASS_REP;
	bool has_base = topic != TOPIC_HOME_ASSISTANT;
	size_t size = 0;
	int r;

	r = topic_print(topic, has_base ? encoder->conf->mqtt.base : NULL, name, encoder->topic,
		sizeof(encoder->topic));
	if (r < 0 || !*name) {
		json_decref(object);
		return r < 0 ? r : -EINVAL;
	}
	if (object)
		write_payload(encoder, object, &size);
	json_decref(object);
	*ret = (struct message){
		.t_us = now_us,
		.topic = encoder->topic,
		.payload = size ? encoder->payload : "",
		.size = size,
		.qos = row->qos,
		.retain = row->retain,
		.expiry_s = row->expiry_s,
		.class = row->class,
		.is_event = is_event,
		.id = is_event ? encoder->id : NULL,
		.seq = is_event ? encoder->next_seq - 1 : 0,
	};
	if (is_event) {
		snprintf(encoder->order_key, sizeof(encoder->order_key), "%s", name);
		ret->order_key = encoder->order_key;
	}
	return 0;
}
