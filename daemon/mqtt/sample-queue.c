// SPDX-License-Identifier: MIT
#include "daemon/mqtt/sample-queue.h"

#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"

static struct paho_publish *copy_of(const struct paho_publish *publish)
{
	size_t topic = strlen(publish->topic) + 1;
	struct paho_publish *copy = alloc_zero(1, sizeof(*copy) + publish->size + topic);
	char *at = (char *)(copy + 1);

	*copy = *publish;
	copy->correlation = NULL;
	copy->correlation_size = 0;
	copy->topic = memcpy(at, publish->topic, topic);
	if (publish->size)
		memcpy(at + topic, publish->payload, publish->size);
	copy->payload = at + topic;
	return copy;
}

bool sample_queue_push(struct sample_queue *queue, const struct paho_publish *publish)
{
	bool is_full = queue->n == SAMPLE_QUEUE_MAX;

	if (is_full)
		free(sample_queue_take(queue));
	queue->sample[(queue->first + queue->n) % SAMPLE_QUEUE_MAX] = copy_of(publish);
	queue->n++;
	return is_full;
}

struct paho_publish *sample_queue_take(struct sample_queue *queue)
{
	struct paho_publish *oldest;

	if (!queue->n)
		return NULL;
	oldest = queue->sample[queue->first];
	queue->first = (queue->first + 1) % SAMPLE_QUEUE_MAX;
	queue->n--;
	return oldest;
}
