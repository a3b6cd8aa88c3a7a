// SPDX-License-Identifier: MIT
/* A link's actions as calls to org.bluez, and the answers as events. */
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/loop/clock.h"
#include "daemon/bluez/bluez-error.h"
#include "daemon/bluez/bluez-link-private.h"
#include "daemon/bluez/bus-message.h"

/* What an answer is to be matched with. */
struct answer {
	struct bluez_link *link;
	unsigned epoch, ticket, generation;
	enum link_action_kind action;
	struct uuid characteristic;
};

static void answer_step(struct bluez_link *link, const struct answer *answer, enum link_error error)
{
	bluez_link_push(link, &(struct link_event){.kind = LINK_EVENT_STEP_DONE,
				      .t_us = clock_now_us(),
				      .epoch = answer->epoch,
				      .ticket = answer->ticket,
				      .error = error});
}

static void on_bytes(void *user, int64_t t_us, const uint8_t *value, size_t size)
{
	struct subscription *stream = user;
	struct bluez_link *link = stream->link;

	if (!link->is_up || stream->epoch != link_epoch(link->link))
		return;
	bluez_link_emit(link, (struct capture_event){.kind = CAPTURE_NOTIFY,
				      .t_us = t_us,
				      .characteristic = stream->characteristic,
				      .value = value,
				      .size = size});
	bluez_link_push(
		link, &(struct link_event){
			      .kind = LINK_EVENT_BYTES, .t_us = t_us, .epoch = stream->epoch});
}

