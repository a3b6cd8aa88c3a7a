// SPDX-License-Identifier: MIT
#include "tests/gym/door-bus.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/io/loop.h"
#include "tests/gym/door-private.h"

#define RESOLVE_US     10000             /* from Connected to ServicesResolved */
#define ADVERT_US      (US_PER_S / 5)    /* at most so often, whatever the wearable's interval */
#define INTERVAL_US    30000             /* the kernel's default connection interval */
#define REACH_US       (US_PER_S / 10)   /* how often range is looked at */
#define SUPERVISION_US 420000            /* the kernel's default */

int64_t door_now(const struct door *door)
{
	return loop_now_us() - door->start_us;
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

void door_close_notify(struct door_device *device, struct door_char *c)
{
	if (c->fd < 0)
		return;
	sd_event_source_disable_unref(c->io);
	c->io = NULL;
	close(c->fd);
	c->fd = -1;
	c->eof_us = INT64_MAX;
	if (device->is_connected)
		gym_device_subscribe(device->gym, door_now(device->door),
			(unsigned)(c - device->chars), 0);
}

/* As bluetoothd does it: first the sockets end, then the properties tell. */
void door_link_down(struct door *door, struct door_device *device)
{
	int64_t now_us = door_now(door);

	device->connect_us = device->resolve_us = device->objects_us = INT64_MAX;
	device->drop_us = device->event_us = device->unreachable_us = INT64_MAX;
	device->advert_us = now_us;
	if (device->connect) {
		if (!device->connect_is_mute && door->connection)
			door_send(door,
				dbus_message_new_error(device->connect, "org.bluez.Error.Failed",
					"le-connection-abort-by-local"),
				0);
		dbus_message_unref(steal(device->connect));
	}
	if (!device->is_connected)
		return;
	for (size_t i = 0; i < device->n_chars; i++) {
		door_close_notify(device, &device->chars[i]);
		device->chars[i].is_notifying = false;
	}
	device->is_connected = false;
	gym_device_disconnected(device->gym, now_us);
	if (device->is_resolved)
		door_say_bool(door, device->path, "org.bluez.Device1", "ServicesResolved", false);
	device->is_resolved = false;
	door_say_bool(door, device->path, "org.bluez.Device1", "Connected", false);
	door_wake(door);
}

void door_power(struct door *door, struct door_adapter *adapter, bool on)
{
	if (!adapter->is_there || adapter->is_powered == on)
		return;
	adapter->is_powered = on;
	for (size_t i = 0; !on && i < door->n_devices; i++)
		if (&door->adapter[door->devices[i].adapter] == adapter)
			door_link_down(door, &door->devices[i]);
	if (!on && adapter->is_discovering) {
		adapter->is_discovering = false;
		door_say_bool(door, adapter->path, "org.bluez.Adapter1", "Discovering", false);
	}
	door_say_text(door, adapter->path, "org.bluez.Adapter1", "PowerState",
		on                    ? "on"
		: adapter->is_blocked ? "off-blocked"
				      : "off");
	door_say_bool(door, adapter->path, "org.bluez.Adapter1", "Powered", on);
}

static int64_t interval_of(const struct door *door, const struct door_device *device)
{
	const struct gym_radio *radio = gym_device_radio(device->gym);

	return radio->interval_us             ? radio->interval_us
	       : door->options->interval_us ? door->options->interval_us
					      : INTERVAL_US;
}

/* The fault ordered for a step that nobody calls. */
static enum door_action step_fault(struct door_device *device, const char *step, int64_t *ret_arg_us)
{
	const char *text;

	*ret_arg_us = 0;
	door_count(device->door, step);
	return door_fault_take(device->door, step, device->address, ret_arg_us, &text);
}

static void answer_connect(struct door_device *device)
{
	if (!device->connect)
		return;
	if (!device->connect_is_mute)
		door_reply(device->door, device->connect, 0);
	dbus_message_unref(steal(device->connect));
}

static void link_up(struct door *door, struct door_device *device)
{
	int64_t now_us = door_now(door), arg_us;
	enum door_action action;

	device->connect_us = INT64_MAX;
	if (!gym_device_is_reachable(device->gym, now_us)) {
		door_link_down(door, device);
		return;
	}
	device->is_connected = true;
	device->event_us = now_us;
	gym_device_connected(device->gym, now_us, door->options->mtu ? door->options->mtu : 247);
	if (step_fault(device, "connected", &arg_us) != DOOR_ACTION_MUTE)
		door_say_bool(door, device->path, "org.bluez.Device1", "Connected", true);
	if (step_fault(device, "link", &arg_us) == DOOR_ACTION_DROP)
		device->drop_us = now_us + arg_us;
	action = step_fault(device, "resolved", &arg_us);
	if (action == DOOR_ACTION_CRASH)
		door_die(door, arg_us);
	device->resolve_us =
		action == DOOR_ACTION_MUTE ? INT64_MAX : now_us + RESOLVE_US + arg_us;
	if (action == DOOR_ACTION_MUTE)
		answer_connect(device);
}

static void resolve(struct door *door, struct door_device *device)
{
	int64_t arg_us;

	device->resolve_us = INT64_MAX;
	switch (step_fault(device, "objects", &arg_us)) {
	case DOOR_ACTION_MUTE:
		door_unexport_chars(door, device);
		break;
	case DOOR_ACTION_DELAY:
		door_unexport_chars(door, device);
		device->objects_us = door_now(door) + arg_us;
		break;
	case DOOR_ACTION_NONE:
	case DOOR_ACTION_ERROR:
	case DOOR_ACTION_SWALLOW:
	case DOOR_ACTION_PRETEND:
	case DOOR_ACTION_DROP:
	case DOOR_ACTION_EOF:
	case DOOR_ACTION_CRASH:
		door_export_chars(door, device);
		break;
	}
	device->is_resolved = true;
	door_say_bool(door, device->path, "org.bluez.Device1", "ServicesResolved", true);
	answer_connect(device);
}

static void deliver(struct door *door, struct door_device *device, const struct gym_pdu *pdu)
{
	struct door_char *c = &device->chars[pdu->characteristic];

	if (c->fd >= 0) {
		if (send(c->fd, pdu->value, pdu->size, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
			door->lost++; /* as bluetoothd: a full socket loses it without a word */
		else
			door->sent++;
	}
	if (c->is_notifying) {
		door_say_value(door, c->path, pdu->value, pdu->size);
		door->sent++;
	}
	if (pdu->is_indication)
		gym_device_confirmed(device->gym, door_now(door), pdu->characteristic);
}

static bool is_lost_packet(struct door *door, double loss)
{
	door->random = door->random * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (double)(door->random >> 33) / 2147483648.0 < loss;
}

/* The first connection event at which there is something to send: they come at their own beat,
 * counted from the last one. What is next may come earlier than was said before. */
static int64_t next_event(const struct door *door, const struct door_device *device)
{
	int64_t interval_us = interval_of(door, device);
	int64_t next = gym_device_next(device->gym), event = device->event_us + interval_us;

	if (next == INT64_MAX)
		return next;
	if (next > event)
		event += (next - event + interval_us - 1) / interval_us * interval_us;
	return event;
}

/* All that waits goes in one connection event; a loss puts the rest off to the next. */
static void connection_event(struct door *door, struct door_device *device, int64_t now_us)
{
	const struct gym_radio *radio = gym_device_radio(device->gym);
	int64_t interval_us = interval_of(door, device);
	const char *text;
	struct gym_pdu pdu;
	int64_t arg_us;

	device->event_us += (now_us - device->event_us) / interval_us * interval_us;
	while (!(radio->loss > 0 && is_lost_packet(door, radio->loss)) &&
		gym_device_take(device->gym, now_us, &pdu))
		if (door_fault_take(door, "stream", device->address, &arg_us, &text) !=
			DOOR_ACTION_MUTE)
			deliver(door, device, &pdu);
}

static void look_at_range(struct door *door, struct door_device *device, int64_t now_us)
{
	int64_t supervision_us = gym_device_radio(device->gym)->supervision_us;

	if (gym_device_is_reachable(device->gym, now_us))
		device->unreachable_us = INT64_MAX;
	else if (device->unreachable_us == INT64_MAX)
		device->unreachable_us =
			now_us + (supervision_us ? supervision_us : SUPERVISION_US);
	else if (now_us >= device->unreachable_us)
		door_link_down(door, device);
}

static void advertise(struct door *door, struct door_device *device, int64_t now_us)
{
	int64_t interval_us = gym_device_advert_interval_us(device->gym), arg_us;

	device->advert_us = now_us + (interval_us > ADVERT_US ? interval_us : ADVERT_US);
	if (!door->adapter[device->adapter].is_discovering ||
		!gym_device_is_reachable(device->gym, now_us) ||
		step_fault(device, "advert", &arg_us) == DOOR_ACTION_MUTE)
		return;
	if (!device->is_exported)
		door_export_device(door, device);
	else
		door_say_rssi(door, device->path, gym_device_rssi_dbm(device->gym, now_us));
}

static int64_t step_device(struct door *door, struct door_device *device, int64_t now_us)
{
	int64_t due = INT64_MAX, next;

	if (now_us >= device->connect_us)
		link_up(door, device);
	if (now_us >= device->resolve_us)
		resolve(door, device);
	if (now_us >= device->objects_us) {
		device->objects_us = INT64_MAX;
		door_export_chars(door, device);
	}
	if (now_us >= device->drop_us)
		door_link_down(door, device);
	for (size_t i = 0; i < device->n_chars; i++) {
		if (now_us >= device->chars[i].eof_us)
			door_close_notify(device, &device->chars[i]);
		due = device->chars[i].eof_us < due ? device->chars[i].eof_us : due;
	}
	if (!device->is_connected && device->connect_us == INT64_MAX && now_us >= device->advert_us)
		advertise(door, device, now_us);
	if (device->is_connected) {
		look_at_range(door, device, now_us);
		due = now_us + REACH_US < due ? now_us + REACH_US : due;
	} else if (device->advert_us < due) {
		due = device->advert_us;
	}
	if (device->is_connected && device->is_resolved) {
		next = next_event(door, device);
		if (next <= now_us) {
			connection_event(door, device, now_us);
			next = next_event(door, device);
		}
		due = next < due ? next : due;
	}
	due = device->connect_us < due ? device->connect_us : due;
	due = device->resolve_us < due ? device->resolve_us : due;
	due = device->objects_us < due ? device->objects_us : due;
	return device->drop_us < due ? device->drop_us : due;
}

static int64_t step_strangers(struct door *door, int64_t now_us)
{
	char path[64];

	if (!door->strangers || !door->adapter[0].is_discovering)
		return INT64_MAX;
	for (unsigned i = 0; i < 50 && door->shown_strangers < door->strangers; i++)
		door_export_stranger(door, door->shown_strangers++);
	for (unsigned i = 0; i < 500 && now_us >= door->stranger_us; i++) {
		unsigned n = (unsigned)(door->random >> 40) % door->strangers;

		door->random = door->random * UINT64_C(6364136223846793005) + 1;
		door->stranger_us += (int64_t)(US_PER_S / (door->strangers_hz > 0 ? door->strangers_hz : 1));
		snprintf(path, sizeof(path), "/org/bluez/hci0/dev_5E_00_00_00_%02X_%02X",
			n >> 8 & 255, n & 255);
		door_say_rssi(door, path, -60 - (int)(door->random >> 60));
	}
	return door->shown_strangers < door->strangers ? now_us + US_PER_MS : door->stranger_us;
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
	door->dbus_loop = dbus_loop_detach(door->dbus_loop);
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
			DBUS_NAME_FLAG_REPLACE_EXISTING | DBUS_NAME_FLAG_DO_NOT_QUEUE, &error) < 0) {
		fprintf(stderr, "door-bus: %s\n", error.message);
		dbus_error_free(&error);
		return -ECONNREFUSED;
	}
	dbus_connection_set_exit_on_disconnect(door->connection, FALSE);
	dbus_connection_add_filter(door->connection, door_on_call, door, NULL);
	r = dbus_loop_attach(door->loop, door->connection, &door->dbus_loop);
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
		at = step_device(door, &door->devices[i], now_us);
		due = at < due ? at : due;
	}
	if (door->connection && !door->crash_due) {
		at = step_delayed(door, now_us);
		due = at < due ? at : due;
		at = step_strangers(door, now_us);
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
		const struct gym_characteristic *chars;
		unsigned n_adapters = door->options->n_adapters ? door->options->n_adapters : 1;

		device->door = door;
		device->gym = gym_device(door->gym, i);
		device->address = gym_device_address(device->gym);
		device->is_random = gym_device_has_random_address(device->gym);
		device->adapter = (unsigned)i % n_adapters;
		device->connect_us = device->resolve_us = device->objects_us = INT64_MAX;
		device->drop_us = device->event_us = device->unreachable_us = INT64_MAX;
		chars = gym_device_characteristics(device->gym, &device->n_chars);
		if (device->n_chars > DOOR_CHARS_MAX)
			device->n_chars = DOOR_CHARS_MAX;
		for (size_t k = 0; k < device->n_chars; k++)
			device->chars[k] = (struct door_char){.gym = &chars[k], .fd = -1,
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
			snprintf(adapter->address, sizeof(adapter->address), "00:C0:A5:00:00:%02X", i);
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
	struct door door = {.gym = gym, .options = options, .bus_address = bus_address,
		.random = options->seed + 1};
	int r;

	signal(SIGPIPE, SIG_IGN);
	door.start_us = loop_now_us();
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
