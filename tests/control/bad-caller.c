// SPDX-License-Identifier: MIT
/* bad-caller MODE N: a program that calls coxad as none should.
 * flood: N calls at once, then reads the answers, and prints how many were good and how many refused.
 * deaf: N calls and a watch, and reads nothing until standard input ends.
 * leave: N times connects, watches and is gone.
 * large: N commands of a mebibyte each.
 * crowd: a symptom, N commands that change nothing, and a session of kit 4, at once.
 * unwritable: records for N seconds into a file that it has open for reading.
 * renew: no bad one: watches N times in a row; "good" are the states of wearables that the first watch
 * told of, "refused" those of the others.
 * use: no bad one: N times comes, asks for all that a screen and an administrator look at, and goes.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#define INTERFACE "org.coxad.Gateway1"
#define LARGE     (1 << 20)

static unsigned n_good, n_refused;

static int on_answer(sd_bus_message *reply, void *user, sd_bus_error *error)
{
	if (sd_bus_message_is_method_error(reply, NULL))
		n_refused++;
	else
		n_good++;
	return 0;
}

static sd_bus *open_bus(void)
{
	sd_bus *bus = NULL;

	if (sd_bus_open_system(&bus) < 0)
		exit(EXIT_FAILURE);
	return bus;
}

static void ask(
	sd_bus *bus, const char *method, const char *types, const char *first, const char *second)
{
	if (sd_bus_call_method_async(bus, NULL, "org.coxad", "/org/coxad", INTERFACE, method,
		    on_answer, NULL, types, first, second) < 0)
		exit(EXIT_FAILURE);
}

static void read_answers(sd_bus *bus, unsigned n)
{
	while (n_good + n_refused < n) {
		int r = sd_bus_process(bus, NULL);

		if (r == 0)
			r = sd_bus_wait(bus, UINT64_MAX);
		if (r < 0)
			exit(EXIT_FAILURE);
	}
}

static void flood(unsigned n)
{
	sd_bus *bus = open_bus();

	for (unsigned i = 0; i < n; i++)
		ask(bus, "Status", "", NULL, NULL);
	read_answers(bus, n);
	sd_bus_close_unref(bus);
}

static void watch(sd_bus *bus)
{
	if (sd_bus_call_method(bus, "org.coxad", "/org/coxad", INTERFACE, "Watch", NULL, NULL, "su",
		    "", 300) < 0)
		exit(EXIT_FAILURE);
}

static void deaf(unsigned n)
{
	sd_bus *bus = open_bus();
	char c;

	watch(bus);
	for (unsigned i = 0; i < n; i++)
		ask(bus, "Status", "", NULL, NULL);
	sd_bus_flush(bus);
	puts("deaf");
	fflush(stdout);
	while (read(STDIN_FILENO, &c, 1) > 0)
		;
	sd_bus_close_unref(bus);
}

static void leave(unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		sd_bus *bus = open_bus();

		watch(bus);
		sd_bus_close_unref(bus);
		n_good++;
	}
}

static void large(unsigned n)
{
	char *payload = calloc(1, LARGE + 1);
	sd_bus *bus = open_bus();

	memset(payload, ' ', LARGE);
	for (unsigned i = 0; i < n; i++) {
		ask(bus, "Command", "ss", "symptom", payload);
		read_answers(bus, i + 1);
	}
	free(payload);
	sd_bus_close_unref(bus);
}

static void crowd(unsigned n)
{
	sd_bus *bus = open_bus();

	ask(bus, "Command", "ss", "symptom", "{\"athlete\":\"ana\",\"code\":\"sharp\"}");
	for (unsigned i = 0; i < n; i++)
		ask(bus, "Command", "ss", "cue", "{}");
	ask(bus, "Command", "ss", "session-start", "{\"kit\":\"4\",\"athlete\":\"late\"}");
	read_answers(bus, n + 2);
	sd_bus_close_unref(bus);
}

static void unwritable(unsigned n)
{
	sd_bus *bus = open_bus();
	sd_bus_message *call = NULL;
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	if (fd < 0 ||
		sd_bus_message_new_method_call(
			bus, &call, "org.coxad", "/org/coxad", INTERFACE ".Admin", "Record") < 0 ||
		sd_bus_message_append(call, "hu", fd, n) < 0 ||
		sd_bus_call_async(bus, NULL, call, on_answer, NULL, UINT64_MAX) < 0)
		exit(EXIT_FAILURE);
	read_answers(bus, 1);
	sd_bus_message_unref(call);
	close(fd);
	sd_bus_close_unref(bus);
}

static bool is_renewed;

static int on_state(sd_bus_message *message, void *user, sd_bus_error *error)
{
	const char *topic, *payload;

	if (sd_bus_message_read(message, "ss", &topic, &payload) >= 0 &&
		strncmp(topic, "wearable/", strlen("wearable/")) == 0)
		++*(is_renewed ? &n_refused : &n_good);
	return 0;
}

static void renew(unsigned n)
{
	sd_bus *bus = open_bus();

	if (sd_bus_match_signal(
		    bus, NULL, "org.coxad", "/org/coxad", INTERFACE, "Message", on_state, NULL) < 0)
		exit(EXIT_FAILURE);
	for (unsigned i = 0; i < n; i++) {
		watch(bus);
		/* Its answer comes after what the watch began with. */
		if (sd_bus_call_method(bus, "org.coxad", "/org/coxad", INTERFACE, "Health", NULL,
			    NULL, "") < 0)
			exit(EXIT_FAILURE);
		while (sd_bus_process(bus, NULL) > 0)
			;
		is_renewed = true;
	}
	sd_bus_close_unref(bus);
}

static void call(sd_bus *bus, const char *interface, const char *method, const char *types, ...)
{
	va_list args;
	int r;

	va_start(args, types);
	r = sd_bus_call_method_asyncv(bus, NULL, "org.coxad", "/org/coxad", interface, method,
		on_answer, NULL, types, args);
	va_end(args);
	if (r < 0)
		exit(EXIT_FAILURE);
}

static void use(unsigned n)
{
	static const char *const looks[] = {"Status", "Inventory", "Health"};

	for (unsigned i = 1; i <= n; i++) {
		sd_bus *bus = open_bus();

		watch(bus);
		for (size_t k = 0; k < 3; k++)
			call(bus, INTERFACE, looks[k], "");
		call(bus, INTERFACE, "History", "sssu", "ana", "", "", 200);
		call(bus, INTERFACE, "Command", "ss", "session-start",
			"{\"kit\":\"3\",\"athlete\":\"ana\"}");
		call(bus, INTERFACE ".Admin", "Scan", "u", 1);
		call(bus, INTERFACE ".Admin", "Reload", "");
		read_answers(bus, i * 7);
		sd_bus_close_unref(bus);
	}
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(unsigned n);
	} modes[] = {{"flood", flood}, {"deaf", deaf}, {"leave", leave}, {"large", large},
		{"crowd", crowd}, {"unwritable", unwritable}, {"renew", renew}, {"use", use}};

	for (size_t i = 0; argc == 3 && i < sizeof(modes) / sizeof(modes[0]); i++)
		if (strcmp(argv[1], modes[i].name) == 0) {
			modes[i].run((unsigned)atoi(argv[2]));
			printf("%u good, %u refused\n", n_good, n_refused);
			return EXIT_SUCCESS;
		}
	return 2;
}
