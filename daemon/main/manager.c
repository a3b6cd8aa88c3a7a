// SPDX-License-Identifier: MIT
#include "config.h"

#include "daemon/main/manager.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/flow/gateway-health.h"
#include "coxad/loop/clock.h"
#include "coxad/loop/notify.h"
#include "daemon/main/adapter-silence.h"
#include "daemon/main/check-config.h"
#include "daemon/main/manager-adopt.h"
#include "daemon/main/manager-backup.h"
#include "daemon/main/manager-broker.h"
#include "daemon/main/manager-control.h"
#include "daemon/main/manager-erase.h"
#include "daemon/main/manager-fleet.h"
#include "daemon/main/manager-fleet-gauges.h"
#include "daemon/main/manager-logbook.h"
#include "daemon/main/manager-memory.h"
#include "daemon/main/manager-numbers.h"
#include "daemon/main/manager-private.h"
#include "daemon/main/manager-record.h"
#include "daemon/main/manager-reload.h"
#include "daemon/main/manager-status.h"
#include "daemon/main/manager-timer.h"
#include "daemon/main/state-directory.h"

#define FLUSH_US (3 * US_PER_S)
/* bluetoothd 5.66 takes 2 to 2.7 s to disconnect. */
#define LINKS_US (3 * US_PER_S)

/* Every event comes through here: first to the recording, then to the gateway. */
static void take(
	struct manager *m, const struct capture_event *received, const struct reply_to *reply_to)
{
	struct capture_event event = *received;

	capture_postpone(&event, m->last_us);
	m->last_us = event.t_us;
	manager_record_put(m, &event);
	gateway_event(m->gateway, &event, reply_to);
	manager_timer_arm(m);
}

static void on_source_event(void *user, const struct capture_event *event)
{
	struct manager *m = user;

	take(m, event, NULL);
	manager_status_count(m, event);
}

/* Six parameters: those of gateway_plan. */
static int on_plan(void *user, unsigned wearable, const struct driver_peer *peer,
	enum driver_plan plan, unsigned index, struct driver_step *ret)
{
	struct manager *m = user;

	return gateway_plan(m->gateway, wearable, peer, plan, index, ret);
}

static const struct driver *on_driver(void *user, unsigned wearable)
{
	struct manager *m = user;

	return gateway_driver(m->gateway, wearable);
}

static void on_problem(void *user, unsigned wearable, enum wearable_problem problem)
{
	struct manager *m = user;

	m->last_us = clock_now_us();
	gateway_problem(m->gateway, m->last_us, wearable, problem);
	manager_timer_arm(m);
}

static void on_adapters_changed(void *user)
{
	struct manager *m = user;

	m->last_us = clock_now_us();
	gateway_adapters_changed(m->gateway, m->last_us);
	manager_timer_arm(m);
}

static void on_health(void *user, const struct health_report *report)
{
	struct manager *m = user;

	if (!m->gateway)
		return; /* told again soon */
	m->last_us = clock_now_us();
	gateway_health_note(m->gateway, m->last_us, report);
	gateway_advance(m->gateway, m->last_us);
	manager_timer_arm(m);
}

static void on_adapter_silence(void *user, const char *address, enum source_bluez_silence silence)
{
	struct adapter_silence told;

	adapter_silence_describe(&told, address, silence);
	on_health(user, &told.report);
}

static const struct source_bluez_ops source_ops = {
	.event = on_source_event,
	.plan = on_plan,
	.driver = on_driver,
	.problem = on_problem,
	.adapters_changed = on_adapters_changed,
	.adapter_silence = on_adapter_silence,
	.health = on_health,
	.trials_changed = manager_adopt_changed,
};

static void on_command(void *user, const struct command_request *request)
{
	struct manager *m = user;

	take(m,
		&(struct capture_event){
			.kind = CAPTURE_COMMAND,
			.t_us = clock_now_us(),
			.topic = request->topic,
			.payload = request->payload,
			.payload_size = request->size,
			.is_retained = request->is_retained,
		},
		&request->reply_to);
}

static void on_online(void *user)
{
	struct manager *m = user;

	m->is_broker_up = true;
	manager_status_report(m);
	gateway_republish(m->gateway);
}

static void on_offline(void *user)
{
	struct manager *m = user;

	m->is_broker_up = false;
	manager_status_report(m);
}

static void on_unsafe(void *user)
{
	manager_numbers_unsafe(user);
}

static void on_removed(void *user, const char *topic)
{
	manager_erase_removed(user, topic);
}

static const struct sink_mqtt_ops sink_ops = {.health = on_health,
	.command = on_command,
	.online = on_online,
	.offline = on_offline,
	.unsafe = on_unsafe,
	.removed = on_removed};

