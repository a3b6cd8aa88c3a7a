// SPDX-License-Identifier: MIT
#include "tests/fuzz/virtual-event.h"

#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>

#include "coxad/base/alloc.h"
#include "coxad/loop/clock.h"

#define SOURCES_MAX 1024
#define TURNS_MAX   20000 /* at one instant */

enum kind { KIND_IO, KIND_TIME, KIND_DEFER };

struct sd_event_source {
	sd_event *loop;
	enum kind kind;
	unsigned references;
	int enabled;
	uint64_t at_us;
	int fd;
	uint32_t events;
	union {
		sd_event_io_handler_t io;
		sd_event_time_handler_t time;
		sd_event_handler_t defer;
	} call;
	void *user;
};

struct sd_event {
	unsigned references;
	sd_event_source *source[SOURCES_MAX];
	size_t n;
};

static int64_t now_us;

int64_t clock_now_us(void)
{
	return now_us;
}

int64_t clock_wall_us(void)
{
	return now_us + INT64_C(1772352000000000);
}

static void complain(const char *what)
{
	fprintf(stderr, "virtual-event: %s\n", what);
	abort();
}

sd_event *virtual_event_new(void)
{
	sd_event *loop = new0(sd_event);

	loop->references = 1;
	now_us = VIRTUAL_EVENT_START_US;
	return loop;
}

void virtual_event_free(sd_event *loop)
{
	if (loop->n)
		complain("sources are left");
	if (loop->references != 1)
		complain("the loop is still held");
	free(loop);
}

sd_event *sd_event_ref(sd_event *loop)
{
	loop->references++;
	return loop;
}

sd_event *sd_event_unref(sd_event *loop)
{
	if (loop && --loop->references == 0)
		complain("the loop is held by nobody");
	return NULL;
}

static sd_event_source *add(
	sd_event *loop, enum kind kind, int enabled, void *user, sd_event_source **ret)
{
	sd_event_source *source = new0(sd_event_source);

	if (loop->n == SOURCES_MAX)
		complain("too many sources");
	*source = (sd_event_source){
		.loop = loop, .kind = kind, .references = 1, .enabled = enabled, .user = user};
	loop->source[loop->n++] = source;
	*ret = source;
	return source;
}

int sd_event_add_io(sd_event *loop, sd_event_source **ret, int fd, uint32_t events,
	sd_event_io_handler_t callback, void *user)
{
	sd_event_source *source = add(loop, KIND_IO, SD_EVENT_ON, user, ret);

	source->fd = fd;
	source->events = events;
	source->call.io = callback;
	return 0;
}

int sd_event_add_time(sd_event *loop, sd_event_source **ret, clockid_t clock, uint64_t at_us,
	uint64_t accuracy_us, sd_event_time_handler_t callback, void *user)
{
	sd_event_source *source = add(loop, KIND_TIME, SD_EVENT_ONESHOT, user, ret);

	source->at_us = at_us;
	source->call.time = callback;
	return 0;
}

int sd_event_add_time_relative(sd_event *loop, sd_event_source **ret, clockid_t clock,
	uint64_t in_us, uint64_t accuracy_us, sd_event_time_handler_t callback, void *user)
{
	return sd_event_add_time(
		loop, ret, clock, (uint64_t)now_us + in_us, accuracy_us, callback, user);
}

int sd_event_add_defer(
	sd_event *loop, sd_event_source **ret, sd_event_handler_t callback, void *user)
{
	add(loop, KIND_DEFER, SD_EVENT_ONESHOT, user, ret)->call.defer = callback;
	return 0;
}

sd_event_source *sd_event_source_ref(sd_event_source *source)
{
	source->references++;
	return source;
}

sd_event_source *sd_event_source_unref(sd_event_source *source)
{
	sd_event *loop;

	if (!source || --source->references > 0)
		return NULL;
	loop = source->loop;
	for (size_t i = 0; i < loop->n; i++)
		if (loop->source[i] == source)
			loop->source[i] = loop->source[--loop->n];
	free(source);
	return NULL;
}

sd_event_source *sd_event_source_disable_unref(sd_event_source *source)
{
	if (source)
		source->enabled = SD_EVENT_OFF;
	return sd_event_source_unref(source);
}

int sd_event_source_set_enabled(sd_event_source *source, int enabled)
{
	source->enabled = enabled;
	return 0;
}

int sd_event_source_set_time(sd_event_source *source, uint64_t at_us)
{
	source->at_us = at_us;
	return 0;
}

int sd_event_source_set_time_relative(sd_event_source *source, uint64_t in_us)
{
	return sd_event_source_set_time(source, (uint64_t)now_us + in_us);
}

int sd_event_source_set_io_events(sd_event_source *source, uint32_t events)
{
	source->events = events;
	return 0;
}

int sd_event_source_set_priority(sd_event_source *source, int64_t priority)
{
	return 0;
}

int sd_event_source_set_description(sd_event_source *source, const char *description)
{
	return 0;
}

void *sd_event_source_set_userdata(sd_event_source *source, void *user)
{
	void *before = source->user;

	source->user = user;
	return before;
}

void *sd_event_source_get_userdata(sd_event_source *source)
{
	return source->user;
}

static uint32_t readiness(const sd_event_source *source)
{
	struct pollfd p = {.fd = source->fd, .events = (short)source->events};

	return poll(&p, 1, 0) > 0 ? (uint32_t)p.revents : 0;
}

static bool is_ready(const sd_event_source *source)
{
	if (source->enabled == SD_EVENT_OFF)
		return false;
	return source->kind == KIND_IO     ? readiness(source) != 0
	       : source->kind == KIND_TIME ? source->at_us <= (uint64_t)now_us
					   : true;
}

static sd_event_source *pick(const sd_event *loop)
{
	for (size_t i = 0; i < loop->n; i++)
		if (is_ready(loop->source[i]))
			return loop->source[i];
	return NULL;
}

static void dispatch(sd_event_source *source)
{
	sd_event_source_ref(source);
	if (source->enabled == SD_EVENT_ONESHOT)
		source->enabled = SD_EVENT_OFF;
	if (source->kind == KIND_IO)
		source->call.io(source, source->fd, readiness(source), source->user);
	else if (source->kind == KIND_TIME)
		source->call.time(source, source->at_us, source->user);
	else
		source->call.defer(source, source->user);
	sd_event_source_unref(source);
}

static void settle(sd_event *loop)
{
	sd_event_source *source;
	unsigned turns = 0;

	while ((source = pick(loop))) {
		if (++turns > TURNS_MAX)
			complain("no rest");
		dispatch(source);
	}
}

static int64_t next_us(const sd_event *loop)
{
	uint64_t next = INT64_MAX;

	for (size_t i = 0; i < loop->n; i++)
		if (loop->source[i]->kind == KIND_TIME &&
			loop->source[i]->enabled != SD_EVENT_OFF && loop->source[i]->at_us < next)
			next = loop->source[i]->at_us;
	return (int64_t)next;
}

void virtual_event_advance(sd_event *loop, int64_t until_us)
{
	settle(loop);
	while (next_us(loop) <= until_us) {
		now_us = next_us(loop);
		settle(loop);
	}
	if (until_us > now_us)
		now_us = until_us;
}
