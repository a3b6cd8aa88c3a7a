// SPDX-License-Identifier: MIT
#include "gym/door-radio.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "gym/door-agent.h"
#include "gym/door-clock.h"
#include "gym/door-fault.h"
#include "gym/door-hall.h"
#include "gym/door-objects.h"
#include "gym/door-properties.h"
#include "gym/door-send.h"

#define RESOLVE_US     10000           /* from Connected to ServicesResolved */
#define ADVERT_US      (US_PER_S / 5)  /* no more often, whatever the wearable's interval */
#define REACH_US       (US_PER_S / 10) /* how often the range is checked */
#define SUPERVISION_US 420000          /* the kernel's default */

void door_radio_close_notify(struct door_device *device, struct door_char *c)
{
	if (c->fd < 0)
		return;
	sd_event_source_disable_unref(c->io);
	c->io = NULL;
	close(c->fd);
	c->fd = -1;
	c->eof_us = INT64_MAX;
	if (device->is_connected)
		device_subscribe(device->gym, door_clock_now_us(device->door),
			(unsigned)(c - device->chars), 0);
}

void door_radio_end_subscriptions(struct door_device *device)
{
	for (size_t i = 0; i < device->n_chars; i++) {
		door_radio_close_notify(device, &device->chars[i]);
		if (device->chars[i].is_notifying)
			device_subscribe(
				device->gym, door_clock_now_us(device->door), (unsigned)i, 0);
		device->chars[i].is_notifying = false;
	}
}

static void refuse_connect(struct door *door, struct door_device *device)
{
	if (!device->connect)
		return;
	if (!device->connect_is_mute && door->connection)
		door_send_message(door,
			dbus_message_new_error(device->connect, "org.bluez.Error.Failed",
				"le-connection-abort-by-local"),
			0);
	dbus_message_unref(steal(device->connect));
}

/* In bluetoothd's order: first the sockets are closed, then the properties change. */
void door_radio_link_down(struct door *door, struct door_device *device)
{
	int64_t now_us = door_clock_now_us(door);

	device->connect_us = device->resolve_us = device->objects_us = INT64_MAX;
	device->drop_us = device->event_us = device->unreachable_us = INT64_MAX;
	device->advert_us = now_us;
	refuse_connect(door, device);
	door_agent_link_down(device);
	if (!device->is_connected)
		return;
	for (size_t i = 0; i < device->n_chars; i++) {
		door_radio_close_notify(device, &device->chars[i]);
		device->chars[i].was_notifying |= device->chars[i].is_notifying;
		device->chars[i].is_notifying = false;
		device->chars[i].busy_us = 0;
	}
	device->is_connected = device->has_held = false;
	device_disconnected(device->gym, now_us);
	if (device->is_resolved)
		door_properties_say_bool(
			door, device->path, DOOR_IFACE_DEVICE, "ServicesResolved", false);
	device->is_resolved = false;
	door_properties_say_bool(door, device->path, DOOR_IFACE_DEVICE, "Connected", false);
	door_clock_wake(door);
}

void door_radio_set_power(struct door *door, struct door_adapter *adapter, bool is_on)
{
	if (!adapter->is_there || adapter->is_powered == is_on)
		return;
	adapter->is_powered = is_on;
	for (size_t i = 0; !is_on && i < door->n_devices; i++)
		if (&door->adapter[door->devices[i].adapter] == adapter)
			door_radio_link_down(door, &door->devices[i]);
	if (!is_on && adapter->is_discovering) {
		adapter->is_discovering = false;
		door_properties_say_bool(
			door, adapter->path, DOOR_IFACE_ADAPTER, "Discovering", false);
	}
	door_properties_say_text(door, adapter->path, DOOR_IFACE_ADAPTER, "PowerState",
		is_on                 ? "on"
		: adapter->is_blocked ? "off-blocked"
				      : "off");
	door_properties_say_bool(door, adapter->path, DOOR_IFACE_ADAPTER, "Powered", is_on);
}

int64_t door_radio_interval_us(const struct door *door, const struct door_device *device)
{
	const struct device_radio *radio = device_radio(device->gym);

	return radio->interval_us ? radio->interval_us : door->options.interval_us;
}

/* The fault ordered for a step that no client calls. */
static struct door_order step_fault(struct door_device *device, const char *step)
{
	door_fault_count(device->door, step);
	return door_fault_take(device->door, step, device->address);
}

static void answer_connect(struct door_device *device)
{
	if (!device->connect)
		return;
	if (!device->connect_is_mute)
		door_send_reply(device->door, device->connect);
	dbus_message_unref(steal(device->connect));
}

