// SPDX-License-Identifier: MIT
#include "coxad/flow/gateway-reconfigure.h"

#include <string.h>

#include "coxad/base/units.h"
#include "coxad/config/conf-reload.h"
#include "coxad/flow/gateway-inventory.h"
#include "coxad/flow/pipeline-reconfigure.h"
#include "daemon/flow/gateway-memory.h"
#include "daemon/flow/gateway-retained.h"
#include "daemon/flow/gateway-status.h"
#include "daemon/flow/gateway-watch-private.h"
#include "daemon/flow/gateway-wearable.h"

/* Its drivers' plans are still asked for until its link has ended, so the intake stays. */
static void remove_wearable(struct gateway *g, unsigned i)
{
	gateway_memory_forget_wearable(g, g->conf->wearable[i].name);
}

static void change_wearable(struct gateway *g, unsigned i, const struct wearable_conf *was)
{
	struct gateway_wearable *w = &g->wearable[i];
	const char *name = g->conf->wearable[i].name;

	if (strcmp(was->name, name) != 0) {
		gateway_memory_forget_wearable(g, was->name);
		w->remembered_us = w->remember_us = 0;
	}
	intake_set_trace(w->intake, &(struct trace){g->tracer, name});
}

static void change_wearables(struct gateway *g, const struct conf_change *change)
{
	for (unsigned i = 0; i < g->conf->n_wearables; i++) {
		if (change->wearable[i] == CONF_FATE_REMOVED)
			remove_wearable(g, i);
		else if (change->wearable[i] == CONF_FATE_CHANGED)
			change_wearable(g, i, &change->wearable_before[i]);
		else if (change->wearable[i] == CONF_FATE_ADDED)
			gateway_wearable_make(g, i);
	}
}

/* A status names the kit, which may be another one now. */
static void publish_wearables(struct gateway *g, const struct conf_change *change)
{
	for (unsigned i = 0; i < g->conf->n_wearables; i++)
		if (change->wearable[i] == CONF_FATE_ADDED ||
			change->wearable[i] == CONF_FATE_CHANGED)
			gateway_wearable_publish(&g->wearable[i]);
}

static void follow_stats_interval(struct gateway *g, double before_s)
{
	double interval_s = g->conf->mqtt.stats_interval_s;

	if (interval_s == before_s)
		return;
	g->next_stats_us = interval_s > 0 ? g->now_us + (int64_t)(interval_s * US_PER_S) : T_NEVER;
}

static void follow(struct gateway *g, const struct conf_change *change)
{
	change_wearables(g, change);
	pipeline_reconfigure(g->pipeline, g->now_us, change);
	gateway_retained_clear_unused(g);
	gateway_watch_end_removed(g, change);
	publish_wearables(g, change);
	gateway_wearable_advance_all(g);
	gateway_status_publish(g, true);
	/* Who has changed the configuration looks at once. */
	g->inventory.next_us = g->now_us;
	gateway_inventory_changed(g);
	gateway_inventory_advance(g);
}

void gateway_reconfigure(
	struct gateway *g, int64_t now_us, struct conf *fresh, struct conf_change *ret)
{
	double stats_interval_s = g->conf->mqtt.stats_interval_s;
	bool had_discovery = g->conf->mqtt.home_assistant;

	gateway_advance(g, now_us);
	conf_reload_adopt(g->conf, fresh, g->now_us, ret);
	if (!g->encoder)
		return;
	follow(g, ret);
	if (!had_discovery || conf_merge_is_any(ret))
		gateway_status_publish_discovery(g);
	follow_stats_interval(g, stats_interval_s);
	gateway_advance(g, now_us);
}