static void on_message(void *user, const struct message *message)
{
	struct manager *m = user;
	int r;

	if (manager_control_message(m, message))
		return;
	if (m->mqtt) {
		manager_numbers_use(m, message->seq);
		sink_mqtt_push(m->mqtt, message);
		return;
	}
	r = sink_lines_push(m->lines, message);
	if (r < 0 && !m->is_stopping) {
		journal_write(LOG_ERR, "coxad", "standard output: %s", strerror(-r));
		m->status = EXIT_FAILURE;
		m->is_stopping = true;
		loop_stop(m->loop);
	}
}

static int on_write(void *user, unsigned wearable, const struct driver_step *step)
{
	struct manager *m = user;

	if (m->fleet)
		return manager_fleet_write(m, wearable, step);
	return m->source ? source_bluez_write(m->source, wearable, step) : -ENOTCONN;
}

static void on_remember(
	void *user, enum history_kind kind, const char *name, const char *text, size_t size)
{
	manager_memory_put(user, kind, name, text, size);
}

static char *on_recall(void *user, enum history_kind kind, const char *name)
{
	return manager_memory_get(user, kind, name);
}

static size_t on_gauges(void *user, struct stat_entry *entries, size_t capacity)
{
	struct manager *m = user;
	size_t n = gauges_read(&m->gauges, entries, capacity);

	n += manager_logbook_gauges(m, entries + n, capacity - n);
	n += manager_record_gauges(m, entries + n, capacity - n);
	n += manager_fleet_gauges(m, entries + n, capacity - n);
	return n + (m->mqtt ? sink_mqtt_gauges(m->mqtt, entries + n, capacity - n) : 0);
}

static size_t on_adapters(void *user, const char **addresses, size_t capacity)
{
	struct manager *m = user;

	return m->source ? source_bluez_adapters(m->source, addresses, capacity) : 0;
}

static const struct gateway_ops gateway_ops = {
	.message = on_message,
	.write = on_write,
	.remember = on_remember,
	.recall = on_recall,
	.enter = manager_logbook_enter,
	.ask = manager_logbook_ask,
	.gauges = on_gauges,
	.adapters = on_adapters,
	.flooded = manager_status_flooded,
};

static void on_bus_opened(void *user)
{
	manager_adopt_recall(user);
}

static int open_bus(struct manager *m)
{
	m->bus = (struct bus_retry){.options = {.loop = loop_event(m->loop),
					    .conf = m->conf,
					    .bluetooth_conf = getenv("COXAD_BLUETOOTH_CONF"),
					    .tracer = m->options->tracer},
		.ops = &source_ops,
		.user = m,
		.source = &m->source,
		.opened = on_bus_opened};
	return bus_retry_start(&m->bus);
}

/* In whole milliseconds, as a capture keeps it: a replay must see the same. */
static int64_t wall_ms_us(void)
{
	return clock_wall_us() / US_PER_MS * US_PER_MS;
}

static void on_wall_set(void *user)
{
	struct manager *m = user;

	journal_write(LOG_NOTICE, "coxad", "the system clock was changed");
	take(m,
		&(struct capture_event){
			.kind = CAPTURE_WALL, .t_us = clock_now_us(), .wall_us = wall_ms_us()},
		NULL);
}

static void on_terminate(void *user)
{
	struct manager *m = user;

	m->is_stopping = true;
	loop_stop(m->loop);
}

static void on_reload(void *user)
{
	manager_reload(user, NULL, NULL);
}

static const struct manager_control_ops control_ops = {.command = on_command};

static const struct loop_ops loop_ops = {.terminate = on_terminate, .reload = on_reload};

static void on_memory_late(
	void *user, enum history_kind kind, const char *name, const char *text, size_t size)
{
	struct manager *m = user;

	manager_memory_late(m, kind, name, text, size);
	if (kind == HISTORY_KIND_RADIO)
		manager_fleet_late(m, name, text, size);
	if (m->gateway)
		manager_timer_arm(m);
}

static void on_memory_changed(void *user)
{
	struct manager *m = user;

	manager_memory_tell(m);
	if (m->gateway)
		manager_timer_arm(m);
}

static const struct manager_memory_ops memory_ops = {.late = on_memory_late,
	.changed = on_memory_changed,
	.begins = manager_fleet_begins,
	.stored = manager_fleet_stored};

static const struct manager_fleet_ops fleet_ops = {
	.event = on_source_event, .problem = on_problem, .health = on_health};

static int open_stores(struct manager *m)
{
	_auto_free_ char *directory = state_directory_of(m->conf);
	int r;

	r = store_thread_new(loop_event(m->loop), &m->store_thread);
	if (r >= 0)
		r = manager_memory_open(m, directory, &memory_ops);
	if (r >= 0)
		r = manager_logbook_open(m, directory);
	if (r >= 0)
		r = manager_memory_start_ahead(m, &memory_ops);
	if (r < 0)
		return r;
	if (m->conf->mqtt.broker && !m->options->print) {
		r = manager_broker_open(m, directory, &sink_ops);
	} else {
		if (directory)
			ahead_read(m->ahead, directory);
		m->lines = sink_lines_new(stdout, true);
	}
	return r < 0 ? r : manager_erase_open(m, directory);
}

