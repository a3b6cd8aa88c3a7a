// SPDX-License-Identifier: MIT
#include "daemon/bluez/link-runner.h"

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/loop/clock.h"

struct link_runner {
	struct link *link;
	const struct link_runner_ops *ops;
	void *user;
	enum link_state last_state;
	bool is_running;
	sd_event_source *timer;
	int64_t armed_us; /* T_NEVER: off */
};

static void note_state(struct link_runner *runner)
{
	enum link_state before = runner->last_state, state = link_state(runner->link);

	if (state == before)
		return;
	runner->last_state = state;
	runner->ops->entered(runner->user, before, state);
}

static void arm(struct link_runner *runner)
{
	int64_t at_us = link_deadline(runner->link);

	/* A timer that fires too early only looks again: no need to move it with each packet. */
	if (at_us >= runner->armed_us)
		return;
	runner->armed_us = at_us;
	sd_event_source_set_time(runner->timer, (uint64_t)(at_us > 0 ? at_us : 0));
	sd_event_source_set_enabled(runner->timer, SD_EVENT_ONESHOT);
}

static void run(struct link_runner *runner)
{
	struct link_action action;

	if (runner->is_running)
		return; /* the outer call takes what was added */
	runner->is_running = true;
	while (link_take(runner->link, &action))
		runner->ops->carry_out(runner->user, &action);
	runner->is_running = false;
	note_state(runner);
	arm(runner);
}

void link_runner_push(struct link_runner *runner, const struct link_event *event)
{
	link_push(runner->link, event);
	run(runner);
}

void link_runner_tell(struct link_runner *runner, enum link_event_kind kind)
{
	link_runner_push(runner, &(struct link_event){.kind = kind, .t_us = clock_now_us()});
}

int link_runner_write(struct link_runner *runner, const struct driver_step *step)
{
	int r = link_write(runner->link, clock_now_us(), step);

	run(runner);
	return r;
}

static int on_timer(sd_event_source *source, uint64_t usec, void *user)
{
	struct link_runner *runner = user;

	runner->armed_us = T_NEVER;
	link_runner_tell(runner, LINK_EVENT_TICK);
	return 0;
}

int link_runner_new(sd_event *loop, struct link *link, const struct link_runner_ops *ops,
	void *user, struct link_runner **ret)
{
	struct link_runner *runner = new0(struct link_runner);
	int r;

	*runner = (struct link_runner){.link = link,
		.ops = ops,
		.user = user,
		.last_state = link_state(link),
		.armed_us = T_NEVER};
	r = sd_event_add_time(
		loop, &runner->timer, CLOCK_MONOTONIC, 0, US_PER_MS, on_timer, runner);
	if (r < 0) {
		link_runner_free(runner);
		return r;
	}
	sd_event_source_set_enabled(runner->timer, SD_EVENT_OFF);
	sd_event_source_set_description(runner->timer, "link");
	arm(runner);
	*ret = runner;
	return 0;
}

struct link_runner *link_runner_free(struct link_runner *runner)
{
	if (!runner)
		return NULL;
	sd_event_source_disable_unref(runner->timer);
	link_free(runner->link);
	free(runner);
	return NULL;
}

void link_runner_configure(struct link_runner *runner, const struct link_settings *settings)
{
	link_set(runner->link, settings);
}

const struct link *link_runner_link(const struct link_runner *runner)
{
	return runner->link;
}
