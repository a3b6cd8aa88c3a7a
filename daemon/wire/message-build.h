// SPDX-License-Identifier: MIT
#pragma once
/* The state of the message encoder, and the two steps that its parts share: the members that each
 * event begins with, and turning a JSON object into a message.
 */
#include <jansson.h>
#include <stdint.h>

#include "coxad/wire/message.h"
#include "daemon/wire/topic.h"

#define MESSAGE_TOPIC_SIZE 256

struct message_encoder {
	const struct conf *conf;
	const struct wall_clock *clock;
	char run[ID_SIZE - 12]; /* an id is this, a mark and a number */
	uint64_t next_seq;
	int64_t now_us; /* when the message being encoded is made */
	char topic[MESSAGE_TOPIC_SIZE];
	char id[ID_SIZE];
	char *payload; /* grows to the longest message */
	size_t capacity;
};

/* A new object with what every event begins with: id (NULL: a new one), time, time_uncertainty_ms,
 * gateway, seq. Increments seq. */
json_t *message_build_event(
	struct message_encoder *encoder, const char *id, int64_t t_us, double uncertainty_ms);
/* Takes the object, NULL for an empty payload. Fills *ret by the topic's row. */
int message_build_finish(struct message_encoder *encoder, enum topic topic, const char *name,
	json_t *object, struct message *ret);
