// SPDX-License-Identifier: MIT
#include "daemon/main/replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/units.h"
#include "coxad/flow/gateway.h"
#include "coxad/store/history-store.h"
#include "coxad/mqtt/sink-lines.h"
#include "coxad/store/source-replay.h"

struct replay {
	struct gateway *gateway;
	struct source_replay *source;
	struct sink_lines *sink;
	struct history_store *history; /* NULL: nothing is remembered */
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
		history_store_put(r->history, kind, name, text, size);
}

static char *on_recall(void *user, enum history_kind kind, const char *name)
{
	struct replay *r = user;
	char *text = NULL;

	if (r->history)
		history_store_get(r->history, kind, name, &text);
	return text;
}

static void restore(
	void *user, enum history_kind kind, const char *name, const char *text, size_t size)
{
	gateway_restore(user, kind, name, text, size);
}

static const struct gateway_ops gateway_ops = {
	.message = on_message, .remember = on_remember, .recall = on_recall};

static int play(struct replay *r)
{
	struct capture_event event;
	int more;

	while ((more = source_replay_next(r->source, &event)) > 0) {
		r->last_us = event.t_us;
		gateway_event(r->gateway, &event, NULL);
		/* Each event is committed like a turn of the live loop. */
		if (r->history)
			history_store_commit(r->history);
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

int replay_run(const struct options *options, const struct conf *conf)
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
	if (options->state && (error = history_store_open(options->state, &r.history)) < 0) {
		fprintf(stderr, "coxad: %s: %s\n", options->state, strerror(-error));
		goto out;
	}
	r.sink = sink_lines_new(stdout, false);
	r.gateway = gateway_new(&settings, &gateway_ops, &r);
	if (r.history)
		history_store_each(r.history, restore, r.gateway);
	status = play(&r) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
	error = sink_lines_flush(r.sink);
	if (error < 0) {
		fprintf(stderr, "coxad: standard output: %s\n", strerror(-error));
		status = EXIT_FAILURE;
	}
out:
	gateway_free(r.gateway);
	sink_lines_free(r.sink);
	history_store_free(r.history);
	source_replay_free(r.source);
	return status;
}
