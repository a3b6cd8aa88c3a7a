// SPDX-License-Identifier: MIT
/* bench-live [SECONDS]: what hearing 1000 notifications a second costs, from the fake org.bluez to
 * the capture event: coxad's source against the least that a program can do (a loop over libdbus,
 * a poll over the sockets) and against python3-bleak where it is installed. CPU of the client and
 * of the bus, microseconds a notification; each reader alone with a bus and a fake of its own. The
 * order is turned from round to round and the least of the rounds counts.
 */
#include <dbus/dbus.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "coxad/loop/journal.h"
#include "tests/bus/bus-test.h"

#define WEARABLES 5
#define GYM       "5 200 60"
#define ROUNDS    3
#define S         INT64_C(1000000)

struct figure {
	double client_us, bus_us, rate;
};

static int64_t window_us = 4 * S;

static int64_t cpu_self_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return ts.tv_sec * S + ts.tv_nsec / 1000;
}

/* First field of schedstat: nanoseconds on a CPU. All of these have one thread that counts. */
static int64_t cpu_of_us(pid_t pid)
{
	long long ns = 0;
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/schedstat", (int)pid);
	f = fopen(path, "r");
	if (!f || fscanf(f, "%lld", &ns) != 1)
		fprintf(stderr, "bench-live: %s cannot be read\n", path);
	if (f)
		fclose(f);
	return ns / 1000;
}

static void stop(struct bus_test *test)
{
	bus_test_kill_door(test);
	bus_test_kill_bus(test);
	if (test->folder[0]) {
		char path[96];

		snprintf(path, sizeof(path), "%s/bus.conf", test->folder);
		unlink(path);
		rmdir(test->folder);
	}
}

static struct figure measure_coxad(enum notify_mode mode)
{
	struct bus_test t;
	int64_t client, bus, begin, until;
	unsigned n;

	bus_test_begin(&t,
		&(struct bus_test_options){.gym = GYM, .notify = mode, .has_field_timing = true});
	UNTIL_STREAMS(&t, WEARABLES, 20);
	n = bus_test_motion(&t);
	client = cpu_self_us();
	bus = cpu_of_us(t.bus);
	begin = clock_now_us();
	until = begin + window_us;
	while (clock_now_us() < until)
		sd_event_run(t.loop, (uint64_t)(until - clock_now_us()));
	client = cpu_self_us() - client;
	bus = cpu_of_us(t.bus) - bus;
	n = bus_test_motion(&t) - n;
	until = clock_now_us();
	bus_test_end(&t);
	return (struct figure){
		(double)client / n, (double)bus / n, (double)n * S / (double)(until - begin)};
}

/* --- the least a program can do; it may block as it likes --- */

struct bare {
	struct bus_test t; /* bus and door */
	DBusConnection *connection;
	char path[WEARABLES][160];
	int fd[WEARABLES];
	unsigned n, size;
};

static DBusMessage *call(
	struct bare *b, const char *path, const char *interface, const char *method)
{
	DBusMessage *m = dbus_message_new_method_call("org.bluez", path, interface, method);
	DBusMessageIter args, dict;
	DBusMessage *reply;

	if (strcmp(method, "AcquireNotify") == 0) {
		dbus_message_iter_init_append(m, &args);
		dbus_message_iter_open_container(&args, DBUS_TYPE_ARRAY, "{sv}", &dict);
		dbus_message_iter_close_container(&args, &dict);
	}
	reply = dbus_connection_send_with_reply_and_block(b->connection, m, 5000, NULL);
	dbus_message_unref(m);
	return reply;
}

static DBusHandlerResult on_value(DBusConnection *connection, DBusMessage *m, void *user)
{
	struct bare *b = user;
	DBusMessageIter args, dict, entry, variant, array;
	const uint8_t *bytes;
	const char *key;
	int size;

	if (!dbus_message_is_signal(m, "org.freedesktop.DBus.Properties", "PropertiesChanged") ||
		!dbus_message_iter_init(m, &args) || !dbus_message_iter_next(&args))
		return DBUS_HANDLER_RESULT_NOT_YET_HANDLED;
	dbus_message_iter_recurse(&args, &dict);
	for (; dbus_message_iter_get_arg_type(&dict) == DBUS_TYPE_DICT_ENTRY;
		dbus_message_iter_next(&dict)) {
		dbus_message_iter_recurse(&dict, &entry);
		dbus_message_iter_get_basic(&entry, &key);
		if (strcmp(key, "Value") != 0)
			continue;
		dbus_message_iter_next(&entry);
		dbus_message_iter_recurse(&entry, &variant);
		dbus_message_iter_recurse(&variant, &array);
		dbus_message_iter_get_fixed_array(&array, &bytes, &size);
		b->size += (unsigned)size;
		b->n++;
	}
	return DBUS_HANDLER_RESULT_HANDLED;
}

