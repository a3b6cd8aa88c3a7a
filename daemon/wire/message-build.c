// SPDX-License-Identifier: MIT
#include "daemon/wire/message-build.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "daemon/wire/payload.h"

/* 15 digits print 0.1 as 0.1; 17 would show the binary remainder. */
#define DUMP_FLAGS (JSON_COMPACT | JSON_REAL_PRECISION(15))

json_t *message_build_event(
	struct message_encoder *encoder, const char *id, int64_t t_us, double uncertainty_ms)
{
	json_t *event = json_object();
	uint64_t seq = encoder->next_seq++;

	if (id)
		snprintf(encoder->id, sizeof(encoder->id), "%s", id);
	else
		snprintf(encoder->id, sizeof(encoder->id), "%.16s-e%" PRIu64, encoder->run, seq);
	payload_set_text(event, "id", encoder->id);
	payload_set_time(event, "time", encoder->clock, t_us);
	/* Rounded up, so that the true instant stays within the stated range. */
	payload_set_number(event, "time_uncertainty_ms", ceil(uncertainty_ms * 10) / 10, 1);
	payload_set_text(event, "gateway", encoder->conf->gateway.name);
	payload_set_integer(event, "seq", (int64_t)seq);
	return event;
}

static void write_payload(struct message_encoder *encoder, const json_t *object, size_t *ret_size)
{
	size_t size = json_dumpb(object, encoder->payload, encoder->capacity, DUMP_FLAGS);

	if (size + 1 > encoder->capacity) {
		free(encoder->payload);
		encoder->capacity = size * 2 + 1;
		encoder->payload = alloc_zero(encoder->capacity, 1);
		json_dumpb(object, encoder->payload, encoder->capacity, DUMP_FLAGS);
	}
	encoder->payload[size] = '\0';
	*ret_size = size;
}

int message_build_finish(struct message_encoder *encoder, enum topic topic, const char *name,
	json_t *object, struct message *ret)
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
		.t_us = encoder->now_us,
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
	return 0;
}
