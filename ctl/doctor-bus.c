// SPDX-License-Identifier: MIT
#include "ctl/doctor-bus.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "ctl/client.h"

/* A gateway that is well answers in milliseconds; nothing else here waits for it, and doctor is to take less
 * than 3 s. */
#define PATIENCE_US (2 * US_PER_S)

static bool has_owner(sd_bus *bus, const char *name)
{
	sd_bus_message *reply = NULL;
	int is_owned = false;

	if (sd_bus_call_method(bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
		    "org.freedesktop.DBus", "NameHasOwner", NULL, &reply, "s", name) >= 0)
		sd_bus_message_read(reply, "b", &is_owned);
	sd_bus_message_unref(reply);
	return is_owned;
}

static int fetch(struct doctor *d, sd_bus_error *error)
{
	sd_bus_message *call = NULL, *reply = NULL;
	const char *text = NULL;
	int r = sd_bus_message_new_method_call(
		d->ctl->bus, &call, CLIENT_SERVICE, CLIENT_PATH, CLIENT_GATEWAY, "Status");

	if (r >= 0)
		r = sd_bus_call(d->ctl->bus, call, PATIENCE_US, error, &reply);
	if (r >= 0)
		r = sd_bus_message_read(reply, "s", &text);
	d->states = text ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
	sd_bus_message_unref(call);
	sd_bus_message_unref(reply);
	return r >= 0 && !json_is_object(d->states) ? -EBADMSG : r;
}

static void ask(struct doctor *d)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	int r = fetch(d, &error);

	if (r < 0 && sd_bus_error_has_name(&error, SD_BUS_ERROR_ACCESS_DENIED))
		doctor_note(d, DOCTOR_FAILURE, "not_allowed", "coxad",
			"You may not ask coxad, so only what can be seen from outside was looked at: use "
			"sudo, or sudo adduser USER coxad and log in again.");
	else if (r < 0)
		doctor_note(d, DOCTOR_FAILURE, "coxad_not_answering", "coxad",
			"coxad runs, but gives no answer (%s): journalctl -u coxad says what it waits "
			"for; systemctl restart coxad.",
			error.message ? error.message : strerror(-r));
	sd_bus_error_free(&error);
}

void doctor_bus_coxad(struct doctor *d)
{
	int r = sd_bus_open_system(&d->ctl->bus);

	if (r < 0)
		doctor_note(d, DOCTOR_FAILURE, "no_system_bus", "dbus",
			"There is no system bus (%s), and neither coxad nor BlueZ works without one: "
			"systemctl start dbus.",
			strerror(-r));
	else if (has_owner(d->ctl->bus, CLIENT_SERVICE))
		ask(d);
	else
		doctor_note(d, DOCTOR_FAILURE, "coxad_not_running", "coxad",
			"coxad is not running: systemctl start coxad. If it does not stay up, systemctl "
			"status coxad says why.");
}

/* Of the process behind a name; 0: unknown. */
static pid_t owner(sd_bus *bus, const char *name)
{
	sd_bus_creds *creds = NULL;
	pid_t pid = 0;

	if (sd_bus_get_name_creds(bus, name, SD_BUS_CREDS_PID, &creds) >= 0)
		sd_bus_creds_get_pid(creds, &pid);
	sd_bus_creds_unref(creds);
	return pid;
}

/* proc(5), of exe: so ends the path of a file that was deleted, as a package does with the old one. False
 * also for whoever may not look. */
static bool is_replaced(pid_t pid)
{
	static const char deleted[] = " (deleted)";
	_auto_free_ char *link = alloc_printf("/proc/%ld/exe", (long)pid);
	char path[4096];
	ssize_t n = readlink(link, path, sizeof(path));

	return n >= (ssize_t)strlen(deleted) &&
	       memcmp(path + n - strlen(deleted), deleted, strlen(deleted)) == 0;
}

void doctor_bus_bluez(struct doctor *d)
{
	if (!d->ctl->bus)
		return;
	if (is_replaced(owner(d->ctl->bus, "org.bluez")))
		doctor_note(d, DOCTOR_WARNING, "bluez_replaced", "bluetooth",
			"BlueZ was updated, but the old one still runs: sudo systemctl restart bluetooth "
			"between two classes.");
	if (!has_owner(d->ctl->bus, "org.bluez"))
		doctor_note(d, DOCTOR_FAILURE, "bluez_not_running", "bluetooth",
			"BlueZ is not running, so no wearable can be reached: systemctl start bluetooth. "
			"The examples of coxad have a drop-in that restarts it after a crash.");
}
