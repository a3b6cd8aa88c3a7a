// SPDX-License-Identifier: MIT
/* The brain's end of one radio, and nothing of a brain behind it: takes what the radio sends and prints it.
 *
 *   small-brain BROKER SITE RADIO
 *
 * Lines on standard input: "list JSON" and "order JSON" are published for the radio; after "hold" nothing is
 * done, as with a disk that takes nothing; after "go" it is. Lines on standard output: "up"; "event LINE", as in
 * a capture; "status JSON", "heard JSON", "answer JSON"; "done BOOT NUMBER LOST RESTARTS" whenever one of them
 * changes. Ends with its input.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/config/conf-read.h"
#include "coxad/flow/radio-hub.h"
#include "coxad/loop/clock.h"
#include "coxad/loop/journal.h"
#include "coxad/loop/loop.h"
#include "coxad/mqtt/fleet-mqtt.h"

#define SETTLE_US (50 * US_PER_MS)
#define INPUT_MAX (64 * 1024)

static struct small_brain {
	struct loop *loop;
	struct fleet_mqtt *fleet;
	struct radio_hub *hub;
	sd_event_source *timer;
	const char *radio;
	bool is_holding;
	struct radio_hub_status told;
	size_t n_input;
	char input[INPUT_MAX];
} b;

static void send(const char *leaf, const char *text, size_t size, unsigned qos, bool retain)
{
	_auto_free_ char *topic = alloc_printf("radio/%s/%s", b.radio, leaf);
	int r = fleet_mqtt_send(b.fleet, topic, text, size, qos, retain);

	if (r < 0 && qos)
		printf("not sent: %s\n", strerror(-r));
}

/* --- the hub --- */

static void on_event(void *user, const struct capture_event *event)
{
	static char line[CAPTURE_LINE_MAX];
	int n = capture_encode(event, line, sizeof(line));

	if (n > 0)
		printf("event %.*s", n, line);
}

static bool serves(void *user, const char *radio, const char *address)
{
	return strcmp(radio, b.radio) == 0;
}

static void on_flow(void *user, const char *radio, const char *text, size_t size)
{
	send("flow", text, size, 1, false);
}

static void on_question(void *user, const char *radio, const char *text, size_t size)
{
	send("clock", text, size, 0, false);
}

static const struct radio_hub_ops hub_ops = {
	.event = on_event, .serves = serves, .flow = on_flow, .clock = on_question};

static void tell_done(void)
{
	struct radio_hub_status now;

	if (!radio_hub_status(b.hub, 0, &now) ||
		(now.boot == b.told.boot && now.done == b.told.done && now.lost == b.told.lost &&
			now.restarts == b.told.restarts))
		return;
	printf("done %" PRId64 " %" PRId64 " %" PRIu64 " %" PRIu64 "\n", now.boot, now.done,
		now.lost, now.restarts);
	b.told = now;
}

static int on_timer(sd_event_source *timer, uint64_t usec, void *user)
{
	if (!b.is_holding) {
		radio_hub_mark(b.hub);
		radio_hub_settle(b.hub);
	}
	radio_hub_advance(b.hub, clock_now_us());
	tell_done();
	fflush(stdout);
	sd_event_source_set_time_relative(timer, SETTLE_US);
	return sd_event_source_set_enabled(timer, SD_EVENT_ONESHOT);
}

/* --- the broker --- */

static void on_up(void *user)
{
	puts("up");
	fflush(stdout);
}

static void on_down(void *user)
{
}

static void on_arrived(void *user, const struct fleet_arrival *arrival)
{
	const char *leaf = strrchr(arrival->topic, '/') + 1;

	if (strcmp(leaf, "events") == 0)
		radio_hub_batch(b.hub, b.radio, arrival->payload, arrival->size, clock_now_us());
	else if (strcmp(leaf, "clock") == 0)
		radio_hub_clock(
			b.hub, b.radio, arrival->payload, arrival->size, arrival->arrived_us);
	else
		printf("%s %.*s\n", leaf, (int)arrival->size, (const char *)arrival->payload);
}

