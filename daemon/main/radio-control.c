// SPDX-License-Identifier: MIT
#include "config.h"

#include "daemon/main/radio-control.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "coxad/loop/clock.h"
#include "daemon/main/log-on-command.h"
#include "daemon/main/scan-on-command.h"

#define RUN "radio" /* of messages that have no numbers */

/* --- what it tells --- */

static void begin_messages(struct radio *r)
{
	r->clock = (struct wall_clock){0};
	wall_clock_set(&r->clock, clock_now_us(), clock_wall_us());
}

static void visit_status(
	struct radio *r, struct message_encoder *encoder, control_visit_fn visit, void *visitor)
{
	const char *adapters[RADIO_STATUS_ADAPTERS_MAX];
	struct gateway_status status = {.is_online = true,
		.since_us = r->started_us,
		.version = PACKAGE_VERSION,
		.adapters = adapters};
	struct message message;

	if (r->source)
		status.n_adapters =
			source_bluez_adapters(r->source, adapters, RADIO_STATUS_ADAPTERS_MAX);
	if (message_encode_status(encoder, clock_now_us(), &status, &message) == 0)
		visit(visitor, &message);
	if (message_encode_health(encoder, clock_now_us(), &r->health, &message) == 0)
		visit(visitor, &message);
}

static void visit_wearables(
	struct radio *r, struct message_encoder *encoder, control_visit_fn visit, void *visitor)
{
	for (unsigned i = 0; i < r->conf->n_wearables; i++) {
		struct wearable_result status;
		struct message message;

		if (r->conf->wearable[i].is_gone || r->conf->wearable[i].kit == CONF_NO_KIT)
			continue;
		radio_station_status(r->station, i, clock_now_us(), &status);
		if (message_encode(encoder, clock_now_us(),
			    &(struct result){RESULT_WEARABLE, .wearable = &status}, &message) == 0)
			visit(visitor, &message);
	}
}

static void on_states(void *user, control_visit_fn visit, void *visitor)
{
	struct radio *r = user;
	struct message_encoder *encoder;

	begin_messages(r);
	encoder = message_encoder_new(r->conf, &r->clock, RUN, 1);
	visit_status(r, encoder, visit, visitor);
	visit_wearables(r, encoder, visit, visitor);
	message_encoder_free(encoder);
}

static void on_command(void *user, const struct command_request *request)
{
	struct radio *r = user;
	struct message_encoder *encoder;
	struct command_reply reply = {0};
	const char *slash = strrchr(request->topic, '/');
	struct message message;

	begin_messages(r);
	encoder = message_encoder_new(r->conf, &r->clock, RUN, 1);
	command_refuse(&reply, COMMAND_ERROR_NOT_SUPPORTED,
		"this is a radio, which knows no kits and athletes; ask the brain of the site");
	if (message_encode_reply(encoder, clock_now_us(), slash ? slash + 1 : request->topic,
		    &reply, &message) == 0) {
		message.reply_to = request->reply_to;
		control_reply(r->control, &message);
	}
	message_encoder_free(encoder);
}

/* --- what it does --- */

static bool on_is_safe(void *user)
{
	const struct radio *r = user;

	return history_persister_is_safe(r->memory);
}

static int on_reload(void *user,
	void (*each)(void *each_user, const char *name, const char *reason), void *each_user)
{
	struct radio *r = user;

	return r->reload(r, each, each_user);
}

static int on_log_level(void *user, const char *level)
{
	return log_on_command_level(level);
}

static int on_trace(void *user, const char *topics)
{
	const struct radio *r = user;

	return log_on_command_trace(r->options->tracer, topics);
}

static char *on_scan(void *user, unsigned seconds)
{
	const struct radio *r = user;

	return r->source ? scan_on_command(r->source, seconds) : NULL;
}

static int on_pair(
	void *user, const char *who, unsigned seconds, char ret_why[static CONTROL_WHY_SIZE])
{
	struct radio *r = user;

	return pair_on_command_begin(&r->pair, who, seconds, ret_why);
}

static int on_pair_answer(void *user, const char *answer)
{
	struct radio *r = user;

	return pair_on_command_answer(&r->pair, answer);
}

static void on_pair_cancel(void *user)
{
	struct radio *r = user;

	pair_on_command_cancel(&r->pair);
}

/* --- what is for the brain --- */

static int on_requeue(void *user)
{
	return 0;
}

static char *on_export(void *user, const char *athlete)
{
	return NULL;
}

static int on_hold(void *user, char (*address)[ADDRESS_SIZE], size_t n, unsigned seconds)
{
	return -EOPNOTSUPP;
}

static char *on_held(void *user)
{
	return NULL;
}

static int on_identify(void *user, const char *address, unsigned seconds)
{
	return -EOPNOTSUPP;
}

static int on_record(void *user, int fd)
{
	close(fd);
	return -EOPNOTSUPP;
}

static void on_record_end(void *user)
{
}

static int on_backup(void *user)
{
	return -EOPNOTSUPP;
}

static int on_erase(void *user, const char *athlete, char ret_why[static CONTROL_WHY_SIZE])
{
	snprintf(ret_why, CONTROL_WHY_SIZE, "this is a radio, which keeps nothing about athletes");
	return -EOPNOTSUPP;
}

static const struct control_ops ops = {
	.command = on_command,
	.is_safe = on_is_safe,
	.states = on_states,
	.reload = on_reload,
	.requeue = on_requeue,
	.log_level = on_log_level,
	.trace = on_trace,
	.export = on_export,
	.scan = on_scan,
	.hold = on_hold,
	.held = on_held,
	.identify = on_identify,
	.pair = on_pair,
	.pair_answer = on_pair_answer,
	.pair_cancel = on_pair_cancel,
	.record = on_record,
	.record_end = on_record_end,
	.backup = on_backup,
	.erase = on_erase,
};

int radio_control_start(struct radio *r, radio_control_reload *reload)
{
	r->reload = reload;
	r->pair = (struct pair_on_command){&r->control, &r->source, r->conf, ""};
	return control_new(loop_event(r->loop), r->conf, &ops, r, &r->control);
}

void radio_control_stop(struct radio *r)
{
	r->control = control_free(r->control);
}
