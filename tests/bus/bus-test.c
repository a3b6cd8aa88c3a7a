// SPDX-License-Identifier: MIT
#include "tests/bus/bus-test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "coxad/base/units.h"

#define COXA(x)                                                                                    \
	((struct uuid){{0xc0, 0xa5, 0, x, 0x9b, 0xc6, 0x48, 0x08, 0xa8, 0xbd, 0x20, 0xfb, 0xe3,    \
		0xfc, 0x7d, 0x8c}})

static void write_bus_conf(struct bus_test *test, char path[static 96])
{
	FILE *f;

	snprintf(path, 96, "%s/bus.conf", test->folder);
	f = fopen(path, "w");
	assert_non_null(f);
	fprintf(f,
		"<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\"\n"
		" \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n"
		"<busconfig><type>custom</type><listen>unix:path=%s/bus</listen>\n"
		"<auth>EXTERNAL</auth><policy context=\"default\"><allow user=\"*\"/><allow own=\"*\"/>"
		"<allow send_destination=\"*\" eavesdrop=\"false\"/>"
		"<allow receive_sender=\"*\"/></policy>%s</busconfig>\n",
		test->folder, test->limits ? test->limits : "");
	fclose(f);
}

void bus_test_start_bus(struct bus_test *test)
{
	char path[96], config[128], line[256];
	int pipe_fds[2];

	write_bus_conf(test, path);
	snprintf(config, sizeof(config), "--config-file=%s", path);
	snprintf(test->address, sizeof(test->address), "unix:path=%s/bus", test->folder);
	assert_int_equal(pipe(pipe_fds), 0);
	test->bus = fork();
	assert_true(test->bus >= 0);
	if (test->bus == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(pipe_fds[1], 1);
		dup2(open("/dev/null", O_WRONLY), 2); /* it warns about its limits */
		close(pipe_fds[0]);
		close(pipe_fds[1]);
		execlp("dbus-daemon", "dbus-daemon", config, "--nofork", "--nopidfile",
			"--print-address=1", (char *)NULL);
		_exit(127);
	}
	close(pipe_fds[1]);
	/* It prints its address once it listens. */
	assert_true(read(pipe_fds[0], line, sizeof(line)) > 0);
	close(pipe_fds[0]);
}

void bus_test_kill_bus(struct bus_test *test)
{
	char path[96];

	kill(test->bus, SIGKILL);
	waitpid(test->bus, NULL, 0);
	test->bus = 0;
	snprintf(path, sizeof(path), "%s/bus", test->folder);
	unlink(path);
}

void bus_test_start_door(struct bus_test *test, const struct bus_test_options *options)
{
	int to[2], from[2];

	assert_int_equal(pipe(to), 0);
	assert_int_equal(pipe(from), 0);
	test->door = fork();
	assert_true(test->door >= 0);
	if (test->door == 0) {
		struct door_bus_options door = options->door;
		const char *address = test->address;
		char error[128];
		struct gym *gym;

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(to[1]);
		close(from[0]);
		door.control_fd = to[0];
		door.answer_fd = from[1];
		door.script = options->script;
		door.seed = 1;
		gym = gym_load(options->gym ? options->gym : "1 100", 1, error, sizeof(error));
		_exit(door_bus_run(gym, &address, 1, &door) < 0);
	}
	close(to[0]);
	close(from[1]);
	test->to = to[1];
	test->from = from[0];
}

void bus_test_kill_door(struct bus_test *test)
{
	if (test->door <= 0)
		return;
	kill(test->door, SIGKILL);
	waitpid(test->door, NULL, 0);
	close(test->to);
	close(test->from);
	test->door = 0;
}

unsigned bus_test_order(struct bus_test *test, const char *format, ...)
{
	char line[256], answer[128] = "";
	size_t n = 0;
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line) - 1, format, args);
	va_end(args);
	strcat(line, "\n");
	assert_int_equal(write(test->to, line, strlen(line)), strlen(line));
	while (n < sizeof(answer) - 1 && read(test->from, &answer[n], 1) == 1 && answer[n] != '\n')
		n++;
	answer[n] = '\0';
	if (n == 0 || strncmp(answer, "error", 5) == 0)
		fail_msg("%s: %s", line, answer);
	return (unsigned)strtoul(answer, NULL, 10);
}

static void on_motion(struct bus_test_wearable *w, const struct capture_event *event)
{
	uint32_t sequence;

	w->motion++;
	w->longest = event->size > w->longest ? event->size : w->longest;
	if (event->size < sizeof(sequence))
		return;
	memcpy(&sequence, event->value, sizeof(sequence));
	/* A fake that was killed starts counting again. */
	if (w->motion > 1 && sequence <= w->sequence && sequence != 0 &&
		w->sequence - sequence < 1000)
		w->repeated++;
	w->sequence = sequence;
}

