// SPDX-License-Identifier: MIT
#include "daemon/store/outbox-batch.h"

#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"

static void *copy(char **at, const void *bytes, size_t size)
{
	void *there = *at;

	if (size)
		memcpy(there, bytes, size);
	*at += size;
	return there;
}

/* One block of memory: topic, id and payload. */
static struct outbox_item copy_of(const struct outbox_item *item)
{
	size_t topic = strlen(item->topic) + 1, id = item->id ? strlen(item->id) + 1 : 0;
	char *at = alloc_zero(1, topic + id + item->size);
	struct outbox_item one = *item;

	one.topic = copy(&at, item->topic, topic);
	one.id = id ? copy(&at, item->id, id) : NULL;
	one.payload = copy(&at, item->payload, item->size);
	one.correlation = NULL;
	one.correlation_size = 0;
	return one;
}

static struct outbox_put *grow(struct outbox_puts *puts)
{
	puts->put = alloc_grow(puts->put, puts->n, &puts->capacity, sizeof(*puts->put));
	return &puts->put[puts->n++];
}

void outbox_batch_add(struct outbox_puts *puts, const struct outbox_item *item, int64_t created_us)
{
	*grow(puts) = (struct outbox_put){.item = copy_of(item), .created_us = created_us};
}

static void clear(struct outbox_puts *puts)
{
	for (size_t i = 0; i < puts->n; i++)
		free((char *)puts->put[i].item.topic);
	free(puts->put);
	*puts = (struct outbox_puts){0};
}

static void give_back(struct outbox_puts *puts, struct outbox_puts *failed)
{
	struct outbox_puts newer = *puts;

	*puts = *failed;
	*failed = (struct outbox_puts){0};
	for (size_t i = 0; i < newer.n; i++)
		*grow(puts) = newer.put[i];
	free(newer.put);
}

void outbox_batch_return(struct outbox_batch *batch, struct outbox_batch *failed)
{
	give_back(&batch->forget, &failed->forget);
	if (failed->noted_seq > batch->noted_seq)
		batch->noted_seq = failed->noted_seq;
	for (unsigned i = 0; i < AHEAD_ROWS_BOOKS; i++)
		if (failed->behind[i] > batch->behind[i])
			batch->behind[i] = failed->behind[i];
}

void outbox_batch_clear(struct outbox_batch *batch)
{
	clear(&batch->rows);
	clear(&batch->forget);
	ahead_rows_done(&batch->ahead);
	*batch = (struct outbox_batch){0};
}

bool outbox_batch_is_same_dating(const struct outbox_dating *one, const struct outbox_dating *two)
{
	return one->boot == two->boot && one->is_synchronised == two->is_synchronised &&
	       llabs(one->wall_offset_us - two->wall_offset_us) < OUTBOX_BATCH_STEP_US;
}
