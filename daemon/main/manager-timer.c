// SPDX-License-Identifier: MIT
#include "daemon/main/manager-timer.h"

#include "coxad/loop/clock.h"

static int on_timer(sd_event_source *source, uint64_t usec, void *user)
{
	struct manager *m = user;
	int64_t now = clock_now_us();

	m->armed_us = INT64_MIN;
	m->last_us = now;
	gateway_advance(m->gateway, now);
	manager_timer_arm(m);
	return 0;
}

int manager_timer_start(struct manager *m)
{
	return sd_event_add_time(loop_event(m->loop), &m->gateway_timer, CLOCK_MONOTONIC,
		UINT64_MAX, 1000, on_timer, m);
}

void manager_timer_arm(struct manager *m)
{
	int64_t due = gateway_deadline(m->gateway);

	if (due == m->armed_us)
		return;
	m->armed_us = due;
	if (due == T_NEVER) {
		sd_event_source_set_enabled(m->gateway_timer, SD_EVENT_OFF);
		return;
	}
	sd_event_source_set_time(m->gateway_timer, due > 0 ? (uint64_t)due : 0);
	sd_event_source_set_enabled(m->gateway_timer, SD_EVENT_ONESHOT);
}
