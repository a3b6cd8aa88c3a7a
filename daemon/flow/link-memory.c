// SPDX-License-Identifier: MIT
#include "coxad/flow/link-memory.h"

#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/list.h"

static void forget(struct link_memory *m, size_t i)
{
	for (size_t n = 0; n < m->link[i].n_reads; n++)
		free(m->link[i].read[n].value);
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

	while (i < m->n && strcmp(m->link[i].address, address) != 0)
		i++;
	return i;
}

static void note_read(struct link_memory_one *one, const struct capture_event *event)
{
	struct link_memory_read *read;

	if (one->n_reads == LINK_MEMORY_READS)
		return;
	read = &one->read[one->n_reads++];
	read->characteristic = event->characteristic;
	read->size = event->size;
	read->value = alloc_zero(event->size + 1, 1);
	if (event->size)
		memcpy(read->value, event->value, event->size);
}

void link_memory_note(struct link_memory *m, const struct capture_event *event)
{
	size_t i = event->address ? find(m, event->address) : m->n;

	if (i < m->n && event->kind == CAPTURE_READ)
		note_read(&m->link[i], event);
	if (i < m->n && (event->kind == CAPTURE_DISCONNECTED || event->kind == CAPTURE_CONNECTED))
		forget(m, i);
	if (event->kind != CAPTURE_CONNECTED || m->n == CONF_WEARABLES_MAX)
		return;
	m->link[m->n] = (struct link_memory_one){.mtu = event->mtu};
	snprintf(m->link[m->n].adapter, ADDRESS_SHORT_SIZE, "%s",
		event->adapter ? event->adapter : "");
	snprintf(m->link[m->n++].address, ADDRESS_SIZE, "%s", event->address);
}

void link_memory_each(const struct link_memory *m, int64_t t_us,
	void (*put)(void *user, const struct capture_event *event), void *user)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct link_memory_one *one = &m->link[i];

		put(user, &(struct capture_event){.kind = CAPTURE_CONNECTED,
				  .t_us = t_us,
				  .address = one->address,
				  .adapter = one->adapter[0] ? one->adapter : NULL,
				  .mtu = one->mtu});
		for (size_t n = 0; n < one->n_reads; n++)
			put(user, &(struct capture_event){.kind = CAPTURE_READ,
					  .t_us = t_us,
					  .address = one->address,
					  .characteristic = one->read[n].characteristic,
					  .value = one->read[n].value,
					  .size = one->read[n].size});
	}
}
