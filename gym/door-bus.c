// SPDX-License-Identifier: MIT
#include "gym/door-bus.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/loop/clock.h"
#include "gym/door-agent.h"
#include "gym/door-clock.h"
#include "gym/door-command.h"
#include "gym/door-hall.h"
#include "gym/door-methods.h"
#include "gym/door-private.h"
#include "gym/door-radio.h"
#include "gym/door-send.h"

#define MTU_DEFAULT   247
#define INTERVAL_US   30000 /* the kernel's default connection interval */
#define CONNECT_US    20000
#define MODALIAS_5_84 "usb:v1D6Bp0246d0554"
#define CLIENT_LEAVES                                                                              \
	"type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg2=''"

static void close_connection(struct door *door)
{
	door->is_crashing = true; /* nothing is sent from here on */
	door_agent_forget_all(door);
	for (size_t i = 0; i < door->n_devices; i++) {
		struct door_device *device = &door->devices[i];

		if (device->connect)
			dbus_message_unref(steal(device->connect));
		door_radio_link_down(door, device);
		for (size_t k = 0; k < device->n_chars; k++)
			device->chars[k].is_exported = false;
		device->is_exported = false;
	}
	door_send_drop_delayed(door);
	for (unsigned i = 0; i < DOOR_ADAPTERS_MAX; i++)
		door->adapter[i].is_discovering = false;
	door->shown_strangers = 0;
	door->is_crashing = false;
	if (!door->connection)
		return;
	dbus_connection_remove_filter(door->connection, door_methods_on_call, door);
	dbus_connection_remove_filter(door->connection, door_agent_on_signal, door);
	door->bus_loop = bus_loop_detach(door->bus_loop);
	dbus_connection_close(door->connection);
	dbus_connection_unref(steal(door->connection));
}

static int open_connection(struct door *door)
{
	DBusError error = DBUS_ERROR_INIT;

	door->connection = dbus_connection_open_private(door->bus_address, &error);
	/* Blocking is fine here: nobody waits for the fake meanwhile. */
	if (!door->connection || !dbus_bus_register(door->connection, &error) ||
		dbus_bus_request_name(door->connection, "org.bluez",
			DBUS_NAME_FLAG_REPLACE_EXISTING | DBUS_NAME_FLAG_DO_NOT_QUEUE,
			&error) < 0) {
		fprintf(stderr, "coxa-gym: %s: %s\n", door->bus_address, error.message);
		dbus_error_free(&error);
		return -ECONNREFUSED;
	}
	dbus_connection_set_exit_on_disconnect(door->connection, FALSE);
	dbus_connection_add_filter(door->connection, door_methods_on_call, door, NULL);
	dbus_connection_add_filter(door->connection, door_agent_on_signal, door, NULL);
	dbus_bus_add_match(door->connection, CLIENT_LEAVES, NULL);
	return bus_loop_attach(door->loop, door->connection, &door->bus_loop);
}

/* Returns when the next command is due; the first bus sees to them. */
static int64_t send_commands(struct door *door, int64_t now_us)
{
	struct door_hall *hall = door->hall;
	struct gym_command command;

	while (door == hall->door && door->options.command &&
		gym_get_command(door->gym, hall->command_at, &command)) {
		if (command.t_us > now_us)
			return command.t_us;
		door->options.command(command.topic, command.payload, door->options.user);
		hall->command_at++;
	}
	return INT64_MAX;
}

/* Does what is due on the bus. Returns when something is due next. */
static int64_t step_bus(struct door *door, int64_t now_us)
{
	int64_t due = INT64_MAX;

	for (size_t i = 0; !door->is_crashing && i < door->n_devices; i++)
		due = door_earlier(due, door_radio_step_device(door, &door->devices[i], now_us));
	if (!door->is_crashing) {
		due = door_earlier(due, door_send_due(door, now_us));
		due = door_earlier(due, door_radio_step_strangers(door, now_us));
	}
	return due;
}

