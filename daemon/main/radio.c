// SPDX-License-Identifier: MIT
#include "config.h"

#include "daemon/main/radio.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/config/conf-reload.h"
#include "coxad/core/fleet/radio-buffer.h"
#include "coxad/loop/clock.h"
#include "coxad/loop/notify.h"
#include "coxad/wire/radio-batch.h"
#include "daemon/main/adapter-silence.h"
#include "daemon/main/check-config.h"
#include "daemon/main/conf-files.h"
#include "daemon/main/radio-control.h"
#include "daemon/main/radio-keep.h"
#include "daemon/main/radio-obey.h"
#include "daemon/main/radio-private.h"
#include "daemon/main/radio-report.h"
#include "daemon/main/radio-send.h"
#include "daemon/main/radio-serve.h"
#include "daemon/main/state-directory.h"

#define FLUSH_US (3 * US_PER_S)
/* bluetoothd 5.66 takes 2 to 2.7 s to disconnect. */
#define LINKS_US (3 * US_PER_S)
/* This late for its own deadline: the loop is stuck or overloaded. */
#define OVERDUE_US (5 * US_PER_S)

/* --- time --- */

static int64_t deadline(const struct radio *r)
{
	int64_t uplink_us = radio_uplink_deadline(r->uplink);
	int64_t station_us = radio_station_deadline(r->station);

	int64_t report_us = radio_report_deadline(r);
	int64_t due_us = uplink_us < station_us ? uplink_us : station_us;

	return due_us < report_us ? due_us : report_us;
}

static void arm(struct radio *r)
{
	int64_t due_us = deadline(r);

	if (due_us == r->armed_us)
		return;
	r->armed_us = due_us;
	sd_event_source_set_time(r->timer, due_us == T_NEVER ? UINT64_MAX : (uint64_t)due_us);
	sd_event_source_set_enabled(r->timer, SD_EVENT_ONESHOT);
}

static void advance(struct radio *r)
{
	int64_t now_us = clock_now_us();

	radio_serve_advance(r, now_us);
	radio_report_advance(r, now_us);
	radio_uplink_advance(r->uplink, now_us);
	arm(r);
}

static int on_timer(sd_event_source *timer, uint64_t usec, void *user)
{
	struct radio *r = user;

	r->armed_us = INT64_MIN;
	advance(r);
	return 0;
}

/* --- up --- */

static bool on_can_send(void *user)
{
	const struct radio *r = user;

	return r->fleet && fleet_mqtt_can_send(r->fleet);
}

static void on_batch(void *user, const char *text, size_t size)
{
	radio_send(user, "events", text, size, 0);
}

static void on_clock(void *user, const char *text, size_t size)
{
	radio_send(user, "clock", text, size, 0);
}

static const struct radio_uplink_ops uplink_ops = {
	on_can_send, on_batch, on_clock, radio_keep_put, radio_keep_done};

/* --- the source --- */

static void on_event(void *user, const struct capture_event *event)
{
	struct radio *r = user;

	radio_station_event(r->station, event);
	radio_uplink_advance(r->uplink, clock_now_us());
	arm(r);
}

/* Six parameters: those of radio_station_plan. */
static int on_plan(void *user, unsigned wearable, const struct driver_peer *peer,
	enum driver_plan plan, unsigned index, struct driver_step *ret)
{
	struct radio *r = user;

	return radio_station_plan(r->station, wearable, peer, plan, index, ret);
}

static const struct driver *on_driver(void *user, unsigned wearable)
{
	struct radio *r = user;

	return radio_station_driver(r->station, wearable);
}

static void on_problem(void *user, unsigned wearable, enum wearable_problem problem)
{
	struct radio *r = user;

	radio_station_problem(r->station, wearable, problem);
}

static void on_health(void *user, const struct health_report *report)
{
	radio_report_health(user, report);
}

static void on_adapter_silence(void *user, const char *address, enum source_bluez_silence silence)
{
	struct adapter_silence told;

	adapter_silence_describe(&told, address, silence);
	on_health(user, &told.report);
}

static const struct source_bluez_ops source_ops = {
	.event = on_event,
	.plan = on_plan,
	.driver = on_driver,
	.problem = on_problem,
	.adapter_silence = on_adapter_silence,
	.health = on_health,
};

static int open_bus(struct radio *r)
{
	r->bus = (struct bus_retry){.options = {.loop = loop_event(r->loop),
					    .conf = r->conf,
					    .bluetooth_conf = getenv("COXAD_BLUETOOTH_CONF"),
					    .tracer = r->options->tracer},
		.ops = &source_ops,
		.user = r,
		.source = &r->source};
	return bus_retry_start(&r->bus);
}

