// SPDX-License-Identifier: MIT
#include "daemon/flow/retained.h"

#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/list.h"

struct retained {
	size_t n;
	struct message entry[RETAINED_MAX]; /* topic and payload are owned */
};

struct retained *retained_new(void)
{
	return new0(struct retained);
}

static void release(struct message *m)
{
	free((char *)m->topic);
	free((char *)m->payload);
}

struct retained *retained_free(struct retained *r)
{
	if (!r)
		return NULL;
	for (size_t i = 0; i < r->n; i++)
		release(&r->entry[i]);
	free(r);
	return NULL;
}

static void drop(struct retained *r, size_t i)
{
	release(&r->entry[i]);
	list_drop(r->entry, r->n, i);
}

bool retained_put(struct retained *r, const struct message *message)
{
	struct message copy = *message;
	char *payload;
	bool is_new;
	size_t i;

	if (!message->retain)
		return false;
	for (i = 0; i < r->n && strcmp(r->entry[i].topic, message->topic) != 0; i++)
		;
	is_new = i == r->n;
	if (!is_new)
		drop(r, i);
	if (message->size == 0)
		return false;
	if (r->n == RETAINED_MAX)
		drop(r, 0);
	payload = alloc_zero(1, message->size + 1);
	memcpy(payload, message->payload, message->size);
	copy.payload = payload;
	copy.topic = alloc_text(message->topic);
	copy.id = NULL;
	copy.reply_to = (struct reply_to){0};
	r->entry[r->n++] = copy;
	return is_new;
}

void retained_each(const struct retained *r,
	void (*visit)(void *user, const struct message *message), void *user)
{
	for (size_t i = 0; i < r->n; i++)
		visit(user, &r->entry[i]);
}
