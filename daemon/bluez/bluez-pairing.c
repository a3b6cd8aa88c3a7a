// SPDX-License-Identifier: MIT
#include "daemon/bluez/bluez-pairing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "daemon/bluez/bluez-bus.h"
#include "daemon/bluez/bluez-context-private.h"
#include "daemon/bluez/bluez-objects.h"
#include "daemon/bluez/bus-calls.h"
#include "daemon/bluez/bus-message.h"

#define AGENT_PATH  "/org/coxad/pairing"
#define CALL_US     (6 * (int64_t)US_PER_S)
#define PASSKEY_MAX 999999

struct bluez_pairing {
	char address[ADDRESS_SIZE];
	int64_t answer_us; /* how long a person has */
	const struct bluez_pairing_ops *ops;
	void *user;
	struct bluez_bus *bus;
	DBusConnection *connection; /* the bus's */
	sd_event_source *timer;
	bool is_ready, is_over;
	char *path;           /* of the device, once Pair was sent */
	struct bus_call call; /* who waits for its answer; done NULL: nobody */
	DBusMessage *question;
	enum source_bluez_pair_ask ask; /* of the question, or what was asked or shown before */
	char value[SOURCE_BLUEZ_PAIR_VALUE_SIZE];
	bool is_declined;
};

static void drop_question(struct bluez_pairing *p)
{
	if (p->question)
		dbus_message_unref(steal(p->question));
}

void bluez_pairing_end(struct bluez_pairing *p, enum source_bluez_pair_end end)
{
	if (p->is_over)
		return;
	p->is_over = true;
	p->call.done = NULL;
	drop_question(p);
	sd_event_source_set_enabled(p->timer, SD_EVENT_OFF);
	p->ops->ended(p->user, end);
}

static void wait_for(struct bluez_pairing *p, int64_t us)
{
	sd_event_source_set_time_relative(p->timer, (uint64_t)us);
	sd_event_source_set_enabled(p->timer, SD_EVENT_ONESHOT);
}

static int on_timer(sd_event_source *timer, uint64_t usec, void *user)
{
	struct bluez_pairing *p = user;

	bluez_pairing_end(
		p, p->question ? SOURCE_BLUEZ_PAIR_END_UNANSWERED : SOURCE_BLUEZ_PAIR_END_AWAY);
	return 0;
}

/* --- the agent --- */

static void reply_with(struct bluez_pairing *p, DBusMessage *reply)
{
	DBusMessage *call = steal(p->question);

	sd_event_source_set_enabled(p->timer, SD_EVENT_OFF);
	bus_message_must(reply && dbus_connection_send(p->connection, reply, NULL));
	dbus_message_unref(reply);
	dbus_message_unref(call);
}

static void put_question(struct bluez_pairing *p, DBusMessage *call, enum source_bluez_pair_ask ask)
{
	drop_question(p);
	p->question = dbus_message_ref(call);
	p->ask = ask;
	wait_for(p, p->answer_us);
	p->ops->ask(p->user, ask, p->value);
}

static void show(struct bluez_pairing *p)
{
	p->ask = SOURCE_BLUEZ_PAIR_ASK_SHOW;
	p->ops->ask(p->user, p->ask, p->value);
}

static bool read_passkey(struct bluez_pairing *p, DBusMessageIter *args)
{
	dbus_uint32_t passkey;

	if (!dbus_message_iter_next(args) ||
		dbus_message_iter_get_arg_type(args) != DBUS_TYPE_UINT32)
		return false;
	dbus_message_iter_get_basic(args, &passkey);
	if (passkey > PASSKEY_MAX)
		return false;
	snprintf(p->value, sizeof(p->value), "%06u", passkey);
	return true;
}

static bool is_pin(const char *text)
{
	size_t n = strlen(text);

	for (size_t i = 0; i < n; i++)
		if (text[i] < ' ' || text[i] > '~')
			return false;
	return n > 0 && n < SOURCE_BLUEZ_PAIR_VALUE_SIZE;
}

