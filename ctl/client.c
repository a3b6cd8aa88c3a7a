// SPDX-License-Identifier: MIT
#include "ctl/client.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ctl/out.h"

static int not_running(void)
{
	fprintf(stderr,
		"coxactl: coxad is not running; start it: systemctl start coxad\n"
		"(if it does not stay up: systemctl status coxad, and coxad --check-config)\n");
	return CTL_UNAVAILABLE;
}

static int not_allowed(const struct client_call *call)
{
	if (strcmp(call->interface, CLIENT_ADMIN) == 0)
		fprintf(stderr,
			"coxactl: not allowed: this needs root (sudo) or the group coxad-admin "
			"(sudo adduser USER coxad-admin, then log in again)\n");
	else
		fprintf(stderr, "coxactl: not allowed: this needs root (sudo) or the group coxad "
				"(sudo adduser USER coxad, then log in again)\n");
	return CTL_FAILED;
}

static int explain(const struct client_call *call, const sd_bus_error *error, int r)
{
	static const char *const missing[] = {"org.freedesktop.DBus.Error.ServiceUnknown",
		"org.freedesktop.DBus.Error.NameHasNoOwner",
		"org.freedesktop.DBus.Error.Disconnected", "org.freedesktop.DBus.Error.NoReply"};

	for (size_t i = 0; error->name && i < sizeof(missing) / sizeof(missing[0]); i++)
		if (strcmp(error->name, missing[i]) == 0)
			return not_running();
	if (error->name && strcmp(error->name, SD_BUS_ERROR_ACCESS_DENIED) == 0)
		return not_allowed(call);
	if (error->name && (strcmp(error->name, SD_BUS_ERROR_UNKNOWN_METHOD) == 0 ||
				   strcmp(error->name, SD_BUS_ERROR_UNKNOWN_INTERFACE) == 0)) {
		fprintf(stderr,
			"coxactl: the running coxad is of another version: systemctl restart coxad\n");
		return CTL_FAILED;
	}
	out_message("%s", error->message ? error->message : strerror(-r));
	return r == -ECONNRESET || r == -ENOTCONN ? CTL_UNAVAILABLE : CTL_FAILED;
}

int client_answered(const struct client_call *call, sd_bus_message *reply)
{
	return sd_bus_message_is_method_error(reply, NULL) > 0
		       ? explain(call, sd_bus_message_get_error(reply),
				 -sd_bus_message_get_errno(reply))
		       : CTL_OK;
}

int client_open(struct ctl *ctl)
{
	int r;

	if (ctl->bus)
		return CTL_OK;
	r = sd_bus_open_system(&ctl->bus);
	if (r >= 0)
		return CTL_OK;
	fprintf(stderr,
		"coxactl: no system bus (%s); coxad cannot be reached without one: "
		"systemctl start dbus coxad\n",
		strerror(-r));
	return CTL_UNAVAILABLE;
}

static int make_call(struct ctl *ctl, const struct client_call *call, sd_bus_message **ret)
{
	int r = sd_bus_message_new_method_call(
		ctl->bus, ret, CLIENT_SERVICE, CLIENT_PATH, call->interface, call->method);

	/* A gateway that was stopped on purpose stays so. */
	return r >= 0 ? sd_bus_message_set_auto_start(*ret, false) : r;
}

int client_new(struct ctl *ctl, const struct client_call *call, sd_bus_message **ret)
{
	sd_bus_error none = SD_BUS_ERROR_NULL;
	int r, status = client_open(ctl);

	if (status != CTL_OK)
		return status;
	r = make_call(ctl, call, ret);
	return r < 0 ? explain(call, &none, r) : CTL_OK;
}

int client_send(struct ctl *ctl, const struct client_call *call, int r, sd_bus_message *message,
	sd_bus_message **ret_reply)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	int status = CTL_OK;

	if (r >= 0)
		r = sd_bus_call(ctl->bus, message, call->timeout_us, &error, ret_reply);
	if (r < 0)
		status = explain(call, &error, r);
	sd_bus_message_unref(message);
	sd_bus_error_free(&error);
	return status;
}

int client_run(struct ctl *ctl, const struct client_call *call, sd_bus_message **ret_reply,
	const char *types, ...)
{
	sd_bus_message *message = NULL;
	va_list args;
	int r, status = client_new(ctl, call, &message);

	if (status != CTL_OK)
		return status;
	va_start(args, types);
	r = types[0] ? sd_bus_message_appendv(message, types, args) : 0;
	va_end(args);
	return client_send(ctl, call, r, message, ret_reply);
}

int client_parse(sd_bus_message *reply, json_t **ret)
{
	const char *text = "";

	*ret = sd_bus_message_read(reply, "s", &text) >= 0
		       ? json_loads(text, JSON_REJECT_DUPLICATES, NULL)
		       : NULL;
	if (json_is_object(*ret))
		return CTL_OK;
	json_decref(*ret);
	*ret = NULL;
	fprintf(stderr, "coxactl: cannot read coxad's answer: is it of another version?\n");
	return CTL_FAILED;
}

int client_document(struct ctl *ctl, const char *method, json_t **ret)
{
	struct client_call call = {CLIENT_GATEWAY, method, 0};
	sd_bus_message *reply = NULL;
	int status = client_run(ctl, &call, &reply, "");

	if (status == CTL_OK)
		status = client_parse(reply, ret);
	sd_bus_message_unref(reply);
	return status;
}
