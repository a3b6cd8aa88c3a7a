// SPDX-License-Identifier: MIT
#include "daemon/mqtt/fleet-waiting.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"

static size_t size_of(const struct paho_publish *publish)
{
	return sizeof(struct fleet_message) + strlen(publish->topic) + 1 + publish->size;
}

void fleet_waiting_init(struct fleet_waiting *waiting, size_t bytes_max)
{
	*waiting = (struct fleet_waiting){.bytes_max = bytes_max};
	waiting->end = &waiting->first;
}

static struct fleet_message *copy_of(const struct paho_publish *publish)
{
	size_t topic = strlen(publish->topic) + 1;
	struct fleet_message *message = alloc_zero(1, size_of(publish));
	char *at = (char *)(message + 1);

	message->publish = *publish;
	message->publish.topic = memcpy(at, publish->topic, topic);
	if (publish->size)
		memcpy(at + topic, publish->payload, publish->size);
	message->publish.payload = at + topic;
	return message;
}

int fleet_waiting_add(struct fleet_waiting *waiting, const struct paho_publish *publish)
{
	size_t size = size_of(publish);
	struct fleet_message *message;

	if (size > waiting->bytes_max - waiting->bytes)
		return -EAGAIN;
	message = copy_of(publish);
	message->token = ++waiting->last_token;
	waiting->bytes += size;
	*waiting->end = message;
	waiting->end = &message->next;
	return 0;
}

struct fleet_message *fleet_waiting_next(const struct fleet_waiting *waiting)
{
	struct fleet_message *message = waiting->first;

	while (message && message->is_sent)
		message = message->next;
	return message;
}

static void drop(struct fleet_waiting *waiting, struct fleet_message **at)
{
	struct fleet_message *message = *at;

	*at = message->next;
	if (!message->next)
		waiting->end = at;
	waiting->bytes -= size_of(&message->publish);
	free(message);
}

void fleet_waiting_gone(struct fleet_waiting *waiting, uint64_t token)
{
	struct fleet_message **at = &waiting->first;

	while (*at && (*at)->token != token)
		at = &(*at)->next;
	if (*at)
		drop(waiting, at);
}

void fleet_waiting_clear(struct fleet_waiting *waiting)
{
	while (waiting->first)
		drop(waiting, &waiting->first);
}
