// SPDX-License-Identifier: MIT
#include "gym/door-methods.h"

#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "gym/door-agent.h"
#include "gym/door-clock.h"
#include "gym/door-fault.h"
#include "gym/door-lookup.h"
#include "gym/door-objects.h"
#include "gym/door-properties.h"
#include "gym/door-radio.h"
#include "gym/door-send.h"

#define UNKNOWN_OBJECT "org.freedesktop.DBus.Error.UnknownObject"

/* A call being handled, and the fault that it meets. */
struct door_call {
	DBusMessage *message;
	struct door_order order;
	int64_t after_us; /* how long an answer takes anyway */
};

static void answer(struct door *door, const struct door_call *call, DBusMessage *reply)
{
	int64_t delay_us = call->order.action == DOOR_ACTION_DELAY ? call->order.arg_us : 0;

	if (call->order.action == DOOR_ACTION_SWALLOW)
		dbus_message_unref(reply);
	else
		door_send_message(door, reply, call->after_us + delay_us);
}

static void answer_ok(struct door *door, const struct door_call *call)
{
	answer(door, call, dbus_message_new_method_return(call->message));
}

static void answer_error(struct door *door, const struct door_call *call, const char *error)
{
	char name[96];
	const char *text = strchr(error, ':');
	int length = text ? (int)(text - error) : (int)strlen(error);

	if (strncmp(error, "org.", 4) == 0)
		snprintf(name, sizeof(name), "%.*s", length, error);
	else
		snprintf(name, sizeof(name), "org.bluez.Error.%.*s", length, error);
	answer(door, call,
		dbus_message_new_error(call->message, name, text ? text + 1 : "injected fault"));
}

static void get_managed_objects(struct door *door, const struct door_call *call)
{
	DBusMessage *reply = dbus_message_new_method_return(call->message);
	DBusMessageIter args;

	dbus_message_iter_init_append(reply, &args);
	door_objects_put_all(door, &args);
	answer(door, call, reply);
}

static void get_all(struct door *door, const struct door_call *call, const char *path)
{
	const char *interface;
	DBusMessageIter args;
	DBusMessage *reply = dbus_message_new_method_return(call->message);

	dbus_message_iter_init_append(reply, &args);
	if (!dbus_message_get_args(
		    call->message, NULL, DBUS_TYPE_STRING, &interface, DBUS_TYPE_INVALID) ||
		!door_properties_put_all(door, &args, path, interface)) {
		dbus_message_unref(reply);
		answer_error(door, call, UNKNOWN_OBJECT);
		return;
	}
	answer(door, call, reply);
}

/* Only Powered has an effect. */
static void set(struct door *door, const struct door_call *call, const char *path)
{
	struct door_adapter *adapter = door_lookup_adapter(door, path);
	DBusMessageIter args, variant;
	dbus_bool_t on;

	if (!adapter || !dbus_message_iter_init(call->message, &args) ||
		!dbus_message_iter_next(&args) || !dbus_message_iter_next(&args) ||
		dbus_message_iter_get_arg_type(&args) != DBUS_TYPE_VARIANT) {
		answer_error(door, call, UNKNOWN_OBJECT);
		return;
	}
	dbus_message_iter_recurse(&args, &variant);
	if (dbus_message_iter_get_arg_type(&variant) != DBUS_TYPE_BOOLEAN) {
		answer_ok(door, call); /* Discoverable and such */
		return;
	}
	dbus_message_iter_get_basic(&variant, &on);
	if (on && adapter->is_blocked) {
		answer_error(door, call, "Failed:Blocked through rfkill");
		return;
	}
	door_radio_set_power(door, adapter, on);
	answer_ok(door, call);
}

static void set_discovering(struct door *door, struct door_adapter *adapter, bool on)
{
	if (adapter->is_discovering == on || adapter->is_foreign)
		return;
	adapter->is_discovering = on;
	door_properties_say_bool(door, adapter->path, DOOR_IFACE_ADAPTER, "Discovering", on);
	for (size_t i = 0; i < door->n_devices; i++)
		door->devices[i].advert_us = door_clock_now_us(door);
	door_clock_wake(door);
}

static void adapter_call(struct door *door, const struct door_call *call,
	struct door_adapter *adapter, const char *member)
{
	const char *path;
	struct door_device *device;

