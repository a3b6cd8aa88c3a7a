// SPDX-License-Identifier: MIT
#include "daemon/main/manager-status.h"

#include <string.h>

#include "coxad/loop/clock.h"
#include "coxad/loop/notify.h"

/* The gateway this late for its own deadline: the loop is stuck or overloaded. */
#define OVERDUE_US (5 * US_PER_S)

static const char *broker_state(const struct manager *m)
{
	if (!m->mqtt)
		return "";
	return m->is_broker_up ? ", broker connected" : ", broker not connected";
}

void manager_status_report(const struct manager *m)
{
	size_t n = 0;

	if (m->leader[0]) {
		notify_status("waiting: another brain, %s, leads the site", m->leader);
		return;
	}
	for (size_t i = 0; i < m->conf->n_wearables; i++)
		n += m->is_connected[i] && !m->conf->wearable[i].is_gone;
	notify_status("%zu of %zu wearables connected%s", n, m->conf->n_present, broker_state(m));
}

void manager_status_count(struct manager *m, const struct capture_event *event)
{
	int wearable;

	if (event->kind != CAPTURE_CONNECTED && event->kind != CAPTURE_DISCONNECTED)
		return;
	wearable = conf_find_address(m->conf, event->address);
	if (wearable < 0)
		return;
	m->is_connected[wearable] = link_memory_has(&m->links, event->address);
	manager_status_report(m);
}

void manager_status_follow(struct manager *m, const struct conf_change *change)
{
	for (size_t i = 0; i < m->conf->n_wearables; i++) {
		if (change->wearable[i] == CONF_FATE_ADDED)
			m->is_connected[i] = false;
		/* The end of its link is told to nobody. */
		if (change->wearable[i] == CONF_FATE_REMOVED)
			link_memory_forget(&m->links, m->conf->wearable[i].address);
	}
	manager_status_report(m);
}

static bool is_gateway_alive(void *user)
{
	struct manager *m = user;
	int64_t due = gateway_deadline(m->gateway);

	return due == T_NEVER || clock_now_us() - due < OVERDUE_US;
}

static bool is_source_alive(void *user)
{
	struct manager *m = user;

	return !m->source || source_bluez_is_alive(m->source);
}

static bool is_sink_alive(void *user)
{
	struct manager *m = user;

	return !m->mqtt || sink_mqtt_is_alive(m->mqtt);
}

/* A disk that does not answer is told by those who wait for it, and mended by no restart. */
static bool is_store_alive(void *user)
{
	struct manager *m = user;

	return store_thread_is_alive(m->store_thread);
}

void manager_status_watch(struct manager *m)
{
	loop_add_check(m->loop, "gateway", is_gateway_alive, m);
	loop_add_check(m->loop, "bluez", is_source_alive, m);
	loop_add_check(m->loop, "outbox", is_sink_alive, m);
	loop_add_check(m->loop, "store", is_store_alive, m);
}

void manager_status_flooded(void *user, const char *subject, const char *text)
{
	struct manager *m = user;
	bool is_broker = strcmp(subject, "broker") == 0;

	journal_write_limited(&m->flood_limit, LOG_WARNING, is_broker ? "broker" : "device",
		"%s: %s", subject, text);
}
