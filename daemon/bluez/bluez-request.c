// SPDX-License-Identifier: MIT
#include "daemon/bluez/bluez-request.h"

#include <unistd.h>

#include "coxad/base/alloc.h"
#include "daemon/bluez/bluez-bus.h"
#include "daemon/bluez/bluez-pairing.h"
#include "daemon/bluez/bus-calls.h"
#include "daemon/bluez/bus-message.h"

static DBusMessage *device_call(const struct bluez_device *device, const char *method)
{
	return bus_message_new_call(device->node.path, "org.bluez.Device1", method);
}

static DBusMessage *get_all(const struct bluez_device *device)
{
	DBusMessage *message = bus_message_new_call(
		device->node.path, "org.freedesktop.DBus.Properties", "GetAll");
	const char *interface = "org.bluez.Device1";

	bus_message_must(
		dbus_message_append_args(message, DBUS_TYPE_STRING, &interface, DBUS_TYPE_INVALID));
	return message;
}

static DBusMessage *remove_device(const struct bluez_device *device)
{
	DBusMessage *message = bus_message_new_call(
		device->adapter->node.path, "org.bluez.Adapter1", "RemoveDevice");
	const char *path = device->node.path;

	bus_message_must(
		dbus_message_append_args(message, DBUS_TYPE_OBJECT_PATH, &path, DBUS_TYPE_INVALID));
	return message;
}

static DBusMessage *characteristic_call(
	const struct bluez_characteristic *characteristic, const char *method)
{
	return bus_message_new_call(
		characteristic->node.path, "org.bluez.GattCharacteristic1", method);
}

/* write NULL: no value, no options. */
static DBusMessage *value_call(const struct bluez_characteristic *characteristic,
	const char *method, const struct driver_step *write)
{
	DBusMessage *message = characteristic_call(characteristic, method);
	DBusMessageIter args, array, dict;

	dbus_message_iter_init_append(message, &args);
	if (write) {
		const uint8_t *bytes = write->bytes;

		bus_message_must(
			dbus_message_iter_open_container(&args, DBUS_TYPE_ARRAY, "y", &array));
		bus_message_must(dbus_message_iter_append_fixed_array(
			&array, DBUS_TYPE_BYTE, &bytes, (int)write->size));
		bus_message_must(dbus_message_iter_close_container(&args, &array));
	}
	bus_message_must(dbus_message_iter_open_container(&args, DBUS_TYPE_ARRAY, "{sv}", &dict));
	if (write)
		bus_message_put_text_entry(&dict, "type",
			write->kind == DRIVER_STEP_WRITE_COMMAND ? "command" : "request");
	bus_message_must(dbus_message_iter_close_container(&args, &dict));
	return message;
}

static DBusMessage *message_of(const struct bluez_request *request)
{
	const struct bluez_device *device = request->device;
	const struct bluez_characteristic *characteristic = request->characteristic;

	switch (request->action->kind) {
	case LINK_ACTION_CONNECT:
		return device_call(device, "Connect");
	case LINK_ACTION_PAIR:
		return device_call(device, "Pair");
	case LINK_ACTION_DISCONNECT:
		return device_call(device, "Disconnect");
	case LINK_ACTION_CHECK:
		return get_all(device);
	case LINK_ACTION_FORGET:
		return remove_device(device);
	case LINK_ACTION_SUBSCRIBE:
		return characteristic_call(characteristic, "StartNotify");
	case LINK_ACTION_UNSUBSCRIBE:
		return characteristic_call(characteristic, "StopNotify");
	case LINK_ACTION_ACQUIRE:
		return value_call(characteristic, "AcquireNotify", NULL);
	case LINK_ACTION_READ:
		return value_call(characteristic, "ReadValue", NULL);
	case LINK_ACTION_WRITE:
		return value_call(characteristic, "WriteValue", &request->action->step);
	case LINK_ACTION_UP:
	case LINK_ACTION_DOWN:
		break;
	}
	return NULL;
}

void bluez_request_send(const struct bluez_bus *bus, const struct bluez_request *request)
{
	const struct link_action *action = request->action;
	struct bluez_answer *answer = new0(struct bluez_answer);
	struct bus_call call;

	*answer = (struct bluez_answer){.action = action->kind,
		.epoch = action->epoch,
		.ticket = action->ticket,
		.generation = bluez_bus_generation(bus),
		.characteristic = action->step.characteristic};
	call = (struct bus_call){.message = message_of(request),
		.timeout_us = action->timeout_us,
		.may_wait = action->is_order,
		.done = request->done,
		.owner = request->owner,
		.data = answer};
	if (action->kind != LINK_ACTION_PAIR ||
		!bluez_pairing_send(request->pairing, request->device, &call))
		bus_calls_send(bluez_bus_calls(bus), &call);
}

int bluez_request_take_fd(DBusMessage *reply)
{
	int fd;

	if (dbus_message_get_type(reply) == DBUS_MESSAGE_TYPE_ERROR ||
		!dbus_message_get_args(reply, NULL, DBUS_TYPE_UNIX_FD, &fd, DBUS_TYPE_INVALID))
		return -1;
	return fd;
}

void bluez_request_discard_fd(DBusMessage *reply)
{
	int fd = bluez_request_take_fd(reply);

	if (fd >= 0)
		close(fd);
}

const char *bluez_request_name(enum link_action_kind kind)
{
	static const char *const names[] = {"connect", "pair", "up", "subscribe", "acquire",
		"unsubscribe", "read", "write", "check", "down", "disconnect", "forget"};

	return (unsigned)kind < ARRAY_LEN(names) ? names[kind] : "unknown";
}
