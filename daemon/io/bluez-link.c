// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/io/loop.h"
#include "daemon/io/bluez-error.h"
#include "daemon/io/dbus-message.h"
#include "daemon/io/gatt-stream.h"
#include "daemon/io/source-bluez-private.h"

#define STREAMS_MAX   16
#define RSSI_EVERY_US (10 * (int64_t)US_PER_S)
#define RSSI_STEP_DB  6

#define BATTERY_LEVEL UUID_SIG(0x2a19)

struct subscription {
	struct bluez_link *link;
	struct gatt_stream *socket; /* NULL: free */
	struct uuid characteristic;
	unsigned epoch;
};

struct bluez_link {
	struct source_bluez *source;
	unsigned wearable;
	char address[ADDRESS_SIZE];
	struct link *link;
	struct bluez_device *device; /* it is, or is being, connected through this one */
	struct bluez_device *heard[SLOTS_ADAPTERS_MAX];
	sd_event_source *timer;
	int64_t armed_us;
	bool is_up, is_carrying_out;
	enum link_state last_state;
	int64_t waits_since_us;
	struct subscription stream[STREAMS_MAX];
	int rssi_dbm; /* last told */
	int64_t rssi_us;
	struct journal_limit limit;
};

/* What an answer is to be matched with. */
struct answer {
	struct bluez_link *link;
	unsigned epoch, ticket, generation;
	enum link_wish_kind wish;
	struct uuid characteristic;
};

static void carry_out(struct bluez_link *link);

static void push(struct bluez_link *link, const struct link_fact *fact)
{
	link_push(link->link, fact);
	carry_out(link);
}

static void tell(struct bluez_link *link, enum link_fact_kind kind)
{
	push(link, &(struct link_fact){.kind = kind, .t_us = loop_now_us()});
}

static void emit(struct bluez_link *link, struct capture_event event)
{
	event.address = link->address;
	link->source->ops->event(link->source->user, &event);
}

static void answer_step(struct bluez_link *link, const struct answer *answer, enum link_error error)
{
	push(link, &(struct link_fact){.kind = LINK_FACT_STEP_DONE, .t_us = loop_now_us(),
			   .epoch = answer->epoch, .ticket = answer->ticket, .error = error});
}

static struct bluez_characteristic *find(const struct bluez_link *link, const struct uuid *uuid)
{
	return link->device ? bluez_device_find(link->device, uuid) : NULL;
}

static void emit_battery(struct bluez_link *link)
{
	uint8_t value = (uint8_t)link->device->battery;

	emit(link, (struct capture_event){.kind = CAPTURE_READ, .t_us = loop_now_us(),
			   .characteristic = BATTERY_LEVEL, .value = &value, .size = 1});
}

static unsigned mtu_of(const struct bluez_device *device)
{
	unsigned mtu = 0;

	for (const struct bluez_characteristic *c = device->characteristics; c; c = c->next)
		mtu = c->mtu > mtu ? c->mtu : mtu;
	return mtu;
}

/* --- questions of the pure link --- */

static int on_plan(void *user, enum driver_plan plan, unsigned index, struct driver_step *ret)
{
	struct bluez_link *link = user;
	struct uuid uuids[BLUEZ_CHARACTERISTICS_MAX + 1];
	struct driver_peer peer = {.characteristics = uuids};

	if (!link->device)
		return -ENOTCONN;
	for (const struct bluez_characteristic *c = link->device->characteristics; c; c = c->next)
		uuids[peer.n_characteristics++] = c->uuid;
	if (link->device->battery >= 0 && !find(link, &BATTERY_LEVEL))
		uuids[peer.n_characteristics++] = BATTERY_LEVEL;
	peer.mtu = mtu_of(link->device);
	peer.wants_acoustic =
		link->source->conf->wearable[link->wearable].placement == PLACEMENT_ROOM;
	return link->source->ops->plan(
		link->source->user, link->wearable, &peer, plan, index, ret);
}

static int on_characteristic(void *user, const struct uuid *uuid)
{
	struct bluez_link *link = user;
	const struct bluez_characteristic *characteristic = find(link, uuid);

	if (characteristic)
		return (int)characteristic->properties;
	/* bluetoothd keeps the battery service for itself and shows Battery1 instead. */
	if (link->device && link->device->battery >= 0 && uuid_is_equal(uuid, &BATTERY_LEVEL))
		return 0x02;
	return -ENOENT;
}