static int on_timer(sd_event_source *source, uint64_t usec, void *user)
{
	struct door *door = user;
	int64_t now_us = door_clock_now_us(door);
	int64_t due = gym_end_us(door->gym) + (int64_t)(door->options.stay_s * US_PER_S);

	if (now_us >= due)
		return sd_event_exit(door->loop, 0);
	due = door_earlier(due, send_commands(door, now_us));
	if (door->is_crashing)
		close_connection(door);
	if (!door->connection && now_us >= door->back_us && open_connection(door) < 0)
		return sd_event_exit(door->loop, -ECONNREFUSED);
	due = door_earlier(due, door->connection ? step_bus(door, now_us) : door->back_us);
	if (door->is_crashing)
		due = 0;
	sd_event_source_set_time(source, (uint64_t)(due + door->start_us));
	sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
	return 0;
}

/* "bus N" before a line: the Nth. NULL: there is none. */
static struct door *find_door(struct door_hall *hall, char **line)
{
	unsigned number = 1;
	int used = 0;

	if (sscanf(*line, " bus %u %n", &number, &used) >= 1 && used)
		*line += used;
	return number && number <= hall->n_doors ? &hall->door[number - 1] : NULL;
}

/* False: quit. */
static bool run_line(struct door_hall *hall, char *line, char *answer, size_t size)
{
	struct door *door = find_door(hall, &line);

	if (door)
		return door_command_run(door, line, answer, size);
	snprintf(answer, size, "error no such bus");
	return true;
}

static int run_lines(struct door_hall *hall)
{
	char *newline;

	while ((newline = memchr(hall->line, '\n', hall->line_size))) {
		char answer[128];
		bool is_running;
		size_t used = (size_t)(newline - hall->line) + 1;

		*newline = '\0';
		is_running = run_line(hall, hall->line, answer, sizeof(answer) - 1);
		strcat(answer, "\n");
		if (hall->answer_fd >= 0 && write(hall->answer_fd, answer, strlen(answer)) < 0)
			is_running = false;
		memmove(hall->line, hall->line + used, hall->line_size - used);
		hall->line_size -= used;
		if (!is_running)
			return sd_event_exit(hall->door->loop, 0);
	}
	return 0;
}

static int on_control(sd_event_source *source, int fd, uint32_t revents, void *user)
{
	struct door_hall *hall = user;
	ssize_t n = read(fd, hall->line + hall->line_size, sizeof(hall->line) - hall->line_size);

	if (n <= 0)
		return sd_event_exit(hall->door->loop, 0);
	hall->line_size += (size_t)n;
	return run_lines(hall);
}

static size_t number_of(const struct door *door)
{
	return (size_t)(door - door->hall->door);
}

static void init_device(struct door *door, struct door_device *device, size_t index)
{
	static const struct uuid battery = UUID_SIG(0x180f);
	const struct device_characteristic *chars;

	device->door = door;
	device->gym = gym_get_device(door->gym, index);
	device->address = device_address(device->gym);
	device->is_random = device_has_random_address(device->gym);
	device->adapter = (unsigned)index % door->options.n_adapters;
	device->weaker_db = door_hall_weaker_db(
		number_of(door), door->hall->n_doors, index, gym_n_devices(door->gym));
	device->connect_us = device->resolve_us = device->objects_us = INT64_MAX;
	device->drop_us = device->event_us = device->unreachable_us = INT64_MAX;
	chars = device_characteristics(device->gym, &device->n_chars);
	if (device->n_chars > DOOR_CHARS_MAX)
		device->n_chars = DOOR_CHARS_MAX;
	for (size_t i = 0; i < device->n_chars; i++)
		device->chars[i] = (struct door_char){.gym = &chars[i],
			.fd = -1,
			.eof_us = INT64_MAX,
			.is_hidden = door->options.claims_battery &&
				     uuid_is_equal(&chars[i].service, &battery)};
}