/* --- down --- */

static void take(struct radio *r, const char *leaf, const struct fleet_arrival *arrival)
{
	int64_t now_us = clock_now_us();

	if (strcmp(leaf, "flow") == 0)
		radio_uplink_flow(r->uplink, arrival->payload, arrival->size);
	else if (strcmp(leaf, "clock") == 0)
		radio_uplink_clock(
			r->uplink, arrival->payload, arrival->size, arrival->arrived_us, now_us);
	else if (strcmp(leaf, "wearables") == 0)
		radio_serve_take(r, arrival->payload, arrival->size);
	else if (strcmp(leaf, "order") == 0 && !arrival->is_retained)
		radio_obey(r, arrival->payload, arrival->size);
}

static void on_arrived(void *user, const struct fleet_arrival *arrival)
{
	struct radio *r = user;
	const char *leaf = strrchr(arrival->topic, '/');

	if (leaf)
		take(r, leaf + 1, arrival);
	advance(r);
}

static void tell_manager(const struct radio *r)
{
	notify_status("%zu wearables to serve, broker %sconnected", r->conf->n_present,
		r->is_up ? "" : "not ");
}

static void on_up(void *user)
{
	struct radio *r = user;

	r->is_up = true;
	radio_report_up(r, clock_now_us());
	tell_manager(r);
	advance(r);
}

static void on_down(void *user)
{
	struct radio *r = user;

	r->is_up = false;
	tell_manager(r);
}

static void on_ready(void *user)
{
	advance(user);
}

static const struct fleet_mqtt_ops fleet_ops = {on_up, on_down, on_ready, on_arrived};

static int open_broker(struct radio *r)
{
	static const char *const leaves[] = {"flow", "clock", "wearables", "order"};
	char topic[ARRAY_LEN(leaves)][RADIO_SEND_TOPIC_SIZE], status[RADIO_SEND_TOPIC_SIZE];
	char will[RADIO_STATUS_MAX];
	const char *filters[ARRAY_LEN(leaves)];
	struct fleet_mqtt_options options = {.conf = r->conf,
		.client_suffix = "-radio",
		.from = "the brain",
		.filters = filters,
		.n_filters = ARRAY_LEN(leaves),
		.will_topic = status,
		.will_payload = will,
		.will_size = radio_report_offline(r, will)};

	for (size_t i = 0; i < ARRAY_LEN(leaves); i++) {
		radio_send_topic(r, leaves[i], topic[i]);
		filters[i] = topic[i];
	}
	radio_send_topic(r, "status", status);
	return fleet_mqtt_new(loop_event(r->loop), &options, &fleet_ops, r, &r->fleet);
}

/* --- the process --- */

static void on_terminate(void *user)
{
	struct radio *r = user;

	loop_stop(r->loop);
}

struct refusal {
	void (*each)(void *user, const char *name, const char *why); /* NULL: nobody asks */
	void *user;
};

static void on_refused(void *user, const char *name, const char *reason)
{
	const struct refusal *refusal = user;

	journal_write(LOG_ERR, "config", "not reloaded: %s %s", name, reason);
	if (refusal->each)
		refusal->each(refusal->user, name, reason);
}

static void take_over(struct radio *r, struct conf *fresh, int64_t now_us)
{
	_auto_free_ struct conf_change *change = new0(struct conf_change);
	int error;

	radio_station_reconfigure(r->station, now_us, fresh, change);
	if (r->source)
		source_bluez_reload(r->source, change);
	conf_merge_done(change);
	error = fleet_mqtt_reload(r->fleet, r->conf);
	if (error < 0)
		journal_write(LOG_ERR, "broker",
			"cannot use the new broker settings, keeping the previous connection: %s",
			strerror(-error));
	check_config_log(r->conf);
	journal_write(LOG_NOTICE, "config", "reloaded, config_hash %s", r->conf->hash);
	arm(r);
}

static int reload(
	struct radio *r, void (*each)(void *user, const char *name, const char *why), void *user)
{
	struct refusal refusal = {each, user};
	struct conf *fresh = NULL;
	int64_t now_us = clock_now_us();
	int error;

	notify_reloading();
	error = conf_files_load(r->options->config, r->options->has_config, stderr, &fresh);
	if (error < 0 && each)
		each(user, "configuration", "it has errors, see coxad --check-config");
	if (error == 0 && conf_reload_refused(r->conf, fresh, now_us, on_refused, &refusal) > 0)
		error = -EPERM;
	if (error == 0)
		take_over(r, fresh, now_us);
	else
		journal_write(LOG_ERR, "config", "the previous configuration stays in force");
	conf_free(fresh);
	notify_ready();
	return error;
}

