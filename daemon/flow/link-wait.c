// SPDX-License-Identifier: MIT
#include "coxad/flow/link-wait.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/core/fleet/fleet-assign.h"
#include "coxad/core/result.h"

struct item {
	struct item *next;
	struct capture_event event; /* with strings of its own */
	size_t bytes;
};

struct queue {
	struct item *first, **end; /* NULL: empty */
};

struct one {
	bool is_known;      /* there is nothing to wait for */
	bool is_told;       /* of the link: its reads follow */
	int64_t until_us;   /* something waits; T_NEVER: nothing */
	struct queue link;  /* its beginning, and what was read */
	struct queue heard; /* before it was told of the link */
};

/* How much of what a radio told waits. */
struct told {
	char radio[NAME_SIZE];
	unsigned n; /* 0: another may have the place */
};

struct link_wait {
	const struct conf *conf;
	void (*take)(void *user, const struct capture_event *event);
	void *user;
	size_t bytes;
	unsigned n_waiting;
	int64_t now_us;
	struct told told[FLEET_RADIOS_MAX];
	struct one one[CONF_WEARABLES_MAX];
};

struct link_wait *link_wait_new(const struct conf *conf,
	void (*take)(void *user, const struct capture_event *event), void *user)
{
	struct link_wait *w = new0(struct link_wait);

	w->conf = conf;
	w->take = take;
	w->user = user;
	for (unsigned i = 0; i < CONF_WEARABLES_MAX; i++)
		w->one[i].until_us = T_NEVER;
	return w;
}

static unsigned find_told(const struct link_wait *w, const char *radio)
{
	unsigned i = 0;

	while (i < FLEET_RADIOS_MAX && !(w->told[i].n && strcmp(w->told[i].radio, radio) == 0))
		i++;
	return i;
}

/* False: there is no place for another radio. */
static bool count_up(struct link_wait *w, const char *radio)
{
	unsigned i = find_told(w, radio);

	if (i == FLEET_RADIOS_MAX)
		for (i = 0; i < FLEET_RADIOS_MAX && w->told[i].n;)
			i++;
	if (i == FLEET_RADIOS_MAX)
		return false;
	if (!w->told[i].n++)
		snprintf(w->told[i].radio, sizeof(w->told[i].radio), "%s", radio);
	return true;
}

static void *copy(const void *bytes, size_t size)
{
	return bytes ? memcpy(alloc_zero(1, size + 1), bytes, size) : NULL;
}

static void push(struct link_wait *w, struct queue *queue, const struct capture_event *event)
{
	struct item *item = new0(struct item);

	item->event = *event;
	item->event.address = alloc_text(event->address);
	item->event.radio = alloc_text(event->radio);
	item->event.adapter = alloc_text(event->adapter);
	item->event.why = alloc_text(event->why);
	item->event.value = copy(event->value, event->size);
	item->bytes = sizeof(*item) + event->size;
	w->bytes += item->bytes;
	if (!queue->first)
		queue->end = &queue->first;
	*queue->end = item;
	queue->end = &item->next;
}

static struct item *pull(struct link_wait *w, struct queue *queue)
{
	struct item *item = queue->first;

	if (!item)
		return NULL;
	queue->first = item->next;
	w->bytes -= item->bytes;
	w->told[find_told(w, item->event.radio)].n--;
	return item;
}

static void free_item(struct item *item)
{
	free((char *)item->event.address);
	free((char *)item->event.radio);
	free((char *)item->event.adapter);
	free((char *)item->event.why);
	free((uint8_t *)item->event.value);
	free(item);
}

static void drop(struct link_wait *w, struct one *one)
{
	struct item *item;

	while ((item = pull(w, &one->link)) || (item = pull(w, &one->heard)))
		free_item(item);
	w->n_waiting -= one->until_us != T_NEVER;
	*one = (struct one){.until_us = T_NEVER};
}

struct link_wait *link_wait_free(struct link_wait *w)
{
	if (!w)
		return NULL;
	for (unsigned i = 0; i < CONF_WEARABLES_MAX; i++)
		drop(w, &w->one[i]);
	free(w);
	return NULL;
}

void link_wait_reload(struct link_wait *w, const struct conf_change *change)
{
	for (unsigned i = 0; i < CONF_WEARABLES_MAX; i++)
		if (change->wearable[i] == CONF_FATE_ADDED ||
			change->wearable[i] == CONF_FATE_REMOVED)
			drop(w, &w->one[i]);
}

static int64_t arrival_of(const struct capture_event *event)
{
	return event->t_us - event->delay_us;
}

/* Not later than `latest`. */
static void take_all(struct link_wait *w, struct queue *queue, int64_t latest_us)
{
	struct item *item;

	while ((item = pull(w, queue))) {
		int64_t arrival_us = arrival_of(&item->event);

		if (arrival_us > latest_us)
			arrival_us = latest_us;
		item->event.t_us = w->now_us;
		item->event.delay_us = w->now_us - arrival_us;
		w->take(w->user, &item->event);
		free_item(item);
	}
}

/* The link began before what was heard through it. */
static void release(struct link_wait *w, struct one *one)
{
	int64_t first_us = one->heard.first ? arrival_of(&one->heard.first->event) : T_NEVER;

	w->n_waiting -= one->until_us != T_NEVER;
	one->until_us = T_NEVER;
	one->is_known = true;
	take_all(w, &one->link, first_us);
	take_all(w, &one->heard, T_NEVER);
}

static void keep(struct link_wait *w, struct one *one, const struct capture_event *event)
{
	push(w, one->is_told ? &one->link : &one->heard, event);
	w->n_waiting += one->until_us == T_NEVER;
	if (one->until_us == T_NEVER)
		one->until_us = w->now_us + LINK_WAIT_US;
	if (event->kind == CAPTURE_CONNECTED)
		one->until_us = w->now_us + LINK_WAIT_READS_US;
}

/* False: it is not to be taken now. */
static bool is_due(struct link_wait *w, struct one *one, const struct capture_event *event)
{
	bool is_begin = event->kind == CAPTURE_CONNECTED;

	if (one->is_known)
		return true;
	if (!one->heard.first && (is_begin || event->kind == CAPTURE_RSSI)) {
		one->is_known = is_begin;
		return true;
	}
	if (event->kind == CAPTURE_DISCONNECTED || (one->is_told && event->kind != CAPTURE_READ) ||
		w->bytes > LINK_WAIT_BYTES_MAX || !count_up(w, event->radio)) {
		release(w, one);
		return true;
	}
	one->is_told = is_begin || one->is_told;
	return false;
}

void link_wait_event(struct link_wait *w, const struct capture_event *event)
{
	int index = conf_find_address(w->conf, event->address);

	w->now_us = event->t_us;
	if (index < 0 || is_due(w, &w->one[index], event))
		w->take(w->user, event);
	else
		keep(w, &w->one[index], event);
}

bool link_wait_has(const struct link_wait *w, const char *radio)
{
	return w->n_waiting && find_told(w, radio) < FLEET_RADIOS_MAX;
}

int64_t link_wait_deadline(const struct link_wait *w)
{
	int64_t next_us = T_NEVER;

	for (unsigned i = 0; i < CONF_WEARABLES_MAX && w->n_waiting; i++)
		if (w->one[i].until_us < next_us)
			next_us = w->one[i].until_us;
	return next_us;
}

void link_wait_advance(struct link_wait *w, int64_t now_us)
{
	w->now_us = now_us;
	for (unsigned i = 0; i < CONF_WEARABLES_MAX && w->n_waiting; i++)
		if (w->one[i].until_us <= now_us)
			release(w, &w->one[i]);
}
