// SPDX-License-Identifier: MIT
#include "coxad/wire/message-print.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* The payload is JSON already and is printed as it is, so that a line shows what is published. */
int message_print_line(const struct message *message, char *buffer, size_t size)
{
	json_t *topic = json_string(message->topic);
	char text[600];
	size_t length = topic ? json_dumpb(topic, text, sizeof(text) - 1, JSON_ENCODE_ANY) : 0;
	int n;

	json_decref(topic);
	if (length == 0 || length >= sizeof(text))
		return -ENOBUFS;
	text[length] = '\0';
	n = snprintf(buffer, size,
		"{\"t\":%" PRId64 ",\"topic\":%s,\"qos\":%u,\"retain\":%s,\"payload\":%.*s}\n",
		message->t_us, text, message->qos, message->retain ? "true" : "false",
		message->size ? (int)message->size : 4, message->size ? message->payload : "null");
	return n < 0 || (size_t)n >= size ? -ENOBUFS : n;
}

int message_print_late(
	const char *payload, size_t size, int64_t late_ms, char *buffer, size_t capacity)
{
	bool is_empty = size == 2;
	int n;

	if (size < 2 || payload[size - 1] != '}' || size > INT32_MAX)
		return -EINVAL;
	n = snprintf(buffer, capacity, "%.*s%s\"late_ms\":%" PRId64 "}", (int)size - 1, payload,
		is_empty ? "" : ",", late_ms);
	return n < 0 || (size_t)n >= capacity ? -ENOBUFS : n;
}
