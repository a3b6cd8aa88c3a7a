// SPDX-License-Identifier: MIT
#include "daemon/control/control-pending.h"

#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/list.h"
#include "coxad/base/units.h"
#include "coxad/loop/clock.h"
#include "daemon/control/control-call.h"

/* For an answer to come: callers give up after 25 s. */
#define ANSWER_US (20 * US_PER_S)
/* For what it promises to be on disk. */
#define DISK_US (2 * US_PER_S)
/* Comes after what puts the changes of a turn to the disk. */
#define PRIORITY (SD_EVENT_PRIORITY_NORMAL + 1)

static void drop(struct control_pending *p, size_t i)
{
	sd_bus_message_unref(p->waiting[i].call);
	free(p->waiting[i].answer);
	list_drop(p->waiting, p->n, i);
}

static void end(struct control_pending *p, size_t i)
{
	struct control_pending_call *one = &p->waiting[i];

	if (one->answer)
		sd_bus_reply_method_return(one->call, "s", one->answer);
	else
		sd_bus_reply_method_errorf(one->call, CONTROL_CALL_FAILED,
			"no answer yet: the disk is slow, or coxad is stopping; try again");
	drop(p, i);
}

static void look_at(struct control_pending *p, int64_t at_us)
{
	sd_event_source_set_time(p->timer, (uint64_t)at_us);
	sd_event_source_set_enabled(p->timer, SD_EVENT_ONESHOT);
}

static void end_due(struct control_pending *p)
{
	bool is_safe = p->is_safe(p->user);
	int64_t now_us = clock_now_us();

	for (size_t i = 0; i < p->n;)
		if ((is_safe && p->waiting[i].answer) || p->waiting[i].until_us <= now_us)
			end(p, i);
		else
			i++;
}

static void look(struct control_pending *p)
{
	bool is_answered = false;
	int64_t until_us = T_NEVER;

	end_due(p);
	for (size_t i = 0; i < p->n; i++) {
		is_answered |= p->waiting[i].answer != NULL;
		if (p->waiting[i].until_us < until_us)
			until_us = p->waiting[i].until_us;
	}
	look_at(p, until_us);
	sd_event_source_set_enabled(p->turn, is_answered ? SD_EVENT_ON : SD_EVENT_OFF);
}

static int on_time(sd_event_source *source, uint64_t usec, void *user)
{
	look(user);
	return 0;
}

static int on_turn(sd_event_source *source, void *user)
{
	look(user);
	return 0;
}

int control_pending_start(
	struct control_pending *p, sd_event *loop, bool (*is_safe)(void *user), void *user)
{
	int r;

	*p = (struct control_pending){.is_safe = is_safe, .user = user};
	r = sd_event_add_time(loop, &p->timer, CLOCK_MONOTONIC, UINT64_MAX, 1, on_time, p);
	if (r >= 0)
		r = sd_event_add_post(loop, &p->turn, on_turn, p);
	if (r >= 0)
		r = sd_event_source_set_priority(p->turn, PRIORITY);
	return r < 0 ? r : sd_event_source_set_enabled(p->turn, SD_EVENT_OFF);
}

void control_pending_clear(struct control_pending *p)
{
	while (p->n)
		drop(p, p->n - 1);
}

void control_pending_stop(struct control_pending *p)
{
	control_pending_clear(p);
	p->timer = sd_event_source_disable_unref(p->timer);
	p->turn = sd_event_source_disable_unref(p->turn);
}

uint64_t control_pending_add(struct control_pending *p, sd_bus_message *call)
{
	if (p->n == CONTROL_PENDING_MAX)
		return 0;
	p->waiting[p->n++] = (struct control_pending_call){.number = ++p->last,
		.call = sd_bus_message_ref(call),
		.until_us = clock_now_us() + ANSWER_US};
	look_at(p, 0);
	return p->last;
}

sd_bus_message *control_pending_answer(
	struct control_pending *p, uint64_t number, const char *text, size_t size)
{
	struct control_pending_call *one = p->waiting;

	while (one < p->waiting + p->n && one->number != number)
		one++;
	if (one == p->waiting + p->n || one->answer)
		return NULL;
	one->answer = memcpy(alloc_zero(1, size + 1), text, size);
	one->until_us = clock_now_us() + DISK_US;
	/* In the next turn: what this one has changed is posted to the disk at its end. */
	look_at(p, 0);
	return one->call;
}
