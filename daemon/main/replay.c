// SPDX-License-Identifier: MIT
#include "daemon/main/replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/flow/gateway.h"
#include "coxad/store/history-persister.h"
#include "coxad/mqtt/sink-lines.h"
#include "coxad/store/source-replay.h"
#include "daemon/main/replay-event.h"
#include "daemon/main/replay-logbook.h"

struct replay {
	struct replay_event to;
	struct gateway *gateway;
	struct source_replay *source;
	struct sink_lines *sink;
	struct history_persister *history; /* NULL: nothing is remembered */
	struct replay_logbook logbook;
	int64_t last_us;
	int sink_error; /* -errno of standard output, 0: none */
};

static void on_message(void *user, const struct message *message)
{
	struct replay *r = user;

	if (r->sink_error == 0)
		r->sink_error = sink_lines_push(r->sink, message);
}

static void on_remember(
	void *user, enum history_kind kind, const char *name, const char *text, size_t size)
{
	struct replay *r = user;

	if (r->history)
		history_persister_put(r->history, kind, name, text, size);
}

static char *on_recall(void *user, enum history_kind kind, const char *name)
{
	struct replay *r = user;

	return r->history ? alloc_text(history_persister_get(r->history, kind, name)) : NULL;
}

static void on_enter(void *user, const struct logbook_entry *entry)
{
	struct replay *r = user;

	replay_logbook_enter(&r->logbook, entry);
}

static int on_ask(void *user, uint64_t question, const struct logbook_query *query)
{
	struct replay *r = user;

	return replay_logbook_ask(&r->logbook, question, query);
}

static void restore(
	void *user, enum history_kind kind, const char *name, const char *text, size_t size)
{
	gateway_restore(user, kind, name, text, size);
}

static const struct gateway_ops gateway_ops = {
	.message = on_message,
	.remember = on_remember,
	.recall = on_recall,
	.enter = on_enter,
	.ask = on_ask,
};

static int play(struct replay *r)
{
	struct capture_event event;
	int more;

	while ((more = source_replay_next(r->source, &event)) > 0) {
		r->last_us = event.t_us;
		more = replay_event_take(&r->to, &event);
		if (more < 0)
			break;
		/* Each event is committed like a turn of the live loop. */
		if (r->history)
			history_persister_settle(r->history);
		if (r->sink_error < 0)
			return -1;
	}
	if (more < 0)
		fprintf(stderr, "coxad: %s\n", source_replay_error(r->source));
	gateway_input_ended(r->gateway);
	/* What came before a damaged line is still judged to its end. */
	while (gateway_is_pending(r->gateway)) {
		int64_t due = gateway_deadline(r->gateway);

		if (due == T_NEVER)
			break;
		gateway_advance(r->gateway, due);
		r->last_us = due > r->last_us ? due : r->last_us;
	}
	gateway_finish(r->gateway, r->last_us, false);
	return more;
}

static int open_history(const struct options *options, struct replay *replay)
{
	struct history_persister_options history = {.directory = options->state};
	int r = options->state ? history_persister_new(&history, &replay->history) : 0;

	if (r >= 0 && replay->history)
		r = history_persister_error(replay->history);
	return r < 0 ? r : replay_logbook_open(&replay->logbook, options->state);
}

int replay_run(const struct options *options, struct conf *conf)
{
	struct gateway_settings settings = {
		.conf = conf, .first_seq = 1, .tracer = options->tracer};
	struct replay r = {0};
	int error, status = EXIT_FAILURE;

	error = source_replay_new(options->replay, &r.source);
	if (error < 0) {
		fprintf(stderr, "coxad: %s: %s\n", options->replay, strerror(-error));
		return EXIT_FAILURE;
	}
	error = open_history(options, &r);
	if (error < 0) {
		fprintf(stderr, "coxad: %s: %s\n", options->state ? options->state : "cannot start",
			strerror(-error));
		goto out;
	}
	r.sink = sink_lines_new(stdout, false);
	r.gateway = r.logbook.gateway = gateway_new(&settings, &gateway_ops, &r);
	r.to = (struct replay_event){r.gateway, r.source, conf};
	if (r.history)
		history_persister_each(r.history, restore, r.gateway);
	status = play(&r) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
	error = sink_lines_flush(r.sink);
	if (error < 0) {
		fprintf(stderr, "coxad: standard output: %s\n", strerror(-error));
		status = EXIT_FAILURE;
	}
out:
	gateway_free(r.gateway);
	sink_lines_free(r.sink);
	history_persister_free(r.history, 0);
	replay_logbook_close(&r.logbook);
	source_replay_free(r.source);
	return status;
}
