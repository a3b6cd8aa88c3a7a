// SPDX-License-Identifier: MIT
#include "daemon/bluez/bluez-connection.h"

#include <errno.h>
#include <unistd.h>

#include "coxad/base/address.h"
#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/loop/clock.h"
#include "daemon/bluez/bluez-bus.h"
#include "daemon/bluez/bluez-context-private.h"
#include "daemon/bluez/bluez-error.h"
#include "daemon/bluez/bluez-journal.h"
#include "daemon/bluez/bluez-pairing.h"
#include "daemon/bluez/bluez-peer.h"
#include "daemon/bluez/bluez-plan.h"
#include "daemon/bluez/bluez-request.h"
#include "daemon/bluez/bluez-streams.h"
#include "daemon/bluez/bus-calls.h"
#include "daemon/bluez/bus-message.h"
#include "daemon/bluez/link-runner.h"

struct bluez_connection {
	const struct bluez_context *context;
	const struct bluez_connection_ops *ops;
	void *user;
	unsigned wearable;
	struct link_runner *runner;
	struct bluez_device *device;
	bool is_up; /* "connected" was reported, "disconnected" not yet */
	struct bluez_streams streams;
	struct bluez_journal journal;
	struct bluez_plan plan;
};

void bluez_connection_emit(struct bluez_connection *connection, struct capture_event event)
{
	const struct bluez_context *context = connection->context;

	if (context->conf->wearable[connection->wearable].is_gone)
		return; /* its link ends in good order, but nobody wants to know */
	event.address = context->conf->wearable[connection->wearable].address;
	context->ops->event(context->user, &event);
}

/* --- events --- */

const struct link *bluez_connection_link(const struct bluez_connection *connection)
{
	return link_runner_link(connection->runner);
}

static unsigned epoch_of(const struct bluez_connection *connection)
{
	return link_epoch(bluez_connection_link(connection));
}

static void push(struct bluez_connection *connection, const struct link_event *event)
{
	bool is_sign = event->kind == LINK_EVENT_BYTES ||
		       (event->kind == LINK_EVENT_STEP_DONE && event->error == LINK_ERROR_NONE);

	if (is_sign && connection->device)
		connection->device->alive_us = event->t_us;
	link_runner_push(connection->runner, event);
	bluez_journal_problem(&connection->journal, bluez_connection_link(connection));
}

void bluez_connection_tell(struct bluez_connection *connection, enum link_event_kind kind)
{
	link_runner_tell(connection->runner, kind);
	bluez_journal_problem(&connection->journal, bluez_connection_link(connection));
}

static void push_done(struct bluez_connection *connection, enum link_event_kind kind,
	const struct bluez_answer *answer, enum link_error error)
{
	push(connection, &(struct link_event){.kind = kind,
				 .t_us = clock_now_us(),
				 .epoch = answer->epoch,
				 .ticket = answer->ticket,
				 .error = error});
}

/* Bytes of a notification or a read, for the capture and for the link. */
static void deliver(
	struct bluez_connection *connection, unsigned epoch, const struct capture_event *event)
{
	if (!bluez_peer_is_trusted(connection->context, connection->device))
		return;
	bluez_connection_emit(connection, *event);
	push(connection, &(struct link_event){.kind = LINK_EVENT_BYTES,
				 .t_us = event->t_us,
				 .epoch = epoch,
				 .characteristic = event->characteristic,
				 .data = event->kind == CAPTURE_NOTIFY ? event->value : NULL,
				 .size = event->kind == CAPTURE_NOTIFY ? event->size : 0});
}

static void emit_battery(struct bluez_connection *connection)
{
	uint8_t value = (uint8_t)connection->device->battery_percent;

	if (bluez_peer_is_trusted(connection->context, connection->device))
		bluez_connection_emit(
			connection, (struct capture_event){.kind = CAPTURE_READ,
					    .t_us = clock_now_us(),
					    .characteristic = BLUEZ_PEER_BATTERY_LEVEL,
					    .value = &value,
					    .size = 1});
}

static void tell_bond(struct bluez_connection *connection)
{
	bluez_connection_tell(connection,
		connection->device->is_bonded ? LINK_EVENT_BONDED : LINK_EVENT_UNBONDED);
}

void bluez_connection_review(struct bluez_connection *connection)
{
	struct bluez_device *device = connection->device;

	if (!device || device->adapter->is_silent)
		return;
	tell_bond(connection);
	if (connection->device == device && device->is_connected)
		bluez_connection_tell(connection, LINK_EVENT_CONNECTED);
	if (connection->device == device && device->is_resolved)
		bluez_connection_tell(connection, LINK_EVENT_RESOLVED);
}

