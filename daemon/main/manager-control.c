// SPDX-License-Identifier: MIT
#include "daemon/main/manager-control.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/store/athlete-export.h"
#include "daemon/main/log-on-command.h"
#include "daemon/main/manager-adopt.h"
#include "daemon/main/manager-backup.h"
#include "daemon/main/manager-erase.h"
#include "daemon/main/manager-record.h"
#include "daemon/main/manager-reload.h"

static void on_command(void *user, const struct command_request *request)
{
	struct manager *m = user;

	m->control_ops->command(m, request);
}

/* A disk that cannot be written is told by health, not waited for. */
static bool on_is_safe(void *user)
{
	struct manager *m = user;

	return history_persister_is_safe(m->history) && (!m->mqtt || sink_mqtt_is_safe(m->mqtt));
}

static void on_states(void *user, control_visit_fn visit, void *visitor)
{
	struct manager *m = user;

	gateway_each_state(m->gateway, visit, visitor);
}

static int on_reload(void *user,
	void (*each)(void *each_user, const char *name, const char *reason), void *each_user)
{
	struct manager *m = user;

	return manager_reload(m, each, each_user);
}

static int on_requeue(void *user)
{
	struct manager *m = user;

	return m->mqtt ? (int)sink_mqtt_requeue(m->mqtt) : -ENOTCONN;
}

static int on_log_level(void *user, const char *level)
{
	return log_on_command_level(level);
}

static int on_trace(void *user, const char *topics)
{
	struct manager *m = user;

	return log_on_command_trace(m->options->tracer, topics);
}

static void offer_memory(
	void *user, enum history_kind kind, const char *name, const char *text, size_t size)
{
	athlete_export_offer(user, history_kind_to_string(kind), name, text, size);
}

static void offer_message(void *user, const char *topic, const void *payload, size_t size)
{
	athlete_export_offer(user, "outbox", topic, payload, size);
}

static char *on_export(void *user, const char *athlete)
{
	struct manager *m = user;
	struct athlete_export *all = athlete_export_new(athlete);
	char *text;
	size_t n;

	history_persister_each(m->history, offer_memory, all);
	if (m->mqtt)
		sink_mqtt_each(m->mqtt, offer_message, all);
	text = athlete_export_end(all, &n);
	if (n == 0) {
		free(text);
		return NULL;
	}
	return text;
}

static int on_pair(
	void *user, const char *who, unsigned seconds, char ret_why[static CONTROL_WHY_SIZE])
{
	struct manager *m = user;

	return pair_on_command_begin(&m->pair, who, seconds, ret_why);
}

static int on_pair_answer(void *user, const char *answer)
{
	struct manager *m = user;

	return pair_on_command_answer(&m->pair, answer);
}

static void on_pair_cancel(void *user)
{
	struct manager *m = user;

	pair_on_command_cancel(&m->pair);
}

static int on_record(void *user, int fd)
{
	return manager_record_begin(user, fd);
}

static void on_record_end(void *user)
{
	manager_record_end(user);
}

static int on_backup(void *user)
{
	return manager_backup_begin(user);
}

static int on_erase(void *user, const char *athlete, char ret_why[static CONTROL_WHY_SIZE])
{
	return manager_erase_begin(user, athlete, ret_why);
}

static const struct control_ops ops = {
	.command = on_command,
	.is_safe = on_is_safe,
	.states = on_states,
	.reload = on_reload,
	.requeue = on_requeue,
	.log_level = on_log_level,
	.trace = on_trace,
	.export = on_export,
	.scan = manager_adopt_scan,
	.hold = manager_adopt_hold,
	.held = manager_adopt_held,
	.identify = manager_adopt_identify,
	.pair = on_pair,
	.pair_answer = on_pair_answer,
	.pair_cancel = on_pair_cancel,
	.record = on_record,
	.record_end = on_record_end,
	.backup = on_backup,
	.erase = on_erase,
};

int manager_control_start(struct manager *m, const struct manager_control_ops *control_ops)
{
	m->control_ops = control_ops;
	m->pair = (struct pair_on_command){&m->control, &m->source, m->conf, ""};
	return control_new(loop_event(m->loop), m->conf, &ops, m, &m->control);
}

void manager_control_stop(struct manager *m)
{
	m->control = control_free(m->control);
}

bool manager_control_message(struct manager *m, const struct message *message)
{
	if (!m->control)
		return false;
	if (message->reply_to.kind == REPLY_DBUS) {
		control_reply(m->control, message);
		return true;
	}
	control_message(m->control, message);
	return false;
}
