// SPDX-License-Identifier: MIT
#include "coxad/flow/link-memory.h"

#include <stdio.h>
#include <string.h>

#include "coxad/base/address.h"
#include "coxad/base/alloc.h"
#include "coxad/base/list.h"
#include "coxad/core/result.h"

/* Readings of one connection; no driver asks for more. */
#define READS_MAX 16

struct link_memory_read {
	struct uuid characteristic;
	uint8_t *value;
	size_t size;
};

struct link_memory_one {
	char address[ADDRESS_SIZE];
	char adapter[ADDRESS_SHORT_SIZE]; /* empty: unknown */
	char radio[NAME_SIZE];            /* empty: an adapter of this gateway */
	int64_t begin_us;
	unsigned mtu;
	enum wearable_bond bond;
	size_t n_reads;
	struct link_memory_read read[READS_MAX];
};

static void forget(struct link_memory *m, size_t i)
{
	for (size_t n = 0; n < m->link[i]->n_reads; n++)
		free(m->link[i]->read[n].value);
	free(m->link[i]);
	list_drop(m->link, m->n, i);
}

void link_memory_done(struct link_memory *m)
{
	while (m->n)
		forget(m, m->n - 1);
}

static size_t find(const struct link_memory *m, const char *address)
{
	size_t i = 0;

	while (i < m->n && strcmp(m->link[i]->address, address) != 0)
		i++;
	return i;
}

bool link_memory_has(const struct link_memory *m, const char *address)
{
	return find(m, address) < m->n;
}

void link_memory_forget(struct link_memory *m, const char *address)
{
	size_t i = find(m, address);

	if (i < m->n)
		forget(m, i);
}

static void note_read(struct link_memory_one *one, const struct capture_event *event)
{
	struct link_memory_read *read;

	if (one->n_reads == READS_MAX)
		return;
	read = &one->read[one->n_reads++];
	read->characteristic = event->characteristic;
	read->size = event->size;
	read->value = alloc_zero(event->size + 1, 1);
	if (event->size)
		memcpy(read->value, event->value, event->size);
}

static int64_t arrival_of(const struct capture_event *event)
{
	return event->t_us - event->delay_us;
}

static void add(struct link_memory *m, const struct capture_event *event)
{
	struct link_memory_one *one;

	if (m->n == CONF_WEARABLES_MAX)
		return;
	one = m->link[m->n++] = new0(struct link_memory_one);
	one->begin_us = arrival_of(event);
	one->mtu = event->mtu;
	one->bond = event->bond;
	snprintf(one->address, sizeof(one->address), "%s", event->address);
	snprintf(one->adapter, sizeof(one->adapter), "%s", event->adapter ? event->adapter : "");
	snprintf(one->radio, sizeof(one->radio), "%s", event->radio ? event->radio : "");
}

static bool is_through(const struct link_memory_one *one, const struct capture_event *event)
{
	return strcmp(one->radio, event->radio ? event->radio : "") == 0;
}

static void note_connected(
	struct link_memory *m, const struct capture_event *event, struct link_memory_one *one)
{
	if (one && !is_through(one, event) && arrival_of(event) < one->begin_us)
		return;
	link_memory_forget(m, event->address);
	add(m, event);
}

void link_memory_note(struct link_memory *m, const struct capture_event *event)
{
	struct link_memory_one *one;
	size_t i;

	if (event->kind != CAPTURE_CONNECTED && event->kind != CAPTURE_READ &&
		event->kind != CAPTURE_DISCONNECTED)
		return;
	i = find(m, event->address);
	one = i < m->n ? m->link[i] : NULL;
	if (event->kind == CAPTURE_CONNECTED)
		note_connected(m, event, one);
	else if (one && is_through(one, event) && event->kind == CAPTURE_READ)
		note_read(one, event);
	else if (one && is_through(one, event))
		forget(m, i);
}

void link_memory_each(const struct link_memory *m, int64_t t_us,
	void (*put)(void *user, const struct capture_event *event), void *user)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct link_memory_one *one = m->link[i];
		const char *radio = one->radio[0] ? one->radio : NULL;

		put(user, &(struct capture_event){.kind = CAPTURE_CONNECTED,
				  .t_us = t_us,
				  .address = one->address,
				  .radio = radio,
				  .adapter = one->adapter[0] ? one->adapter : NULL,
				  .mtu = one->mtu,
				  .bond = one->bond});
		for (size_t n = 0; n < one->n_reads; n++)
			put(user, &(struct capture_event){.kind = CAPTURE_READ,
					  .t_us = t_us,
					  .address = one->address,
					  .radio = radio,
					  .characteristic = one->read[n].characteristic,
					  .value = one->read[n].value,
					  .size = one->read[n].size});
	}
}
