// SPDX-License-Identifier: MIT
#include "daemon/store/persister.h"

#include "coxad/base/units.h"
#include "coxad/loop/clock.h"

#define RETRY_US (2 * US_PER_S)

int persister_begin(struct persister *p, sd_event *loop, sd_event_time_handler_t retry,
	sd_event_handler_t settle, void *user)
{
	int r;

	if (!loop)
		return 0;
	r = sd_event_add_time(loop, &p->timer, CLOCK_MONOTONIC, 0, 1, retry, user);
	if (r >= 0)
		r = sd_event_source_set_enabled(p->timer, SD_EVENT_OFF);
	if (r >= 0)
		r = sd_event_add_defer(loop, &p->end_of_turn, settle, user);
	return r < 0 ? r : sd_event_source_set_enabled(p->end_of_turn, SD_EVENT_OFF);
}

bool persister_end(struct persister *p, int64_t timeout_us)
{
	p->timer = sd_event_source_disable_unref(p->timer);
	p->end_of_turn = sd_event_source_disable_unref(p->end_of_turn);
	return !p->n_jobs || store_thread_wait(p->thread, clock_now_us() + timeout_us);
}

void persister_post(struct persister *p, struct store_job *job)
{
	p->n_jobs++;
	if (p->thread) {
		store_thread_post(p->thread, job);
		return;
	}
	job->run(job);
	job->done(job);
}

void persister_retry_later(struct persister *p)
{
	if (!p->timer)
		return;
	sd_event_source_set_time(p->timer, (uint64_t)(clock_now_us() + RETRY_US));
	sd_event_source_set_enabled(p->timer, SD_EVENT_ONESHOT);
}

void persister_settle_later(struct persister *p)
{
	if (p->end_of_turn)
		sd_event_source_set_enabled(p->end_of_turn, SD_EVENT_ONESHOT);
}