static void on_profile(void *user, struct link_profile *ret)
{
	struct bluez_link *link = user;
	const struct driver *driver =
		link->source->ops->driver(link->source->user, link->wearable);

	*ret = (struct link_profile){.has_driver = driver};
	if (!driver)
		return;
	ret->needs_bond = driver->needs_bond;
	ret->needs_signal_order = driver->needs_signal_order;
	ret->poll_us = driver->poll_interval_us;
	ret->is_periodic = driver->clock != DRIVER_CLOCK_ARRIVAL || driver->poll_interval_us > 0;
}

static const struct link_ops link_ops = {on_plan, on_characteristic, on_profile};

/* --- wishes --- */

static void on_bytes(void *user, int64_t t_us, const uint8_t *value, size_t size)
{
	struct subscription *stream = user;
	struct bluez_link *link = stream->link;

	if (!link->is_up || stream->epoch != link_epoch(link->link))
		return;
	emit(link, (struct capture_event){.kind = CAPTURE_NOTIFY, .t_us = t_us,
			   .characteristic = stream->characteristic, .value = value, .size = size});
	push(link, &(struct link_fact){
			   .kind = LINK_FACT_BYTES, .t_us = t_us, .epoch = stream->epoch});
}

static void on_closed(void *user)
{
	struct subscription *stream = user;

	stream->socket = gatt_stream_free(stream->socket);
	push(stream->link, &(struct link_fact){.kind = LINK_FACT_STREAM_CLOSED,
				   .t_us = loop_now_us(), .epoch = stream->epoch,
				   .characteristic = stream->characteristic});
}

static const struct gatt_stream_ops stream_ops = {on_bytes, on_closed};

static bool close_streams(struct bluez_link *link, const struct uuid *only)
{
	bool any = false;

	for (size_t i = 0; i < STREAMS_MAX; i++) {
		struct subscription *stream = &link->stream[i];

		if (!stream->socket || (only && !uuid_is_equal(only, &stream->characteristic)))
			continue;
		stream->socket = gatt_stream_free(stream->socket);
		any = true;
	}
	return any;
}

static enum link_error open_stream(struct bluez_link *link, const struct answer *answer,
	DBusMessage *reply)
{
	dbus_uint16_t mtu;
	int fd;

	if (!dbus_message_get_args(reply, NULL, DBUS_TYPE_UNIX_FD, &fd, DBUS_TYPE_UINT16, &mtu,
		    DBUS_TYPE_INVALID))
		return LINK_ERROR_FAILED;
	close_streams(link, &answer->characteristic);
	for (size_t i = 0; i < STREAMS_MAX; i++) {
		struct subscription *stream = &link->stream[i];

		if (stream->socket)
			continue;
		*stream = (struct subscription){.link = link, .epoch = answer->epoch,
			.characteristic = answer->characteristic};
		return gatt_stream_new(link->source->loop, fd, &stream_ops, stream,
			       &stream->socket) < 0
			       ? LINK_ERROR_FAILED
			       : LINK_ERROR_NONE;
	}
	close(fd);
	return LINK_ERROR_FAILED;
}

/* Takes an answer of an acquire that nobody waits for: its socket ends here. */
static void discard(DBusMessage *reply)
{
	int fd;

	if (dbus_message_get_type(reply) != DBUS_MESSAGE_TYPE_ERROR &&
		dbus_message_get_args(reply, NULL, DBUS_TYPE_UNIX_FD, &fd, DBUS_TYPE_INVALID))
		close(fd);
}

static void read_done(struct bluez_link *link, const struct answer *answer, DBusMessage *reply)
{
	DBusMessageIter args;
	const uint8_t *value;
	size_t size;

	if (!link->is_up || !dbus_message_iter_init(reply, &args) ||
		!dbus_get_bytes(&args, &value, &size) || size > CAPTURE_VALUE_MAX)
		return;
	emit(link, (struct capture_event){.kind = CAPTURE_READ, .t_us = loop_now_us(),
			   .characteristic = answer->characteristic, .value = value, .size = size});
	push(link, &(struct link_fact){.kind = LINK_FACT_BYTES, .t_us = loop_now_us(),
			   .epoch = answer->epoch});
}

