// SPDX-License-Identifier: MIT
#include "daemon/main/manager-logbook.h"

#include "coxad/base/alloc.h"
#include "coxad/flow/gateway-health.h"
#include "coxad/flow/gateway-history.h"
#include "coxad/loop/clock.h"
#include "daemon/main/manager-memory.h"
#include "daemon/main/manager-timer.h"

struct question {
	struct manager *manager;
	uint64_t number;
};

static void note(struct manager *m, enum health_code code, const char *text)
{
	gateway_health_note(m->gateway, m->last_us,
		&(struct health_report){.code = code, .subject = "logbook", .text = text});
}

void manager_logbook_tell(struct manager *m)
{
	if (!m->gateway)
		return; /* told at the start, or coxad ends */
	m->last_us = clock_now_us();
	note(m, HEALTH_NOT_ON_DISK,
		logbook_persister_error(m->logbook)
			? "What happened to the athletes is kept in memory only: a restart would "
			  "lose what is new. See whether the state directory can be written and the "
			  "disk is full."
			: NULL);
	if (logbook_persister_was_damaged(m->logbook))
		note(m, HEALTH_STORE_DAMAGED,
			"The logbook on disk was damaged; what could be read was kept, the rest is "
			"in logbook.db.bad. Look at the disk or the SD card, then restart coxad.");
	gateway_advance(m->gateway, m->last_us);
}

static void on_changed(void *user)
{
	struct manager *m = user;

	manager_logbook_tell(m);
	if (m->gateway)
		manager_timer_arm(m);
}

int manager_logbook_open(struct manager *m, const char *directory)
{
	struct logbook_persister_options options = {.loop = loop_event(m->loop),
		.thread = m->store_thread,
		.directory = directory,
		.changed = on_changed,
		.kept = manager_memory_keep,
		.user = m};

	return logbook_persister_new(&options, &m->logbook);
}

void manager_logbook_enter(void *user, const struct logbook_entry *entry)
{
	struct manager *m = user;

	logbook_persister_add(m->logbook, entry);
}

static void on_page(void *user, int r, const struct logbook_page *page)
{
	struct question *q = user;
	struct manager *m = q->manager;

	if (m->gateway) {
		m->last_us = clock_now_us();
		gateway_advance(m->gateway, m->last_us);
		gateway_history_answer(m->gateway, q->number, r, page);
		manager_timer_arm(m);
	}
	free(q);
}

int manager_logbook_ask(void *user, uint64_t question, const struct logbook_query *query)
{
	struct manager *m = user;
	struct question *q = new0(struct question);
	int r;

	*q = (struct question){m, question};
	r = logbook_persister_query(m->logbook, query, on_page, q);
	if (r < 0)
		free(q);
	return r;
}

size_t manager_logbook_gauges(const struct manager *m, struct stat_entry *entries, size_t capacity)
{
	if (capacity < 2)
		return 0;
	entries[0] = (struct stat_entry){.name = "logbook_not_on_disk",
		.value = (double)logbook_persister_not_on_disk(m->logbook),
		.is_integer = true};
	entries[1] = (struct stat_entry){.name = "logbook_dropped",
		.value = (double)logbook_persister_n_dropped(m->logbook),
		.is_integer = true};
	return 2;
}
