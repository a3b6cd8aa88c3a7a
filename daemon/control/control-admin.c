// SPDX-License-Identifier: MIT
#include "daemon/control/control-admin.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "daemon/control/control-adopt.h"
#include "daemon/control/control-call.h"

/* A line for each; what does not fit is in the journal. */
static void add_refused(void *user, const char *name, const char *reason)
{
	char *why = user;
	size_t used = strlen(why);
	int n = snprintf(
		why + used, CONTROL_WHY_SIZE - used, "%s%s: %s", used ? "\n" : "", name, reason);

	if (n < 0 || used + (size_t)n >= CONTROL_WHY_SIZE)
		why[used] = '\0';
}

static int on_reload(sd_bus_message *call, void *user, sd_bus_error *error)
{
	struct control *c = user;
	char why[CONTROL_WHY_SIZE] = "";
	int r = control_call_admit(c, call, error);

	if (r < 0)
		return r;
	if (c->ops->reload(c->user, add_refused, why) < 0)
		return sd_bus_error_setf(error, CONTROL_CALL_FAILED,
			"not reloaded, the previous configuration stays in force:\n%s", why);
	return sd_bus_reply_method_return(call, "");
}

static int on_requeue(sd_bus_message *call, void *user, sd_bus_error *error)
{
	struct control *c = user;
	int r = control_call_admit(c, call, error);

	if (r < 0)
		return r;
	r = c->ops->requeue(c->user);
	if (r < 0)
		return sd_bus_error_set(error, CONTROL_CALL_FAILED,
			"no broker is configured, so nothing waits for one");
	return sd_bus_reply_method_return(call, "u", (uint32_t)r);
}

/* A method with one word, which ops either take or refuse. */
static int take_word(sd_bus_message *call, struct control *c,
	int (*take)(void *user, const char *word), sd_bus_error *error)
{
	const char *word;
	int r = control_call_admit(c, call, error);

	if (r >= 0)
		r = sd_bus_message_read(call, "s", &word);
	if (r < 0)
		return r;
	if (take(c->user, word) < 0)
		return sd_bus_error_setf(error, CONTROL_CALL_INVALID,
			"'%.64s' is not one of the words; see coxactl(1)", word);
	return sd_bus_reply_method_return(call, "");
}

static int on_log_level(sd_bus_message *call, void *user, sd_bus_error *error)
{
	struct control *c = user;

	return take_word(call, c, c->ops->log_level, error);
}

static int on_trace(sd_bus_message *call, void *user, sd_bus_error *error)
{
	struct control *c = user;

	return take_word(call, c, c->ops->trace, error);
}

static int on_export(sd_bus_message *call, void *user, sd_bus_error *error)
{
	struct control *c = user;
	const char *athlete;
	char *text;
	int r = control_call_admit(c, call, error);

	if (r >= 0)
		r = sd_bus_message_read(call, "s", &athlete);
	if (r < 0)
		return r;
	text = c->ops->export(c->user, athlete);
	if (!text)
		return sd_bus_error_set(error, CONTROL_CALL_FAILED,
			"nothing is stored about an athlete of this name");
	return control_call_answer(c, call, text);
}

static int begin_record(
	struct control *c, sd_bus_message *call, int fd, unsigned seconds, sd_bus_error *error)
{
	/* That of the call is closed with it. */
	int r = fcntl(fd, F_DUPFD_CLOEXEC, 3);

	r = r < 0 ? -errno : c->ops->record(c->user, r);
	if (r == -EMEDIUMTYPE)
		return sd_bus_error_set(error, CONTROL_CALL_INVALID,
			"coxad records into a regular file alone, which never keeps it waiting");
	if (r >= 0)
		r = control_record_begin(&c->record, call, seconds);
	return r < 0 ? r : 1; /* answered when it has ended */
}

static int on_record(sd_bus_message *call, void *user, sd_bus_error *error)
{
	struct control *c = user;
	uint32_t seconds;
	int fd, r = control_call_admit(c, call, error);

	if (r >= 0)
		r = sd_bus_message_read(call, "hu", &fd, &seconds);
	if (r < 0)
		return r;
	if (control_record_is_busy(&c->record))
		return sd_bus_error_set(
			error, CONTROL_CALL_BUSY, "somebody else is recording already");
	return begin_record(c, call, fd, seconds, error);
}

static int on_backup(sd_bus_message *call, void *user, sd_bus_error *error)
{
	return control_backup_method(user, call, error);
}

static int on_erase(sd_bus_message *call, void *user, sd_bus_error *error)
{
	return control_erase_method(user, call, error);
}

/* To sd-bus: who may call is for the policy of the bus. */
#define ANYBODY SD_BUS_VTABLE_UNPRIVILEGED
const sd_bus_vtable control_admin_methods[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_METHOD_WITH_ARGS("Reload", SD_BUS_NO_ARGS, SD_BUS_NO_RESULT, on_reload, ANYBODY),
	SD_BUS_METHOD_WITH_ARGS(
		"Requeue", SD_BUS_NO_ARGS, SD_BUS_RESULT("u", messages), on_requeue, ANYBODY),
	SD_BUS_METHOD_WITH_ARGS(
		"LogLevel", SD_BUS_ARGS("s", level), SD_BUS_NO_RESULT, on_log_level, ANYBODY),
	SD_BUS_METHOD_WITH_ARGS(
		"Trace", SD_BUS_ARGS("s", topics), SD_BUS_NO_RESULT, on_trace, ANYBODY),
	SD_BUS_METHOD_WITH_ARGS("Export", SD_BUS_ARGS("s", athlete), SD_BUS_RESULT("s", stored),
		on_export, ANYBODY),
	SD_BUS_METHOD_WITH_ARGS(
		"Erase", SD_BUS_ARGS("s", athlete), SD_BUS_RESULT("s", result), on_erase, ANYBODY),
	SD_BUS_METHOD_WITH_ARGS("Scan", SD_BUS_ARGS("u", seconds), SD_BUS_RESULT("s", found),
		control_adopt_scan, ANYBODY),
	SD_BUS_METHOD_WITH_ARGS("Try", SD_BUS_ARGS("as", addresses, "u", seconds),
		SD_BUS_RESULT("s", held), control_adopt_try, ANYBODY),
	SD_BUS_METHOD_WITH_ARGS("Identify", SD_BUS_ARGS("s", address, "u", seconds),
		SD_BUS_NO_RESULT, control_adopt_identify, ANYBODY),
	SD_BUS_METHOD_WITH_ARGS("Pair", SD_BUS_ARGS("s", wearable, "u", seconds),
		SD_BUS_RESULT("s", paired), control_pair_method, ANYBODY),
	SD_BUS_METHOD_WITH_ARGS("PairAnswer", SD_BUS_ARGS("s", answer), SD_BUS_NO_RESULT,
		control_pair_answer_method, ANYBODY),
	SD_BUS_SIGNAL_WITH_ARGS("PairRequest", SD_BUS_ARGS("s", what, "s", value), 0),
	SD_BUS_METHOD_WITH_ARGS("Record", SD_BUS_ARGS("h", file, "u", seconds), SD_BUS_NO_RESULT,
		on_record, ANYBODY),
	SD_BUS_METHOD_WITH_ARGS("Backup", SD_BUS_NO_ARGS,
		SD_BUS_RESULT("h", stream, "a(st)", files), on_backup, ANYBODY),
	SD_BUS_VTABLE_END,
};
