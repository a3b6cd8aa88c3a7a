// SPDX-License-Identifier: MIT
#include "daemon/control/control-pending.h"

#include "coxad/base/alloc.h"
#include "coxad/base/list.h"
#include "coxad/base/units.h"
#include "coxad/loop/clock.h"

#define LOOK_US     (10 * US_PER_MS)
#define PATIENCE_US (2 * US_PER_S)

static void drop(struct control_pending *p, size_t i)
{
	sd_bus_message_unref(p->waiting[i].call);
	free(p->waiting[i].answer);
	list_drop(p->waiting, p->n, i);
}

static void send_oldest(struct control_pending *p)
{
	sd_bus_reply_method_return(p->waiting[0].call, "s", p->waiting[0].answer);
	drop(p, 0);
}

static int on_look(sd_event_source *source, uint64_t usec, void *user)
{
	struct control_pending *p = user;
	bool is_safe = p->is_safe(p->user);

	while (p->n && (is_safe || p->waiting[0].until_us <= clock_now_us()))
		send_oldest(p);
	if (!p->n)
		return 0;
	sd_event_source_set_time_relative(source, LOOK_US);
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

int control_pending_start(
	struct control_pending *p, sd_event *loop, bool (*is_safe)(void *user), void *user)
{
	int r;

	*p = (struct control_pending){.is_safe = is_safe, .user = user};
	r = sd_event_add_time(loop, &p->timer, CLOCK_MONOTONIC, UINT64_MAX, 0, on_look, p);
	return r < 0 ? r : sd_event_source_set_enabled(p->timer, SD_EVENT_OFF);
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
}

int control_pending_answer(struct control_pending *p, sd_bus_message *call, char *answer)
{
	if (p->n == CONTROL_PENDING_MAX)
		send_oldest(p);
	p->waiting[p->n].call = sd_bus_message_ref(call);
	p->waiting[p->n].answer = answer;
	p->waiting[p->n++].until_us = clock_now_us() + PATIENCE_US;
	/* In the next turn: what this one has changed is posted to the disk at its end. */
	sd_event_source_set_time_relative(p->timer, 0);
	sd_event_source_set_enabled(p->timer, SD_EVENT_ONESHOT);
	return 1;
}