static void link_up(struct door *door, struct door_device *device)
{
	int64_t now_us = door_clock_now_us(door);
	struct door_order order;

	device->connect_us = INT64_MAX;
	if (!door_hall_is_reachable(device, now_us)) {
		door_radio_link_down(door, device);
		return;
	}
	device->is_connected = true;
	device->event_us = now_us;
	device_connected(device->gym, now_us, door->options.mtu);
	if (step_fault(device, "connected").action != DOOR_ACTION_MUTE)
		door_properties_say_bool(door, device->path, DOOR_IFACE_DEVICE, "Connected", true);
	order = step_fault(device, "link");
	if (order.action == DOOR_ACTION_DROP)
		device->drop_us = now_us + order.arg_us;
	order = step_fault(device, "resolved");
	if (order.action == DOOR_ACTION_CRASH)
		door_clock_crash(door, order.arg_us);
	device->resolve_us = now_us + RESOLVE_US + order.arg_us;
	if (order.action == DOOR_ACTION_MUTE) {
		device->resolve_us = INT64_MAX;
		answer_connect(device);
	}
}

/* A client that subscribed once is subscribed again at each link, by bluetoothd itself. */
static void replay_subscriptions(struct door *door, struct door_device *device)
{
	for (size_t i = 0; door->is_replaying && i < device->n_chars; i++) {
		struct door_char *c = &device->chars[i];

		if (!c->was_notifying || !c->is_exported)
			continue;
		c->is_notifying = true;
		door_fault_count(door, "replayed");
		door_properties_say_bool(door, c->path, DOOR_IFACE_CHAR, "Notifying", true);
		device_subscribe(device->gym, door_clock_now_us(door), (unsigned)i,
			c->gym->properties & DEVICE_NOTIFY ? 1 : 2);
	}
}

static void resolve(struct door *door, struct door_device *device)
{
	struct door_order order = step_fault(device, "objects");

	device->resolve_us = INT64_MAX;
	if (order.action == DOOR_ACTION_MUTE || order.action == DOOR_ACTION_DELAY)
		door_objects_remove_chars(door, device);
	else
		door_objects_add_chars(door, device);
	if (order.action == DOOR_ACTION_DELAY)
		device->objects_us = door_clock_now_us(door) + order.arg_us;
	device->is_resolved = true;
	door_properties_say_bool(door, device->path, DOOR_IFACE_DEVICE, "ServicesResolved", true);
	replay_subscriptions(door, device);
	answer_connect(device);
}