void bluez_connection_changed(struct bluez_connection *connection, unsigned changes)
{
	struct bluez_device *device = connection->device;

	device->alive_us = clock_now_us();
	tell_bond(connection);
	if (changes & BLUEZ_CHANGE_CONNECTED && !device->is_connected) {
		bluez_connection_tell(connection, LINK_EVENT_DISCONNECTED);
		return;
	}
	if (changes & BLUEZ_CHANGE_CONNECTED)
		bluez_connection_tell(connection, LINK_EVENT_CONNECTED);
	if (changes & BLUEZ_CHANGE_RESOLVED && device->is_resolved)
		bluez_connection_tell(connection, LINK_EVENT_RESOLVED);
	if (changes & BLUEZ_CHANGE_CHARACTERISTICS)
		bluez_connection_tell(connection, LINK_EVENT_CHARACTERISTICS);
	if (changes & BLUEZ_CHANGE_BATTERY && connection->is_up && connection->device)
		emit_battery(connection);
}

void bluez_connection_value(struct bluez_connection *connection,
	const struct bluez_characteristic *characteristic, const uint8_t *value, size_t size)
{
	/* ReadValue changes Value too; reads have an event of their own. */
	if (!connection->is_up || characteristic->device != connection->device ||
		size > CAPTURE_VALUE_MAX ||
		!link_expects_signal(bluez_connection_link(connection), &characteristic->uuid))
		return;
	deliver(connection, epoch_of(connection),
		&(struct capture_event){.kind = CAPTURE_NOTIFY,
			.t_us = clock_now_us(),
			.characteristic = characteristic->uuid,
			.value = value,
			.size = size});
}

static void on_bytes(void *user, const struct bluez_stream *stream, int64_t t_us,
	const uint8_t *value, size_t size)
{
	struct bluez_connection *connection = user;

	if (connection->is_up && stream->epoch == epoch_of(connection))
		deliver(connection, stream->epoch,
			&(struct capture_event){.kind = CAPTURE_NOTIFY,
				.t_us = t_us,
				.characteristic = stream->characteristic,
				.value = value,
				.size = size});
}

static void on_closed(void *user, const struct bluez_stream *stream)
{
	push(user, &(struct link_event){.kind = LINK_EVENT_STREAM_CLOSED,
			   .t_us = clock_now_us(),
			   .epoch = stream->epoch,
			   .characteristic = stream->characteristic});
}

static const struct bluez_streams_ops streams_ops = {on_bytes, on_closed};

/* --- answers --- */

static void on_answer(DBusMessage *reply, void *owner, void *data);

static void send(struct bluez_connection *connection, const struct link_action *action,
	const struct bluez_characteristic *characteristic)
{
	const struct bluez_context *context = connection->context;
	const struct bluez_request request = {action, connection->device, characteristic, on_answer,
		connection, context->pairing};

	bluez_request_send(context->bus, &request);
}

static void connect_answered(struct bluez_connection *connection, const struct bluez_answer *answer,
	enum link_error error)
{
	if (error == LINK_ERROR_LIMIT && connection->device)
		connection->ops->refused(connection->user, connection->device->adapter);
	push_done(connection, LINK_EVENT_CONNECT_DONE, answer, error);
}

/* A Connect that was cancelled is answered like a successful one: ask the device itself. */
static void verify(struct bluez_connection *connection, const struct bluez_answer *answer)
{
	struct link_action action = {.kind = LINK_ACTION_CHECK,
		.epoch = answer->epoch,
		.ticket = 1, /* tells it from the link's own checks */
		.timeout_us = connection->context->timing.step_us};

	if (connection->device && connection->device->is_connected)
		connect_answered(connection, answer, LINK_ERROR_NONE);
	else if (connection->device)
		send(connection, &action, NULL);
}

static void checked(struct bluez_connection *connection, const struct bluez_answer *answer,
	DBusMessage *reply, enum link_error error)
{
	if (!connection->device)
		return;
	if (error == LINK_ERROR_NONE)
		bluez_objects_refresh(connection->context->objects, connection->device, reply);
	if (!connection->device)
		return;
	if (answer->ticket) { /* of verify */
		if (error == LINK_ERROR_NONE && !connection->device->is_connected)
			error = LINK_ERROR_NO_LINK;
		connect_answered(connection, answer, error);
		bluez_connection_review(connection);
	} else if (error == LINK_ERROR_NONE && !connection->device->is_connected) {
		bluez_connection_tell(connection, LINK_EVENT_DISCONNECTED);
	} else if (error == LINK_ERROR_NONE) {
		bluez_connection_review(connection);
	}
}

