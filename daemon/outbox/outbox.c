// SPDX-License-Identifier: MIT
#include "coxad/outbox/outbox.h"

#include <errno.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "daemon/outbox/outbox-aside.h"
#include "daemon/outbox/outbox-entry.h"
#include "daemon/outbox/outbox-queue.h"

struct outbox {
	struct outbox_limits limits;
	struct outbox_ops ops;
	void *user;
	struct outbox_queue sent;   /* in flight */
	struct outbox_queue urgent; /* waiting, before the others */
	struct outbox_queue waiting;
	struct outbox_queue held; /* refused: wait for their time */
	int64_t held_until_us;    /* the earliest; T_NEVER: none */
	struct outbox_queue_age events[OUTBOX_CLASSES];
	struct outbox_queue_age states, replies;
	size_t n_events, n_bytes, n_states, n_replies;
	unsigned window; /* 0: no connection */
	uint64_t last_token;
	uint64_t gone[OUTBOX_GONE_COUNT];
};

static struct outbox_queue_age *age_list_of(struct outbox *outbox, const struct outbox_item *item)
{
	switch (item->kind) {
	case OUTBOX_KIND_EVENT:
		return &outbox->events[outbox_entry_class(item)];
	case OUTBOX_KIND_STATE:
		return &outbox->states;
	case OUTBOX_KIND_REPLY:
		break;
	}
	return &outbox->replies;
}

static struct outbox_queue *queue_of(struct outbox *outbox, const struct outbox_entry *entry)
{
	if (entry->is_sent)
		return &outbox->sent;
	if (entry->is_held)
		return &outbox->held;
	return entry->is_urgent ? &outbox->urgent : &outbox->waiting;
}

/* adds: 1 or -1 */
static void count(struct outbox *outbox, const struct outbox_item *item, int adds)
{
	size_t one = (size_t)adds;

	switch (item->kind) {
	case OUTBOX_KIND_EVENT:
		outbox->n_events += one;
		outbox->n_bytes += one * outbox_entry_bytes(item);
		break;
	case OUTBOX_KIND_STATE:
		outbox->n_states += one;
		break;
	case OUTBOX_KIND_REPLY:
		outbox->n_replies += one;
		break;
	}
}

void outbox_give_up(struct outbox *outbox, struct outbox_entry *entry, enum outbox_gone reason)
{
	outbox_queue_remove(queue_of(outbox, entry), entry);
	outbox_queue_age_remove(age_list_of(outbox, &entry->item), entry);
	count(outbox, &entry->item, -1);
	if (entry->item.kind == OUTBOX_KIND_EVENT)
		outbox->gone[reason]++;
	outbox->ops.gone(outbox->user, entry, reason);
	free(entry);
}

struct outbox *outbox_new(
	const struct outbox_limits *limits, const struct outbox_ops *ops, void *user)
{
	struct outbox *outbox = alloc_zero(1, sizeof(*outbox));

	outbox->limits = *limits;
	outbox->ops = *ops;
	outbox->user = user;
	outbox->held_until_us = T_NEVER;
	return outbox;
}

struct outbox *outbox_free(struct outbox *outbox)
{
	if (!outbox)
		return NULL;
	outbox_queue_free(&outbox->sent);
	outbox_queue_free(&outbox->urgent);
	outbox_queue_free(&outbox->waiting);
	outbox_queue_free(&outbox->held);
	free(outbox);
	return NULL;
}

static struct outbox_entry *first_to_go(const struct outbox *outbox)
{
	for (unsigned class = 0; class < OUTBOX_CLASSES; class ++)
		if (outbox->events[class].first)
			return outbox_queue_age_oldest(&outbox->events[class]);
	return NULL;
}

static void keep_bounds(struct outbox *outbox)
{
	while (outbox->n_events > outbox->limits.max_events ||
		outbox->n_bytes > outbox->limits.max_bytes)
		outbox_give_up(outbox, first_to_go(outbox), OUTBOX_GONE_FULL);
	while (outbox->n_states > OUTBOX_STATES_MAX)
		outbox_give_up(outbox, outbox_queue_age_oldest(&outbox->states), OUTBOX_GONE_FULL);
	while (outbox->n_replies > OUTBOX_REPLIES_MAX)
		outbox_give_up(outbox, outbox_queue_age_oldest(&outbox->replies), OUTBOX_GONE_FULL);
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
		if ((entry->is_stored || entry->is_writing) && !strcmp(entry->item.topic, topic))
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
	entry->is_urgent = !old->losses && (entry->is_urgent || old->is_urgent);
	entry->is_held = old->is_held && !old->is_aside;
	entry->held_until_us = old->held_until_us;
	outbox_entry_inherit(entry, old);
	outbox_give_up(outbox, old, OUTBOX_GONE_REPLACED);
}

