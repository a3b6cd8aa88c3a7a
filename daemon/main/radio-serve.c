// SPDX-License-Identifier: MIT
#include "daemon/main/radio-serve.h"

#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/loop/clock.h"

#define NAME "wearables"

static void follow(struct radio *r, struct conf_change *change)
{
	if (r->source)
		source_bluez_reload(r->source, change);
	if (conf_merge_is_any(change))
		journal_write(LOG_INFO, "coxad", "%zu wearables to serve", r->conf->n_present);
	conf_merge_done(change);
}

static bool serve(struct radio *r, const char *text, size_t size)
{
	_auto_free_ struct radio_list *list = new0(struct radio_list);
	_auto_free_ struct conf_change *change = new0(struct conf_change);

	if (radio_list_read(text, size, list) < 0) {
		journal_write_limited(&r->odd_limit, LOG_WARNING, "broker",
			"the brain's list of wearables makes no sense; the one before stays");
		return false;
	}
	radio_station_serve(r->station, clock_now_us(), list, change);
	r->has_list = true;
	follow(r, change);
	return true;
}

void radio_serve_recall(struct radio *r)
{
	const char *text = history_persister_get(r->memory, HISTORY_KIND_UPLINK, NAME);

	if (text)
		serve(r, text, strlen(text));
}

void radio_serve_late(
	void *user, enum history_kind kind, const char *name, const char *text, size_t size)
{
	struct radio *r = user;

	if (r->station && !r->has_list && kind == HISTORY_KIND_UPLINK && strcmp(name, NAME) == 0)
		serve(r, text, size);
}

void radio_serve_take(struct radio *r, const char *text, size_t size)
{
	const char *kept = history_persister_get(r->memory, HISTORY_KIND_UPLINK, NAME);

	if (serve(r, text, size) &&
		!(kept && strlen(kept) == size && memcmp(kept, text, size) == 0))
		history_persister_put(r->memory, HISTORY_KIND_UPLINK, NAME, text, size);
}

void radio_serve_advance(struct radio *r, int64_t now_us)
{
	_auto_free_ struct conf_change *change = NULL;

	if (radio_station_deadline(r->station) > now_us)
		return;
	change = new0(struct conf_change);
	if (radio_station_advance(r->station, now_us, change))
		follow(r, change);
}
