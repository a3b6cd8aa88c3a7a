// SPDX-License-Identifier: MIT
#include "coxad/flow/gateway-watch.h"

#include "coxad/base/units.h"
#include "daemon/flow/gateway-deliver.h"
#include "daemon/flow/gateway-watch-private.h"

#define INTERVAL_US (200 * (int64_t)US_PER_MS)

static bool is_watched(const struct gateway *g, unsigned wearable)
{
	unsigned kit = g->conf->wearable[wearable].kit;

	return kit != CONF_NO_KIT && g->watch.until_us[kit] >= g->now_us;
}

void gateway_watch_record(struct gateway_wearable *w, const struct record *record)
{
	if (w->gateway->watch.last_us >= w->gateway->now_us && is_watched(w->gateway, w->index))
		live_view_push(&w->live, record);
}

int gateway_watch(struct gateway *g, const char *name, unsigned seconds)
{
	int kit = conf_find_kit(g->conf, name);
	int64_t until_us;

	if (kit < 0)
		return kit;
	if (seconds > COMMAND_WATCH_MAX_S)
		seconds = COMMAND_WATCH_MAX_S;
	until_us = g->now_us + seconds * (int64_t)US_PER_S;
	if (g->watch.last_us < g->now_us) /* else there is a next one already */
		g->watch.next_us = g->now_us + INTERVAL_US;
	if (g->watch.until_us[kit] < until_us)
		g->watch.until_us[kit] = until_us;
	if (g->watch.last_us < until_us)
		g->watch.last_us = until_us;
	return 0;
}

int64_t gateway_watch_deadline(const struct gateway *g)
{
	return g->watch.next_us && g->watch.next_us <= g->watch.last_us ? g->watch.next_us
									: T_NEVER;
}

static void publish(struct gateway *g, unsigned wearable)
{
	struct live_result live = {.wearable = wearable, .t_us = g->now_us};
	struct message message;

	live_view_take(
		&g->wearable[wearable].live, g->now_us, g->conf->analysis.pose_still_deg_s, &live);
	if (message_encode(g->encoder, g->now_us, &(struct result){RESULT_LIVE, .live = &live},
		    &message) == 0)
		gateway_deliver(g, &message);
}

void gateway_watch_advance(struct gateway *g)
{
	if (gateway_watch_deadline(g) > g->now_us)
		return;
	/* What could not be shown in time is left out. */
	g->watch.next_us += ((g->now_us - g->watch.next_us) / INTERVAL_US + 1) * INTERVAL_US;
	for (unsigned i = 0; i < g->conf->n_wearables; i++)
		if (is_watched(g, i))
			publish(g, i);
}

void gateway_watch_end_removed(struct gateway *g, const struct conf_change *change)
{
	for (unsigned i = 0; i < g->conf->n_kits; i++)
		if (change->kit[i] == CONF_FATE_REMOVED)
			g->watch.until_us[i] = 0;
}
