// SPDX-License-Identifier: MIT
#include "config.h"

#include "coxad/flow/gateway.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/hash.h"
#include "coxad/base/units.h"
#include "coxad/drivers/driver-list.h"
#include "coxad/flow/gateway-health.h"
#include "coxad/flow/pipeline-command.h"
#include "coxad/wire/message-home-assistant.h"
#include "daemon/flow/gateway-deliver.h"
#include "daemon/flow/gateway-flood.h"
#include "daemon/flow/gateway-memory.h"
#include "daemon/flow/gateway-retained.h"
#include "daemon/flow/gateway-stats.h"
#include "daemon/flow/intake-status.h"

/* A wearable's status is published when it changes, at most once a second. */
#define STATUS_INTERVAL_US US_PER_S
#define ADAPTERS_MAX       16
/* A stage that does not get past its own deadline is a bug of ours, but must not stop time. */
#define ROUNDS_AT_ONE_INSTANT_MAX 64

static void publish(struct gateway *g, const struct result *result)
{
	struct message message;

	if (message_encode(g->encoder, g->now_us, result, &message) == 0)
		gateway_deliver(g, &message);
}

static void publish_gateway_status(struct gateway *g, bool is_online)
{
	const char *adapters[ADAPTERS_MAX];
	struct gateway_status status = {
		.is_online = is_online,
		.since_us = g->started_us,
		.version = PACKAGE_VERSION,
		.adapters = adapters,
		.n_adapters =
			g->ops->adapters ? g->ops->adapters(g->user, adapters, ADAPTERS_MAX) : 0,
	};
	struct message message;

	if (message_encode_status(g->encoder, g->now_us, &status, &message) == 0)
		gateway_deliver(g, &message);
}

static void publish_wearable(struct gateway_wearable *w)
{
	struct gateway *g = w->gateway;
	struct wearable_result status;

	intake_status(w->intake, g->now_us, &status);
	w->is_dirty = false;
	w->next_status_us = g->now_us + STATUS_INTERVAL_US;
	publish(g, &(struct result){RESULT_WEARABLE, .wearable = &status});
}

static int64_t wearable_deadline(const struct gateway_wearable *w)
{
	int64_t next = intake_deadline(w->intake);

	return w->is_dirty && w->next_status_us < next ? w->next_status_us : next;
}

static void note_deadline(const struct gateway_wearable *w)
{
	int64_t t = wearable_deadline(w);

	if (t < w->gateway->wearables_due_us)
		w->gateway->wearables_due_us = t;
}

static void on_changed(void *user, unsigned index, bool is_state)
{
	struct gateway_wearable *w = user;
	struct gateway *g = w->gateway;
	const struct driver *driver = intake_driver(w->intake);
	uint32_t streams = intake_info(w->intake)->streams;

	w->is_dirty = true;
	note_deadline(w);
	if (!is_state)
		return;
	if (streams == 0 && driver)
		streams = driver->streams;
	pipeline_wearable(g->pipeline, g->now_us, index, intake_state(w->intake), streams);
}

static void on_record(void *user, const struct record *record)
{
	struct gateway_wearable *w = user;
	struct gateway *g = w->gateway;

	if (record->kind == RECORD_MOTION)
		g->count.samples += record->motion.n;
	else if (record->kind == RECORD_ORIENTATION)
		g->count.samples += record->orientation.n;
	else if (record->kind == RECORD_POP)
		g->count.pops++;
	else if (record->kind == RECORD_SYMPTOM)
		g->count.symptoms++;
	if (record->kind == RECORD_POP || record->kind == RECORD_INFO)
		w->remember_us = 0;
	pipeline_record(g->pipeline, g->now_us, record);
	gateway_flood_check(w);
}

static const struct intake_ops intake_ops = {.record = on_record, .changed = on_changed};

static void on_result(void *user, int64_t now_us, const struct result *result)
{
	struct gateway *g = user;

	if (result->kind == RESULT_POSTURE)
		g->count.postures++;
	publish(g, result);
}