static void init_adapter(struct door *door, unsigned index)
{
	struct door_adapter *adapter = &door->adapter[index];
	const char *address = number_of(door) == 0 ? door->options.adapters[index] : NULL;

	*adapter = (struct door_adapter){.is_there = true, .is_powered = true};
	snprintf(adapter->path, sizeof(adapter->path), "/org/bluez/hci%u", index);
	snprintf(adapter->address, sizeof(adapter->address), "00:C0:A5:00:%02zX:%02X",
		number_of(door) & 255, index);
	if (address)
		snprintf(adapter->address, sizeof(adapter->address), "%s", address);
}

static void init(struct door *door)
{
	struct door_bus_options *options = &door->options;

	options->n_adapters = options->n_adapters == 0                  ? 1
			      : options->n_adapters < DOOR_ADAPTERS_MAX ? options->n_adapters
									: DOOR_ADAPTERS_MAX;
	options->mtu = options->mtu ? options->mtu : MTU_DEFAULT;
	options->interval_us = options->interval_us ? options->interval_us : INTERVAL_US;
	options->connect_us = options->connect_us ? options->connect_us : CONNECT_US;
	options->modalias = options->modalias ? options->modalias : MODALIAS_5_84;
	for (unsigned i = 0; i < options->n_adapters; i++)
		init_adapter(door, i);
	door->n_devices = gym_n_devices(door->gym);
	door->devices = alloc_zero(door->n_devices, sizeof(*door->devices));
	for (size_t i = 0; i < door->n_devices; i++)
		init_device(door, &door->devices[i], i);
}

static int run_script(struct door_hall *hall, const char *lines)
{
	_auto_free_ char *script = alloc_text(lines);
	char *save = NULL, answer[128];

	if (!script)
		return 0;
	for (char *line = strtok_r(script, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		_auto_free_ char *copy = alloc_text(line);

		if (!run_line(hall, copy, answer, sizeof(answer)) ||
			strncmp(answer, "error", 5) == 0) {
			fprintf(stderr, "coxa-gym: %s: %s\n", line, answer);
			return -EINVAL;
		}
	}
	return 0;
}

static int open_doors(struct door_hall *hall)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < hall->n_doors; i++) {
		struct door *door = &hall->door[i];

		init(door);
		r = sd_event_add_time(
			door->loop, &door->timer, CLOCK_MONOTONIC, 0, 200, on_timer, door);
	}
	if (r >= 0)
		r = run_script(hall, hall->door->options.script);
	for (size_t i = 0; r >= 0 && i < hall->n_doors; i++)
		r = open_connection(&hall->door[i]);
	return r;
}

static void close_doors(struct door_hall *hall)
{
	for (size_t i = 0; i < hall->n_doors; i++) {
		close_connection(&hall->door[i]);
		sd_event_source_disable_unref(hall->door[i].timer);
		free(hall->door[i].devices);
	}
	free(hall->door);
}

int door_bus_run(struct gym *gym, const char *const *bus_address, size_t n_buses,
	const struct door_bus_options *options)
{
	struct door_hall hall = {.n_doors = n_buses, .answer_fd = options->answer_fd};
	int64_t start_us = clock_now_us();
	sd_event_source *control = NULL;
	sd_event *loop;
	int r;

	signal(SIGPIPE, SIG_IGN);
	r = sd_event_new(&loop);
	if (r < 0)
		return r;
	hall.door = alloc_zero(n_buses, sizeof(*hall.door));
	for (size_t i = 0; i < n_buses; i++)
		hall.door[i] = (struct door){.hall = &hall,
			.gym = gym,
			.options = *options,
			.bus_address = bus_address[i],
			.loop = loop,
			.start_us = start_us,
			.random = options->seed + 1 + i};
	if (options->control_fd >= 0)
		r = sd_event_add_io(
			loop, &control, options->control_fd, 1 /* EPOLLIN */, on_control, &hall);
	if (r >= 0)
		r = open_doors(&hall);
	if (r >= 0)
		r = sd_event_loop(loop);
	sd_event_source_disable_unref(control);
	close_doors(&hall);
	sd_event_unref(loop);
	return r;
}