static void on_closed(void *user)
{
	struct subscription *stream = user;

	stream->socket = gatt_stream_free(stream->socket);
	bluez_link_push(stream->link, &(struct link_event){.kind = LINK_EVENT_STREAM_CLOSED,
					      .t_us = clock_now_us(),
					      .epoch = stream->epoch,
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

static enum link_error open_stream(
	struct bluez_link *link, const struct answer *answer, DBusMessage *reply)
{
	dbus_uint16_t mtu;
	int fd;

	if (!dbus_message_get_args(
		    reply, NULL, DBUS_TYPE_UNIX_FD, &fd, DBUS_TYPE_UINT16, &mtu, DBUS_TYPE_INVALID))
		return LINK_ERROR_FAILED;
	close_streams(link, &answer->characteristic);
	for (size_t i = 0; i < STREAMS_MAX; i++) {
		struct subscription *stream = &link->stream[i];

		if (stream->socket)
			continue;
		*stream = (struct subscription){.link = link,
			.epoch = answer->epoch,
			.characteristic = answer->characteristic};
		return gatt_stream_new(
			       link->source->loop, fd, &stream_ops, stream, &stream->socket) < 0
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
		!bus_message_get_bytes(&args, &value, &size) || size > CAPTURE_VALUE_MAX)
		return;
	bluez_link_emit(link, (struct capture_event){.kind = CAPTURE_READ,
				      .t_us = clock_now_us(),
				      .characteristic = answer->characteristic,
				      .value = value,
				      .size = size});
	bluez_link_push(link,
		&(struct link_event){
			.kind = LINK_EVENT_BYTES, .t_us = clock_now_us(), .epoch = answer->epoch});
}

static void connect_answered(
	struct bluez_link *link, const struct answer *answer, enum link_error error)
{
	if (error == LINK_ERROR_LIMIT && link->device) {
		unsigned in_use = 0;

		for (size_t i = 0; i < link->source->n_links; i++)
			in_use +=
				link->source->link[i] != link &&
				bluez_link_adapter(link->source->link[i]) == link->device->adapter;
		slots_refused(
			&link->source->slots, clock_now_us(), link->device->adapter->slot, in_use);
	}
	bluez_link_push(link, &(struct link_event){.kind = LINK_EVENT_CONNECT_DONE,
				      .t_us = clock_now_us(),
				      .epoch = answer->epoch,
				      .error = error});
}

static void on_answer(DBusMessage *reply, void *user);

static void send(struct bluez_link *link, const struct link_action *action, DBusMessage *message)
{
	struct answer *answer = new0(struct answer);

	*answer = (struct answer){.link = link,
		.epoch = action->epoch,
		.ticket = action->ticket,
		.generation = link->source->generation,
		.action = action->kind,
		.characteristic = action->step.characteristic};
	bus_calls_send(link->source->calls, message, action->timeout_us, on_answer, answer, link);
}

static void get_device(struct bluez_link *link, const struct link_action *action)
{
	DBusMessage *message = bus_message_new_call(
		link->device->node.path, "org.freedesktop.DBus.Properties", "GetAll");
	const char *interface = "org.bluez.Device1";

	dbus_message_append_args(message, DBUS_TYPE_STRING, &interface, DBUS_TYPE_INVALID);
	send(link, action, message);
}

void bluez_link_push_events(struct bluez_link *link)
{
	struct bluez_device *device = link->device;

	if (device && device->is_bonded)
		bluez_link_tell(link, LINK_EVENT_BONDED);
	if (link->device == device && device && device->is_connected)
		bluez_link_tell(link, LINK_EVENT_CONNECTED);
	if (link->device == device && device && device->is_resolved)
		bluez_link_tell(link, LINK_EVENT_RESOLVED);
}

/* The reply to Connect may say what is not so: a cancelled try answers as a good one does. */
static void verify(struct bluez_link *link, const struct answer *answer)
{
	struct link_action action = {.kind = LINK_ACTION_CHECK,
		.epoch = answer->epoch,
		.ticket = 1,
		.timeout_us = link->source->timing.step_us};

	if (link->device && link->device->is_connected)
		connect_answered(link, answer, LINK_ERROR_NONE);
	else if (link->device)
		get_device(link, &action);
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
			error != LINK_ERROR_NONE     ? error
			: link->device->is_connected ? LINK_ERROR_NONE
						     : LINK_ERROR_NO_LINK);
		bluez_link_push_events(link);
	} else if (error == LINK_ERROR_NONE && !link->device->is_connected) {
		bluez_link_tell(link, LINK_EVENT_DISCONNECTED);
	} else if (error == LINK_ERROR_NONE) {
		bluez_link_push_events(link);
	}
}

static void on_answer(DBusMessage *reply, void *user)
{
	struct answer *answer = user;
	struct bluez_link *link = answer->link;
	enum link_error error = bluez_error_of(reply);
	struct journal_field fields[BLUEZ_LINK_FIELDS];

	if (answer->generation != link->source->generation ||
		answer->epoch != link_epoch(link->link)) {
		if (answer->action == LINK_ACTION_ACQUIRE)
			discard(reply);
		return;
	}
	if (error != LINK_ERROR_NONE)
		journal_write_fields(&link->limit, LOG_INFO, "device", fields,
			bluez_link_fields(link, fields), "%s: %s: %s (%s)", link->address,
			bluez_action_to_string(answer->action), link_error_to_string(error),
			bluez_error_text(reply));
	switch (answer->action) {
	case LINK_ACTION_CONNECT:
		if (error == LINK_ERROR_NONE)
			verify(link, answer);
		else
			connect_answered(link, answer, error);
		return;
	case LINK_ACTION_CHECK:
		checked(link, answer, reply, error);
		return;
	case LINK_ACTION_ACQUIRE:
		if (error == LINK_ERROR_NONE)
			error = open_stream(link, answer, reply);
		break;
	case LINK_ACTION_READ:
		if (error == LINK_ERROR_NONE)
			read_done(link, answer, reply);
		break;
	case LINK_ACTION_DISCONNECT:
		bluez_link_push(link, &(struct link_event){.kind = LINK_EVENT_DISCONNECT_DONE,
					      .t_us = clock_now_us(),
					      .epoch = answer->epoch});
		return;
	case LINK_ACTION_PAIR:
	case LINK_ACTION_SUBSCRIBE:
	case LINK_ACTION_WRITE:
		break;
	case LINK_ACTION_UP:
	case LINK_ACTION_UNSUBSCRIBE:
	case LINK_ACTION_DOWN:
	case LINK_ACTION_FORGET:
		return;
	}
	answer_step(link, answer, error);
}

static DBusMessage *new_value_call(
	const char *path, const char *method, const struct driver_step *step)
{
	DBusMessage *message = bus_message_new_call(path, "org.bluez.GattCharacteristic1", method);
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
		bus_message_put_text_entry(&dict, "type",
			step->kind == DRIVER_STEP_WRITE_COMMAND ? "command" : "request");
	dbus_message_iter_close_container(&args, &dict);
	return message;
}

static void carry_out_step(struct bluez_link *link, const struct link_action *action)
{
	const struct bluez_characteristic *characteristic =
		bluez_link_find(link, &action->step.characteristic);
	const struct answer none = {.epoch = action->epoch, .ticket = action->ticket};

	if (!characteristic) {
		bool is_battery = bluez_link_properties(link, &action->step.characteristic) >= 0;

		if (is_battery && action->kind == LINK_ACTION_READ)
			bluez_link_emit_battery(link);
		answer_step(
			link, &none, is_battery ? LINK_ERROR_NONE : LINK_ERROR_NO_CHARACTERISTIC);
		return;
	}
	switch (action->kind) {
	case LINK_ACTION_SUBSCRIBE:
		send(link, action,
			bus_message_new_call(characteristic->node.path,
				"org.bluez.GattCharacteristic1", "StartNotify"));
		return;
	case LINK_ACTION_ACQUIRE:
		send(link, action,
			new_value_call(characteristic->node.path, "AcquireNotify", NULL));
		return;
	case LINK_ACTION_UNSUBSCRIBE:
		if (!close_streams(link, &action->step.characteristic))
			send(link, action,
				bus_message_new_call(characteristic->node.path,
					"org.bluez.GattCharacteristic1", "StopNotify"));
		return;
	case LINK_ACTION_READ:
		send(link, action, new_value_call(characteristic->node.path, "ReadValue", NULL));
		return;
	case LINK_ACTION_WRITE:
		send(link, action,
			new_value_call(characteristic->node.path, "WriteValue", &action->step));
		return;
	case LINK_ACTION_CONNECT:
	case LINK_ACTION_PAIR:
	case LINK_ACTION_UP:
	case LINK_ACTION_CHECK:
	case LINK_ACTION_DOWN:
	case LINK_ACTION_DISCONNECT:
	case LINK_ACTION_FORGET:
		return;
	}
}

static void go_up(struct bluez_link *link)
{
	link->is_up = true;
	bluez_link_emit(link, (struct capture_event){.kind = CAPTURE_CONNECTED,
				      .t_us = clock_now_us(),
				      .mtu = bluez_link_mtu(link->device)});
	if (link->device->battery >= 0 && !bluez_link_find(link, &BATTERY_LEVEL))
		bluez_link_emit_battery(link);
}

void bluez_link_go_down(struct bluez_link *link, const char *why)
{
	close_streams(link, NULL);
	if (link->is_up)
		bluez_link_emit(link,
			(struct capture_event){
				.kind = CAPTURE_DISCONNECTED, .t_us = clock_now_us(), .why = why});
	link->is_up = false;
}

static void forget(struct bluez_link *link, const struct link_action *action)
{
	DBusMessage *message = bus_message_new_call(
		link->device->adapter->node.path, "org.bluez.Adapter1", "RemoveDevice");
	const char *path = link->device->node.path;
	struct journal_field fields[BLUEZ_LINK_FIELDS];

	journal_write_fields(NULL, LOG_NOTICE, "device", fields, bluez_link_fields(link, fields),
		"%s: removed from bluetoothd, to be found anew", link->address);
	dbus_message_append_args(message, DBUS_TYPE_OBJECT_PATH, &path, DBUS_TYPE_INVALID);
	send(link, action, message);
}

void bluez_link_carry_out(struct bluez_link *link, const struct link_action *action)
{
	const char *path = link->device ? link->device->node.path : NULL;

	if (action->kind == LINK_ACTION_DOWN) {
		bluez_link_go_down(link, action->why);
		return;
	}
	if (!path || !link->source->calls) {
		/* It left between the decision and now; the action's own timer covers the rest. */
		if (action->kind == LINK_ACTION_DISCONNECT)
			link_push(
				link->link, &(struct link_event){.kind = LINK_EVENT_DISCONNECT_DONE,
						    .t_us = clock_now_us(),
						    .epoch = action->epoch});
		return;
	}
	switch (action->kind) {
	case LINK_ACTION_CONNECT:
		send(link, action, bus_message_new_call(path, "org.bluez.Device1", "Connect"));
		return;
	case LINK_ACTION_PAIR:
		send(link, action, bus_message_new_call(path, "org.bluez.Device1", "Pair"));
		return;
	case LINK_ACTION_DISCONNECT:
		close_streams(link, NULL);
		send(link, action, bus_message_new_call(path, "org.bluez.Device1", "Disconnect"));
		return;
	case LINK_ACTION_UP:
		go_up(link);
		return;
	case LINK_ACTION_CHECK:
		get_device(link, action);
		return;
	case LINK_ACTION_FORGET:
		forget(link, action);
		return;
	case LINK_ACTION_SUBSCRIBE:
	case LINK_ACTION_ACQUIRE:
	case LINK_ACTION_UNSUBSCRIBE:
	case LINK_ACTION_READ:
	case LINK_ACTION_WRITE:
		carry_out_step(link, action);
		return;
	case LINK_ACTION_DOWN:
		return;
	}
}