struct outbox_entry *outbox_add(
	struct outbox *outbox, int64_t now_us, const struct outbox_item *item, bool is_urgent)
{
	struct outbox_entry *entry = outbox_entry_new(item);
	struct outbox_queue_age *list = age_list_of(outbox, item);
	uint64_t token = ++outbox->last_token;

	entry->token = token;
	entry->created_us = now_us;
	entry->was_held = !outbox->window;
	entry->is_urgent = is_urgent;
	if (item->kind == OUTBOX_KIND_STATE)
		replace_state(outbox, entry);
	outbox_queue_insert(queue_of(outbox, entry), entry, NULL);
	outbox_queue_age_append(list, entry);
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

/* A newer value takes the place of a state that was sent; NULL: there is none. */
static struct outbox_entry *take_place(struct outbox *outbox, struct outbox_entry *entry)
{
	struct outbox_entry *newer = NULL;

	if (entry->item.kind == OUTBOX_KIND_STATE)
		newer = find_waiting_state(outbox, entry->item.topic);
	if (!newer)
		return NULL;
	outbox_entry_inherit(newer, entry);
	outbox_give_up(outbox, entry, OUTBOX_GONE_REPLACED);
	return newer;
}

/* Back to the front of the queue. */
static void put_back(struct outbox *outbox, struct outbox_entry *entry)
{
	struct outbox_queue *queue;

	if (take_place(outbox, entry))
		return;
	outbox_queue_remove(&outbox->sent, entry);
	entry->is_sent = false;
	queue = queue_of(outbox, entry);
	outbox_queue_insert(queue, entry, queue->first);
}

/* To its old place in the order; what may have ended connections comes after all others. */
static void release(struct outbox *outbox, struct outbox_entry *entry)
{
	bool is_last = entry->losses || entry->is_suspect || entry->is_aside;
	struct outbox_queue *queue;
	struct outbox_entry *before;

	outbox_queue_remove(&outbox->held, entry);
	entry->is_held = entry->is_aside = false;
	entry->is_urgent = entry->is_urgent && !is_last;
	queue = queue_of(outbox, entry);
	before = is_last ? NULL : queue->first;
	while (before && before->token < entry->token)
		before = before->next;
	outbox_queue_insert(queue, entry, before);
}

static void release_until(struct outbox *outbox, int64_t until_us)
{
	struct outbox_entry *next;

	outbox->held_until_us = T_NEVER;
	for (struct outbox_entry *entry = outbox->held.first; entry; entry = next) {
		next = entry->next;
		if (entry->is_aside)
			continue;
		if (entry->held_until_us <= until_us)
			release(outbox, entry);
		else if (entry->held_until_us < outbox->held_until_us)
			outbox->held_until_us = entry->held_until_us;
	}
}

void outbox_connection(struct outbox *outbox, int64_t now_us, unsigned window)
{
	bool went_down = outbox->window && !window;

	if (!outbox->window && window)
		release_until(outbox, T_NEVER);
	outbox->window = window < OUTBOX_WINDOW_MAX ? window : OUTBOX_WINDOW_MAX;
	if (!went_down)
		return;
	while (outbox->sent.last)
		put_back(outbox, outbox->sent.last);
	while (outbox->replies.first)
		outbox_give_up(outbox, outbox->replies.first, OUTBOX_GONE_DISCONNECTED);
	outbox_queue_delay(&outbox->urgent);
	outbox_queue_delay(&outbox->waiting);
	outbox_advance(outbox, now_us);
}

static bool is_ageless(const struct outbox *outbox, const struct outbox_entry *entry)
{
	return outbox->limits.ageless_class && entry->item.class >= outbox->limits.ageless_class;
}

/* True if it was given up. */
static bool give_up_if_old(struct outbox *outbox, struct outbox_entry *entry, int64_t now_us)
{
	if (now_us >= outbox_entry_expires_us(entry))
		outbox_give_up(outbox, entry, OUTBOX_GONE_EXPIRED);
	else if (entry->item.kind == OUTBOX_KIND_EVENT && outbox->limits.max_age_us &&
		 !is_ageless(outbox, entry) &&
		 now_us - entry->created_us > outbox->limits.max_age_us)
		outbox_give_up(outbox, entry, OUTBOX_GONE_AGED);
	else
		return false;
	return true;
}

struct outbox_entry *outbox_next(struct outbox *outbox, int64_t now_us)
{
	struct outbox_entry *entry;

