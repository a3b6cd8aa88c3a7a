// SPDX-License-Identifier: MIT
/* A daemon that has only the sink: pushes numbered events of a few athletes at a given rate and prints
 * each id when it is in the outbox. The broker tests kill it.
 *
 *   pusher --port N [--host H] [--scheme S] [--state DIR] [--client ID] [--version 5|4]
 *          [--n COUNT] [--rate PER_S] [--run RUN] [--max-events N] [--ack-ms N] [--ca FILE]
 *          [--user NAME --password-file FILE] [--stay] [--class N] [--expiry S] [--size BYTES]
 *          [--burst N: so many in one turn of the loop] [--aside-ms N] [--bad-topic SEQ]
 *          [--reload-port N: of the broker after SIGHUP] [--held: until SIGHUP]
 *
 * The id is in the topic, so that the broker's log shows what it received.
 * Lines on standard output: "id ID", "online", "sockets TCP NODELAY", "command TOPIC SIZE RETAINED
 * RESPONSE", and at the end "gauge NAME VALUE" for each gauge. Without --stay it ends when all is
 * acknowledged.
 */
#include <getopt.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/loop/journal.h"
#include "coxad/loop/loop.h"
#include "coxad/mqtt/sink-mqtt.h"
#include "daemon/mqtt/mqtt-settings.h"

#define ATHLETES 3
/* How often it is looked whether the last ones are on disk. */
#define PRINT_US (5 * US_PER_MS)

struct pusher {
	struct loop *loop;
	struct sink_mqtt *sink;
	sd_event_source *timer;
	struct conf conf;
	const char *run, *state, *topic;
	char *reload_broker; /* NULL: the same */
	uint64_t bad;        /* the seq that gets a topic that is no UTF-8 */
	uint64_t n, pushed, printed, first_seq, burst;
	double rate;
	unsigned class, expiry_s;
	size_t size;
	bool is_staying, is_retained, is_held;
};

static void on_terminate(void *user)
{
	struct pusher *p = user;

	loop_stop(p->loop);
}

static void on_reload(void *user)
{
	struct pusher *p = user;

	if (p->reload_broker)
		p->conf.mqtt.broker = p->reload_broker;
	sink_mqtt_hold(p->sink, false);
	printf("reload %d\n", sink_mqtt_reload(p->sink, &p->conf));
	fflush(stdout);
}

static void on_command(void *user, const struct command_request *request)
{
	struct pusher *p = user;
	struct message reply = {.topic = "test/command/x/result",
		.payload = "{\"ok\":true}",
		.size = 11,
		.qos = 1,
		.class = MESSAGE_CLASS_ALERT,
		.reply_to = request->reply_to};

	printf("command %s %zu %d %s\n", request->topic, request->size, request->is_retained,
		request->reply_to.topic ? request->reply_to.topic : "-");
	fflush(stdout);
	sink_mqtt_push(p->sink, &reply);
}

/* Checks what tcp-nodelay.h promises. */
static void print_sockets(void)
{
	int n = 0, n_nodelay = 0;

	for (int fd = 0; fd < 256; fd++) {
		int domain = 0, type = 0, nodelay = 0;
		socklen_t size = sizeof(int);

		if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) < 0 ||
			domain != AF_INET ||
			getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) < 0 ||
			type != SOCK_STREAM)
			continue;
		n++;
		getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &nodelay, &size);
		n_nodelay += nodelay != 0;
	}
	printf("sockets %d %d\n", n, n_nodelay);
}

static void on_online(void *user)
{
	struct pusher *p = user;
	struct message birth = {.topic = "test/status",
		.payload = "online",
		.size = 6,
		.qos = 1,
		.retain = true,
		.class = MESSAGE_CLASS_STATE};

	sink_mqtt_push(p->sink, &birth);
	print_sockets();
	printf("online\n");
	fflush(stdout);
}

static void push_one(struct pusher *p)
{
	uint64_t seq = p->first_seq + p->pushed;
	unsigned athlete = (unsigned)(p->pushed % ATHLETES);
	_auto_free_ char *id = alloc_printf("%s-%" PRIu64, p->run, seq);
	_auto_free_ char *topic = p->topic ? alloc_text(p->topic)
					   : alloc_printf("test/athlete/%u/pop/%s%s", athlete, id,
						     seq == p->bad ? "\xff" : "");
	_auto_free_ char *pad = alloc_zero(1, p->size + 1);
	_auto_free_ char *payload = NULL;
	struct message message = {.topic = topic,
		.qos = 1,
		.class = p->class,
		.is_event = !p->is_retained,
		.retain = p->is_retained,
		.id = id,
		.seq = seq,
		.expiry_s = p->expiry_s};

	memset(pad, 'x', p->size);
	payload = alloc_printf("{\"id\":\"%s\",\"seq\":%" PRIu64 ",\"pad\":\"%s\"}", id, seq, pad);
	message.payload = payload;
	message.size = strlen(payload);
	sink_mqtt_push(p->sink, &message);
	p->pushed++;
}