static const struct fleet_mqtt_ops fleet_ops = {
	.up = on_up, .down = on_down, .arrived = on_arrived};

static int open_broker(const struct conf *conf)
{
	static const char *const leaves[] = {"events", "clock", "status", "heard", "answer"};
	char *filter[ARRAY_LEN(leaves)];
	struct fleet_mqtt_options options = {.conf = conf,
		.client_suffix = "-fleet",
		.from = "the radio",
		.filters = (const char *const *)filter,
		.n_filters = ARRAY_LEN(leaves),
		.will_topic = "brain/small/status",
		.will_payload = "{\"online\":false}",
		.will_size = strlen("{\"online\":false}")};
	int r;

	for (size_t i = 0; i < ARRAY_LEN(leaves); i++)
		filter[i] = alloc_printf("radio/%s/%s", b.radio, leaves[i]);
	r = fleet_mqtt_new(loop_event(b.loop), &options, &fleet_ops, NULL, &b.fleet);
	for (size_t i = 0; i < ARRAY_LEN(leaves); i++)
		free(filter[i]);
	return r;
}

/* --- the test --- */

static void obey(const char *line)
{
	if (strncmp(line, "list ", 5) == 0)
		send("wearables", line + 5, strlen(line + 5), 1, true);
	else if (strncmp(line, "order ", 6) == 0)
		send("order", line + 6, strlen(line + 6), 1, false);
	else
		b.is_holding = strcmp(line, "hold") == 0;
}

static int on_input(sd_event_source *source, int fd, uint32_t events, void *user)
{
	ssize_t n = read(fd, b.input + b.n_input, sizeof(b.input) - b.n_input - 1);
	char *newline;

	if (n <= 0) {
		loop_stop(b.loop);
		return 0;
	}
	b.n_input += (size_t)n;
	b.input[b.n_input] = '\0';
	while ((newline = strchr(b.input, '\n'))) {
		*newline = '\0';
		obey(b.input);
		b.n_input -= (size_t)(newline + 1 - b.input);
		memmove(b.input, newline + 1, b.n_input + 1);
	}
	return 0;
}

static struct conf *make_conf(const char *broker, const char *site)
{
	_auto_free_ char *text = alloc_printf(
		"[gateway]\nname = small\nsite = %s\n[mqtt]\nbroker = %s\n", site, broker);
	const struct conf_source source = {"small-brain", text, strlen(text)};
	struct conf_errors errors = {0};
	struct conf *conf = NULL;

	return conf_read(&source, 1, &conf, &errors) < 0 ? NULL : conf;
}

static void on_terminate(void *user)
{
	loop_stop(b.loop);
}

static const struct loop_ops loop_ops = {.terminate = on_terminate};

int main(int argc, char **argv)
{
	struct conf *conf = argc == 4 ? make_conf(argv[1], argv[2]) : NULL;
	sd_event_source *input = NULL;

	if (!conf || loop_block_signals() < 0 || loop_new(&loop_ops, NULL, &b.loop) < 0)
		return 2;
	journal_start(LOG_INFO);
	b.radio = argv[3];
	b.hub = radio_hub_new(&hub_ops, NULL);
	if (open_broker(conf) < 0 ||
		sd_event_add_io(loop_event(b.loop), &input, STDIN_FILENO, EPOLLIN, on_input, NULL) <
			0 ||
		sd_event_add_time_relative(loop_event(b.loop), &b.timer, CLOCK_MONOTONIC, SETTLE_US,
			0, on_timer, NULL) < 0)
		return 1;
	loop_run(b.loop);
	sd_event_source_disable_unref(input);
	sd_event_source_disable_unref(b.timer);
	fleet_mqtt_free(b.fleet);
	radio_hub_free(b.hub);
	loop_free(b.loop);
	conf_free(conf);
	return 0;
}
