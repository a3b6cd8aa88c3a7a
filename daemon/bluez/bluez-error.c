// SPDX-License-Identifier: MIT
#include "daemon/bluez/bluez-error.h"

#include <string.h>

#include "coxad/base/alloc.h"

static const struct {
	const char *name;
	enum link_error error;
} by_name[] = {
	{"org.bluez.Error.AlreadyConnected", LINK_ERROR_NONE},
	{"org.bluez.Error.AlreadyExists", LINK_ERROR_NONE}, /* Pair: already bonded */
	{"org.bluez.Error.InProgress", LINK_ERROR_IN_PROGRESS},
	{"org.bluez.Error.NotReady", LINK_ERROR_NOT_READY},
	{"org.bluez.Error.NotPermitted", LINK_ERROR_NOT_PERMITTED},
	{"org.bluez.Error.NotAuthorized", LINK_ERROR_AUTHENTICATION},
	{"org.bluez.Error.NotSupported", LINK_ERROR_NOT_SUPPORTED},
	{"org.bluez.Error.NotConnected", LINK_ERROR_NOT_CONNECTED},
	{"org.bluez.Error.DoesNotExist", LINK_ERROR_UNKNOWN_OBJECT},
	{"org.bluez.Error.AuthenticationFailed", LINK_ERROR_AUTHENTICATION},
	{"org.bluez.Error.AuthenticationCanceled", LINK_ERROR_AUTHENTICATION},
	{"org.bluez.Error.AuthenticationRejected", LINK_ERROR_AUTHENTICATION},
	{"org.bluez.Error.AuthenticationTimeout", LINK_ERROR_AUTHENTICATION},
	{"org.freedesktop.DBus.Error.UnknownObject", LINK_ERROR_UNKNOWN_OBJECT},
	{"org.freedesktop.DBus.Error.UnknownMethod", LINK_ERROR_UNKNOWN_OBJECT},
	{"org.freedesktop.DBus.Error.UnknownInterface", LINK_ERROR_UNKNOWN_OBJECT},
	{"org.freedesktop.DBus.Error.ServiceUnknown", LINK_ERROR_UNKNOWN_OBJECT},
	{"org.freedesktop.DBus.Error.LimitsExceeded", LINK_ERROR_IN_PROGRESS}, /* the bus is full */
	{"org.freedesktop.DBus.Error.NoMemory", LINK_ERROR_IN_PROGRESS},
	{"org.freedesktop.DBus.Error.NoReply", LINK_ERROR_TIMEOUT},
	{"org.freedesktop.DBus.Error.Timeout", LINK_ERROR_TIMEOUT},
	{"org.freedesktop.DBus.Error.TimedOut", LINK_ERROR_TIMEOUT},
};

/* Parts of messages, mostly of org.bluez.Error.Failed. */
static const struct {
	const char *part;
	enum link_error error;
} by_text[] = {
	{"Already notifying", LINK_ERROR_NONE}, /* StartNotify, of 5.4x */
	{"connection-limit", LINK_ERROR_LIMIT},
	{"resources", LINK_ERROR_LIMIT},
	{"connection-refused", LINK_ERROR_LIMIT}, /* HCI 0x0d becomes ECONNREFUSED */
	{"Not connected", LINK_ERROR_NOT_CONNECTED},
	{"not-powered", LINK_ERROR_NOT_READY},
	{"key-missing", LINK_ERROR_AUTHENTICATION},
	{"ncrypt", LINK_ERROR_AUTHENTICATION}, /* Insufficient Encryption */
	{"uthentication", LINK_ERROR_AUTHENTICATION},
};

const char *bluez_error_text(DBusMessage *reply)
{
	const char *text = NULL;

	if (dbus_message_get_type(reply) != DBUS_MESSAGE_TYPE_ERROR)
		return "";
	if (dbus_message_get_args(reply, NULL, DBUS_TYPE_STRING, &text, DBUS_TYPE_INVALID) && *text)
		return text;
	return dbus_message_get_error_name(reply);
}

enum link_error bluez_error_of(DBusMessage *reply)
{
	const char *name, *text;

	if (dbus_message_get_type(reply) != DBUS_MESSAGE_TYPE_ERROR)
		return LINK_ERROR_NONE;
	name = dbus_message_get_error_name(reply);
	text = bluez_error_text(reply);
	if (strncmp(name, "org.bluez.", 10) == 0)
		for (size_t i = 0; i < ARRAY_LEN(by_text); i++)
			if (strstr(text, by_text[i].part))
				return by_text[i].error;
	for (size_t i = 0; i < ARRAY_LEN(by_name); i++)
		if (strcmp(name, by_name[i].name) == 0)
			return by_name[i].error;
	return LINK_ERROR_FAILED;
}