static int on_order(void *user, unsigned wearable, enum driver_order_kind order, unsigned argument)
{
	struct gateway *g = user;
	struct gateway_wearable *w = &g->wearable[wearable];
	enum wearable_state state = intake_state(w->intake);
	struct driver_step step;

	if (state == WEARABLE_STATE_ABSENT || state == WEARABLE_STATE_QUARANTINED)
		return -ENOTCONN;
	if (intake_order(w->intake, order, argument, &step) <= 0)
		return -ENOTSUP;
	return g->ops->write ? g->ops->write(g->user, wearable, &step) : 0;
}

static void on_sensor_problem(void *user, unsigned wearable, enum wearable_problem problem)
{
	struct gateway *g = user;

	intake_status_note_sensor(g->wearable[wearable].intake, problem);
}

static const struct pipeline_ops pipeline_ops = {
	.result = on_result,
	.order = on_order,
	.sensor_problem = on_sensor_problem,
	.remember_calibration = gateway_memory_keep_calibration,
	.remember_athlete = gateway_memory_keep_athlete,
	.recall_athlete = gateway_memory_recall_athlete,
};

struct gateway *gateway_new(
	const struct gateway_settings *settings, const struct gateway_ops *ops, void *user)
{
	struct gateway *g = new0(struct gateway);

	g->conf = settings->conf;
	g->ops = ops;
	g->user = user;
	g->first_seq = settings->first_seq;
	g->clock.boot = settings->boot;
	g->tracer = settings->tracer;
	g->has_health = g->is_health_dirty = settings->has_health;
	g->next_stats_us = T_NEVER;
	if (settings->run)
		snprintf(g->run, sizeof(g->run), "%s", settings->run);
	g->retained = retained_new();
	for (unsigned i = 0; i < g->conf->n_wearables; i++) {
		struct gateway_wearable *w = &g->wearable[i];
		const char *driver = g->conf->wearable[i].driver;

		*w = (struct gateway_wearable){.gateway = g, .index = i};
		w->intake = intake_new(i, driver ? driver_list_find(driver) : NULL,
			&g->conf->analysis, &intake_ops, w);
		intake_set_trace(
			w->intake, &(struct trace){settings->tracer, g->conf->wearable[i].name});
	}
	return g;
}

struct gateway *gateway_free(struct gateway *g)
{
	if (!g)
		return NULL;
	for (unsigned i = 0; i < g->conf->n_wearables; i++)
		intake_free(g->wearable[i].intake);
	gateway_memory_forget(g);
	pipeline_free(g->pipeline);
	message_encoder_free(g->encoder);
	retained_free(g->retained);
	free(g);
	return NULL;
}

void gateway_restore(
	struct gateway *g, enum history_kind kind, const char *name, const char *text, size_t size)
{
	gateway_memory_add(g, kind, name, text, size);
}

void gateway_restore_late(
	struct gateway *g, enum history_kind kind, const char *name, const char *text, size_t size)
{
	gateway_memory_add(g, kind, name, text, size);
	if (!g->pipeline)
		return;
	gateway_retained_clear_stale(g);
	gateway_memory_restore(g);
}

/* From the header alone: a recording always gets the same run. */
static void make_run(struct gateway *g, const struct capture_event *header)
{
	uint64_t hash;
	char text[64];

	snprintf(text, sizeof(text), "%" PRId64 " %" PRId64 " ", header->t_us, header->wall_us);
	hash = hash_text(hash_text(HASH_START, text), g->conf->gateway.name);
	snprintf(g->run, sizeof(g->run), "%012" PRIx64, hash & 0xffffffffffffu);
}

static void publish_discovery(struct gateway *g)
{
	struct message message;

	for (unsigned i = 0; g->conf->mqtt.home_assistant && i < g->conf->n_wearables; i++)
		if (message_home_assistant_encode(g->encoder, g->now_us, i, &message) == 0)
			gateway_deliver(g, &message);
}

static void advance_wearables(struct gateway *g)
{
	g->wearables_due_us = T_NEVER;
	for (unsigned i = 0; i < g->conf->n_wearables; i++) {
		struct gateway_wearable *w = &g->wearable[i];

		if (intake_deadline(w->intake) <= g->now_us)
			intake_advance(w->intake, g->now_us);
		if (w->is_dirty && w->next_status_us <= g->now_us)
			publish_wearable(w);
		note_deadline(w);
	}
}

