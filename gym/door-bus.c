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
#include "gym/door-private.h"

int64_t door_now(const struct door *door)
{
	return clock_now_us() - door->start_us;
}

void door_wake(struct door *door)
{
	sd_event_source_set_time(door->timer, 0);
	sd_event_source_set_enabled(door->timer, SD_EVENT_ONESHOT);
}

struct door_device *door_find_device(struct door *door, const char *path)
{
	for (size_t i = 0; i < door->n_devices; i++)
		if (door->devices[i].is_exported && strcmp(door->devices[i].path, path) == 0)
			return &door->devices[i];
	return NULL;
}

struct door_char *door_find_char(struct door *door, const char *path, struct door_device **ret)
{
	for (size_t i = 0; i < door->n_devices; i++) {
		struct door_device *device = &door->devices[i];
		size_t length = strlen(device->path);

		if (!device->is_exported || strncmp(device->path, path, length) != 0)
			continue;
		for (size_t k = 0; k < device->n_chars; k++)
			if (device->chars[k].is_exported &&
				strcmp(device->chars[k].path, path) == 0) {
				*ret = device;
				return &device->chars[k];
			}
	}
	return NULL;
}

struct door_adapter *door_find_adapter(struct door *door, const char *path)
{
	for (unsigned i = 0; i < DOOR_ADAPTERS_MAX; i++)
		if (door->adapter[i].is_there && strcmp(door->adapter[i].path, path) == 0)
			return &door->adapter[i];
	return NULL;
}

void door_send(struct door *door, DBusMessage *message, int64_t delay_us)
{
	struct door_delayed **at = &door->delayed;

	if (!delay_us) {
		if (door->connection && !door->crash_due)
			dbus_connection_send(door->connection, message, NULL);
		dbus_message_unref(message);
		return;
	}
	while (*at)
		at = &(*at)->next;
	*at = new0(struct door_delayed);
	**at = (struct door_delayed){.message = message, .at_us = door_now(door) + delay_us};
	door_wake(door);
}

void door_reply(struct door *door, DBusMessage *call, int64_t delay_us)
{
	door_send(door, dbus_message_new_method_return(call), delay_us);
}

static int64_t step_delayed(struct door *door, int64_t now_us)
{
	int64_t due = INT64_MAX;

	for (struct door_delayed **at = &door->delayed; *at;) {
		struct door_delayed *delayed = *at;

		if (now_us < delayed->at_us) {
			due = delayed->at_us < due ? delayed->at_us : due;
			at = &delayed->next;
			continue;
		}
		*at = delayed->next;
		door_send(door, delayed->message, 0);
		free(delayed);
	}
	return due;
}

static void close_connection(struct door *door)
{
	door->crash_due = true; /* the dead say nothing */
	for (size_t i = 0; i < door->n_devices; i++) {
		struct door_device *device = &door->devices[i];

		if (device->connect)
			dbus_message_unref(steal(device->connect));
		door_link_down(door, device);
		for (size_t k = 0; k < device->n_chars; k++)
			device->chars[k].is_exported = false;
		device->is_exported = false;
	}
	while (door->delayed) {
		struct door_delayed *delayed = door->delayed;

		door->delayed = delayed->next;
		dbus_message_unref(delayed->message);
		free(delayed);
	}
	for (unsigned i = 0; i < DOOR_ADAPTERS_MAX; i++)
		door->adapter[i].is_discovering = false;
	door->shown_strangers = 0;
	door->crash_due = false;
	if (!door->connection)
		return;
	dbus_connection_remove_filter(door->connection, door_on_call, door);
	door->bus_loop = bus_loop_detach(door->bus_loop);
	dbus_connection_close(door->connection);
	dbus_connection_unref(steal(door->connection));
}

static int open_connection(struct door *door)
{
	DBusError error = DBUS_ERROR_INIT;
	int r;

	door->connection = dbus_connection_open_private(door->bus_address, &error);
	/* A test's fake may block here as it likes. */
	if (!door->connection || !dbus_bus_register(door->connection, &error) ||
		dbus_bus_request_name(door->connection, "org.bluez",
			DBUS_NAME_FLAG_REPLACE_EXISTING | DBUS_NAME_FLAG_DO_NOT_QUEUE,
			&error) < 0) {
		fprintf(stderr, "door-bus: %s\n", error.message);
		dbus_error_free(&error);
		return -ECONNREFUSED;
	}
	dbus_connection_set_exit_on_disconnect(door->connection, FALSE);
	dbus_connection_add_filter(door->connection, door_on_call, door, NULL);
	r = bus_loop_attach(door->loop, door->connection, &door->bus_loop);
	return r;
}

void door_die(struct door *door, int64_t back_after_us)
{
	door->crash_due = true;
	door->back_us = door_now(door) + back_after_us;
	door_wake(door);
}

/* Returns when the next command is due. */
static int64_t send_commands(struct door *door, int64_t now_us)
{
	const char *topic, *payload;
	int64_t t_us;

	while (door->options->command &&
		gym_command(door->gym, door->command_at, &t_us, &topic, &payload)) {
		if (t_us > now_us)
			return t_us;
		door->options->command(topic, payload, door->options->user);
		door->command_at++;
	}
	return INT64_MAX;
}

