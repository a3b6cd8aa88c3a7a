// SPDX-License-Identifier: MIT
#include "daemon/main/manager-record.h"

#include <string.h>

#include "daemon/main/options.h"

#define FLUSH_US US_PER_S

static void note(int r)
{
	if (r < 0)
		journal_write(LOG_WARNING, "disk", "recording stopped: %s", strerror(-r));
}

int manager_record_open(struct manager *m)
{
	const char *path = m->options->record;
	int r = path ? recorder_new(path, &m->recorder) : 0;

	if (r < 0)
		journal_write(LOG_ERR, "config", "%s: %s", path, strerror(-r));
	return r;
}

static int on_timer(sd_event_source *source, uint64_t usec, void *user)
{
	struct manager *m = user;

	note(recorder_flush(m->recorder));
	sd_event_source_set_time_relative(source, FLUSH_US);
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

int manager_record_start(struct manager *m)
{
	if (!m->recorder)
		return 0;
	return sd_event_add_time_relative(
		loop_event(m->loop), &m->recorder_timer, CLOCK_MONOTONIC, FLUSH_US, 0, on_timer, m);
}

void manager_record_put(struct manager *m, const struct capture_event *event)
{
	if (m->recorder)
		note(recorder_put(m->recorder, event));
}
