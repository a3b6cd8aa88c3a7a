// SPDX-License-Identifier: MIT
#include "daemon/control/control-bus.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/units.h"
#include "coxad/loop/journal.h"

#define RETRY_US (5 * US_PER_S)
/* Callers come after wearables and broker. */
#define PRIORITY (SD_EVENT_PRIORITY_NORMAL + 10)

/* DBUS_REQUEST_NAME_REPLY_PRIMARY_OWNER of the D-Bus specification. */
#define NAME_IS_OURS 1

static void tell(struct control_bus *b, int error)
{
	if (error == b->told)
		return;
	b->told = error;
	if (error == -EEXIST)
		journal_write(LOG_WARNING, "coxad",
			"another program has the name %s: coxactl talks to that one",
			CONTROL_BUS_NAME);
	else if (error == -EACCES || error == -EPERM)
		journal_write(LOG_WARNING, "coxad",
			"the system bus does not let this user have the name %s: coxactl will not find coxad. Is the policy %s.conf installed?",
			CONTROL_BUS_NAME, CONTROL_BUS_NAME);
	else
		journal_write(LOG_WARNING, "coxad",
			"not on the system bus (%s): coxactl will not find coxad; trying again",
			strerror(-error));
}

static void retry_after(struct control_bus *b, int64_t us)
{
	sd_event_source_set_time_relative(b->retry, (uint64_t)us);
	sd_event_source_set_enabled(b->retry, SD_EVENT_ONESHOT);
}

static void forget(struct control_bus *b)
{
	if (!b->bus)
		return;
	b->ops->lost(b->user);
	b->bus = sd_bus_close_unref(b->bus);
}

static int on_named(sd_bus_message *reply, void *user, sd_bus_error *error)
{
	struct control_bus *b = user;
	uint32_t outcome = 0;
	int r = sd_bus_message_get_errno(reply);

	if (!r && sd_bus_message_read(reply, "u", &outcome) >= 0 && outcome != NAME_IS_OURS)
		r = EEXIST;
	if (r > 0) {
		tell(b, -r);
		retry_after(b, RETRY_US);
		return 0;
	}
	if (b->told)
		journal_write(LOG_NOTICE, "coxad", "on the system bus as %s", CONTROL_BUS_NAME);
	b->told = 0;
	return 0;
}

/* Not here, inside of the connection's own dispatch: the timer comes next. */
static int on_disconnected(sd_bus_message *message, void *user, sd_bus_error *error)
{
	struct control_bus *b = user;

	b->ops->lost(b->user);
	retry_after(b, RETRY_US);
	return 0;
}

static int set_up(struct control_bus *b)
{
	int r = sd_bus_attach_event(b->bus, b->loop, PRIORITY);

	if (r >= 0)
		r = sd_bus_match_signal(b->bus, NULL, "org.freedesktop.DBus.Local",
			"/org/freedesktop/DBus/Local", "org.freedesktop.DBus.Local", "Disconnected",
			on_disconnected, b);
	if (r >= 0)
		r = b->ops->connected(b->user, b->bus);
	if (r >= 0)
		r = sd_bus_request_name_async(b->bus, NULL, CONTROL_BUS_NAME, 0, on_named, b);
	return r;
}

static void try(struct control_bus *b)
{
	int r;

	forget(b);
	r = sd_bus_open_system_with_description(&b->bus, "control");
	if (r >= 0)
		r = set_up(b);
	if (r >= 0)
		return;
	if (r == -ENOMEM) { /* closing such a connection would fail an assertion of sd-bus */
		errno = ENOMEM;
		abort();
	}
	tell(b, r);
	forget(b);
	retry_after(b, RETRY_US);
}

static int on_retry(sd_event_source *source, uint64_t usec, void *user)
{
	try(user);
	return 0;
}

int control_bus_start(
	struct control_bus *b, sd_event *loop, const struct control_bus_ops *ops, void *user)
{
	*b = (struct control_bus){.loop = loop, .ops = ops, .user = user};
	return sd_event_add_time_relative(loop, &b->retry, CLOCK_MONOTONIC, 0, 0, on_retry, b);
}

void control_bus_stop(struct control_bus *b)
{
	forget(b);
	b->retry = sd_event_source_disable_unref(b->retry);
}
