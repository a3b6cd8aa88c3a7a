// SPDX-License-Identifier: MIT
#include "coxad/outbox/outbox.h"

#include <errno.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"

/* In the order of sending. */
struct queue {
	struct outbox_entry *first, *last;
	size_t n;
};

/* Oldest first. */
struct age_list {
	struct outbox_entry *first, *last;
};

struct outbox {
	struct outbox_limits limits;
	struct outbox_ops ops;
	void *user;
	struct queue sent;   /* in flight */
	struct queue urgent; /* waiting, before the others */
	struct queue waiting;
	struct age_list events[OUTBOX_CLASSES];
	struct age_list states, replies;
	size_t n_events, n_bytes, n_states, n_replies;
	unsigned window; /* 0: no connection */
	uint64_t last_token;
	uint64_t gone[OUTBOX_GONE_COUNT];
};

static void queue_insert(
	struct queue *queue, struct outbox_entry *entry, struct outbox_entry *before)
{
	entry->next = before;
	entry->previous = before ? before->previous : queue->last;
	if (entry->previous)
		entry->previous->next = entry;
	else
		queue->first = entry;
	if (before)
		before->previous = entry;
	else
		queue->last = entry;
	queue->n++;
}

static void queue_remove(struct queue *queue, struct outbox_entry *entry)
{
	if (entry->previous)
		entry->previous->next = entry->next;
	else
		queue->first = entry->next;
	if (entry->next)
		entry->next->previous = entry->previous;
	else
		queue->last = entry->previous;
	entry->previous = entry->next = NULL;
	queue->n--;
}

static void age_list_append(struct age_list *list, struct outbox_entry *entry)
{
	entry->class_previous = list->last;
	if (list->last)
		list->last->class_next = entry;
	else
		list->first = entry;
	list->last = entry;
}

static void age_list_remove(struct age_list *list, struct outbox_entry *entry)
{
	if (entry->class_previous)
		entry->class_previous->class_next = entry->class_next;
	else
		list->first = entry->class_next;
	if (entry->class_next)
		entry->class_next->class_previous = entry->class_previous;
	else
		list->last = entry->class_previous;
	entry->class_previous = entry->class_next = NULL;
}

static unsigned class_of(const struct outbox_item *item)
{
	return item->class < OUTBOX_CLASSES ? item->class : OUTBOX_CLASSES - 1;
}

static struct age_list *age_list_of(struct outbox *outbox, const struct outbox_item *item)
{
	switch (item->kind) {
	case OUTBOX_KIND_EVENT:
		return &outbox->events[class_of(item)];
	case OUTBOX_KIND_STATE:
		return &outbox->states;
	case OUTBOX_KIND_REPLY:
		break;
	}
	return &outbox->replies;
}

static struct queue *queue_of(struct outbox *outbox, const struct outbox_entry *entry)
{
	if (entry->is_sent)
		return &outbox->sent;
	return entry->is_urgent ? &outbox->urgent : &outbox->waiting;
}

static size_t item_bytes(const struct outbox_item *item)
{
	return item->size + strlen(item->topic) + (item->id ? strlen(item->id) : 0);
}

/* adds: 1 or -1 */
static void count(struct outbox *outbox, const struct outbox_item *item, int adds)
{
	size_t one = (size_t)adds;

	switch (item->kind) {
	case OUTBOX_KIND_EVENT:
		outbox->n_events += one;
		outbox->n_bytes += one * item_bytes(item);
		break;
	case OUTBOX_KIND_STATE:
		outbox->n_states += one;
		break;
	case OUTBOX_KIND_REPLY:
		outbox->n_replies += one;
		break;
	}
}

static void give_up(struct outbox *outbox, struct outbox_entry *entry, enum outbox_gone reason)
{
	queue_remove(queue_of(outbox, entry), entry);
	age_list_remove(age_list_of(outbox, &entry->item), entry);
	count(outbox, &entry->item, -1);
	if (entry->item.kind == OUTBOX_KIND_EVENT)
		outbox->gone[reason]++;
	outbox->ops.gone(outbox->user, entry, reason);
	free(entry);
}