	if (strcmp(member, "SetDiscoveryFilter") == 0) {
		answer_ok(door, call);
	} else if (!adapter->is_powered) {
		answer_error(door, call, "NotReady");
	} else if (strcmp(member, "StartDiscovery") == 0) {
		answer_ok(door, call);
		set_discovering(door, adapter, true);
	} else if (strcmp(member, "StopDiscovery") == 0) {
		if (adapter->is_discovering)
			answer_ok(door, call);
		else
			answer_error(door, call, "Failed:No discovery started");
		set_discovering(door, adapter, false);
	} else if (strcmp(member, "RemoveDevice") == 0 &&
		   dbus_message_get_args(
			   call->message, NULL, DBUS_TYPE_OBJECT_PATH, &path, DBUS_TYPE_INVALID) &&
		   (device = door_lookup_device(door, path))) {
		door_radio_link_down(door, device);
		door_objects_remove_device(door, device);
		answer_ok(door, call);
	} else {
		answer_error(door, call, "DoesNotExist");
	}
}

static void begin_connect(
	struct door *door, const struct door_call *call, struct door_device *device)
{
	const struct door_adapter *adapter = &door->adapter[device->adapter];
	unsigned links = 0;

	for (size_t i = 0; i < door->n_devices; i++)
		links += door->devices[i].is_connected &&
			 door->devices[i].adapter == device->adapter;
	if (device->is_connected) {
		answer_ok(door, call);
	} else if (device->connect || device->connect_us != INT64_MAX) {
		answer_error(door, call, "InProgress");
	} else if (!adapter->is_powered) {
		answer_error(door, call, "NotReady");
	} else if (adapter->limit && links >= adapter->limit) {
		answer_error(door, call, "Failed:le-connection-concurrent-connection-limit");
	} else {
		device->connect = dbus_message_ref(call->message);
		device->connect_is_mute = call->order.action == DOOR_ACTION_SWALLOW;
		device->connect_us =
			door_clock_now_us(door) + door->options.connect_us +
			(call->order.action == DOOR_ACTION_DELAY ? call->order.arg_us : 0);
		door_clock_wake(door);
	}
}

static void end_connect(struct door *door, struct door_device *device, const char *error)
{
	struct door_call call = {.message = device->connect};

	device->connect_us = INT64_MAX;
	if (!device->connect)
		return;
	if (!device->connect_is_mute)
		answer_error(door, &call, error);
	dbus_message_unref(steal(device->connect));
}

static void disconnect(struct door *door, const struct door_call *call, struct door_device *device)
{
	bool was_connected = device->is_connected || device->connect;

	end_connect(door, device, "Failed:br-connection-canceled");
	door_radio_link_down(door, device);
	if (was_connected)
		answer_ok(door, call);
	else
		answer_error(door, call, "NotConnected");
}

static void pair(struct door *door, const struct door_call *call, struct door_device *device)
{
	if (device->is_bonded) {
		answer_error(door, call, "AlreadyExists");
		return;
	}
	if (device->pairing.call) {
		answer_error(door, call, "InProgress");
		return;
	}
	if (door_agent_pair(door, device, call->message))
		return;
	door_properties_set_bonded(door, device, true);
	answer_ok(door, call);
}

static void device_call(struct door *door, const struct door_call *call, struct door_device *device,
	const char *member)
{
	if (strcmp(member, "Connect") == 0)
		begin_connect(door, call, device);
	else if (strcmp(member, "Disconnect") == 0)
		disconnect(door, call, device);
	else if (strcmp(member, "Pair") == 0)
		pair(door, call, device);
	else
		answer_error(door, call, "NotSupported");
}

static unsigned index_of(const struct door_device *device, const struct door_char *c)
{
	return (unsigned)(c - device->chars);
}

static void read_value(struct door *door, const struct door_call *call, struct door_device *device,
	struct door_char *c)
{
	uint8_t value[DEVICE_VALUE_MAX];
	int n = device_read(device->gym, door_clock_now_us(door), index_of(device, c), value);
	const uint8_t *bytes = value;
	DBusMessage *reply;

	if (n < 0) {
		answer_error(door, call, "NotPermitted:Read not permitted");
		return;
	}
	reply = dbus_message_new_method_return(call->message);
	dbus_message_append_args(
		reply, DBUS_TYPE_ARRAY, DBUS_TYPE_BYTE, &bytes, n, DBUS_TYPE_INVALID);
	answer(door, call, reply);
}