static void bare_begin(struct bare *b, bool by_fd)
{
	static const struct bus_test_options options = {.gym = GYM};
	DBusMessage *reply;

	snprintf(b->t.folder, sizeof(b->t.folder), "/tmp/coxad-bus-XXXXXX");
	if (!mkdtemp(b->t.folder))
		exit(1);
	bus_test_start_bus(&b->t);
	bus_test_start_door(&b->t, &options);
	b->connection = dbus_connection_open_private(b->t.address, NULL);
	if (!b->connection || !dbus_bus_register(b->connection, NULL))
		exit(1);
	dbus_connection_set_exit_on_disconnect(b->connection, FALSE);
	while (!dbus_bus_name_has_owner(b->connection, "org.bluez", NULL))
		usleep(1000);
	reply = call(b, "/org/bluez/hci0", "org.bluez.Adapter1", "StartDiscovery");
	if (reply)
		dbus_message_unref(reply);
	for (unsigned i = 0; i < WEARABLES; i++) {
		char device[64];

		snprintf(device, sizeof(device), "/org/bluez/hci0/dev_C0_A5_00_00_00_%02X", i);
		while (!(reply = call(b, device, "org.bluez.Device1", "Connect")))
			usleep(1000);
		dbus_message_unref(reply);
		snprintf(b->path[i], sizeof(b->path[i]), "%s/service0001/char000a", device);
		reply = call(b, b->path[i], "org.bluez.GattCharacteristic1",
			by_fd ? "AcquireNotify" : "StartNotify");
		if (!reply)
			exit(1);
		if (by_fd && !dbus_message_get_args(
				     reply, NULL, DBUS_TYPE_UNIX_FD, &b->fd[i], DBUS_TYPE_INVALID))
			exit(1);
		dbus_message_unref(reply);
	}
	reply = call(b, "/org/bluez/hci0", "org.bluez.Adapter1", "StopDiscovery");
	if (reply)
		dbus_message_unref(reply);
}

static void bare_turn(struct bare *b, bool by_fd)
{
	uint8_t value[512];
	struct pollfd p[WEARABLES];

	if (!by_fd) {
		dbus_connection_read_write_dispatch(b->connection, 100);
		return;
	}
	for (unsigned i = 0; i < WEARABLES; i++)
		p[i] = (struct pollfd){.fd = b->fd[i], .events = POLLIN};
	poll(p, WEARABLES, 100);
	for (unsigned i = 0; i < WEARABLES; i++)
		while (p[i].revents & POLLIN &&
			recv(b->fd[i], value, sizeof(value), MSG_DONTWAIT) > 0)
			b->n++;
}

static struct figure measure_bare(bool by_fd)
{
	static const char *const match =
		"type='signal',sender='org.bluez',member='PropertiesChanged',"
		"arg0='org.bluez.GattCharacteristic1'";
	struct bare b = {0};
	int64_t client, bus, begin;
	unsigned n;

	bare_begin(&b, by_fd);
	dbus_connection_add_filter(b.connection, on_value, &b, NULL);
	if (!by_fd)
		dbus_bus_add_match(b.connection, match, NULL);
	while (b.n < 100)
		bare_turn(&b, by_fd);
	n = b.n;
	client = cpu_self_us();
	bus = cpu_of_us(b.t.bus);
	begin = clock_now_us();
	while (clock_now_us() < begin + window_us)
		bare_turn(&b, by_fd);
	client = cpu_self_us() - client;
	bus = cpu_of_us(b.t.bus) - bus;
	n = b.n - n;
	begin = clock_now_us() - begin;
	dbus_connection_close(b.connection);
	dbus_connection_unref(b.connection);
	for (unsigned i = 0; by_fd && i < WEARABLES; i++)
		close(b.fd[i]);
	stop(&b.t);
	return (struct figure){(double)client / n, (double)bus / n, (double)n * S / (double)begin};
}