static bool read_pin(struct bluez_pairing *p, DBusMessageIter *args)
{
	const char *pin;

	if (!dbus_message_iter_next(args) || !bus_message_get_text(args, &pin) || !is_pin(pin))
		return false;
	snprintf(p->value, sizeof(p->value), "%s", pin);
	return true;
}

/* The first argument, which is the device: this one alone, and only while its Pair is under way. */
static bool is_meant(const struct bluez_pairing *p, DBusMessage *call, DBusMessageIter *args)
{
	const char *path;

	return p->path && !p->is_over && dbus_message_iter_init(call, args) &&
	       bus_message_get_text(args, &path) && strcmp(path, p->path) == 0;
}

enum outcome { REFUSED, TAKEN, ASKED };

static enum outcome take_request(struct bluez_pairing *p, DBusMessage *call, const char *member)
{
	DBusMessageIter args;
	char before[SOURCE_BLUEZ_PAIR_VALUE_SIZE];

	if (!is_meant(p, call, &args))
		return REFUSED;
	memcpy(before, p->value, sizeof(before));
	p->value[0] = '\0';
	if (strcmp(member, "RequestPasskey") == 0) {
		put_question(p, call, SOURCE_BLUEZ_PAIR_ASK_PASSKEY);
		return ASKED;
	}
	if (strcmp(member, "RequestPinCode") == 0) {
		put_question(p, call, SOURCE_BLUEZ_PAIR_ASK_PIN);
		return ASKED;
	}
	if (strcmp(member, "RequestConfirmation") == 0 && read_passkey(p, &args)) {
		put_question(p, call, SOURCE_BLUEZ_PAIR_ASK_CONFIRM);
		return ASKED;
	}
	if ((strcmp(member, "DisplayPasskey") == 0 && read_passkey(p, &args)) ||
		(strcmp(member, "DisplayPinCode") == 0 && read_pin(p, &args))) {
		/* It comes again with each digit that is entered. */
		if (strcmp(before, p->value) != 0)
			show(p);
		return TAKEN;
	}
	return strcmp(member, "RequestAuthorization") == 0 ? TAKEN : REFUSED;
}

static enum outcome take_call(struct bluez_pairing *p, DBusMessage *call, const char *member)
{
	if (!bluez_bus_is_bluetoothd(p->bus, dbus_message_get_sender(call)))
		return REFUSED;
	if (strcmp(member, "Cancel") == 0 && p->question && !p->is_over) {
		drop_question(p);
		sd_event_source_set_enabled(p->timer, SD_EVENT_OFF);
		p->ops->ask(p->user, SOURCE_BLUEZ_PAIR_ASK_NOTHING, "");
		return TAKEN;
	}
	if (strcmp(member, "Cancel") == 0 || strcmp(member, "Release") == 0)
		return TAKEN;
	return take_request(p, call, member);
}

static DBusHandlerResult on_call(DBusConnection *connection, DBusMessage *call, void *user)
{
	const char *member = dbus_message_get_member(call);
	enum outcome outcome;
	DBusMessage *reply;

	if (!dbus_message_has_interface(call, "org.bluez.Agent1") || !member)
		return DBUS_HANDLER_RESULT_NOT_YET_HANDLED;
	outcome = take_call(user, call, member);
	if (outcome == ASKED || dbus_message_get_no_reply(call))
		return DBUS_HANDLER_RESULT_HANDLED;
	reply = outcome == TAKEN ? dbus_message_new_method_return(call)
				 : dbus_message_new_error(call, "org.bluez.Error.Rejected",
					   "not the wearable that is being paired");
	bus_message_must(reply && dbus_connection_send(connection, reply, NULL));
	dbus_message_unref(reply);
	return DBUS_HANDLER_RESULT_HANDLED;
}

/* --- the bus --- */