static void read_done(
	struct bluez_connection *connection, const struct bluez_answer *answer, DBusMessage *reply)
{
	DBusMessageIter args;
	const uint8_t *value;
	size_t size;

	if (connection->is_up && dbus_message_iter_init(reply, &args) &&
		bus_message_get_bytes(&args, &value, &size) && size <= CAPTURE_VALUE_MAX)
		deliver(connection, answer->epoch,
			&(struct capture_event){.kind = CAPTURE_READ,
				.t_us = clock_now_us(),
				.characteristic = answer->characteristic,
				.value = value,
				.size = size});
}

static void answered(
	struct bluez_connection *connection, const struct bluez_answer *answer, DBusMessage *reply)
{
	enum link_error error = bluez_error_of(reply);

	switch (answer->action) {
	case LINK_ACTION_CONNECT:
		if (error == LINK_ERROR_NONE)
			verify(connection, answer);
		else
			connect_answered(connection, answer, error);
		return;
	case LINK_ACTION_CHECK:
		checked(connection, answer, reply, error);
		return;
	case LINK_ACTION_ACQUIRE:
		if (error == LINK_ERROR_NONE &&
			bluez_streams_open(&connection->streams, &answer->characteristic,
				answer->epoch, bluez_request_take_fd(reply)) < 0)
			error = LINK_ERROR_FAILED;
		break;
	case LINK_ACTION_READ:
		if (error == LINK_ERROR_NONE)
			read_done(connection, answer, reply);
		break;
	case LINK_ACTION_DISCONNECT:
		push_done(connection, LINK_EVENT_DISCONNECT_DONE, answer, LINK_ERROR_NONE);
		return;
	case LINK_ACTION_SUBSCRIBE:
		if (error == LINK_ERROR_IN_PROGRESS &&
			bluez_peer_is_notifying(connection->device, &answer->characteristic))
			error = LINK_ERROR_NONE;
		break;
	case LINK_ACTION_PAIR:
	case LINK_ACTION_WRITE:
		break;
	case LINK_ACTION_UP:
	case LINK_ACTION_UNSUBSCRIBE:
	case LINK_ACTION_DOWN:
	case LINK_ACTION_FORGET:
		return;
	}
	push_done(connection, LINK_EVENT_STEP_DONE, answer, error);
}

static void on_answer(DBusMessage *reply, void *owner, void *data)
{
	struct bluez_connection *connection = owner;
	const struct bluez_answer *answer = data;

	if (answer->generation != bluez_bus_generation(connection->context->bus) ||
		answer->epoch != epoch_of(connection)) {
		if (answer->action == LINK_ACTION_ACQUIRE)
			bluez_request_discard_fd(reply); /* nobody waits for its socket */
		return;
	}
	if (bluez_error_of(reply) != LINK_ERROR_NONE)
		bluez_journal_error(&connection->journal, bluez_connection_link(connection),
			answer->action, reply);
	answered(connection, answer, reply);
}

static void go_up(struct bluez_connection *connection)
{
	char adapter[ADDRESS_SHORT_SIZE];

	connection->is_up = true;
	address_shorten(connection->device->adapter->address, adapter);
	bluez_connection_emit(connection, (struct capture_event){.kind = CAPTURE_CONNECTED,
						  .t_us = clock_now_us(),
						  .mtu = bluez_peer_mtu(connection->device),
						  .bond = bluez_peer_bond(connection->device),
						  .adapter = adapter});
	if (bluez_peer_hides_battery(connection->device))
		emit_battery(connection);
}

static void go_down(struct bluez_connection *connection, const char *why)
{
	bluez_streams_close(&connection->streams, NULL);
	if (connection->is_up)
		bluez_connection_emit(connection,
			(struct capture_event){
				.kind = CAPTURE_DISCONNECTED, .t_us = clock_now_us(), .why = why});
	connection->is_up = false;
}

static void carry_out_step(struct bluez_connection *connection, const struct link_action *action)
{
	const struct uuid *uuid = &action->step.characteristic;
	const struct bluez_characteristic *characteristic =
		bluez_objects_find_characteristic(connection->device, uuid);
	const struct bluez_answer answer = {.epoch = action->epoch, .ticket = action->ticket};

	if (!characteristic) {
		bool is_battery = bluez_peer_properties(connection->device, uuid) >= 0;

		if (is_battery && action->kind == LINK_ACTION_READ)
			emit_battery(connection);
		push_done(connection, LINK_EVENT_STEP_DONE, &answer,
			is_battery ? LINK_ERROR_NONE : LINK_ERROR_NO_CHARACTERISTIC);
		return;
	}
	if (action->kind == LINK_ACTION_UNSUBSCRIBE &&
		bluez_streams_close(&connection->streams, uuid))
		return;
	send(connection, action, characteristic);
}