static void connect_answered(struct bluez_link *link, const struct answer *answer,
	enum link_error error)
{
	if (error == LINK_ERROR_LIMIT && link->device) {
		unsigned in_use = 0;

		for (size_t i = 0; i < link->source->n_links; i++)
			in_use += link->source->link[i] != link &&
				  bluez_link_adapter(link->source->link[i]) == link->device->adapter;
		slots_refused(&link->source->slots, loop_now_us(), link->device->adapter->slot,
			in_use);
	}
	push(link, &(struct link_fact){.kind = LINK_FACT_CONNECT_DONE, .t_us = loop_now_us(),
			   .epoch = answer->epoch, .error = error});
}

static void on_answer(DBusMessage *reply, void *user);

static void send(struct bluez_link *link, const struct link_wish *wish, DBusMessage *message)
{
	struct answer *answer = new0(struct answer);

	*answer = (struct answer){.link = link, .epoch = wish->epoch, .ticket = wish->ticket,
		.generation = link->source->generation, .wish = wish->kind,
		.characteristic = wish->step.characteristic};
	dbus_calls_send(link->source->calls, message, wish->timeout_us, on_answer, answer, link);
}

static void get_device(struct bluez_link *link, const struct link_wish *wish)
{
	DBusMessage *message = dbus_new_call(
		link->device->node.path, "org.freedesktop.DBus.Properties", "GetAll");
	const char *interface = "org.bluez.Device1";

	dbus_message_append_args(message, DBUS_TYPE_STRING, &interface, DBUS_TYPE_INVALID);
	send(link, wish, message);
}

static void push_device_facts(struct bluez_link *link)
{
	struct bluez_device *device = link->device;

	if (device && device->is_bonded)
		tell(link, LINK_FACT_BONDED);
	if (link->device == device && device && device->is_connected)
		tell(link, LINK_FACT_CONNECTED);
	if (link->device == device && device && device->is_resolved)
		tell(link, LINK_FACT_RESOLVED);
}

/* The reply to Connect may say what is not so: a cancelled try answers as a good one does. */
static void verify(struct bluez_link *link, const struct answer *answer)
{
	struct link_wish wish = {.kind = LINK_WISH_CHECK, .epoch = answer->epoch,
		.ticket = 1, .timeout_us = link->source->timing.step};

	if (link->device && link->device->is_connected)
		connect_answered(link, answer, LINK_ERROR_NONE);
	else if (link->device)
		get_device(link, &wish);
}

static void checked(struct bluez_link *link, const struct answer *answer, DBusMessage *reply,
	enum link_error error)
{
	if (!link->device || answer->epoch != link_epoch(link->link))
		return;
	if (error == LINK_ERROR_NONE)
		bluez_objects_refresh(link->source->objects, link->device, reply);
	if (!link->device)
		return;
	if (answer->ticket) { /* of verify */
		connect_answered(link, answer,
			error != LINK_ERROR_NONE        ? error
			: link->device->is_connected ? LINK_ERROR_NONE
							: LINK_ERROR_NO_LINK);
		push_device_facts(link);
	} else if (error == LINK_ERROR_NONE && !link->device->is_connected) {
		tell(link, LINK_FACT_DISCONNECTED);
	} else if (error == LINK_ERROR_NONE) {
		push_device_facts(link);
	}
}

