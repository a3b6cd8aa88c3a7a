// SPDX-License-Identifier: MIT
/* A radio without Bluetooth: it hears what a capture says, at the same pace. Its clock is not that of
 * this computer.
 *
 *   played-radio --port N --radio NAME --base TOPIC CAPTURE
 *
 * It begins when the brain's list has all wearables of the capture, and tells another brain of its links
 * again. Lines on standard output: "list EPOCH WEARABLES", "done BATCH", "from BATCH", "order ADDRESS",
 * "lost EVENTS" (in all, that were dropped), and "all done", after which it stays.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/flow/link-memory.h"
#include "coxad/flow/radio-uplink.h"
#include "coxad/loop/clock.h"
#include "coxad/loop/journal.h"
#include "coxad/loop/loop.h"
#include "coxad/mqtt/fleet-mqtt.h"
#include "coxad/store/source-replay.h"
#include "coxad/wire/radio-batch.h"
#include "coxad/wire/radio-heard.h"
#include "coxad/wire/radio-list.h"
#include "coxad/wire/radio-message.h"
#include "coxad/wire/radio-order.h"
#include "coxad/wire/radio-status.h"

#define STEP_US (10 * US_PER_MS)
/* Its clock, before ours. */
#define AHEAD_US (12345 * (int64_t)US_PER_MS)

static struct player {
	struct loop *loop;
	struct fleet_mqtt *mqtt;
	struct radio_uplink *uplink;
	struct link_memory links;
	struct source_replay *source;
	struct conf conf;
	sd_event_source *timer;
	const char *radio, *path;
	struct radio_heard heard;
	struct radio_list list;
	struct capture_event next;
	bool has_next;
	int64_t first_us; /* of the capture */
	int64_t begin_us; /* on its clock; 0: it has not begun */
	int64_t boot, tell_us;
	bool is_all_done;
} p;

static int64_t its_now_us(void)
{
	return clock_now_us() + AHEAD_US;
}

static void send(const char *what, const void *payload, size_t size, unsigned qos)
{
	_auto_free_ char *topic = alloc_printf("radio/%s/%s", p.radio, what);

	fleet_mqtt_send(p.mqtt, topic, payload, size, qos, strcmp(what, "status") == 0);
}

static bool can_send(void *user)
{
	return fleet_mqtt_can_send(p.mqtt);
}

static void on_batch(void *user, const char *text, size_t size)
{
	send("events", text, size, 0);
}

static void on_clock(void *user, const char *text, size_t size)
{
	send("clock", text, size, 0);
}

static size_t write_status(bool is_online, char ret[static RADIO_STATUS_MAX])
{
	struct radio_status status = {.is_online = is_online,
		.version = "1.0",
		.protocol = RADIO_BATCH_PROTOCOL,
		.boot = p.boot,
		.n_adapters = 1,
		.adapter = {{.address = "00:1A:7D:DA:71:13", .slots = 20}}};

	return radio_status_write(&status, ret);
}

/* --- what the capture has --- */

static void open_capture(void)
{
	p.source = source_replay_free(p.source);
	if (source_replay_new(p.path, &p.source) < 0) {
		fprintf(stderr, "played-radio: cannot open %s\n", p.path);
		exit(2);
	}
}

static bool is_of_radio(const struct capture_event *event)
{
	return event->address && event->kind != CAPTURE_COMMAND;
}

static void note_wearable(const char *address)
{
	struct radio_heard_wearable *w;

	for (unsigned i = 0; i < p.heard.n; i++)
		if (strcmp(p.heard.wearable[i].address, address) == 0)
			return;
	w = &p.heard.wearable[p.heard.n++];
	snprintf(w->address, sizeof(w->address), "%s", address);
	w->rssi_dbm = -50;
}

static void take_next(void)
{
	do
		p.has_next = source_replay_next(p.source, &p.next) > 0;
	while (p.has_next && !is_of_radio(&p.next));
}

static void look_through(void)
{
	open_capture();
	for (take_next(); p.has_next; take_next())
		note_wearable(p.next.address);
	open_capture();
	take_next();
	p.first_us = p.next.t_us;
}

static void play(void)
{
	for (; p.has_next; take_next()) {
		struct capture_event event = p.next;

		event.t_us += p.begin_us - p.first_us;
		if (event.t_us > its_now_us())
			return;
		link_memory_note(&p.links, &event);
		radio_uplink_push(p.uplink, &event);
	}
}

static void push_again(void *user, const struct capture_event *event)
{
	radio_uplink_push(p.uplink, event);
}

/* --- what the brain says --- */

static bool is_all_served(void)
{
	unsigned n = 0;

	for (unsigned i = 0; i < p.list.n; i++)
		for (unsigned k = 0; k < p.heard.n && p.list.wearable[i].is_served; k++)
			n += strcmp(p.heard.wearable[k].address, p.list.wearable[i].address) == 0;
	return n == p.heard.n;
}

static void on_list(const struct fleet_arrival *arrival)
{
	int64_t epoch = p.list.epoch;

	if (radio_list_read(arrival->payload, arrival->size, &p.list) < 0)
		return;
	if (p.begin_us && p.list.epoch != epoch)
		link_memory_each(&p.links, its_now_us(), push_again, NULL);
	printf("list %" PRId64 " %u\n", p.list.epoch, p.list.n);
	if (!p.begin_us && is_all_served())
		p.begin_us = its_now_us();
}