static void on_event(void *user, const struct capture_event *event)
{
	struct bus_test *test = user;
	int index = -1;
	struct bus_test_wearable *w;

	for (unsigned i = 0; i < test->conf.n_wearables; i++)
		if (!test->conf.wearable[i].is_gone &&
			strcmp(test->conf.wearable[i].address, event->address) == 0)
			index = (int)i;
	assert_true(index >= 0);
	w = &test->w[index];
	switch (event->kind) {
	case CAPTURE_CONNECTED:
		w->out_of_turn += w->is_up;
		w->is_up = true;
		w->connected++;
		w->mtu = event->mtu;
		return;
	case CAPTURE_DISCONNECTED:
		w->out_of_turn += !w->is_up;
		w->is_up = false;
		w->disconnected++;
		snprintf(w->why, sizeof(w->why), "%s", event->why);
		return;
	case CAPTURE_NOTIFY:
		w->out_of_turn += !w->is_up;
		w->notified++;
		if (uuid_is_equal(&event->characteristic, &COXA(4)))
			on_motion(w, event);
		else if (uuid_is_equal(&event->characteristic, &COXA(3)))
			w->answers++;
		return;
	case CAPTURE_READ:
		w->out_of_turn += !w->is_up;
		w->read++;
		if (uuid_is_equal(&event->characteristic, &UUID_SIG(0x2a19)) && event->size == 1)
			w->battery = event->value[0];
		return;
	case CAPTURE_RSSI:
		w->rssi++;
		return;
	case CAPTURE_HEADER:
	case CAPTURE_COMMAND:
	case CAPTURE_WALL:
	case CAPTURE_CONFIG:
		fail_msg("the source never reports this");
	}
}

static int on_plan(void *user, unsigned wearable, const struct driver_peer *peer,
	enum driver_plan plan, unsigned index, struct driver_step *ret)
{
	static const struct driver_step start[] = {
		{.kind = DRIVER_STEP_READ,
			.characteristic = {{0xc0, 0xa5, 0, 2, 0x9b, 0xc6, 0x48, 0x08, 0xa8, 0xbd,
				0x20, 0xfb, 0xe3, 0xfc, 0x7d, 0x8c}}},
		{.kind = DRIVER_STEP_SUBSCRIBE,
			.characteristic = {{0xc0, 0xa5, 0, 3, 0x9b, 0xc6, 0x48, 0x08, 0xa8, 0xbd,
				0x20, 0xfb, 0xe3, 0xfc, 0x7d, 0x8c}}},
		{.kind = DRIVER_STEP_SUBSCRIBE,
			.characteristic = {{0xc0, 0xa5, 0, 4, 0x9b, 0xc6, 0x48, 0x08, 0xa8, 0xbd,
				0x20, 0xfb, 0xe3, 0xfc, 0x7d, 0x8c}}},
		{.kind = DRIVER_STEP_WAIT, .wait_ms = 2},
		{.kind = DRIVER_STEP_WRITE,
			.characteristic = {{0xc0, 0xa5, 0, 3, 0x9b, 0xc6, 0x48, 0x08, 0xa8, 0xbd,
				0x20, 0xfb, 0xe3, 0xfc, 0x7d, 0x8c}},
			.bytes = {1, 1},
			.size = 2,
			.answer = 0x81,
			.busy = 3},
		{.kind = DRIVER_STEP_READ,
			.characteristic = {{0, 0, 0x2a, 0x19, 0, 0, 0x10, 0, 0x80, 0, 0, 0x80, 0x5f,
				0x9b, 0x34, 0xfb}},
			.is_optional = true},
	};

	if (plan == DRIVER_PLAN_STOP && index == 0) {
		*ret = start[4];
		ret->bytes[0] = 2;
		ret->answer = 0x82;
		return 1;
	}
	if (plan != DRIVER_PLAN_START || index >= ARRAY_LEN(start))
		return 0;
	*ret = start[index];
	return 1;
}

static const struct driver *on_driver(void *user, unsigned wearable)
{
	struct bus_test *test = user;

	return test->no_driver ? NULL : &test->driver;
}

static void on_problem(void *user, unsigned wearable, enum wearable_problem problem)
{
	((struct bus_test *)user)->problem[wearable] = problem;
}

static void on_adapter_silence(void *user, const char *address, enum source_bluez_silence silence)
{
	((struct bus_test *)user)->silence = silence;
}

static void on_health(void *user, const struct health_report *report)
{
	snprintf(((struct bus_test *)user)->trouble[report->code], NAME_SIZE, "%s",
		report->text ? report->subject : "");
}

static void on_adapters_changed(void *user)
{
	((struct bus_test *)user)->adapters_changed++;
}