static void on_answer(DBusMessage *reply, void *user)
{
	struct answer *answer = user;
	struct bluez_link *link = answer->link;
	enum link_error error = bluez_error_of(reply);

	if (answer->generation != link->source->generation ||
		answer->epoch != link_epoch(link->link)) {
		if (answer->wish == LINK_WISH_ACQUIRE)
			discard(reply);
		return;
	}
	if (error != LINK_ERROR_NONE)
		journal_write_limited(&link->limit, LOG_INFO, "device", "%s: %s: %s (%s)",
			link->address, bluez_wish_to_string(answer->wish),
			link_error_to_string(error), bluez_error_text(reply));
	switch (answer->wish) {
	case LINK_WISH_CONNECT:
		if (error == LINK_ERROR_NONE)
			verify(link, answer);
		else
			connect_answered(link, answer, error);
		return;
	case LINK_WISH_CHECK:
		checked(link, answer, reply, error);
		return;
	case LINK_WISH_ACQUIRE:
		if (error == LINK_ERROR_NONE)
			error = open_stream(link, answer, reply);
		break;
	case LINK_WISH_READ:
		if (error == LINK_ERROR_NONE)
			read_done(link, answer, reply);
		break;
	case LINK_WISH_DISCONNECT:
		push(link, &(struct link_fact){.kind = LINK_FACT_DISCONNECT_DONE,
				   .t_us = loop_now_us(), .epoch = answer->epoch});
		return;
	case LINK_WISH_PAIR:
	case LINK_WISH_SUBSCRIBE:
	case LINK_WISH_WRITE:
		break;
	case LINK_WISH_UP:
	case LINK_WISH_UNSUBSCRIBE:
	case LINK_WISH_DOWN:
	case LINK_WISH_FORGET:
		return;
	}
	answer_step(link, answer, error);
}

static DBusMessage *new_value_call(const char *path, const char *method,
	const struct driver_step *step)
{
	DBusMessage *message = dbus_new_call(path, "org.bluez.GattCharacteristic1", method);
	DBusMessageIter args, array, dict;

	dbus_message_iter_init_append(message, &args);
	if (step) {
		const uint8_t *bytes = step->bytes;

		dbus_message_iter_open_container(&args, DBUS_TYPE_ARRAY, "y", &array);
		dbus_message_iter_append_fixed_array(
			&array, DBUS_TYPE_BYTE, &bytes, (int)step->size);
		dbus_message_iter_close_container(&args, &array);
	}
	dbus_message_iter_open_container(&args, DBUS_TYPE_ARRAY, "{sv}", &dict);
	if (step)
		dbus_put_text_entry(&dict, "type",
			step->kind == DRIVER_STEP_WRITE_COMMAND ? "command" : "request");
	dbus_message_iter_close_container(&args, &dict);
	return message;
}

static void carry_out_step(struct bluez_link *link, const struct link_wish *wish)
{
	const struct bluez_characteristic *characteristic = find(link, &wish->step.characteristic);
	const struct answer none = {.epoch = wish->epoch, .ticket = wish->ticket};

	if (!characteristic) {
		bool is_battery = on_characteristic(link, &wish->step.characteristic) >= 0;

		if (is_battery && wish->kind == LINK_WISH_READ)
			emit_battery(link);
		answer_step(link, &none,
			is_battery ? LINK_ERROR_NONE : LINK_ERROR_NO_CHARACTERISTIC);
		return;
	}
	switch (wish->kind) {
	case LINK_WISH_SUBSCRIBE:
		send(link, wish,
			dbus_new_call(characteristic->node.path, "org.bluez.GattCharacteristic1",
				"StartNotify"));
		return;
	case LINK_WISH_ACQUIRE:
		send(link, wish, new_value_call(characteristic->node.path, "AcquireNotify", NULL));
		return;
	case LINK_WISH_UNSUBSCRIBE:
		if (!close_streams(link, &wish->step.characteristic))
			send(link, wish,
				dbus_new_call(characteristic->node.path,
					"org.bluez.GattCharacteristic1", "StopNotify"));
		return;
	case LINK_WISH_READ:
		send(link, wish, new_value_call(characteristic->node.path, "ReadValue", NULL));
		return;
	case LINK_WISH_WRITE:
		send(link, wish, new_value_call(characteristic->node.path, "WriteValue", &wish->step));
		return;
	case LINK_WISH_CONNECT:
	case LINK_WISH_PAIR:
	case LINK_WISH_UP:
	case LINK_WISH_CHECK:
	case LINK_WISH_DOWN:
	case LINK_WISH_DISCONNECT:
	case LINK_WISH_FORGET:
		return;
	}
}

static void go_up(struct bluez_link *link)
{
	link->is_up = true;
	emit(link, (struct capture_event){.kind = CAPTURE_CONNECTED, .t_us = loop_now_us(),
			   .mtu = mtu_of(link->device)});
	if (link->device->battery >= 0 && !find(link, &BATTERY_LEVEL))
		emit_battery(link);
}