static void on_flow(const struct fleet_arrival *arrival)
{
	struct radio_flow flow;

	radio_uplink_flow(p.uplink, arrival->payload, arrival->size);
	radio_uplink_advance(p.uplink, its_now_us());
	if (radio_message_read_flow(arrival->payload, arrival->size, &flow) == 0)
		printf("%s %" PRId64 "\n", flow.done ? "done" : "from",
			flow.done ? flow.done : flow.from);
}

static void on_order(const struct fleet_arrival *arrival)
{
	struct radio_order order;
	struct radio_order_answer answer;
	char text[RADIO_ORDER_MAX];

	if (radio_order_read(arrival->payload, arrival->size, &order) < 0)
		return;
	printf("order %s\n", order.address);
	answer = (struct radio_order_answer){.number = order.number};
	send("answer", text, radio_order_write_answer(&answer, text), 1);
}

static void on_arrived(void *user, const struct fleet_arrival *arrival)
{
	const char *what = strrchr(arrival->topic, '/') + 1;

	if (strcmp(what, "wearables") == 0)
		on_list(arrival);
	else if (strcmp(what, "flow") == 0)
		on_flow(arrival);
	else if (strcmp(what, "order") == 0)
		on_order(arrival);
	else
		radio_uplink_clock(p.uplink, arrival->payload, arrival->size,
			arrival->arrived_us + AHEAD_US, its_now_us());
	fflush(stdout);
}

static void on_up(void *user)
{
	char text[RADIO_STATUS_MAX];

	send("status", text, write_status(true, text), 1);
}

static void on_down(void *user)
{
}

static void tell_end(void)
{
	struct radio_uplink_status status;

	radio_uplink_status(p.uplink, &status);
	if (p.has_next || status.buffer.events || p.is_all_done)
		return;
	p.is_all_done = true;
	printf("lost %" PRIu64 "\nall done\n", status.buffer.dropped + status.buffer.lost);
	fflush(stdout);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *user)
{
	char text[RADIO_HEARD_MAX];

	for (unsigned i = 0; i < p.heard.n; i++)
		p.heard.wearable[i].is_connected =
			link_memory_has(&p.links, p.heard.wearable[i].address);
	if (p.tell_us <= clock_now_us()) {
		send("heard", text, radio_heard_write(&p.heard, text), 0);
		p.tell_us = clock_now_us() + US_PER_S;
	}
	if (p.begin_us)
		play();
	radio_uplink_advance(p.uplink, its_now_us());
	tell_end();
	sd_event_source_set_time_relative(source, STEP_US);
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static void on_terminate(void *user)
{
	loop_stop(p.loop);
}

static int connect_broker(void)
{
	static const struct fleet_mqtt_ops ops = {
		.up = on_up, .down = on_down, .arrived = on_arrived};
	_auto_free_ char *all = alloc_printf("radio/%s/wearables", p.radio);
	_auto_free_ char *flow = alloc_printf("radio/%s/flow", p.radio);
	_auto_free_ char *clock = alloc_printf("radio/%s/clock", p.radio);
	_auto_free_ char *order = alloc_printf("radio/%s/order", p.radio);
	_auto_free_ char *status = alloc_printf("radio/%s/status", p.radio);
	const char *const filters[] = {all, flow, clock, order};
	char will[RADIO_STATUS_MAX];
	struct fleet_mqtt_options options = {.conf = &p.conf,
		.client_suffix = "-radio",
		.from = "the brain",
		.filters = filters,
		.n_filters = 4,
		.will_topic = status,
		.will_payload = will,
		.will_size = write_status(false, will)};

	return fleet_mqtt_new(loop_event(p.loop), &options, &ops, NULL, &p.mqtt);
}

static int start(void)
{
	static const struct loop_ops loop_ops = {.terminate = on_terminate};
	static const struct radio_uplink_ops uplink_ops = {
		.can_send = can_send, .batch = on_batch, .clock = on_clock};
	int r;

	p.boot = clock_now_us();
	look_through();
	p.uplink = radio_uplink_new(p.radio, p.boot, RADIO_BUFFER_BYTES_MAX, &uplink_ops, NULL);
	loop_block_signals();
	journal_start(LOG_NOTICE);
	r = loop_new(&loop_ops, NULL, &p.loop);
	if (r >= 0)
		r = connect_broker();
	return r < 0 ? r
		     : sd_event_add_time_relative(
			       loop_event(p.loop), &p.timer, CLOCK_MONOTONIC, 0, 1, on_timer, NULL);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"port", 1, NULL, 'p'}, {"radio", 1, NULL, 'r'}, {"base", 1, NULL, 'b'}, {0}};
	_auto_free_ char *broker = NULL, *client = NULL;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'p')
			broker = alloc_printf("mqtt://127.0.0.1:%s", optarg);
		else if (c == 'r')
			p.radio = optarg;
		else if (c == 'b')
			p.conf.mqtt.base = optarg;
		else
			return 2;
	}
	p.path = argv[optind];
	client = alloc_printf("played-%s", p.radio);
	p.conf.mqtt.client_id = client;
	p.conf.mqtt.broker = broker;
	p.conf.mqtt.version = 5;
	if (start() < 0 || loop_run(p.loop) < 0)
		return 1;
	fleet_mqtt_flush(p.mqtt, US_PER_S);
	sd_event_source_disable_unref(p.timer);
	fleet_mqtt_free(p.mqtt);
	radio_uplink_free(p.uplink);
	source_replay_free(p.source);
	link_memory_done(&p.links);
	loop_free(p.loop);
	return 0;
}