	if (outbox->sent.n >= outbox->window)
		return NULL;
	if (outbox->held_until_us <= now_us)
		release_until(outbox, now_us);
	for (;;) {
		entry = outbox_queue_first_timely(&outbox->urgent, &outbox->waiting);
		if (!entry || entry->is_pending)
			return NULL;
		if (!give_up_if_old(outbox, entry, now_us))
			break;
	}
	outbox_queue_remove(queue_of(outbox, entry), entry);
	entry->is_sent = true;
	entry->sendings++;
	outbox_queue_insert(&outbox->sent, entry, NULL);
	return entry;
}

static int end_sent(struct outbox *outbox, uint64_t token, enum outbox_gone reason)
{
	struct outbox_entry *entry = outbox_queue_find(&outbox->sent, token);

	if (!entry)
		return -ENOENT;
	outbox_give_up(outbox, entry, reason);
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
	struct outbox_entry *entry = outbox_queue_find(&outbox->sent, token);

	if (!entry)
		return -ENOENT;
	entry->sendings--;
	put_back(outbox, entry);
	return 0;
}

int outbox_hold(struct outbox *outbox, uint64_t token, int64_t until_us, bool is_aside)
{
	struct outbox_entry *entry = outbox_queue_find(&outbox->sent, token), *newer;

	if (!entry)
		return -ENOENT;
	newer = take_place(outbox, entry);
	if (newer && is_aside) {
		newer->losses = 0; /* a new value may be better */
		return 0;
	}
	if (!newer)
		newer = entry;
	outbox_queue_remove(queue_of(outbox, newer), newer);
	newer->is_sent = false;
	newer->is_held = true;
	newer->is_aside = is_aside;
	newer->held_until_us = until_us;
	outbox_queue_insert(&outbox->held, newer, NULL);
	if (!is_aside && until_us < outbox->held_until_us)
		outbox->held_until_us = until_us;
	return 0;
}

void outbox_release(struct outbox *outbox, int64_t now_us)
{
	for (struct outbox_entry *entry = outbox->held.first; entry; entry = entry->next)
		entry->refusals = 0;
	outbox_aside_recall(&outbox->held, now_us);
	release_until(outbox, T_NEVER);
}

void outbox_release_topic(struct outbox *outbox, const char *topic)
{
	for (struct outbox_entry *entry = outbox->held.first; entry; entry = entry->next)
		if (!entry->is_aside && !strcmp(entry->item.topic, topic))
			entry->held_until_us = outbox->held_until_us = INT64_MIN;
}

struct outbox_entry *outbox_probe(struct outbox *outbox, int64_t now_us)
{
	struct outbox_entry *entry = outbox_aside_best(&outbox->held, now_us);

	if (entry)
		release(outbox, entry);
	return entry;
}

int64_t outbox_probe_us(const struct outbox *outbox)
{
	return outbox_aside_until_us(&outbox->held);
}

int64_t outbox_held_until_us(const struct outbox *outbox)
{
	return outbox->held_until_us;
}

size_t outbox_n_held(const struct outbox *outbox)
{
	return outbox->held.n;
}

size_t outbox_n_aside(const struct outbox *outbox)
{
	return outbox_aside_n(&outbox->held);
}

static void advance_queue(struct outbox *outbox, struct outbox_queue *queue, int64_t now_us)
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
	advance_queue(outbox, &outbox->held, now_us);
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
	left_us = outbox_entry_expires_us(entry) - now_us;
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
	const struct outbox_queue *const queues[] = {
		&outbox->sent, &outbox->urgent, &outbox->waiting, &outbox->held};

	for (size_t i = 0; i < sizeof(queues) / sizeof(queues[0]); i++)
		for (struct outbox_entry *entry = queues[i]->first; entry; entry = entry->next)
			each(user, entry);
}

struct outbox_entry *outbox_first_under_way(const struct outbox *outbox)
{
	return outbox->sent.first;
}

uint64_t outbox_next_token(const struct outbox *outbox)
{
	return outbox->last_token + 1;
}

struct outbox_entry *outbox_find(const struct outbox *outbox, uint64_t token)
{
	return outbox_queue_find(&outbox->sent, token);
}