static void go_down(struct bluez_link *link, const char *why)
{
	close_streams(link, NULL);
	if (link->is_up)
		emit(link, (struct capture_event){.kind = CAPTURE_DISCONNECTED,
				   .t_us = loop_now_us(), .why = why});
	link->is_up = false;
}

static void forget(struct bluez_link *link, const struct link_wish *wish)
{
	DBusMessage *message =
		dbus_new_call(link->device->adapter->node.path, "org.bluez.Adapter1", "RemoveDevice");
	const char *path = link->device->node.path;

	journal_write(LOG_NOTICE, "device", "%s: removed from bluetoothd, to be found anew",
		link->address);
	dbus_message_append_args(message, DBUS_TYPE_OBJECT_PATH, &path, DBUS_TYPE_INVALID);
	send(link, wish, message);
}

static void carry_out_one(struct bluez_link *link, const struct link_wish *wish)
{
	const char *path = link->device ? link->device->node.path : NULL;

	if (wish->kind == LINK_WISH_DOWN) {
		go_down(link, wish->why);
		return;
	}
	if (!path || !link->source->calls) {
		/* It left between the decision and now; the wish's own timer covers the rest. */
		if (wish->kind == LINK_WISH_DISCONNECT)
			link_push(link->link, &(struct link_fact){.kind = LINK_FACT_DISCONNECT_DONE,
						      .t_us = loop_now_us(), .epoch = wish->epoch});
		return;
	}
	switch (wish->kind) {
	case LINK_WISH_CONNECT:
		send(link, wish, dbus_new_call(path, "org.bluez.Device1", "Connect"));
		return;
	case LINK_WISH_PAIR:
		send(link, wish, dbus_new_call(path, "org.bluez.Device1", "Pair"));
		return;
	case LINK_WISH_DISCONNECT:
		close_streams(link, NULL);
		send(link, wish, dbus_new_call(path, "org.bluez.Device1", "Disconnect"));
		return;
	case LINK_WISH_UP:
		go_up(link);
		return;
	case LINK_WISH_CHECK:
		get_device(link, wish);
		return;
	case LINK_WISH_FORGET:
		forget(link, wish);
		return;
	case LINK_WISH_SUBSCRIBE:
	case LINK_WISH_ACQUIRE:
	case LINK_WISH_UNSUBSCRIBE:
	case LINK_WISH_READ:
	case LINK_WISH_WRITE:
		carry_out_step(link, wish);
		return;
	case LINK_WISH_DOWN:
		return;
	}
}

static void note_state(struct bluez_link *link)
{
	enum link_state state = link_state(link->link);

	if (state == link->last_state)
		return;
	if (state == LINK_STATE_HEARD)
		link->waits_since_us = loop_now_us();
	if (state == LINK_STATE_STREAMING || state == LINK_STATE_QUARANTINED ||
		link->last_state == LINK_STATE_STREAMING)
		journal_write_limited(&link->limit,
			state == LINK_STATE_QUARANTINED ? LOG_WARNING : LOG_NOTICE, "device",
			"%s: %s%s%s", link->address, link_state_to_string(state),
			state == LINK_STATE_STREAMING ? "" : ", ",
			state == LINK_STATE_STREAMING ? "" : link_why(link->link));
	else
		journal_write(LOG_DEBUG, "device", "%s: %s", link->address,
			link_state_to_string(state));
	link->last_state = state;
	source_bluez_schedule(link->source);
}

static void arm(struct bluez_link *link)
{
	int64_t at = link_deadline(link->link);

	/* A timer that comes too early only looks again: no need to move it with each packet. */
	if (at >= link->armed_us)
		return;
	link->armed_us = at;
	sd_event_source_set_time(link->timer, (uint64_t)(at > 0 ? at : 0));
	sd_event_source_set_enabled(link->timer, SD_EVENT_ONESHOT);
}

static void carry_out(struct bluez_link *link)
{
	struct link_wish wish;

	if (link->is_carrying_out)
		return; /* the outer one takes what was added */
	link->is_carrying_out = true;
	while (link_take(link->link, &wish))
		carry_out_one(link, &wish);
	link->is_carrying_out = false;
	note_state(link);
	arm(link);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *user)
{
	struct bluez_link *link = user;

	link->armed_us = T_NEVER;
	tell(link, LINK_FACT_TICK);
	return 0;
}