/* rate 0 where it does not run here. */
static struct figure measure_bleak(void)
{
	static const struct bus_test_options options = {.gym = GYM};
	struct bus_test t = {.folder = "/tmp/coxad-bus-XXXXXX"};
	struct figure figure = {0};
	char line[64], wearables[8];
	int64_t client, bus, begin;
	unsigned n;
	int out[2];
	FILE *f;
	pid_t pid;

	if (!mkdtemp(t.folder) || pipe(out) < 0)
		exit(1);
	bus_test_start_bus(&t);
	bus_test_start_door(&t, &options);
	snprintf(wearables, sizeof(wearables), "%u", WEARABLES);
	pid = fork();
	if (pid == 0) {
		dup2(out[1], 1);
		execl("/usr/bin/python3", "python3", TOP_SRCDIR "/tests/bench/bleak-reader.py",
			t.address, wearables, (char *)NULL);
		_exit(127);
	}
	close(out[1]);
	f = fdopen(out[0], "r");
	if (f && fgets(line, sizeof(line), f) && strcmp(line, "ready\n") == 0) {
		n = bus_test_order(&t, "count sent");
		client = cpu_of_us(pid);
		bus = cpu_of_us(t.bus);
		begin = clock_now_us();
		usleep((useconds_t)window_us);
		client = cpu_of_us(pid) - client;
		bus = cpu_of_us(t.bus) - bus;
		n = bus_test_order(&t, "count sent") - n;
		figure = (struct figure){(double)client / n, (double)bus / n,
			(double)n * S / (double)(clock_now_us() - begin)};
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	if (f)
		fclose(f);
	stop(&t);
	return figure;
}

enum reader {
	READER_BARE_FD,
	READER_COXAD_FD,
	READER_BARE_SIGNAL,
	READER_COXAD_SIGNAL,
	READER_BLEAK,
	READERS
};

static struct figure measure(enum reader reader)
{
	switch (reader) {
	case READER_BARE_FD:
		return measure_bare(true);
	case READER_COXAD_FD:
		return measure_coxad(NOTIFY_MODE_FD);
	case READER_BARE_SIGNAL:
		return measure_bare(false);
	case READER_COXAD_SIGNAL:
		return measure_coxad(NOTIFY_MODE_SIGNAL);
	case READER_BLEAK:
		return measure_bleak();
	case READERS:
		break;
	}
	return (struct figure){0};
}

int main(int argc, char **argv)
{
	static const char *const names[READERS] = {"bare poll, sockets", "coxad, sockets",
		"bare libdbus, signals", "coxad, signals", "python3-bleak, signals"};
	static const enum reader against[READERS] = {READER_BARE_FD, READER_BARE_FD,
		READER_BARE_SIGNAL, READER_BARE_SIGNAL, READER_BARE_SIGNAL};
	struct figure best[READERS] = {0};

	journal_start(LOG_WARNING);
	if (argc > 1)
		window_us = atoll(argv[1]) * S;
	for (unsigned round = 0; round < ROUNDS; round++)
		for (unsigned i = 0; i < READERS; i++) {
			enum reader reader = (enum reader)((i + round) % READERS);
			struct figure f = measure(reader);

			if (f.rate > 0 &&
				(best[reader].rate <= 0 ||
					f.client_us + f.bus_us <
						best[reader].client_us + best[reader].bus_us))
				best[reader] = f;
		}
	printf("%-24s %8s %10s %8s %8s %7s\n", "reader", "rate/s", "client us", "bus us", "sum us",
		"ratio");
	for (unsigned i = 0; i < READERS; i++) {
		const struct figure *f = &best[i], *base = &best[against[i]];

		if (f->rate <= 0)
			printf("%-24s does not run here\n", names[i]);
		else
			printf("%-24s %8.0f %10.1f %8.1f %8.1f %7.2f\n", names[i], f->rate,
				f->client_us, f->bus_us, f->client_us + f->bus_us,
				(f->client_us + f->bus_us) / (base->client_us + base->bus_us));
	}
	return 0;
}