/* One block of memory: the entry, followed by payload, correlation, topic and id. */
static struct outbox_entry *entry_new(const struct outbox_item *item)
{
	size_t topic = strlen(item->topic) + 1, id = item->id ? strlen(item->id) + 1 : 0;
	size_t total =
		sizeof(struct outbox_entry) + item->size + item->correlation_size + topic + id;
	struct outbox_entry *entry = alloc_zero(1, total);
	char *at = (char *)(entry + 1);

	entry->item = *item;
	if (item->size)
		memcpy(at, item->payload, item->size);
	entry->item.payload = at;
	at += item->size;
	if (item->correlation_size)
		memcpy(at, item->correlation, item->correlation_size);
	entry->item.correlation = at;
	at += item->correlation_size;
	memcpy(at, item->topic, topic);
	entry->item.topic = at;
	if (id)
		entry->item.id = memcpy(at + topic, item->id, id);
	return entry;
}

struct outbox *outbox_new(
	const struct outbox_limits *limits, const struct outbox_ops *ops, void *user)
{
	struct outbox *outbox = alloc_zero(1, sizeof(*outbox));

	outbox->limits = *limits;
	outbox->ops = *ops;
	outbox->user = user;
	return outbox;
}

static void queue_free(struct queue *queue)
{
	struct outbox_entry *next;

	for (struct outbox_entry *entry = queue->first; entry; entry = next) {
		next = entry->next;
		free(entry);
	}
}

struct outbox *outbox_free(struct outbox *outbox)
{
	if (!outbox)
		return NULL;
	queue_free(&outbox->sent);
	queue_free(&outbox->urgent);
	queue_free(&outbox->waiting);
	free(outbox);
	return NULL;
}

/* The oldest that waits, or else the oldest in flight, which is probably delivered already. */
static struct outbox_entry *oldest_of(const struct age_list *list)
{
	for (struct outbox_entry *entry = list->first; entry; entry = entry->class_next)
		if (!entry->is_sent)
			return entry;
	return list->first;
}

static struct outbox_entry *first_to_go(const struct outbox *outbox)
{
	for (unsigned class = 0; class < OUTBOX_CLASSES; class ++)
		if (outbox->events[class].first)
			return oldest_of(&outbox->events[class]);
	return NULL;
}

static void keep_bounds(struct outbox *outbox)
{
	while (outbox->n_events > outbox->limits.max_events ||
		outbox->n_bytes > outbox->limits.max_bytes)
		give_up(outbox, first_to_go(outbox), OUTBOX_GONE_FULL);
	while (outbox->n_states > OUTBOX_STATES_MAX)
		give_up(outbox, oldest_of(&outbox->states), OUTBOX_GONE_FULL);
	while (outbox->n_replies > OUTBOX_REPLIES_MAX)
		give_up(outbox, oldest_of(&outbox->replies), OUTBOX_GONE_FULL);
}

void outbox_set_limits(struct outbox *outbox, const struct outbox_limits *limits)
{
	outbox->limits = *limits;
	keep_bounds(outbox);
}

/* The newest entry of a state's topic that still waits. */
static struct outbox_entry *find_waiting_state(const struct outbox *outbox, const char *topic)
{
	for (struct outbox_entry *entry = outbox->states.last; entry; entry = entry->class_previous)
		if (!entry->is_sent && !strcmp(entry->item.topic, topic))
			return entry;
	return NULL;
}

static bool has_state_row(const struct outbox *outbox, const char *topic)
{
	for (struct outbox_entry *entry = outbox->states.last; entry; entry = entry->class_previous)
		if (entry->is_stored && !strcmp(entry->item.topic, topic))
			return true;
	return false;
}