static void on_opened(void *user, DBusConnection *connection)
{
	static const DBusObjectPathVTable table = {.message_function = on_call};
	struct bluez_pairing *p = user;

	p->connection = connection;
	bus_message_must(dbus_connection_register_object_path(connection, AGENT_PATH, &table, p));
}

static void on_registered(DBusMessage *reply, void *owner, void *data)
{
	struct bluez_pairing *p = owner;

	if (dbus_message_get_type(reply) == DBUS_MESSAGE_TYPE_ERROR) {
		bluez_pairing_end(p, SOURCE_BLUEZ_PAIR_END_BLUEZ);
	} else if (!p->is_over) {
		p->is_ready = true;
		p->ops->ready(p->user);
	}
}

/* Not as the default: it is for what this connection pairs. */
static void on_came(void *user)
{
	struct bluez_pairing *p = user;
	DBusMessage *call =
		bus_message_new_call("/org/bluez", "org.bluez.AgentManager1", "RegisterAgent");
	const char *path = AGENT_PATH, *capability = "KeyboardDisplay";

	bus_message_must(dbus_message_append_args(call, DBUS_TYPE_OBJECT_PATH, &path,
		DBUS_TYPE_STRING, &capability, DBUS_TYPE_INVALID));
	bus_calls_send(bluez_bus_calls(p->bus),
		&(struct bus_call){
			.message = call, .timeout_us = CALL_US, .done = on_registered, .owner = p});
}

static void on_gone(void *user)
{
	bluez_pairing_end(user, SOURCE_BLUEZ_PAIR_END_BLUEZ);
}

static const struct bluez_bus_ops bus_ops = {.opened = on_opened, .came = on_came, .gone = on_gone};

/* --- Pair --- */

static enum source_bluez_pair_end end_of(const struct bluez_pairing *p, DBusMessage *reply)
{
	const char *error = dbus_message_get_error_name(reply);

	if (dbus_message_get_type(reply) != DBUS_MESSAGE_TYPE_ERROR ||
		strcmp(error, "org.bluez.Error.AlreadyExists") == 0)
		return p->ask ? SOURCE_BLUEZ_PAIR_END_DONE : SOURCE_BLUEZ_PAIR_END_UNASKED;
	if (p->is_declined)
		return SOURCE_BLUEZ_PAIR_END_DECLINED;
	if (strcmp(error, "org.bluez.Error.AuthenticationTimeout") == 0 ||
		strcmp(error, "org.freedesktop.DBus.Error.NoReply") == 0)
		return SOURCE_BLUEZ_PAIR_END_SILENT;
	if (strcmp(error, "org.bluez.Error.AuthenticationFailed") == 0 ||
		strcmp(error, "org.bluez.Error.AuthenticationRejected") == 0)
		return p->ask ? SOURCE_BLUEZ_PAIR_END_WRONG : SOURCE_BLUEZ_PAIR_END_REFUSED;
	return SOURCE_BLUEZ_PAIR_END_LOST;
}

static void on_paired(DBusMessage *reply, void *owner, void *data)
{
	struct bluez_pairing *p = owner;

	if (p->is_over)
		return;
	if (p->call.done)
		p->call.done(reply, p->call.owner, data);
	bluez_pairing_end(p, end_of(p, reply));
}

bool bluez_pairing_send(
	struct bluez_pairing *p, const struct bluez_device *device, const struct bus_call *call)
{
	struct bus_call own = *call;

	if (!p || !p->is_ready || p->is_over || p->path || !bluez_bus_calls(p->bus) ||
		strcmp(device->address, p->address) != 0)
		return false;
	p->path = alloc_text(device->node.path);
	p->call = *call;
	own.done = on_paired;
	own.owner = p;
	sd_event_source_set_enabled(p->timer, SD_EVENT_OFF);
	bus_calls_send(bluez_bus_calls(p->bus), &own);
	return true;
}

void bluez_pairing_forget(struct bluez_pairing *p, const void *owner)
{
	if (p && p->call.owner == owner)
		p->call.done = NULL;
}