/* --- life --- */

static struct link_settings settings_of(const struct source_bluez *source, unsigned wearable)
{
	const struct wearable_conf *conf = &source->conf->wearable[wearable];
	enum notify_mode mode = conf->has_notify ? conf->notify : source->conf->bluetooth.notify;
	bool is_safe = source->version >= BLUEZ_VERSION_SAFE_ACQUIRE;
	struct link_settings settings = {.fd_is_safe = is_safe,
		.bond = conf->bond || source->conf->bluetooth.require_encryption,
		.may_pair = source->conf->bluetooth.pairing == PAIRING_MODE_CONFIGURED};

	switch (mode) {
	case NOTIFY_MODE_AUTO:
		settings.path = is_safe ? LINK_PATH_FD : LINK_PATH_SIGNAL;
		break;
	case NOTIFY_MODE_FD:
		settings.path = LINK_PATH_FD;
		break;
	case NOTIFY_MODE_SIGNAL:
		settings.path = LINK_PATH_SIGNAL;
		break;
	}
	return settings;
}

struct bluez_link *bluez_link_new(struct source_bluez *source, unsigned wearable)
{
	struct bluez_link *link = new0(struct bluez_link);
	struct link_settings settings = settings_of(source, wearable);

	link->source = source;
	link->wearable = wearable;
	snprintf(link->address, sizeof(link->address), "%s",
		source->conf->wearable[wearable].address);
	link->link = link_new(&settings, &source->timing,
		(uint64_t)loop_now_us() * 31 + wearable, &link_ops, link);
	link->armed_us = T_NEVER;
	link->rssi_us = INT64_MIN / 2;
	if (sd_event_add_time(source->loop, &link->timer, CLOCK_MONOTONIC, 0, US_PER_MS, on_timer,
		    link) < 0)
		abort();
	sd_event_source_set_enabled(link->timer, SD_EVENT_OFF);
	sd_event_source_set_description(link->timer, "bluez-link");
	arm(link);
	return link;
}

struct bluez_link *bluez_link_free(struct bluez_link *link)
{
	if (!link)
		return NULL;
	go_down(link, "stopped");
	if (link->source->calls)
		dbus_calls_forget(link->source->calls, link);
	for (size_t i = 0; i < SLOTS_ADAPTERS_MAX; i++)
		if (link->heard[i])
			link->heard[i]->owner = NULL;
	sd_event_source_disable_unref(link->timer);
	link_free(link->link);
	free(link);
	return NULL;
}

void bluez_link_configure(struct bluez_link *link, unsigned wearable)
{
	struct link_settings settings = settings_of(link->source, wearable);

	link->wearable = wearable;
	link_set(link->link, &settings);
}

const char *bluez_link_address(const struct bluez_link *link)
{
	return link->address;
}

struct link *bluez_link_state(const struct bluez_link *link)
{
	return link->link;
}

struct bluez_adapter *bluez_link_adapter(const struct bluez_link *link)
{
	return link->device && link_holds_slot(link->link) ? link->device->adapter : NULL;
}

bool bluez_link_is_making(const struct bluez_link *link)
{
	return link_state(link->link) == LINK_STATE_CONNECTING;
}

size_t bluez_link_candidates(const struct bluez_link *link, struct slots_candidate *ret, size_t room)
{
	size_t n = 0;

	if (link_state(link->link) != LINK_STATE_HEARD)
		return 0;
	for (unsigned i = 0; i < SLOTS_ADAPTERS_MAX && n < room; i++) {
		const struct bluez_device *device = link->heard[i];

		if (device)
			ret[n++] = (struct slots_candidate){.wearable = link->wearable, .adapter = i,
				.rssi_dbm = device->has_rssi ? device->rssi_dbm : -127,
				.heard_us = device->heard_us,
				.waits_since_us = link->waits_since_us,
				.failures = link_failures(link->link)};
	}
	return n;
}

void bluez_link_permit(struct bluez_link *link, unsigned adapter_slot)
{
	link->device = link->heard[adapter_slot];
	tell(link, LINK_FACT_PERMITTED);
}