static const struct source_bluez_ops ops = {on_event, on_plan, on_driver, on_problem,
	on_adapters_changed, on_adapter_silence, on_health, NULL};

/* Long enough for a busy machine with sanitizers, short enough for a test. */
static void set_timing(struct link_timing *timing)
{
	*timing = (struct link_timing){.seen_us = 2000,
		.connect_us = 700,
		.resolve_us = 700,
		.characteristics_us = 400,
		.pair_us = 700,
		.step_us = 500,
		.subscribe_us = 500,
		.first_bytes_us = 700,
		.silence_us = 400,
		.silence_most_us = 800,
		.reopen_us = 60,
		.resubscribe_us = 400,
		.check_us = 500,
		.disconnect_us = 400,
		.quick_us = 250,
		.wait_transient_us = 10,
		.wait_timeout_us = 20,
		.wait_gatt_us = 30,
		.wait_slot_us = 60,
		.wait_most_us = 200,
		.quarantine_us = 300,
		.scan_quiet_us = 300,
		.scan_pause_us = 500,
		.power_cycle_us = 600,
		.adapter_silent_us = 900};
	for (int64_t *p = (int64_t *)timing; p < (int64_t *)(timing + 1); p++)
		*p *= US_PER_MS; /* given in ms above */
}

void bus_test_begin(struct bus_test *test, const struct bus_test_options *options)
{
	unsigned n = 1;

	*test = (struct bus_test){.driver = {.id = "plain", .clock = DRIVER_CLOCK_DEVICE}};
	snprintf(test->folder, sizeof(test->folder), "/tmp/coxad-bus-XXXXXX");
	assert_non_null(mkdtemp(test->folder));
	signal(SIGPIPE, SIG_IGN);
	test->limits = options->limits;
	bus_test_start_bus(test);
	if (!options->no_door)
		bus_test_start_door(test, options);
	sscanf(options->gym ? options->gym : "1", "%u", &n);
	n += options->absent;
	assert_true(n <= BUS_TEST_MAX);
	test->conf.bluetooth.slots = 7;
	test->conf.bluetooth.notify = options->notify;
	test->conf.bluetooth.pairing = options->pairing;
	test->conf.bluetooth.require_encryption = options->require_encryption;
	test->conf.n_wearables = n;
	for (unsigned i = 0; i < n; i++) {
		struct wearable_conf *w = &test->conf.wearable[i];

		/* The absent ones come last, with addresses that the gym does not play. */
		snprintf(w->address, sizeof(w->address), "C0:A5:00:00:%02X:%02X",
			i >= n - options->absent ? 0xffu : 0, i & 0xff);
		w->bond = options->bond;
		w->placement = PLACEMENT_PELVIS;
	}
	test->bluetooth_conf =
		options->bluetooth_conf ? options->bluetooth_conf : "/nonexistent/main.conf";
	test->has_field_timing = options->has_field_timing;
	test->resubscribe_us = options->resubscribe_us;
	assert_int_equal(sd_event_new(&test->loop), 0);
	bus_test_renew(test);
}

void bus_test_renew(struct bus_test *test)
{
	struct link_timing timing;

	set_timing(&timing);
	if (test->resubscribe_us)
		timing.resubscribe_us = test->resubscribe_us;
	assert_int_equal(
		source_bluez_new(&(struct source_bluez_options){.loop = test->loop,
					 .bus_address = test->address,
					 .conf = &test->conf,
					 .bluetooth_conf = test->bluetooth_conf,
					 .timing = test->has_field_timing ? NULL : &timing},
			&ops, test, &test->source),
		0);
}

bool bus_test_turn(struct bus_test *test, int64_t until_us)
{
	assert_true(sd_event_run(test->loop, 50 * US_PER_MS) >= 0);
	return clock_now_us() < until_us;
}

unsigned bus_test_motion(const struct bus_test *test)
{
	unsigned n = 0;

	for (unsigned i = 0; i < test->conf.n_wearables; i++)
		n += test->w[i].motion;
	return n;
}

enum link_state bus_test_state(const struct bus_test *test, unsigned wearable)
{
	return bluez_link_state(test->source->link[wearable]);
}

void bus_test_end(struct bus_test *test)
{
	char path[96];

	for (unsigned i = 0; i < test->conf.n_wearables; i++)
		assert_int_equal(test->w[i].out_of_turn, 0);
	assert_true(source_bluez_is_alive(test->source));
	test->source = source_bluez_free(test->source);
	for (unsigned i = 0; i < test->conf.n_wearables; i++)
		assert_false(test->w[i].is_up);
	sd_event_unref(test->loop);
	bus_test_kill_door(test);
	if (test->bus > 0)
		bus_test_kill_bus(test);
	snprintf(path, sizeof(path), "%s/bus.conf", test->folder);
	unlink(path);
	rmdir(test->folder);
}