static void replace_state(struct outbox *outbox, struct outbox_entry *entry)
{
	struct outbox_entry *old = find_waiting_state(outbox, entry->item.topic);

	entry->is_stored = has_state_row(outbox, entry->item.topic);
	entry->is_dirty = true;
	if (!old)
		return;
	/* Replacing a birth or a removal that waits in front must not move it back. */
	entry->is_urgent = entry->is_urgent || old->is_urgent;
	give_up(outbox, old, OUTBOX_GONE_REPLACED);
}

struct outbox_entry *outbox_add(
	struct outbox *outbox, int64_t now_us, const struct outbox_item *item, bool is_urgent)
{
	struct outbox_entry *entry = entry_new(item);
	struct age_list *list = age_list_of(outbox, item);
	uint64_t token = ++outbox->last_token;

	entry->token = token;
	entry->created_us = now_us;
	entry->was_held = !outbox->window;
	entry->is_urgent = is_urgent;
	if (item->kind == OUTBOX_KIND_STATE)
		replace_state(outbox, entry);
	queue_insert(queue_of(outbox, entry), entry, NULL);
	age_list_append(list, entry);
	count(outbox, item, 1);
	keep_bounds(outbox);
	/* It is the newest of its class: if it was dropped, the class is empty. */
	return list->last && list->last->token == token ? list->last : NULL;
}

struct outbox_entry *outbox_restore(
	struct outbox *outbox, int64_t created_us, const struct outbox_item *item)
{
	struct outbox_entry *entry = outbox_add(outbox, created_us, item, false);

	if (!entry)
		return NULL;
	entry->was_held = true;
	entry->is_stored = true;
	entry->is_dirty = false;
	return entry;
}

/* Back to the front of the queue. */
static void put_back(struct outbox *outbox, struct outbox_entry *entry)
{
	struct queue *queue;

	if (entry->item.kind == OUTBOX_KIND_STATE &&
		find_waiting_state(outbox, entry->item.topic)) {
		give_up(outbox, entry, OUTBOX_GONE_REPLACED);
		return;
	}
	queue_remove(&outbox->sent, entry);
	entry->is_sent = false;
	queue = queue_of(outbox, entry);
	queue_insert(queue, entry, queue->first);
}

static void hold_queue(struct queue *queue)
{
	for (struct outbox_entry *entry = queue->first; entry; entry = entry->next)
		entry->was_held = true;
}

void outbox_connection(struct outbox *outbox, int64_t now_us, unsigned window)
{
	bool went_down = outbox->window && !window;

	outbox->window = window < OUTBOX_WINDOW_MAX ? window : OUTBOX_WINDOW_MAX;
	if (!went_down)
		return;
	while (outbox->sent.last)
		put_back(outbox, outbox->sent.last);
	while (outbox->replies.first)
		give_up(outbox, outbox->replies.first, OUTBOX_GONE_DISCONNECTED);
	hold_queue(&outbox->urgent);
	hold_queue(&outbox->waiting);
	outbox_advance(outbox, now_us);
}

static int64_t expires_us(const struct outbox_entry *entry)
{
	return entry->item.expiry_s ? entry->created_us + (int64_t)entry->item.expiry_s * US_PER_S
				    : T_NEVER;
}

/* True if it was given up. */
static bool give_up_if_old(struct outbox *outbox, struct outbox_entry *entry, int64_t now_us)
{
	if (now_us >= expires_us(entry))
		give_up(outbox, entry, OUTBOX_GONE_EXPIRED);
	else if (entry->item.kind == OUTBOX_KIND_EVENT && outbox->limits.max_age_us &&
		 now_us - entry->created_us > outbox->limits.max_age_us)
		give_up(outbox, entry, OUTBOX_GONE_AGED);
	else
		return false;
	return true;
}

struct outbox_entry *outbox_next(struct outbox *outbox, int64_t now_us)
{
	struct outbox_entry *entry;