static void tell_rssi(struct bluez_link *link, const struct bluez_device *device, int64_t now_us)
{
	int step = abs(device->rssi_dbm - link->rssi_dbm);

	/* 127 is HCI's "not available". */
	if (!device->has_rssi || device->rssi_dbm >= 20 ||
		(now_us - link->rssi_us < RSSI_EVERY_US && step <= RSSI_STEP_DB))
		return;
	link->rssi_dbm = device->rssi_dbm;
	link->rssi_us = now_us;
	emit(link, (struct capture_event){
			   .kind = CAPTURE_RSSI, .t_us = now_us, .rssi_dbm = device->rssi_dbm});
}

static void device_gone(struct bluez_link *link, struct bluez_device *device)
{
	link->heard[device->adapter->slot] = NULL;
	if (link->device != device)
		return;
	link->device = NULL;
	tell(link, LINK_FACT_GONE);
}

static void device_heard(struct bluez_link *link, struct bluez_device *device)
{
	int64_t now_us = loop_now_us();

	device->heard_us = now_us;
	if (link->source->radio[device->adapter->slot])
		bluez_radio_heard(link->source->radio[device->adapter->slot], now_us);
	tell_rssi(link, device, now_us);
	tell(link, LINK_FACT_SEEN);
	if (link_state(link->link) == LINK_STATE_HEARD)
		source_bluez_schedule(link->source);
}

void bluez_link_device(struct bluez_link *link, struct bluez_device *device, unsigned changes)
{
	link->heard[device->adapter->slot] = device;
	device->owner = link;
	if (changes & BLUEZ_CHANGE_REMOVED) {
		device_gone(link, device);
		return;
	}
	if (changes & BLUEZ_CHANGE_HEARD)
		device_heard(link, device);
	/* A link that somebody else made, or that outlived our restart. */
	if (device->is_connected && link->device != device &&
		(!link->device || !link->device->is_connected) &&
		link_state(link->link) != LINK_STATE_CONNECTING) {
		link->device = device;
		push_device_facts(link);
		return;
	}
	if (link->device != device)
		return;
	if (device->is_bonded)
		tell(link, LINK_FACT_BONDED);
	if (changes & BLUEZ_CHANGE_CONNECTED && !device->is_connected) {
		tell(link, LINK_FACT_DISCONNECTED);
		return;
	}
	if (changes & BLUEZ_CHANGE_CONNECTED)
		tell(link, LINK_FACT_CONNECTED);
	if (changes & BLUEZ_CHANGE_RESOLVED && device->is_resolved)
		tell(link, LINK_FACT_RESOLVED);
	if (changes & BLUEZ_CHANGE_CHARACTERISTICS)
		tell(link, LINK_FACT_CHARACTERISTICS);
	if (changes & BLUEZ_CHANGE_BATTERY && link->is_up && link->device &&
		!find(link, &BATTERY_LEVEL))
		emit_battery(link);
}

void bluez_link_value(struct bluez_link *link, const struct bluez_characteristic *characteristic,
	const uint8_t *value, size_t size)
{
	int64_t now_us = loop_now_us();

	/* ReadValue changes Value too: reads have their own event. */
	if (!link->is_up || characteristic->device != link->device || size > CAPTURE_VALUE_MAX ||
		!link_hears(link->link, &characteristic->uuid))
		return;
	emit(link, (struct capture_event){.kind = CAPTURE_NOTIFY, .t_us = now_us,
			   .characteristic = characteristic->uuid, .value = value, .size = size});
	push(link, &(struct link_fact){.kind = LINK_FACT_BYTES, .t_us = now_us,
			   .epoch = link_epoch(link->link)});
}

void bluez_link_bus_lost(struct bluez_link *link)
{
	tell(link, LINK_FACT_BUS_LOST);
	link->device = NULL;
	memset(link->heard, 0, sizeof(link->heard));
}

void bluez_link_stop(struct bluez_link *link)
{
	tell(link, LINK_FACT_STOP);
}

int bluez_link_write(struct bluez_link *link, const struct driver_step *step)
{
	int r = link_write(link->link, step);

	carry_out(link);
	return r;
}
