// SPDX-License-Identifier: MIT
/* The fake org.bluez's radio: links that come up, carry and end, adverts, strangers. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "gym/door-private.h"

#define RESOLVE_US     10000           /* from Connected to ServicesResolved */
#define ADVERT_US      (US_PER_S / 5)  /* at most so often, whatever the wearable's interval */
#define INTERVAL_US    30000           /* the kernel's default connection interval */
#define REACH_US       (US_PER_S / 10) /* how often range is looked at */
#define SUPERVISION_US 420000          /* the kernel's default */

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
		device_subscribe(
			device->gym, door_now(device->door), (unsigned)(c - device->chars), 0);
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
	device_disconnected(device->gym, now_us);
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
	const struct device_radio *radio = device_radio(device->gym);

	return radio->interval_us           ? radio->interval_us
	       : door->options->interval_us ? door->options->interval_us
					    : INTERVAL_US;
}

/* The fault ordered for a step that nobody calls. */
static enum door_action step_fault(
	struct door_device *device, const char *step, int64_t *ret_arg_us)
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
	if (!device_is_reachable(device->gym, now_us)) {
		door_link_down(door, device);
		return;
	}
	device->is_connected = true;
	device->event_us = now_us;
	device_connected(device->gym, now_us, door->options->mtu ? door->options->mtu : 247);
	if (step_fault(device, "connected", &arg_us) != DOOR_ACTION_MUTE)
		door_say_bool(door, device->path, "org.bluez.Device1", "Connected", true);
	if (step_fault(device, "link", &arg_us) == DOOR_ACTION_DROP)
		device->drop_us = now_us + arg_us;
	action = step_fault(device, "resolved", &arg_us);
	if (action == DOOR_ACTION_CRASH)
		door_die(door, arg_us);
	device->resolve_us = action == DOOR_ACTION_MUTE ? INT64_MAX : now_us + RESOLVE_US + arg_us;
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

static void deliver(struct door *door, struct door_device *device, const struct device_pdu *pdu)
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
		device_confirmed(device->gym, door_now(door), pdu->characteristic);
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
	int64_t next = device_next(device->gym), event = device->event_us + interval_us;

	if (next == INT64_MAX)
		return next;
	if (next > event)
		event += (next - event + interval_us - 1) / interval_us * interval_us;
	return event;
}

/* All that waits goes in one connection event; a loss puts the rest off to the next. */
static void connection_event(struct door *door, struct door_device *device, int64_t now_us)
{
	const struct device_radio *radio = device_radio(device->gym);
	int64_t interval_us = interval_of(door, device);
	const char *text;
	struct device_pdu pdu;
	int64_t arg_us;

	device->event_us += (now_us - device->event_us) / interval_us * interval_us;
	while (!(radio->loss > 0 && is_lost_packet(door, radio->loss)) &&
		device_take(device->gym, now_us, &pdu))
		if (door_fault_take(door, "stream", device->address, &arg_us, &text) !=
			DOOR_ACTION_MUTE)
			deliver(door, device, &pdu);
}

static void look_at_range(struct door *door, struct door_device *device, int64_t now_us)
{
	int64_t supervision_us = device_radio(device->gym)->supervision_us;

	if (device_is_reachable(device->gym, now_us))
		device->unreachable_us = INT64_MAX;
	else if (device->unreachable_us == INT64_MAX)
		device->unreachable_us =
			now_us + (supervision_us ? supervision_us : SUPERVISION_US);
	else if (now_us >= device->unreachable_us)
		door_link_down(door, device);
}

static void advertise(struct door *door, struct door_device *device, int64_t now_us)
{
	int64_t interval_us = device_advert_interval_us(device->gym), arg_us;

	device->advert_us = now_us + (interval_us > ADVERT_US ? interval_us : ADVERT_US);
	if (!door->adapter[device->adapter].is_discovering ||
		!device_is_reachable(device->gym, now_us) ||
		step_fault(device, "advert", &arg_us) == DOOR_ACTION_MUTE)
		return;
	if (!device->is_exported)
		door_export_device(door, device);
	else
		door_say_rssi(door, device->path, device_rssi_dbm(device->gym, now_us));
}

int64_t door_step_device(struct door *door, struct door_device *device, int64_t now_us)
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

int64_t door_step_strangers(struct door *door, int64_t now_us)
{
	char path[64];

	if (!door->strangers || !door->adapter[0].is_discovering)
		return INT64_MAX;
	for (unsigned i = 0; i < 50 && door->shown_strangers < door->strangers; i++)
		door_export_stranger(door, door->shown_strangers++);
	for (unsigned i = 0; i < 500 && now_us >= door->stranger_us; i++) {
		unsigned n = (unsigned)(door->random >> 40) % door->strangers;

		door->random = door->random * UINT64_C(6364136223846793005) + 1;
		door->stranger_us +=
			(int64_t)(US_PER_S / (door->strangers_hz > 0 ? door->strangers_hz : 1));
		snprintf(path, sizeof(path), "/org/bluez/hci0/dev_5E_00_00_00_%02X_%02X",
			n >> 8 & 255, n & 255);
		door_say_rssi(door, path, -60 - (int)(door->random >> 60));
	}
	return door->shown_strangers < door->strangers ? now_us + US_PER_MS : door->stranger_us;
}
