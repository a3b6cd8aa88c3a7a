// SPDX-License-Identifier: MIT
#include "daemon/main/manager-memory.h"

#include "coxad/base/alloc.h"
#include "coxad/flow/gateway-health.h"
#include "coxad/loop/clock.h"

/* How long the disk may take for what is to be written last. */
#define DISK_US (6 * US_PER_S)

void manager_memory_late(
	struct manager *m, enum history_kind kind, const char *name, const char *text, size_t size)
{
	if (!m->gateway)
		return; /* coxad begins or ends */
	m->last_us = clock_now_us();
	gateway_advance(m->gateway, m->last_us);
	gateway_restore_late(m->gateway, kind, name, text, size);
}

static void note(struct manager *m, enum health_code code, const char *text)
{
	gateway_health_note(m->gateway, m->last_us,
		&(struct health_report){.code = code, .subject = "history", .text = text});
}

void manager_memory_tell(struct manager *m)
{
	if (!m->gateway)
		return; /* told at the start, or coxad ends */
	m->last_us = clock_now_us();
	note(m, HEALTH_NOT_ON_DISK,
		history_persister_error(m->history)
			? "What coxad remembers (open alerts and symptoms, sessions) is kept in "
			  "memory only: a restart would lose it. See whether the state directory "
			  "can be written and the disk is full."
			: NULL);
	if (history_persister_was_damaged(m->history))
		note(m, HEALTH_STORE_DAMAGED,
			"The history on disk was damaged; what could be read was kept, the rest is "
			"in history.db.bad. Look at the disk or the SD card, then restart coxad.");
	gateway_advance(m->gateway, m->last_us);
}

int manager_memory_open(
	struct manager *m, const char *directory, const struct manager_memory_ops *ops)
{
	struct history_persister_options options = {.loop = loop_event(m->loop),
		.thread = m->store_thread,
		.directory = directory,
		.late = ops->late,
		.changed = ops->changed,
		.kept = manager_memory_keep,
		.user = m};

	return history_persister_new(&options, &m->history);
}

/* systemd kills after TimeoutStopSec, whether the disk answers or not. */
static int64_t left_us(const struct manager *m)
{
	int64_t us = m->stopped_us + DISK_US - clock_now_us();

	return !m->stopped_us ? DISK_US : us > 0 ? us : 0;
}

void manager_memory_close(struct manager *m)
{
	m->ahead = ahead_free(m->ahead);
	m->logbook = logbook_persister_free(m->logbook, left_us(m));
	m->history = history_persister_free(m->history, left_us(m));
	m->store_thread = store_thread_free(m->store_thread, left_us(m));
}

int manager_memory_start_ahead(struct manager *m, const struct manager_memory_ops *ops)
{
	struct ahead_options options = {.loop = loop_event(m->loop),
		.thread = m->store_thread,
		.history = m->history,
		.logbook = m->logbook,
		.begins = ops->begins,
		.stored = ops->stored,
		.user = m};

	return ahead_new(&options, &m->ahead);
}

/* Memory goes to disk with its message: killed before it is sent, coxad remembers a symptom that it has
 * not reported, never the reverse. */
bool manager_memory_keep(void *user)
{
	struct manager *m = user;

	return m->ahead && ahead_keep(m->ahead);
}

static void restore(
	void *user, enum history_kind kind, const char *name, const char *text, size_t size)
{
	gateway_restore(user, kind, name, text, size);
}

void manager_memory_start(struct manager *m)
{
	history_persister_each(m->history, restore, m->gateway);
	manager_memory_tell(m);
}

void manager_memory_put(
	struct manager *m, enum history_kind kind, const char *name, const char *text, size_t size)
{
	history_persister_put(m->history, kind, name, text, size);
}

char *manager_memory_get(struct manager *m, enum history_kind kind, const char *name)
{
	return alloc_text(history_persister_get(m->history, kind, name));
}