static void begin(struct gateway *g, const struct capture_event *header)
{
	g->now_us = g->started_us = header->t_us;
	if (g->run[0] == '\0' && header->run)
		snprintf(g->run, sizeof(g->run), "%s", header->run);
	if (g->run[0] == '\0')
		make_run(g, header);
	gateway_memory_restore_clock(g, header->wall_us);
	g->encoder = message_encoder_new(g->conf, &g->clock, g->run, g->first_seq);
	g->pipeline = pipeline_new(
		&(struct pipeline_settings){g->conf, g->run, g->tracer}, &pipeline_ops, g);
	gateway_retained_clear_stale(g);
	gateway_memory_restore(g);
	publish_gateway_status(g, true);
	publish_discovery(g);
	for (unsigned i = 0; i < g->conf->n_wearables; i++)
		publish_wearable(&g->wearable[i]);
	gateway_health_advance(g);
	pipeline_start(g->pipeline, g->now_us);
	if (g->conf->mqtt.stats_interval_s > 0)
		g->next_stats_us = g->now_us + (int64_t)(g->conf->mqtt.stats_interval_s * US_PER_S);
	advance_wearables(g); /* finds the first deadline */
}

static void on_command(
	struct gateway *g, const struct capture_event *event, const struct reply_to *reply_to)
{
	static const char prefix[] = "command/";
	const char *verb;
	struct command command;
	struct command_reply reply;
	struct message message;

	/* The broker repeats a retained command at each connection; it was meant for once. */
	if (event->is_retained || strncmp(event->topic, prefix, sizeof(prefix) - 1) != 0)
		return;
	verb = event->topic + sizeof(prefix) - 1;
	g->count.commands++;
	if (command_parse(verb, event->payload, event->payload_size, &command, &reply) == 0 &&
		gateway_flood_admits(g, &command, &reply))
		pipeline_command(g->pipeline, g->now_us, &command, &reply);
	if (reply.error != COMMAND_ERROR_NONE)
		g->count.commands_refused++;
	if (message_encode_reply(g->encoder, g->now_us, verb, &reply, &message) < 0)
		return;
	if (reply_to)
		message.reply_to = *reply_to;
	gateway_deliver(g, &message);
}

static void on_wearable_event(struct gateway *g, const struct capture_event *event)
{
	int index = conf_find_address(g->conf, event->address);
	struct intake *intake;

	if (index < 0) {
		g->count.packets_unknown++;
		return;
	}
	intake = g->wearable[index].intake;
	if (event->kind == CAPTURE_CONNECTED)
		intake_connected(intake, event->t_us, event->mtu);
	else if (event->kind == CAPTURE_DISCONNECTED)
		intake_disconnected(intake, event->t_us);
	else if (event->kind == CAPTURE_RSSI)
		intake_rssi(intake, event->t_us, event->rssi_dbm);
	else
		intake_bytes(intake,
			&(struct driver_input){
				.characteristic = &event->characteristic,
				.origin = event->kind == CAPTURE_READ ? DRIVER_ORIGIN_READ
								      : DRIVER_ORIGIN_NOTIFY,
				.data = event->value,
				.size = event->size,
				.arrival_us = event->t_us,
			});
	gateway_memory_keep_wearable(&g->wearable[index]);
	note_deadline(&g->wearable[index]);
}

void gateway_event(
	struct gateway *g, const struct capture_event *event, const struct reply_to *reply_to)
{
	if (!g->encoder) {
		if (event->kind == CAPTURE_HEADER)
			begin(g, event);
		return;
	}
	gateway_advance(g, event->t_us);
	switch (event->kind) {
	case CAPTURE_HEADER:
		break;
	case CAPTURE_CONNECTED:
	case CAPTURE_READ:
	case CAPTURE_NOTIFY:
	case CAPTURE_DISCONNECTED:
	case CAPTURE_RSSI:
		on_wearable_event(g, event);
		break;
	case CAPTURE_COMMAND:
		on_command(g, event, reply_to);
		break;
	case CAPTURE_WALL:
		wall_clock_set(&g->clock, event->t_us, event->wall_us);
		gateway_memory_keep_clock(g);
		break;
	}
	/* Publishes at once what changed, as far as rates allow. */
	gateway_advance(g, event->t_us);
}