static void push_burst(struct pusher *p)
{
	for (uint64_t i = 0; i < p->burst && p->pushed < p->n; i++)
		push_one(p);
}

static void on_health(void *user, const struct health_report *report)
{
	static bool is_raised[HEALTH_CODE_COUNT];

	if (!report->text && !is_raised[report->code])
		return;
	is_raised[report->code] = report->text;
	if (report->text)
		printf("health %s %s %s\n", health_code_to_string(report->code), report->subject,
			report->text);
	else
		printf("health -%s %s\n", health_code_to_string(report->code), report->subject);
	fflush(stdout);
}

static uint64_t n_not_on_disk(const struct pusher *p)
{
	struct stat_entry entry[64];
	size_t n = sink_mqtt_gauges(p->sink, entry, ARRAY_LEN(entry));

	for (size_t i = 0; i < n; i++)
		if (!strcmp(entry[i].name, "outbox_not_on_disk"))
			return (uint64_t)entry[i].value;
	return 0;
}

/* Those that are on disk: commits are in order. */
static void print_ids(struct pusher *p)
{
	uint64_t safe = p->pushed - (p->state ? n_not_on_disk(p) : 0);

	for (; p->printed < safe; p->printed++)
		printf("id %s-%" PRIu64 "\n", p->run, p->first_seq + p->printed);
	fflush(stdout);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *user)
{
	struct pusher *p = user;

	print_ids(p);
	if (p->pushed < p->n) {
		push_burst(p);
		sd_event_source_set_time_relative(
			source, p->rate > 0 ? (uint64_t)(US_PER_S / p->rate) : 0);
		return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
	}
	if (!p->is_staying)
		loop_stop(p->loop);
	if (p->printed == p->pushed)
		return 0;
	sd_event_source_set_time_relative(source, PRINT_US);
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static void print_gauges(const struct pusher *p)
{
	struct stat_entry entry[64];
	size_t n = sink_mqtt_gauges(p->sink, entry, ARRAY_LEN(entry));

	for (size_t i = 0; i < n; i++)
		printf("gauge %s %.0f\n", entry[i].name, entry[i].value);
	printf("alive %d\n", sink_mqtt_is_alive(p->sink));
	fflush(stdout);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {{"port", 1, NULL, 'p'}, {"host", 1, NULL, 'h'},
		{"scheme", 1, NULL, 'S'}, {"state", 1, NULL, 's'}, {"client", 1, NULL, 'c'},
		{"version", 1, NULL, 'v'}, {"n", 1, NULL, 'n'}, {"rate", 1, NULL, 'r'},
		{"run", 1, NULL, 'R'}, {"max-events", 1, NULL, 'm'}, {"ack-ms", 1, NULL, 'a'},
		{"ca", 1, NULL, 'C'}, {"user", 1, NULL, 'u'}, {"password-file", 1, NULL, 'P'},
		{"stay", 0, NULL, 'y'}, {"class", 1, NULL, 'k'}, {"expiry", 1, NULL, 'e'},
		{"size", 1, NULL, 'z'}, {"topic", 1, NULL, 't'}, {"retained", 0, NULL, 'T'},
		{"cert", 1, NULL, 'E'}, {"key", 1, NULL, 'K'}, {"flush-ms", 1, NULL, 'f'},
		{"burst", 1, NULL, 'b'}, {"aside-ms", 1, NULL, 'A'}, {"bad-topic", 1, NULL, 'B'},
		{"reload-port", 1, NULL, 'L'}, {"held", 0, NULL, 'H'}, {0}};
	static const struct loop_ops loop_ops = {.terminate = on_terminate, .reload = on_reload};
	static const struct sink_mqtt_ops sink_ops = {
		.command = on_command, .online = on_online, .health = on_health};
	struct pusher p = {.run = "run", .n = 1, .burst = 1, .class = MESSAGE_CLASS_POP};
	const char *port = "1883", *host = "127.0.0.1", *scheme = "mqtt";
	_auto_free_ char *broker = NULL;
	struct mqtt_timing timing = mqtt_settings_timing;
	struct message will = {.topic = "test/status",
		.payload = "offline",
		.size = 7,
		.qos = 1,
		.retain = true,
		.class = MESSAGE_CLASS_STATE};
	struct sink_mqtt_options sink = {.conf = &p.conf, .will = &will, .timing = &timing};
	int64_t flush_us = 30 * (int64_t)US_PER_S;
	bool is_known;
	int c, r;

	p.conf.mqtt.base = "test";
	p.conf.mqtt.version = 5;
	p.conf.mqtt.client_id = "pusher";
	p.conf.gateway.name = "pi";
	p.conf.outbox.max_events = 100000;
	p.conf.outbox.max_bytes = 64 << 20;
	p.conf.outbox.max_age_s = 86400;
	timing.backoff_min_us = 50 * US_PER_MS;
	timing.backoff_max_us = 200 * US_PER_MS;
	timing.takeover_us = 300 * US_PER_MS;
	timing.hold_min_us = 100 * US_PER_MS;
	timing.hold_max_us = 400 * US_PER_MS;
	timing.aside_min_us = 500 * US_PER_MS;
	timing.aside_max_us = 2 * US_PER_S;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'p':
			port = optarg;
			break;
		case 'h':
			host = optarg;
			break;
		case 'S':
			scheme = optarg;
			break;
		case 's':
			p.state = optarg;
			break;
		case 'c':
			p.conf.mqtt.client_id = optarg;
			break;
		case 'v':
			p.conf.mqtt.version = (unsigned)atoi(optarg);
			break;
		case 'n':
			p.n = strtoull(optarg, NULL, 10);
			break;
		case 'r':
			p.rate = atof(optarg);
			break;
		case 'R':
			p.run = optarg;
			break;
		case 'm':
			p.conf.outbox.max_events = (unsigned)atoi(optarg);
			break;
		case 'a':
			timing.ack_us = atoi(optarg) * (int64_t)US_PER_MS;
			break;
		case 'b':
			p.burst = strtoull(optarg, NULL, 10);
			break;
		case 'A':
			timing.aside_min_us = timing.aside_max_us =
				atoi(optarg) * (int64_t)US_PER_MS;
			break;
		case 'B':
			p.bad = strtoull(optarg, NULL, 10);
			break;
		case 'C':
			p.conf.mqtt.ca_file = optarg;
			break;
		case 'E':
			p.conf.mqtt.certificate_file = optarg;
			break;
		case 'f':
			flush_us = atoi(optarg) * (int64_t)US_PER_MS;
			break;
		case 'L':
			p.reload_broker = alloc_printf("mqtt://127.0.0.1:%s", optarg);
			break;
		case 'H':
			p.is_held = true;
			break;
		case 'K':
			p.conf.mqtt.key_file = optarg;
			break;
		case 'u':
			p.conf.mqtt.username = optarg;
			break;
		case 'P':
			p.conf.mqtt.password_file = optarg;
			break;
		case 'y':
			p.is_staying = true;
			break;
		case 'k':
			p.class = (unsigned)atoi(optarg);
			break;
		case 'e':
			p.expiry_s = (unsigned)atoi(optarg);
			break;
		case 'z':
			p.size = strtoul(optarg, NULL, 10);
			break;
		case 't':
			p.topic = optarg;
			break;
		case 'T':
			p.is_retained = true;
			break;
		default:
			return 2;
		}
	}
	broker = alloc_printf("%s://%s:%s", scheme, host, port);
	p.conf.mqtt.broker = broker;
	sink.state_directory = p.state;
	loop_block_signals();
	journal_start(LOG_DEBUG);
	r = loop_new(&loop_ops, &p, &p.loop);
	if (r >= 0)
		r = store_thread_new(loop_event(p.loop), &sink.store_thread);
	if (r >= 0)
		r = sink_mqtt_new(loop_event(p.loop), &sink, &sink_ops, &p, &p.sink);
	if (r < 0) {
		fprintf(stderr, "pusher: %s\n", strerror(-r));
		store_thread_free(sink.store_thread, 0);
		loop_free(p.loop);
		return 1;
	}
	sink_mqtt_hold(p.sink, p.is_held);
	/* Without a directory, numbers begin where no other run's can have been. */
	p.first_seq = p.state ? sink_mqtt_first_seq(p.sink, &is_known) : 1;
	printf("first %" PRIu64 "\n", p.first_seq);
	fflush(stdout);
	sd_event_add_time_relative(
		loop_event(p.loop), &p.timer, CLOCK_MONOTONIC, 0, 1, on_timer, &p);
	r = loop_run(p.loop);
	sink_mqtt_flush(p.sink, flush_us);
	print_ids(&p);
	print_gauges(&p);
	sd_event_source_disable_unref(p.timer);
	sink_mqtt_free(p.sink);
	store_thread_free(sink.store_thread, US_PER_S);
	loop_free(p.loop);
	free(p.reload_broker);
	return r < 0;
}
