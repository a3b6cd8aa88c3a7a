// SPDX-License-Identifier: MIT
#include "daemon/main/pace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/units.h"
#include "coxad/flow/gateway.h"
#include "coxad/loop/clock.h"
#include "coxad/loop/loop.h"
#include "coxad/mqtt/sink-lines.h"
#include "coxad/mqtt/sink-mqtt.h"
#include "coxad/store/source-replay.h"
#include "daemon/main/replay-event.h"
#include "daemon/main/replay-logbook.h"

#define FLUSH_US (3 * US_PER_S)

struct pace {
	struct loop *loop;
	struct replay_event to;
	struct gateway *gateway;
	struct source_replay *source;
	struct sink_mqtt *mqtt; /* NULL: lines */
	struct sink_lines *lines;
	sd_event_source *timer;
	struct capture_event next; /* waits for its time */
	bool has_next;
	bool has_begun;
	struct replay_logbook logbook; /* in memory */
	int64_t shift_us;              /* from the capture's time to this machine's */
	int status;
};

static void on_message(void *user, const struct message *message)
{
	struct pace *p = user;

	if (p->mqtt)
		sink_mqtt_push(p->mqtt, message);
	else if (sink_lines_push(p->lines, message) < 0)
		loop_stop(p->loop); /* reported at the end */
}

static void on_enter(void *user, const struct logbook_entry *entry)
{
	struct pace *p = user;

	replay_logbook_enter(&p->logbook, entry);
}

static int on_ask(void *user, uint64_t question, const struct logbook_query *query)
{
	struct pace *p = user;

	return replay_logbook_ask(&p->logbook, question, query);
}

static const struct gateway_ops gateway_ops = {
	.message = on_message, .enter = on_enter, .ask = on_ask};

/* The recording has commands of its own; the broker's are meant for a live run. */
static void on_command(void *user, const struct command_request *request)
{
}

static void on_online(void *user)
{
	struct pace *p = user;

	gateway_republish(p->gateway);
}

static const struct sink_mqtt_ops sink_ops = {.command = on_command, .online = on_online};

static void fail(struct pace *p)
{
	fprintf(stderr, "coxad: %s\n", source_replay_error(p->source));
	p->status = EXIT_FAILURE;
	p->has_next = false;
}

static void fetch(struct pace *p)
{
	int r = source_replay_next(p->source, &p->next);

	p->has_next = r > 0;
	if (r < 0)
		fail(p);
	if (!p->has_next)
		return;
	if (!p->has_begun)
		p->shift_us = clock_now_us() - p->next.t_us;
	p->has_begun = true;
	p->next.t_us += p->shift_us;
}

static int64_t next_due(const struct pace *p)
{
	int64_t due = gateway_deadline(p->gateway);

	if (p->has_next)
		return p->next.t_us < due ? p->next.t_us : due;
	return gateway_is_pending(p->gateway) ? due : T_NEVER;
}

static int on_timer(sd_event_source *source, uint64_t usec, void *user)
{
	struct pace *p = user;
	int64_t now = clock_now_us(), due;

	while (p->has_next && p->next.t_us <= now) {
		if (replay_event_take(&p->to, &p->next) < 0)
			fail(p);
		else
			fetch(p);
	}
	if (!p->has_next)
		gateway_input_ended(p->gateway);
	gateway_advance(p->gateway, now);
	due = next_due(p);
	if (due == T_NEVER) {
		loop_stop(p->loop);
		return 0;
	}
	sd_event_source_set_time(source, due > 0 ? (uint64_t)due : 0);
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static void on_terminate(void *user)
{
	struct pace *p = user;

	loop_stop(p->loop);
}

static void on_reload(void *user)
{
}

static const struct loop_ops loop_ops = {.terminate = on_terminate, .reload = on_reload};

static int open_sink(struct pace *p, const struct options *options, const struct conf *conf)
{
	struct sink_mqtt_options sink = {
		.tracer = options->tracer, .conf = conf, .state_directory = options->state};

	if (!conf->mqtt.broker || options->print) {
		p->lines = sink_lines_new(stdout, true);
		return 0;
	}
	return sink_mqtt_new(loop_event(p->loop), &sink, &sink_ops, p, &p->mqtt);
}

static int run(struct pace *p, const struct options *options, struct conf *conf)
{
	struct gateway_settings settings = {.conf = conf, .tracer = options->tracer};
	bool is_known;
	int r = loop_new(&loop_ops, p, &p->loop);

	if (r < 0)
		return r;
	r = open_sink(p, options, conf);
	if (r < 0)
		return r;
	r = source_replay_new(options->replay, &p->source);
	if (r < 0)
		return r;
	settings.first_seq =
		p->mqtt && options->state ? sink_mqtt_first_seq(p->mqtt, &is_known) : 1;
	r = replay_logbook_open(&p->logbook, NULL);
	if (r < 0)
		return r;
	p->gateway = p->logbook.gateway = gateway_new(&settings, &gateway_ops, p);
	p->to = (struct replay_event){p->gateway, p->source, conf};
	fetch(p);
	r = sd_event_add_time(
		loop_event(p->loop), &p->timer, CLOCK_MONOTONIC, 0, 1000, on_timer, p);
	if (r < 0)
		return r;
	r = loop_run(p->loop);
	gateway_finish(p->gateway, clock_now_us(), false);
	if (p->mqtt)
		sink_mqtt_flush(p->mqtt, FLUSH_US);
	return r;
}

int pace_run(const struct options *options, struct conf *conf)
{
	struct pace p = {.status = EXIT_SUCCESS};
	int r = run(&p, options, conf);

	if (r < 0) {
		fprintf(stderr, "coxad: %s: %s\n", options->replay, strerror(-r));
		p.status = EXIT_FAILURE;
	}
	sd_event_source_disable_unref(p.timer);
	gateway_free(p.gateway);
	replay_logbook_close(&p.logbook);
	source_replay_free(p.source);
	sink_mqtt_free(p.mqtt);
	if (p.lines && sink_lines_flush(p.lines) < 0)
		p.status = EXIT_FAILURE;
	sink_lines_free(p.lines);
	loop_free(p.loop);
	return p.status;
}
