// SPDX-License-Identifier: MIT
#include "daemon/flow/gateway-memory.h"

#include <errno.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/core/athlete-memory.h"
#include "coxad/core/posture/kit-posture.h"
#include "coxad/wire/history-athlete.h"
#include "coxad/wire/history.h"

void gateway_memory_add(
	struct gateway *g, enum history_kind kind, const char *name, const char *text, size_t size)
{
	struct restored *r = new0(struct restored);

	r->kind = kind;
	r->name = alloc_text(name);
	r->text = alloc_zero(1, size + 1);
	memcpy(r->text, text, size);
	r->size = size;
	r->next = g->restored;
	g->restored = r;
}

static void not_after(int64_t *t_us, int64_t now_us)
{
	if (*t_us > now_us)
		*t_us = now_us;
}

/* Without a real-time clock the time after a power cut may be earlier than what is remembered. That
 * has happened all the same: a symptom counts for the pops to come, a pop becomes final. */
static void put_in_past(struct athlete_memory *memory, int64_t now_us)
{
	not_after(&memory->since_us, now_us);
	for (unsigned i = 0; i < memory->n_symptoms; i++)
		not_after(&memory->symptom[i].t_us, now_us);
	for (unsigned i = 0; i < memory->n_open_pops; i++)
		not_after(&memory->open_pop[i].result.t_pop_us, now_us);
	for (unsigned i = 0; i < memory->n_decisions; i++)
		not_after(&memory->decision[i].t_us, now_us);
}

/* Takes text. */
static void remember(struct gateway *g, enum history_kind kind, const char *name, char *text)
{
	if (text)
		g->ops->remember(g->user, kind, name, text, strlen(text));
	free(text);
}

/* The memory of a wearable in use is written at least this often, so that its age tells how long
 * coxad was down. */
#define REFRESH_US (10 * 60 * (int64_t)US_PER_S)
/* The time of a pop is a counter that wraps after 71.6 minutes (wearable-profile.md): after a
 * longer absence, pops that the wearable kept cannot be dated. */
#define AWAY_MAX_US (60 * 60 * (int64_t)US_PER_S)

static bool is_same(const struct wearable_memory *a, const struct wearable_memory *b)
{
	return a->boot == b->boot && a->pop_after == b->pop_after && a->pops_seen == b->pops_seen;
}

void gateway_memory_keep_wearable(struct gateway_wearable *w)
{
	struct gateway *g = w->gateway;
	const char *name = g->conf->wearable[w->index].name;
	struct wearable_memory memory;

	if (w->remember_us > g->now_us || !g->ops->remember || !intake_remember(w->intake, &memory))
		return;
	if (w->remembered_us + REFRESH_US > g->now_us && is_same(&memory, &w->remembered))
		return;
	w->remembered = memory;
	w->remembered_us = g->now_us;
	w->remember_us = g->now_us + REFRESH_US;
	remember(g, HISTORY_KIND_WEARABLE, name,
		history_write_wearable(&memory, g->now_us, &g->clock));
}

void gateway_memory_forget_wearable(struct gateway *g, const char *name)
{
	if (g->ops->remember)
		g->ops->remember(g->user, HISTORY_KIND_WEARABLE, name, NULL, 0);
}

void gateway_memory_keep_calibration(
	void *user, unsigned kit, const struct kit_calibration *calibration)
{
	struct gateway *g = user;
	const char *name = g->conf->kit[kit].name;

	if (!g->ops->remember)
		return;
	if (calibration->is_calibrated)
		remember(g, HISTORY_KIND_CALIBRATION, name, history_write_calibration(calibration));
	else
		g->ops->remember(g->user, HISTORY_KIND_CALIBRATION, name, NULL, 0);
}

void gateway_memory_keep_athlete(void *user, const struct athlete_memory *memory)
{
	struct gateway *g = user;

	if (g->ops->remember)
		remember(g, HISTORY_KIND_ATHLETE, memory->athlete,
			history_athlete_write(memory, &g->clock));
}

/* Without a boot, host time says nothing in the next run. */
void gateway_memory_keep_clock(struct gateway *g)
{
	if (g->ops->remember && g->clock.boot)
		remember(g, HISTORY_KIND_CLOCK, "wall", history_write_clock(&g->clock));
}