	if (outbox->sent.n >= outbox->window)
		return NULL;
	for (;;) {
		entry = outbox->urgent.first ? outbox->urgent.first : outbox->waiting.first;
		if (!entry)
			return NULL;
		if (!give_up_if_old(outbox, entry, now_us))
			break;
	}
	queue_remove(queue_of(outbox, entry), entry);
	entry->is_sent = true;
	entry->sendings++;
	queue_insert(&outbox->sent, entry, NULL);
	return entry;
}

static struct outbox_entry *find_sent(const struct outbox *outbox, uint64_t token)
{
	for (struct outbox_entry *entry = outbox->sent.first; entry; entry = entry->next)
		if (entry->token == token)
			return entry;
	return NULL;
}

static int end_sent(struct outbox *outbox, uint64_t token, enum outbox_gone reason)
{
	struct outbox_entry *entry = find_sent(outbox, token);

	if (!entry)
		return -ENOENT;
	give_up(outbox, entry, reason);
	return 0;
}

int outbox_acked(struct outbox *outbox, uint64_t token)
{
	return end_sent(outbox, token, OUTBOX_GONE_ACKED);
}

int outbox_refused(struct outbox *outbox, uint64_t token)
{
	return end_sent(outbox, token, OUTBOX_GONE_REFUSED);
}

int outbox_unsent(struct outbox *outbox, uint64_t token)
{
	struct outbox_entry *entry = find_sent(outbox, token);

	if (!entry)
		return -ENOENT;
	entry->sendings--;
	put_back(outbox, entry);
	return 0;
}

static void advance_queue(struct outbox *outbox, struct queue *queue, int64_t now_us)
{
	struct outbox_entry *next;

	for (struct outbox_entry *entry = queue->first; entry; entry = next) {
		next = entry->next;
		give_up_if_old(outbox, entry, now_us);
	}
}

void outbox_advance(struct outbox *outbox, int64_t now_us)
{
	advance_queue(outbox, &outbox->urgent, now_us);
	advance_queue(outbox, &outbox->waiting, now_us);
}

int64_t outbox_late_ms(const struct outbox_entry *entry, int64_t now_us)
{
	int64_t late_us = now_us - entry->created_us;

	return entry->was_held && late_us > 0 ? late_us / US_PER_MS : 0;
}

unsigned outbox_expiry_left_s(const struct outbox_entry *entry, int64_t now_us)
{
	int64_t left_us;

	if (!entry->item.expiry_s)
		return 0;
	left_us = expires_us(entry) - now_us;
	/* Rounded up: what was made just now has all of it left. */
	return left_us <= US_PER_S ? 1 : (unsigned)((left_us + US_PER_S - 1) / US_PER_S);
}

size_t outbox_n_events(const struct outbox *outbox)
{
	return outbox->n_events;
}

size_t outbox_n_bytes(const struct outbox *outbox)
{
	return outbox->n_bytes;
}

size_t outbox_n_under_way(const struct outbox *outbox)
{
	return outbox->sent.n;
}

bool outbox_is_empty(const struct outbox *outbox)
{
	return !outbox->sent.n && !outbox->urgent.n && !outbox->waiting.n;
}

uint64_t outbox_n_gone(const struct outbox *outbox, enum outbox_gone reason)
{
	return outbox->gone[reason];
}

void outbox_each(
	struct outbox *outbox, void (*each)(void *user, struct outbox_entry *entry), void *user)
{
	const struct queue *const queues[] = {&outbox->sent, &outbox->urgent, &outbox->waiting};

	for (size_t i = 0; i < sizeof(queues) / sizeof(queues[0]); i++)
		for (struct outbox_entry *entry = queues[i]->first; entry; entry = entry->next)
			each(user, entry);
}

const struct outbox_entry *outbox_first_under_way(const struct outbox *outbox)
{
	return outbox->sent.first;
}

const struct outbox_entry *outbox_find(const struct outbox *outbox, uint64_t token)
{
	return find_sent(outbox, token);
}