static bool is_command(DBusMessageIter *args)
{
	DBusMessageIter dict, entry, variant;
	const char *type = "";

	dbus_message_iter_next(args);
	if (dbus_message_iter_get_arg_type(args) != DBUS_TYPE_ARRAY ||
		!dbus_message_iter_get_element_count(args))
		return false;
	dbus_message_iter_recurse(args, &dict);
	dbus_message_iter_recurse(&dict, &entry);
	dbus_message_iter_next(&entry);
	dbus_message_iter_recurse(&entry, &variant);
	if (dbus_message_iter_get_arg_type(&variant) == DBUS_TYPE_STRING)
		dbus_message_iter_get_basic(&variant, &type);
	return strcmp(type, "command") == 0;
}

/* It was heard; that is told with the next connection event, and until then it takes no other write. */
static void acknowledge(struct door *door, const struct door_call *call, struct door_device *device,
	struct door_char *c)
{
	struct door_call late = *call;

	late.after_us = door_radio_interval_us(door, device);
	c->busy_us = door_clock_now_us(door) + late.after_us;
	answer_ok(door, &late);
}

static void write_value(struct door *door, const struct door_call *call, struct door_device *device,
	struct door_char *c)
{
	DBusMessageIter args, array;
	const uint8_t *value = NULL;
	int n = 0;

	if (!dbus_message_iter_init(call->message, &args) ||
		dbus_message_iter_get_arg_type(&args) != DBUS_TYPE_ARRAY) {
		answer_error(door, call, "InvalidArguments");
		return;
	}
	if (door_clock_now_us(door) < c->busy_us) {
		answer_error(door, call, "InProgress:In Progress");
		return;
	}
	dbus_message_iter_recurse(&args, &array);
	dbus_message_iter_get_fixed_array(&array, &value, &n);
	if (device_write(device->gym, door_clock_now_us(door), index_of(device, c), value,
		    (size_t)n) < 0)
		answer_error(door, call, "Failed:Operation failed with ATT error: 0x80");
	else if (is_command(&args))
		answer_ok(door, call);
	else
		acknowledge(door, call, device, c);
	door_clock_wake(door);
}

static unsigned ccc_of(const struct door_char *c)
{
	return c->gym->properties & DEVICE_NOTIFY ? 1 : 2;
}

/* What a client writes to the notify socket would go to the wearable; a client must not. */
static int on_notify_fd(sd_event_source *source, int fd, uint32_t revents, void *user)
{
	struct door_device *device = user;
	uint8_t bytes[DEVICE_VALUE_MAX];
	ssize_t n = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (n > 0) {
		device->door->stray++;
		return 0;
	}
	if (!(revents & EPOLLHUP)) {
		sd_event_source_set_io_events(source, 0); /* shut down for writing, as it should */
		return 0;
	}
	for (size_t i = 0; i < device->n_chars; i++)
		if (device->chars[i].fd == fd)
			door_radio_close_notify(device, &device->chars[i]);
	return 0;
}

static void acquire_notify(struct door *door, const struct door_call *call,
	struct door_device *device, struct door_char *c)
{
	dbus_uint16_t mtu = (dbus_uint16_t)door->options.mtu;
	struct door_order order;
	DBusMessage *reply;
	int fds[2];

	if (c->fd >= 0 || c->is_notifying) {
		answer_error(door, call, "NotPermitted:Notify acquired");
		return;
	}
	if (!(c->gym->properties & DEVICE_NOTIFY)) {
		answer_error(door, call, "NotSupported");
		return;
	}
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds) < 0) {
		answer_error(door, call, "Failed:socketpair");
		return;
	}
	reply = dbus_message_new_method_return(call->message);
	dbus_message_append_args(
		reply, DBUS_TYPE_UNIX_FD, &fds[1], DBUS_TYPE_UINT16, &mtu, DBUS_TYPE_INVALID);
	close(fds[1]);
	c->fd = fds[0];
	sd_event_add_io(door->loop, &c->io, c->fd, EPOLLIN, on_notify_fd, device);
	order = door_fault_take(door, "stream", device->address);
	if (order.action == DOOR_ACTION_EOF)
		c->eof_us = door_clock_now_us(door) + order.arg_us;
	answer(door, call, reply);
	device_subscribe(device->gym, door_clock_now_us(door), index_of(device, c), ccc_of(c));
	door_clock_wake(door);
}