static void on_action(void *user, const struct link_action *action)
{
	struct bluez_connection *connection = user;

	if (action->kind == LINK_ACTION_DOWN) {
		go_down(connection, action->reason);
		return;
	}
	if (!connection->device || !bluez_bus_calls(connection->context->bus)) {
		/* The device left after the decision; the action's own timer covers the rest. */
		if (action->kind == LINK_ACTION_DISCONNECT)
			push_done(connection, LINK_EVENT_DISCONNECT_DONE,
				&(struct bluez_answer){.epoch = action->epoch}, LINK_ERROR_NONE);
		return;
	}
	switch (action->kind) {
	case LINK_ACTION_UP:
		go_up(connection);
		return;
	case LINK_ACTION_FORGET:
		if (connection->device->is_bonded)
			return; /* only a person removes a bond */
		bluez_journal_forget(&connection->journal, bluez_connection_link(connection));
		break;
	case LINK_ACTION_DISCONNECT:
		bluez_streams_close(&connection->streams, NULL);
		break;
	case LINK_ACTION_CONNECT:
	case LINK_ACTION_PAIR:
	case LINK_ACTION_CHECK:
		break;
	case LINK_ACTION_SUBSCRIBE:
	case LINK_ACTION_ACQUIRE:
	case LINK_ACTION_UNSUBSCRIBE:
	case LINK_ACTION_READ:
	case LINK_ACTION_WRITE:
		carry_out_step(connection, action);
		return;
	case LINK_ACTION_DOWN:
		return;
	}
	send(connection, action, NULL);
}

static void on_entered(void *user, enum link_state before, enum link_state state)
{
	struct bluez_connection *connection = user;

	bluez_journal_state(&connection->journal, bluez_connection_link(connection), before);
	bluez_journal_problem(&connection->journal, bluez_connection_link(connection));
	connection->ops->entered(connection->user, state);
}

static const struct link_runner_ops runner_ops = {on_action, on_entered};

int bluez_connection_write(struct bluez_connection *connection, const struct driver_step *step)
{
	return link_runner_write(connection->runner, step);
}

/* --- life --- */

int bluez_connection_new(const struct bluez_context *context, unsigned wearable,
	const struct bluez_connection_ops *ops, void *user, struct bluez_connection **ret)
{
	struct bluez_connection *connection = new0(struct bluez_connection);
	struct link_settings settings = bluez_peer_settings(context, wearable);
	uint64_t seed = (uint64_t)clock_now_us() * 31 + wearable;
	int r;

	*connection = (struct bluez_connection){.context = context,
		.ops = ops,
		.user = user,
		.wearable = wearable,
		.journal = {.context = context, .wearable = wearable},
		.plan = {context, wearable, &connection->device}};
	bluez_streams_init(&connection->streams, context->loop, &streams_ops, connection);
	r = link_runner_new(context->loop,
		link_new(&settings, &context->timing, seed, &bluez_plan_ops, &connection->plan),
		&runner_ops, connection, &connection->runner);
	if (r < 0) {
		bluez_connection_free(connection);
		return r;
	}
	*ret = connection;
	return 0;
}

struct bluez_connection *bluez_connection_free(struct bluez_connection *connection)
{
	struct bus_calls *calls;

	if (!connection)
		return NULL;
	go_down(connection, "stopped");
	calls = bluez_bus_calls(connection->context->bus);
	if (calls)
		bus_calls_forget(calls, connection);
	bluez_pairing_forget(connection->context->pairing, connection);
	link_runner_free(connection->runner);
	free(connection);
	return NULL;
}

void bluez_connection_configure(struct bluez_connection *connection)
{
	const struct bluez_context *context = connection->context;
	struct link_settings settings = bluez_peer_settings(context, connection->wearable);

	link_runner_configure(connection->runner, &settings);
	if (connection->device)
		tell_bond(connection);
}

void bluez_connection_set_device(struct bluez_connection *connection, struct bluez_device *device)
{
	connection->device = device;
	if (device)
		tell_bond(connection);
}

struct bluez_device *bluez_connection_device(const struct bluez_connection *connection)
{
	return connection->device;
}
