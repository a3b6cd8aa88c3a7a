// SPDX-License-Identifier: MIT
#include "coxad/flow/gateway.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/hash.h"
#include "coxad/base/units.h"
#include "coxad/flow/gateway-health.h"
#include "coxad/flow/gateway-history.h"
#include "coxad/flow/gateway-inventory.h"
#include "daemon/flow/gateway-command.h"
#include "daemon/flow/gateway-deliver.h"
#include "daemon/flow/gateway-memory.h"
#include "daemon/flow/gateway-retained.h"
#include "daemon/flow/gateway-stats.h"
#include "daemon/flow/gateway-status.h"
#include "daemon/flow/gateway-watch-private.h"
#include "daemon/flow/gateway-wearable.h"
#include "daemon/flow/intake-status.h"

/* A stage that does not get past its own deadline is a bug of ours, but must not stop time. */
#define ROUNDS_AT_ONE_INSTANT_MAX 64

static void on_result(void *user, int64_t now_us, const struct result *result)
{
	struct gateway *g = user;

	if (result->kind == RESULT_POSTURE)
		g->count.postures++;
	gateway_deliver_result(g, result);
}

static int on_order(void *user, unsigned wearable, enum driver_order_kind order, unsigned argument)
{
	struct gateway *g = user;
	struct gateway_wearable *w = &g->wearable[wearable];
	enum wearable_state state = intake_state(w->intake);
	struct driver_step step;
	unsigned n = 0;
	int r = 0;

	if (state == WEARABLE_STATE_ABSENT || state == WEARABLE_STATE_QUARANTINED)
		return -ENOTCONN;
	for (; r >= 0 && intake_order(w->intake, order, argument, n, &step) > 0; n++)
		r = g->ops->write ? g->ops->write(g->user, wearable, &step) : 0;
	return n ? r : -ENOTSUP;
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
	g->is_removal_told = settings->is_removal_told;
	g->next_stats_us = T_NEVER;
	if (settings->run)
		snprintf(g->run, sizeof(g->run), "%s", settings->run);
	g->retained = retained_new();
	for (unsigned i = 0; i < g->conf->n_wearables; i++)
		gateway_wearable_make(g, i);
	return g;
}

struct gateway *gateway_free(struct gateway *g)
{
	if (!g)
		return NULL;
	for (unsigned i = 0; i < CONF_WEARABLES_MAX; i++)
		intake_free(g->wearable[i].intake);
	gateway_memory_forget(g);
	gateway_history_done(g);
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
	gateway_status_publish(g, true);
	gateway_status_publish_discovery(g);
	gateway_inventory_changed(g);
	gateway_inventory_advance(g);
	for (unsigned i = 0; i < g->conf->n_wearables; i++)
		gateway_wearable_publish(&g->wearable[i]);
	gateway_health_advance(g);
	pipeline_start(g->pipeline, g->now_us);
	if (g->conf->mqtt.stats_interval_s > 0)
		g->next_stats_us = g->now_us + (int64_t)(g->conf->mqtt.stats_interval_s * US_PER_S);
	gateway_wearable_advance_all(g); /* finds the first deadline */
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
		gateway_wearable_event(g, event);
		break;
	case CAPTURE_COMMAND:
		gateway_command_take(g, event, reply_to);
		break;
	case CAPTURE_WALL:
		wall_clock_set(&g->clock, event->t_us, event->wall_us);
		gateway_memory_keep_clock(g);
		break;
	case CAPTURE_CONFIG: /* gateway-reconfigure.h */
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
	t = gateway_inventory_deadline(g);
	if (t < next)
		next = t;
	t = gateway_watch_deadline(g);
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
		gateway_wearable_advance_all(g);
	gateway_health_advance(g);
	gateway_inventory_advance(g);
	pipeline_advance(g->pipeline, g->now_us);
	gateway_watch_advance(g);
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
	gateway_status_publish(g, false);
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

void gateway_adapters_changed(struct gateway *g, int64_t now_us)
{
	if (!g->encoder)
		return;
	gateway_advance(g, now_us);
	gateway_status_publish(g, true);
}

void gateway_problem(
	struct gateway *g, int64_t now_us, unsigned wearable, enum wearable_problem problem)
{
	if (!g->encoder || g->conf->wearable[wearable].is_gone)
		return;
	gateway_advance(g, now_us);
	intake_status_note_link(g->wearable[wearable].intake, now_us, problem);
	gateway_wearable_note_deadline(&g->wearable[wearable]);
	gateway_advance(g, now_us);
}