void gateway_input_ended(struct gateway *g)
{
	if (g->encoder)
		pipeline_input_ended(g->pipeline);
}

int64_t gateway_deadline(const struct gateway *g)
{
	int64_t next = g->next_stats_us, t;

	if (!g->encoder)
		return T_NEVER;
	if (g->wearables_due_us < next)
		next = g->wearables_due_us;
	t = gateway_health_deadline(g);
	if (t < next)
		next = t;
	t = pipeline_deadline(g->pipeline);
	return t < next ? t : next;
}

static void advance_to(struct gateway *g, int64_t t_us)
{
	if (t_us > g->now_us)
		g->now_us = t_us;
	if (g->wearables_due_us <= g->now_us)
		advance_wearables(g);
	gateway_health_advance(g);
	pipeline_advance(g->pipeline, g->now_us);
	if (g->next_stats_us <= g->now_us) {
		gateway_stats_publish(g);
		g->next_stats_us += (int64_t)(g->conf->mqtt.stats_interval_s * US_PER_S);
	}
}

void gateway_advance(struct gateway *g, int64_t now_us)
{
	int64_t due, last = INT64_MIN;
	unsigned rounds = 0;

	if (!g->encoder)
		return;
	while ((due = gateway_deadline(g)) <= now_us) {
		rounds = due == last ? rounds + 1 : 0;
		if (rounds > ROUNDS_AT_ONE_INSTANT_MAX)
			break;
		last = due;
		advance_to(g, due);
	}
	if (now_us > g->now_us)
		g->now_us = now_us;
}

bool gateway_is_pending(const struct gateway *g)
{
	return g->encoder && pipeline_is_pending(g->pipeline);
}

void gateway_finish(struct gateway *g, int64_t now_us, bool keep_sessions)
{
	if (!g->encoder)
		return;
	gateway_advance(g, now_us);
	pipeline_finish(g->pipeline, g->now_us, keep_sessions);
	publish_gateway_status(g, false);
}

int gateway_plan(struct gateway *g, unsigned wearable, const struct driver_peer *peer,
	enum driver_plan plan, unsigned index, struct driver_step *ret)
{
	return intake_plan(g->wearable[wearable].intake, peer, plan, index, ret);
}

const struct driver *gateway_driver(const struct gateway *g, unsigned wearable)
{
	return intake_driver(g->wearable[wearable].intake);
}

static void send_again(void *user, const struct message *message)
{
	struct gateway *g = user;

	g->ops->message(g->user, message);
}

void gateway_each_state(const struct gateway *g,
	void (*visit)(void *user, const struct message *message), void *user)
{
	retained_each(g->retained, visit, user);
}

void gateway_republish(struct gateway *g)
{
	retained_each(g->retained, send_again, g);
}

void gateway_reconfigured(struct gateway *g, int64_t now_us)
{
	if (!g->encoder)
		return;
	gateway_advance(g, now_us);
	g->next_stats_us =
		g->conf->mqtt.stats_interval_s > 0
			? g->now_us + (int64_t)(g->conf->mqtt.stats_interval_s * US_PER_S)
			: T_NEVER;
	publish_gateway_status(g, true);
}

void gateway_adapters_changed(struct gateway *g, int64_t now_us)
{
	if (!g->encoder)
		return;
	gateway_advance(g, now_us);
	publish_gateway_status(g, true);
}

void gateway_problem(
	struct gateway *g, int64_t now_us, unsigned wearable, enum wearable_problem problem)
{
	if (!g->encoder)
		return;
	gateway_advance(g, now_us);
	intake_status_note_link(g->wearable[wearable].intake, now_us, problem);
	note_deadline(&g->wearable[wearable]);
	gateway_advance(g, now_us);
}