const char *bluez_pairing_address(const struct bluez_pairing *p)
{
	return p->address;
}

bool bluez_pairing_is_under_way(const struct bluez_pairing *p)
{
	return p->path != NULL;
}

bool bluez_pairing_is_over(const struct bluez_pairing *p)
{
	return p->is_over;
}

/* --- answers --- */

static int answer_passkey(struct bluez_pairing *p, const char *answer)
{
	size_t n = strlen(answer);
	dbus_uint32_t passkey = (dbus_uint32_t)strtoul(answer, NULL, 10);
	DBusMessage *reply;

	if (n < 1 || n > 6 || strspn(answer, "0123456789") != n)
		return -EINVAL;
	reply = dbus_message_new_method_return(p->question);
	bus_message_must(reply && dbus_message_append_args(
					  reply, DBUS_TYPE_UINT32, &passkey, DBUS_TYPE_INVALID));
	reply_with(p, reply);
	return 0;
}

static int answer_pin(struct bluez_pairing *p, const char *answer)
{
	DBusMessage *reply;

	if (!is_pin(answer))
		return -EINVAL;
	reply = dbus_message_new_method_return(p->question);
	bus_message_must(reply && dbus_message_append_args(
					  reply, DBUS_TYPE_STRING, &answer, DBUS_TYPE_INVALID));
	reply_with(p, reply);
	return 0;
}

static int answer_confirm(struct bluez_pairing *p, const char *answer)
{
	if (strcmp(answer, "yes") == 0) {
		reply_with(p, dbus_message_new_method_return(p->question));
	} else if (strcmp(answer, "no") == 0) {
		p->is_declined = true;
		reply_with(p, dbus_message_new_error(
				      p->question, "org.bluez.Error.Rejected", "not the same"));
	} else {
		return -EINVAL;
	}
	return 0;
}

int bluez_pairing_answer(struct bluez_pairing *p, const char *answer)
{
	if (p->is_over || !p->question)
		return -ENOENT;
	switch (p->ask) {
	case SOURCE_BLUEZ_PAIR_ASK_PASSKEY:
		return answer_passkey(p, answer);
	case SOURCE_BLUEZ_PAIR_ASK_PIN:
		return answer_pin(p, answer);
	case SOURCE_BLUEZ_PAIR_ASK_CONFIRM:
		return answer_confirm(p, answer);
	case SOURCE_BLUEZ_PAIR_ASK_NOTHING:
	case SOURCE_BLUEZ_PAIR_ASK_SHOW:
		break;
	}
	return -ENOENT;
}

/* --- life --- */

int bluez_pairing_new(const struct bluez_context *context, const char *address, int64_t for_us,
	const struct bluez_pairing_ops *ops, void *user, struct bluez_pairing **ret)
{
	struct bluez_pairing *p = new0(struct bluez_pairing);
	int r;

	/* Sooner than the wearable gives up. */
	*p = (struct bluez_pairing){
		.answer_us = context->timing.pair_us / 6 * 5, .ops = ops, .user = user};
	snprintf(p->address, sizeof(p->address), "%s", address);
	r = sd_event_add_time(
		context->loop, &p->timer, CLOCK_MONOTONIC, UINT64_MAX, 0, on_timer, p);
	if (r >= 0)
		r = bluez_bus_new(
			context->loop, bluez_bus_address(context->bus), &bus_ops, p, &p->bus);
	if (r < 0) {
		bluez_pairing_free(p);
		return r;
	}
	bluez_bus_stop(p->bus);
	wait_for(p, for_us);
	*ret = p;
	return 0;
}

struct bluez_pairing *bluez_pairing_free(struct bluez_pairing *p)
{
	if (!p)
		return NULL;
	drop_question(p);
	sd_event_source_disable_unref(p->timer);
	bluez_bus_free(p->bus);
	free(p->path);
	free(p);
	return NULL;
}