static int start_sources(struct manager *m)
{
	int r = manager_timer_start(m);

	if (r < 0)
		return r;
	r = wall_watch_new(loop_event(m->loop), on_wall_set, m, &m->wall);
	if (r < 0)
		return r;
	r = manager_record_start(m);
	if (r < 0)
		return r;
	manager_status_watch(m);
	return 0;
}

static int start(struct manager *m)
{
	struct gateway_settings settings = {
		.conf = m->conf, .run = m->run, .tracer = m->options->tracer, .has_health = true};
	int r = loop_new(&loop_ops, m, &m->loop);

	if (r < 0)
		return r;
	manager_numbers_make_run(m);
	number_mark_open(&m->mark);
	trial_mark_open(&m->trials);
	r = open_stores(m);
	if (r < 0)
		return r;
	r = manager_record_open(m);
	if (r < 0)
		return r;
	r = manager_control_start(m, &control_ops);
	if (r < 0)
		return r;
	settings.boot = clock_boot();
	settings.first_seq = m->mqtt ? manager_numbers_first(m) : 1;
	settings.is_removal_told = m->mqtt != NULL;
	m->gateway = gateway_new(&settings, &gateway_ops, m);
	manager_memory_start(m);
	manager_logbook_tell(m);
	r = start_sources(m);
	if (r < 0)
		return r;
	take(m,
		&(struct capture_event){
			.kind = CAPTURE_HEADER,
			.t_us = clock_now_us(),
			.wall_us = wall_ms_us(),
			.gateway = m->conf->gateway.name,
			.run = m->run,
		},
		NULL);
	if (m->conf->gateway.role == GATEWAY_ROLE_BRAIN)
		return manager_fleet_open(m, &fleet_ops);
	return open_bus(m);
}

static bool links_are_down(void *user)
{
	struct manager *m = user;

	return !m->source || source_bluez_is_stopped(m->source);
}

/* The wearables first: bluetoothd would keep their connections, and the wearables awake and out of
 * reach of another gateway. */
static void stop(struct manager *m)
{
	m->is_stopping = true;
	notify_stopping();
	if (m->source)
		source_bluez_stop(m->source);
	loop_run_until(m->loop, clock_now_us() + LINKS_US, links_are_down, m);
	m->stopped_us = clock_now_us();
	if (m->gateway)
		gateway_finish(m->gateway, m->stopped_us, true);
	ahead_flush(m->ahead, FLUSH_US);
	if (m->mqtt)
		sink_mqtt_flush(m->mqtt, FLUSH_US);
	if (m->lines)
		sink_lines_flush(m->lines);
	manager_fleet_close(m);
	m->source = source_bluez_free(m->source);
}

static void release(struct manager *m)
{
	sd_event_source_disable_unref(m->gateway_timer);
	bus_retry_stop(&m->bus);
	m->recorder_timer = sd_event_source_disable_unref(m->recorder_timer);
	wall_watch_free(m->wall);
	m->source = source_bluez_free(m->source);
	manager_control_stop(m);
	manager_backup_stop(m);
	manager_erase_stop(m);
	manager_fleet_close(m);
	m->gateway = gateway_free(m->gateway);
	sink_mqtt_free(m->mqtt);
	sink_lines_free(m->lines);
	manager_record_free(m);
	link_memory_done(&m->links);
	manager_memory_close(m);
	number_mark_close(&m->mark);
	trial_mark_close(&m->trials);
	loop_free(m->loop);
	conf_free(m->conf);
}

int manager_run(const struct options *options, struct conf *conf)
{
	struct manager m = {.options = options, .conf = conf, .armed_us = INT64_MIN, .mark = {-1}};
	int r = start(&m);

	if (r >= 0) {
		journal_write(LOG_NOTICE, "coxad", "%s started: %zu kits, %zu wearables, run %s",
			PACKAGE_STRING, conf->n_kits, conf->n_wearables, m.run);
		check_config_log(conf);
		manager_status_report(&m);
		notify_ready();
		/* Printing the first messages may have failed already. */
		if (!m.is_stopping)
			r = loop_run(m.loop);
		if (r < 0)
			journal_write(LOG_ERR, "coxad",
				"the event loop failed (%s): ending, to be started again",
				strerror(-r));
		stop(&m);
		journal_write(LOG_NOTICE, "coxad", "stopped");
	} else {
		journal_write(LOG_ERR, "coxad", "cannot start: %s", strerror(-r));
	}
	release(&m);
	return r < 0 ? EXIT_FAILURE : m.status;
}