static int on_timer(sd_event_source *source, uint64_t usec, void *user)
{
	struct door *door = user;
	int64_t now_us = door_now(door), at;
	int64_t due = gym_end_us(door->gym) + (int64_t)(door->options->stay_s * US_PER_S);

	if (now_us >= due)
		return sd_event_exit(door->loop, 0);
	at = send_commands(door, now_us);
	due = at < due ? at : due;
	if (door->crash_due)
		close_connection(door);
	if (!door->connection && now_us >= door->back_us && open_connection(door) < 0)
		return sd_event_exit(door->loop, -ECONNREFUSED);
	if (!door->connection && door->back_us < due)
		due = door->back_us;
	for (size_t i = 0; door->connection && !door->crash_due && i < door->n_devices; i++) {
		at = door_step_device(door, &door->devices[i], now_us);
		due = at < due ? at : due;
	}
	if (door->connection && !door->crash_due) {
		at = step_delayed(door, now_us);
		due = at < due ? at : due;
		at = door_step_strangers(door, now_us);
		due = at < due ? at : due;
	}
	if (door->crash_due)
		due = 0;
	sd_event_source_set_time(source, (uint64_t)(due + door->start_us));
	sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
	return 0;
}

static int run_lines(struct door *door)
{
	char *newline;

	while ((newline = memchr(door->line, '\n', door->line_size))) {
		char answer[128];
		bool goes_on;
		size_t used = (size_t)(newline - door->line) + 1;

		*newline = '\0';
		goes_on = door_command(door, door->line, answer, sizeof(answer) - 1);
		strcat(answer, "\n");
		if (door->options->answer_fd >= 0 &&
			write(door->options->answer_fd, answer, strlen(answer)) < 0)
			goes_on = false;
		memmove(door->line, door->line + used, door->line_size - used);
		door->line_size -= used;
		if (!goes_on)
			return sd_event_exit(door->loop, 0);
	}
	return 0;
}

static int on_control(sd_event_source *source, int fd, uint32_t revents, void *user)
{
	struct door *door = user;
	ssize_t n = read(fd, door->line + door->line_size, sizeof(door->line) - door->line_size);

	if (n <= 0)
		return sd_event_exit(door->loop, 0);
	door->line_size += (size_t)n;
	return run_lines(door);
}

static void init_devices(struct door *door)
{
	static const struct uuid battery = UUID_SIG(0x180f);

	door->n_devices = gym_n_devices(door->gym);
	door->devices = alloc_zero(door->n_devices, sizeof(*door->devices));
	for (size_t i = 0; i < door->n_devices; i++) {
		struct door_device *device = &door->devices[i];
		const struct device_characteristic *chars;
		unsigned n_adapters = door->options->n_adapters ? door->options->n_adapters : 1;

		device->door = door;
		device->gym = gym_get_device(door->gym, i);
		device->address = device_address(device->gym);
		device->is_random = device_has_random_address(device->gym);
		device->adapter = (unsigned)i % n_adapters;
		device->connect_us = device->resolve_us = device->objects_us = INT64_MAX;
		device->drop_us = device->event_us = device->unreachable_us = INT64_MAX;
		chars = device_characteristics(device->gym, &device->n_chars);
		if (device->n_chars > DOOR_CHARS_MAX)
			device->n_chars = DOOR_CHARS_MAX;
		for (size_t k = 0; k < device->n_chars; k++)
			device->chars[k] = (struct door_char){.gym = &chars[k],
				.fd = -1,
				.eof_us = INT64_MAX,
				.is_claimed = door->options->claims_battery &&
					      uuid_is_equal(&chars[k].service, &battery)};
	}
}

static void init_adapters(struct door *door)
{
	unsigned n = door->options->n_adapters ? door->options->n_adapters : 1;

	for (unsigned i = 0; i < n && i < DOOR_ADAPTERS_MAX; i++) {
		struct door_adapter *adapter = &door->adapter[i];

		*adapter = (struct door_adapter){.is_there = true, .is_powered = true};
		snprintf(adapter->path, sizeof(adapter->path), "/org/bluez/hci%u", i);
		if (door->options->adapters[i])
			snprintf(adapter->address, sizeof(adapter->address), "%s",
				door->options->adapters[i]);
		else
			snprintf(adapter->address, sizeof(adapter->address), "00:C0:A5:00:00:%02X",
				i);
	}
}

static int run_script(struct door *door)
{
	_auto_free_ char *script = alloc_text(door->options->script);
	char *save = NULL, answer[128];

	if (!script)
		return 0;
	for (char *line = strtok_r(script, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		_auto_free_ char *copy = alloc_text(line);

		if (!door_command(door, copy, answer, sizeof(answer)) ||
			strncmp(answer, "error", 5) == 0) {
			fprintf(stderr, "door-bus: %s: %s\n", line, answer);
			return -EINVAL;
		}
	}
	return 0;
}

int door_bus_run(struct gym *gym, const char *bus_address, const struct door_bus_options *options)
{
	struct door door = {.gym = gym,
		.options = options,
		.bus_address = bus_address,
		.random = options->seed + 1};
	int r;

	signal(SIGPIPE, SIG_IGN);
	door.start_us = clock_now_us();
	r = sd_event_new(&door.loop);
	if (r < 0)
		return r;
	init_adapters(&door);
	init_devices(&door);
	r = sd_event_add_time(door.loop, &door.timer, CLOCK_MONOTONIC, 0, 200, on_timer, &door);
	if (r >= 0 && options->control_fd >= 0)
		r = sd_event_add_io(door.loop, &door.control, options->control_fd, 1 /* EPOLLIN */,
			on_control, &door);
	if (r >= 0)
		r = run_script(&door);
	if (r >= 0)
		r = open_connection(&door);
	if (r >= 0)
		r = sd_event_loop(door.loop);
	close_connection(&door);
	sd_event_source_disable_unref(door.timer);
	sd_event_source_disable_unref(door.control);
	free(door.devices);
	sd_event_unref(door.loop);
	return r;
}