static void on_reload(void *user)
{
	reload(user, NULL, NULL);
}

static const struct loop_ops loop_ops = {.terminate = on_terminate, .reload = on_reload};

static bool is_radio_alive(void *user)
{
	struct radio *r = user;
	int64_t due_us = deadline(r);

	return due_us == T_NEVER || clock_now_us() - due_us < OVERDUE_US;
}

static bool is_source_alive(void *user)
{
	struct radio *r = user;

	return !r->source || source_bluez_is_alive(r->source);
}

static bool is_store_alive(void *user)
{
	struct radio *r = user;

	return store_thread_is_alive(r->store_thread);
}

static void watch(struct radio *r)
{
	loop_add_check(r->loop, "radio", is_radio_alive, r);
	loop_add_check(r->loop, "bluez", is_source_alive, r);
	loop_add_check(r->loop, "store", is_store_alive, r);
}

static int64_t draw_boot(void)
{
	uint64_t random = 0;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		random = (uint64_t)clock_wall_us() ^ (uint64_t)clock_now_us() << 20;
	return 1 + (int64_t)(random % (RADIO_BATCH_NUMBER_MAX - 1));
}

static int open_memory(struct radio *r)
{
	_auto_free_ char *directory = state_directory_of(r->conf);
	struct history_persister_options options = {.loop = loop_event(r->loop),
		.directory = directory,
		.late = radio_serve_late,
		.user = r};
	int error = store_thread_new(loop_event(r->loop), &r->store_thread);

	if (error < 0)
		return error;
	options.thread = r->store_thread;
	return history_persister_new(&options, &r->memory);
}

static int start(struct radio *r)
{
	int error = loop_new(&loop_ops, r, &r->loop);

	if (error >= 0)
		error = open_memory(r);
	if (error >= 0)
		error = sd_event_add_time(loop_event(r->loop), &r->timer, CLOCK_MONOTONIC,
			UINT64_MAX, 1000, on_timer, r);
	if (error < 0)
		return error;
	r->boot = draw_boot();
	r->started_us = clock_now_us();
	r->uplink = radio_uplink_new(
		r->conf->gateway.name, r->boot, RADIO_BUFFER_BYTES_MAX, &uplink_ops, r);
	r->station = radio_station_new(r->conf, r->uplink);
	radio_keep_recall(r);
	radio_serve_recall(r);
	watch(r);
	error = radio_control_start(r, reload);
	if (error >= 0)
		error = open_broker(r);
	return error < 0 ? error : open_bus(r);
}

static bool links_are_down(void *user)
{
	struct radio *r = user;

	return !r->source || source_bluez_is_stopped(r->source);
}

/* The wearables first, so that another radio can have them. */
static void stop(struct radio *r)
{
	notify_stopping();
	if (r->source)
		source_bluez_stop(r->source);
	loop_run_until(r->loop, clock_now_us() + LINKS_US, links_are_down, r);
	radio_uplink_advance(r->uplink, clock_now_us() + RADIO_BATCH_US);
	fleet_mqtt_flush(r->fleet, FLUSH_US);
}

static void release(struct radio *r)
{
	sd_event_source_disable_unref(r->timer);
	bus_retry_stop(&r->bus);
	r->source = source_bluez_free(r->source);
	radio_control_stop(r);
	r->fleet = fleet_mqtt_free(r->fleet);
	r->station = radio_station_free(r->station);
	r->uplink = radio_uplink_free(r->uplink);
	history_persister_free(r->memory, FLUSH_US);
	store_thread_free(r->store_thread, FLUSH_US);
	loop_free(r->loop);
	radio_keep_free(r);
	conf_free(r->conf);
}

int radio_run(const struct options *options, struct conf *conf)
{
	struct radio *r = new0(struct radio);
	int error;

	r->options = options;
	r->conf = conf;
	r->armed_us = INT64_MIN;
	error = start(r);
	if (error >= 0) {
		journal_write(LOG_NOTICE, "coxad", "%s started as radio %s: %zu wearables to serve",
			PACKAGE_STRING, conf->gateway.name, conf->n_present);
		check_config_log(conf);
		tell_manager(r);
		notify_ready();
		error = loop_run(r->loop);
		if (error < 0)
			journal_write(LOG_ERR, "coxad",
				"the event loop failed (%s): ending, to be started again",
				strerror(-error));
		stop(r);
		journal_write(LOG_NOTICE, "coxad", "stopped");
	} else {
		journal_write(LOG_ERR, "coxad", "cannot start: %s", strerror(-error));
	}
	release(r);
	free(r);
	return error < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
