// SPDX-License-Identifier: MIT
#include "daemon/main/manager-record.h"

#include <errno.h>
#include <string.h>

#include "coxad/loop/clock.h"
#include "daemon/main/options.h"

#define FLUSH_US US_PER_S
#define END_US   (20 * US_PER_MS)        /* to look whether a file is complete */
#define WAIT_US  (5 * (int64_t)US_PER_S) /* for the disk, in the end */

static const char *words_of(int error)
{
	return error == -ENOBUFS ? "the disk, or who reads the pipe, is too slow"
				 : strerror(-error);
}

static void note(int r)
{
	if (r < 0)
		journal_write(LOG_WARNING, "disk", "recording stopped: %s", words_of(r));
}

int manager_record_open(struct manager *m)
{
	const char *path = m->options->record;
	int r = path ? recorder_new(path, &m->recorder) : 0;

	if (r < 0)
		journal_write(LOG_ERR, "config", "%s: %s", path, strerror(-r));
	return r;
}

static void arm(struct manager *m)
{
	if (!m->recorder_timer || (!m->recorder && !m->asked))
		return;
	sd_event_source_set_time_relative(
		m->recorder_timer, m->is_asked_ending ? END_US : FLUSH_US);
	sd_event_source_set_enabled(m->recorder_timer, SD_EVENT_ONESHOT);
}

static void complete(struct manager *m)
{
	int error = m->asked_error;

	m->asked = recorder_free(m->asked, 0);
	m->is_asked_ending = false;
	m->asked_error = 0;
	journal_write(LOG_NOTICE, "coxad", "the recording has ended");
	control_recorded(m->control, error ? words_of(error) : NULL);
}

/* Whoever asked for it does not wait for the end of a recording that takes no more. */
static void note_asked(struct manager *m, int r)
{
	note(r);
	if (r >= 0)
		return;
	m->asked_error = r;
	manager_record_end(m);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *user)
{
	struct manager *m = user;
	bool is_done = m->is_asked_ending && recorder_is_done(m->asked);

	if (m->recorder)
		note(recorder_flush(m->recorder));
	/* Tells what went wrong up to the last byte. */
	if (m->asked)
		note_asked(m, recorder_flush(m->asked));
	if (is_done)
		complete(m);
	arm(m);
	return 0;
}

int manager_record_start(struct manager *m)
{
	return sd_event_add_time_relative(
		loop_event(m->loop), &m->recorder_timer, CLOCK_MONOTONIC, FLUSH_US, 0, on_timer, m);
}

static int put(struct manager *m, struct recorder *recorder, const struct capture_event *event)
{
	int r = recorder_put(recorder, event);

	if (r > 0 && !m->n_unrecorded++)
		journal_write(LOG_WARNING, "coxad",
			"the recording lacks an event, which is too long; how many, says "
			"recording_left_out in stats");
	return r;
}

static void put_asked(void *user, const struct capture_event *event)
{
	struct manager *m = user;

	note_asked(m, put(m, m->asked, event));
}

void manager_record_put(struct manager *m, const struct capture_event *event)
{
	link_memory_note(&m->links, event);
	if (m->recorder)
		note(put(m, m->recorder, event));
	if (m->asked)
		put_asked(m, event);
}

size_t manager_record_gauges(const struct manager *m, struct stat_entry *entries, size_t capacity)
{
	if (!capacity)
		return 0;
	entries[0] = (struct stat_entry){
		.name = "recording_left_out", .value = (double)m->n_unrecorded, .is_integer = true};
	return 1;
}

int manager_record_begin(struct manager *m, int fd)
{
	int r = recorder_new_fd(fd, &m->asked);
	int64_t now_us = clock_now_us();

	if (r < 0)
		return r;
	if (now_us < m->last_us)
		now_us = m->last_us;
	put_asked(m, &(struct capture_event){.kind = CAPTURE_HEADER,
			     .t_us = now_us,
			     .wall_us = clock_wall_us(),
			     .gateway = m->conf->gateway.name});
	link_memory_each(&m->links, now_us, put_asked, m);
	arm(m);
	journal_write(LOG_NOTICE, "coxad", "recording what is received");
	return 0;
}

void manager_record_end(struct manager *m)
{
	if (!m->asked)
		return;
	recorder_end(m->asked);
	m->is_asked_ending = true;
	arm(m);
}

void manager_record_free(struct manager *m)
{
	m->asked = recorder_free(m->asked, WAIT_US);
	m->recorder = recorder_free(m->recorder, WAIT_US);
}
