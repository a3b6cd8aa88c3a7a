// SPDX-License-Identifier: MIT
#include "daemon/main/bus-retry.h"

#include <string.h>

#include "coxad/base/units.h"
#include "coxad/loop/journal.h"

#define RETRY_US (5 * US_PER_S)

static int on_timer(sd_event_source *timer, uint64_t usec, void *user);

static int again_later(struct bus_retry *retry, int error)
{
	if (!retry->timer) {
		journal_write(LOG_ERR, "bluez", "no system bus (%s); trying again every %d s",
			strerror(-error), (int)(RETRY_US / US_PER_S));
		return sd_event_add_time_relative(retry->options.loop, &retry->timer,
			CLOCK_MONOTONIC, RETRY_US, 0, on_timer, retry);
	}
	sd_event_source_set_time_relative(retry->timer, RETRY_US);
	return sd_event_source_set_enabled(retry->timer, SD_EVENT_ONESHOT);
}

int bus_retry_start(struct bus_retry *retry)
{
	int r = source_bluez_new(&retry->options, retry->ops, retry->user, retry->source);

	if (r < 0)
		return again_later(retry, r);
	if (retry->opened)
		retry->opened(retry->user);
	return r;
}

static int on_timer(sd_event_source *timer, uint64_t usec, void *user)
{
	struct bus_retry *retry = user;

	bus_retry_start(retry);
	if (*retry->source)
		journal_write(LOG_NOTICE, "bluez", "connected to the system bus");
	return 0;
}

void bus_retry_stop(struct bus_retry *retry)
{
	retry->timer = sd_event_source_disable_unref(retry->timer);
}