static void deliver(struct door *door, struct door_device *device, const struct device_pdu *pdu)
{
	struct door_char *c = &device->chars[pdu->characteristic];

	if (c->fd >= 0) {
		if (send(c->fd, pdu->value, pdu->size, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
			door->lost++; /* like bluetoothd, which silently drops it */
		else
			door->sent++;
	}
	if (c->is_notifying) {
		door_properties_say_value(door, c->path, pdu->value, pdu->size);
		door->sent++;
	}
	if (pdu->is_indication)
		device_confirmed(device->gym, door_clock_now_us(door), pdu->characteristic);
}

/* The fault of the stream, if there is one. */
static void pass_on(struct door *door, struct door_device *device, const struct device_pdu *pdu)
{
	enum door_action action = device->has_held
					  ? DOOR_ACTION_NONE
					  : door_fault_take(door, "stream", device->address).action;

	if (action == DOOR_ACTION_SWAP) {
		device->held = *pdu;
		device->has_held = true;
		return;
	}
	if (action != DOOR_ACTION_MUTE)
		deliver(door, device, pdu);
	if (device->has_held)
		deliver(door, device, &device->held);
	device->has_held = false;
}

static bool is_lost_packet(struct door *door, double loss)
{
	door->random = door->random * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (double)(door->random >> 33) / 2147483648.0 < loss;
}

/* The first connection event at which there is something to send: events are one interval apart,
 * counted from the last one. It can be earlier than what was returned before. */
static int64_t next_event_us(const struct door *door, const struct door_device *device)
{
	int64_t interval_us = door_radio_interval_us(door, device);
	int64_t next_us = device_next(device->gym), event_us = device->event_us + interval_us;

	if (next_us == INT64_MAX)
		return next_us;
	if (next_us > event_us)
		event_us += (next_us - event_us + interval_us - 1) / interval_us * interval_us;
	return event_us;
}

/* Everything that waits is sent in one connection event; a loss puts off the rest to the next. */
static void connection_event(struct door *door, struct door_device *device, int64_t now_us)
{
	const struct device_radio *radio = device_radio(device->gym);
	int64_t interval_us = door_radio_interval_us(door, device);
	struct device_pdu pdu;

	device->event_us += (now_us - device->event_us) / interval_us * interval_us;
	while (!(radio->loss > 0 && is_lost_packet(door, radio->loss)) &&
		device_take(device->gym, now_us, &pdu))
		pass_on(door, device, &pdu);
}

static void check_range(struct door *door, struct door_device *device, int64_t now_us)
{
	int64_t supervision_us = device_radio(device->gym)->supervision_us;

	if (door_hall_is_reachable(device, now_us))
		device->unreachable_us = INT64_MAX;
	else if (device->unreachable_us == INT64_MAX)
		device->unreachable_us =
			now_us + (supervision_us ? supervision_us : SUPERVISION_US);
	else if (now_us >= device->unreachable_us)
		door_radio_link_down(door, device);
}

static void advertise(struct door *door, struct door_device *device, int64_t now_us)
{
	int64_t interval_us = device_advert_interval_us(device->gym);

	device->advert_us = now_us + (interval_us > ADVERT_US ? interval_us : ADVERT_US);
	if (!door->adapter[device->adapter].is_discovering ||
		!door_hall_is_reachable(device, now_us) ||
		step_fault(device, "advert").action == DOOR_ACTION_MUTE)
		return;
	if (!device->is_exported)
		door_objects_add_device(door, device);
	else
		door_properties_say_rssi(door, device->path, door_hall_rssi_dbm(device, now_us));
}

static void step_link(struct door *door, struct door_device *device, int64_t now_us)
{
	if (now_us >= device->connect_us)
		link_up(door, device);
	if (now_us >= device->resolve_us)
		resolve(door, device);
	if (now_us >= device->objects_us) {
		device->objects_us = INT64_MAX;
		door_objects_add_chars(door, device);
	}
	if (now_us >= device->drop_us)
		door_radio_link_down(door, device);
	for (size_t i = 0; i < device->n_chars; i++)
		if (now_us >= device->chars[i].eof_us)
			door_radio_close_notify(device, &device->chars[i]);
}

static bool is_advertising(const struct door_device *device)
{
	return !device->is_connected && device->connect_us == INT64_MAX;
}

static bool is_streaming(const struct door_device *device)
{
	return device->is_connected && device->is_resolved;
}

static int64_t due_us(const struct door *door, const struct door_device *device, int64_t now_us)
{
	int64_t due = door_earlier(device->connect_us, device->resolve_us);

	due = door_earlier(due, door_earlier(device->objects_us, device->drop_us));
	for (size_t i = 0; i < device->n_chars; i++)
		due = door_earlier(due, device->chars[i].eof_us);
	if (is_advertising(device))
		due = door_earlier(due, device->advert_us);
	if (device->is_connected)
		due = door_earlier(due, now_us + REACH_US);
	if (is_streaming(device))
		due = door_earlier(due, next_event_us(door, device));
	return due;
}

int64_t door_radio_step_device(struct door *door, struct door_device *device, int64_t now_us)
{
	step_link(door, device, now_us);
	if (is_advertising(device) && now_us >= device->advert_us)
		advertise(door, device, now_us);
	if (device->is_connected)
		check_range(door, device, now_us);
	if (is_streaming(device) && next_event_us(door, device) <= now_us)
		connection_event(door, device, now_us);
	return due_us(door, device, now_us);
}

int64_t door_radio_step_strangers(struct door *door, int64_t now_us)
{
	char path[DOOR_PATH_SIZE];

	if (!door->strangers || !door->adapter[0].is_discovering)
		return INT64_MAX;
	for (unsigned i = 0; i < 50 && door->shown_strangers < door->strangers; i++)
		door_objects_add_stranger(door, door->shown_strangers++);
	for (unsigned i = 0; i < 500 && now_us >= door->stranger_us; i++) {
		unsigned n = (unsigned)(door->random >> 40) % door->strangers;

		door->random = door->random * UINT64_C(6364136223846793005) + 1;
		door->stranger_us +=
			(int64_t)(US_PER_S / (door->strangers_hz > 0 ? door->strangers_hz : 1));
		door_objects_stranger_path(n, path);
		door_properties_say_rssi(door, path, -60 - (int)(door->random >> 60));
		door_fault_count(door, "storm");
	}
	return door->shown_strangers < door->strangers ? now_us + US_PER_MS : door->stranger_us;
}