static void start_notify(struct door *door, const struct door_call *call,
	struct door_device *device, struct door_char *c)
{
	if (c->fd >= 0) {
		answer_error(door, call, "NotPermitted:Notify acquired");
		return;
	}
	if (!(c->gym->properties & (DEVICE_NOTIFY | DEVICE_INDICATE))) {
		answer_error(door, call, "NotSupported");
		return;
	}
	if (c->is_notifying && c->was_notifying && door->is_replaying) {
		answer_error(door, call, "InProgress:In Progress"); /* by replay_subscriptions() */
		return;
	}
	if (!c->is_notifying) {
		c->is_notifying = true;
		device_subscribe(
			device->gym, door_clock_now_us(door), index_of(device, c), ccc_of(c));
		door_properties_say_bool(door, c->path, DOOR_IFACE_CHAR, "Notifying", true);
	}
	answer_ok(door, call);
	door_clock_wake(door);
}

static void char_call(struct door *door, const struct door_call *call, struct door_device *device,
	struct door_char *c, const char *member)
{
	if (!device->is_connected) {
		answer_error(door, call, "Failed:Not connected");
	} else if (strcmp(member, "ReadValue") == 0) {
		read_value(door, call, device, c);
	} else if (strcmp(member, "WriteValue") == 0) {
		write_value(door, call, device, c);
	} else if (strcmp(member, "StartNotify") == 0) {
		start_notify(door, call, device, c);
	} else if (strcmp(member, "StopNotify") == 0) {
		c->is_notifying = c->was_notifying = false;
		device_subscribe(device->gym, door_clock_now_us(door), index_of(device, c), 0);
		answer_ok(door, call);
	} else if (strcmp(member, "AcquireNotify") == 0) {
		acquire_notify(door, call, device, c);
	} else {
		answer_error(door, call, "NotSupported");
	}
}

static void agent_manager_call(struct door *door, const struct door_call *call, const char *member)
{
	if (door_agent_call(door, call->message, member))
		answer_ok(door, call);
	else
		answer_error(door, call,
			strcmp(member, "RegisterAgent") == 0 ? "AlreadyExists" : "DoesNotExist");
}

static void dispatch(struct door *door, const struct door_call *call)
{
	const char *path = dbus_message_get_path(call->message);
	const char *member = dbus_message_get_member(call->message);
	const char *interface = dbus_message_get_interface(call->message);
	struct door_adapter *adapter = door_lookup_adapter(door, path);
	struct door_device *device = door_lookup_device(door, path), *owner;
	struct door_char *c = door_lookup_char(door, path, &owner);

	if (strcmp(member, "GetManagedObjects") == 0)
		get_managed_objects(door, call);
	else if (interface && strcmp(interface, "org.bluez.AgentManager1") == 0)
		agent_manager_call(door, call, member);
	else if (strcmp(member, "GetAll") == 0)
		get_all(door, call, path);
	else if (strcmp(member, "Set") == 0)
		set(door, call, path);
	else if (adapter)
		adapter_call(door, call, adapter, member);
	else if (device)
		device_call(door, call, device, member);
	else if (c)
		char_call(door, call, owner, c, member);
	else
		answer_error(door, call, UNKNOWN_OBJECT);
}

static const char *who_of(struct door *door, const char *path)
{
	struct door_adapter *adapter = door_lookup_adapter(door, path);
	struct door_device *device = door_lookup_device(door, path);

	if (!device)
		door_lookup_char(door, path, &device);
	return adapter ? adapter->address : device ? device->address : "*";
}

DBusHandlerResult door_methods_on_call(DBusConnection *connection, DBusMessage *message, void *user)
{
	struct door *door = user;
	struct door_call call = {.message = message};
	const char *member = dbus_message_get_member(message);
	const char *what = member && strcmp(member, "Set") == 0 ? "Powered" : member;

	if (dbus_message_get_type(message) != DBUS_MESSAGE_TYPE_METHOD_CALL || !member)
		return DBUS_HANDLER_RESULT_NOT_YET_HANDLED;
	door_fault_count(door, what);
	call.order = door_fault_take(door, what, who_of(door, dbus_message_get_path(message)));
	switch (call.order.action) {
	case DOOR_ACTION_ERROR:
		answer_error(door, &call, call.order.text);
		break;
	case DOOR_ACTION_PRETEND:
		answer_ok(door, &call);
		break;
	case DOOR_ACTION_MUTE:
		break;
	case DOOR_ACTION_CRASH:
		door_clock_crash(door, call.order.arg_us);
		break;
	case DOOR_ACTION_NONE:
	case DOOR_ACTION_SWALLOW:
	case DOOR_ACTION_DELAY:
	case DOOR_ACTION_DROP:
	case DOOR_ACTION_EOF:
	case DOOR_ACTION_SWAP:
		dispatch(door, &call);
		break;
	}
	return DBUS_HANDLER_RESULT_HANDLED;
}