void gateway_memory_restore_clock(struct gateway *g, int64_t wall_us)
{
	int64_t latest_us = INT64_MIN;

	for (const struct restored *r = g->restored; r; r = r->next) {
		int64_t of_row_us;

		if (r->kind == HISTORY_KIND_CLOCK)
			history_read_clock(r->text, r->size, g->now_us, &g->clock);
		if (r->kind != HISTORY_KIND_ATHLETE)
			continue;
		of_row_us = history_latest(r->text, r->size, &g->clock);
		latest_us = of_row_us > latest_us ? of_row_us : latest_us;
	}
	wall_clock_set(&g->clock, g->now_us, wall_us);
	if (latest_us != INT64_MIN)
		wall_clock_set_past(&g->clock, g->clock.boot ? 0 : g->now_us, latest_us);
	gateway_memory_keep_clock(g);
}

static int restore_wearable(struct gateway *g, const struct restored *r)
{
	struct wearable_memory memory;
	int64_t t_us;

	if (history_read_wearable(r->text, r->size, &g->clock, &memory, &t_us) < 0)
		return -EINVAL;
	for (unsigned i = 0; i < g->conf->n_wearables; i++)
		if (!g->conf->wearable[i].is_gone &&
			strcmp(g->conf->wearable[i].name, r->name) == 0 &&
			g->now_us - t_us < AWAY_MAX_US)
			intake_recall(g->wearable[i].intake, &memory);
	return 0;
}

static int read_athlete(
	const struct gateway *g, const char *text, size_t size, struct athlete_memory *ret)
{
	int r = history_athlete_read(text, size, &g->clock, ret);

	if (r == 0)
		put_in_past(ret, g->now_us);
	return r;
}

bool gateway_memory_recall_athlete(void *user, const char *athlete, struct athlete_memory *ret)
{
	struct gateway *g = user;
	_auto_free_ char *text =
		g->ops->recall ? g->ops->recall(g->user, HISTORY_KIND_ATHLETE, athlete) : NULL;

	if (!text)
		return false;
	if (read_athlete(g, text, strlen(text), ret) == 0)
		return true;
	g->count.restore_failures++;
	return false;
}

static int restore_calibration(struct gateway *g, const struct restored *r)
{
	int kit = conf_find_kit(g->conf, r->name);
	struct kit_calibration calibration;

	/* A kit that is no longer configured is not an error: it may come back. */
	if (kit < 0)
		return 0;
	if (history_read_calibration(r->text, r->size, &calibration) < 0)
		return -EINVAL;
	if (g->has_restored)
		pipeline_restore_calibration_late(
			g->pipeline, g->now_us, (unsigned)kit, &calibration);
	else
		pipeline_restore_calibration(g->pipeline, (unsigned)kit, &calibration);
	return 0;
}

static int restore_athlete(struct gateway *g, const struct restored *r)
{
	_auto_free_ struct athlete_memory *memory = new0(struct athlete_memory);

	if (read_athlete(g, r->text, r->size, memory) < 0)
		return -EINVAL;
	if (g->has_restored)
		pipeline_restore_athlete_late(g->pipeline, g->now_us, memory);
	else
		pipeline_restore_athlete(g->pipeline, memory);
	return 0;
}

static int restore_one(struct gateway *g, const struct restored *r)
{
	switch (r->kind) {
	case HISTORY_KIND_ATHLETE:
		return restore_athlete(g, r);
	case HISTORY_KIND_CALIBRATION:
		return restore_calibration(g, r);
	case HISTORY_KIND_WEARABLE:
		return restore_wearable(g, r);
	case HISTORY_KIND_CLOCK:    /* restored before all else */
	case HISTORY_KIND_RETAINED: /* gateway-retained.c takes care of it */
	case HISTORY_KIND_NUMBER:
	case HISTORY_KIND_RADIO: /* of the radios' hub */
	case HISTORY_KIND_UPLINK:
	case HISTORY_KIND_COUNT:
		break;
	}
	return 0;
}

void gateway_memory_forget(struct gateway *g)
{
	while (g->restored) {
		struct restored *r = g->restored;

		g->restored = r->next;
		free(r->name);
		free(r->text);
		free(r);
	}
}

void gateway_memory_restore(struct gateway *g)
{
	for (const struct restored *r = g->restored; r; r = r->next)
		if (restore_one(g, r) < 0)
			g->count.restore_failures++;
	gateway_memory_forget(g);
	g->has_restored = true;
}
