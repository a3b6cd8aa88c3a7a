// SPDX-License-Identifier: MIT
#include "daemon/core/judge/pop-merge.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "coxad/base/units.h"
#include "daemon/core/judge/judge-output.h"
#include "daemon/core/judge/kit-state.h"
#include "daemon/core/judge/pop-facts.h"
#include "daemon/core/judge/pop-life.h"
#include "daemon/core/pop/pop-origin.h"

struct report {
	unsigned wearable, kit;
	enum placement placement;
	int64_t now_us, t_us, unc_us;
	const struct pop_features *features;
};

static int64_t distance(int64_t a, int64_t b)
{
	return a > b ? a - b : b - a;
}

static bool is_companion(const struct judge *j, const struct pop *p, const struct report *r)
{
	double window_us = j->analysis->pop_merge_ms * US_PER_MS + (double)(p->unc_us + r->unc_us);

	if (window_us > j->analysis->pop_merge_max_ms * US_PER_MS)
		window_us = j->analysis->pop_merge_max_ms * US_PER_MS;
	return p->stage != POP_STAGE_FREE && p->has_sound &&
	       (double)distance(p->result.t_pop_us, r->t_us) <= window_us;
}

static struct pop *find(const struct judge *j, struct athlete *a, const struct report *r)
{
	struct pop *best = NULL;

	for (unsigned i = 0; i < ATHLETE_POPS_MAX; i++) {
		struct pop *p = &a->pop[i];

		if (is_companion(j, p, r) &&
			(!best || distance(p->result.t_pop_us, r->t_us) <
					  distance(best->result.t_pop_us, r->t_us)))
			best = p;
	}
	return best;
}

static void take_site(struct pop *p, const struct report *r)
{
	p->result.site = r->placement;
	p->wearable = r->wearable;
	p->features = *r->features;
	if (p->stage != POP_STAGE_PENDING)
		return;
	p->result.t_pop_us = r->t_us;
	p->unc_us = r->unc_us;
	p->result.time_uncertainty_ms = (double)r->unc_us / US_PER_MS;
}

void pop_merge_schedule(const struct judge *j, struct pop *p, int64_t now_us)
{
	const struct judge_kit *kit = &j->conf->kit[p->kit];
	int64_t latest = p->result.t_pop_us + judge_ms(j->analysis->pop_wait_max_ms);
	int64_t needed = p->result.t_pop_us + judge_ms(j->analysis->pop_posture_after_ms);
	int64_t wake = p->base_us;

	if (kit->posture && j->kit[p->kit].watermark_us < needed && wake < latest)
		wake = latest;
	p->wake_us = wake > now_us ? wake : now_us;
}

static void trace_report(const struct judge *j, const struct athlete *a, const struct report *r,
	const char *decision)
{
	const struct trace trace = judge_trace(j, a);

	TRACE(&trace, POP, r->now_us,
		"%s heard a sound at %.6f +-%.1f ms, %.1f dBFS over %.1f, rise %.2f ms: %s",
		j->conf->wearable[r->wearable].name, (double)r->t_us / US_PER_S,
		(double)r->unc_us / US_PER_MS, (double)r->features->peak_dbfs,
		(double)r->features->background_dbfs, (double)r->features->rise_ms, decision);
}

static void begin(struct judge *j, struct athlete *a, const struct report *r)
{
	const struct analysis_conf *c = j->analysis;
	int64_t age_us = r->now_us - r->t_us;
	unsigned pending = 0;
	struct pop *p;

	for (unsigned i = 0; i < ATHLETE_POPS_MAX; i++)
		pending += a->pop[i].stage == POP_STAGE_PENDING;
	p = pending < ATHLETE_PENDING_MAX ? athlete_new_pop(a) : NULL;
	if (!p) {
		j->counters.pops_dropped++;
		return;
	}
	p->stage = POP_STAGE_PENDING;
	p->has_sound = true;
	p->kit = r->kit;
	p->is_late = age_us > judge_ms(c->pop_wait_max_ms);
	p->base_us = p->is_late ? r->now_us + judge_ms(c->pop_late_wait_ms)
				: r->t_us + judge_ms(c->pop_companion_wait_ms);
	/* The detector reports half a second after the onset, each stream when its packet arrives.
	 */
	if (r->features->is_streamed && p->base_us < r->now_us + judge_ms(c->pop_late_wait_ms))
		p->base_us = r->now_us + judge_ms(c->pop_late_wait_ms);
	snprintf(p->result.kit, sizeof(p->result.kit), "%s", j->conf->kit[r->kit].name);
	p->result.levels_db[r->placement] = (double)r->features->peak_dbfs;
	judge_output_id(j, p->result.id);
	a->is_touched = true;
	take_site(p, r);
	pop_merge_schedule(j, p, r->now_us);
}

static void join(struct judge *j, struct athlete *a, struct pop *p, const struct report *r)
{
	double old, new;

	if (!isnan(p->result.levels_db[r->placement])) {
		j->counters.pops_duplicate++;
		return;
	}
	old = p->result.levels_db[p->result.site] - kit_state_clap_db(j, p->kit, p->result.site);
	new = (double)r->features->peak_dbfs - kit_state_clap_db(j, r->kit, r->placement);
	p->result.levels_db[r->placement] = (double)r->features->peak_dbfs;
	/* On equal levels take the lower placement, so that the order of arrival does not matter.
	 */
	if (new > old || (!(new < old) && r->placement < p->result.site))
		take_site(p, r);
	if (p->stage == POP_STAGE_PENDING) {
		pop_merge_schedule(j, p, r->now_us);
	} else if (!p->is_restored) {
		pop_facts_read(j, a, p, true);
		pop_life_review(j, a, p, r->now_us);
	}
}

void pop_merge_room(struct judge *j, const struct room_sound *sound)
{
	j->room[j->room_at] = *sound;
	j->room_at = (j->room_at + 1) % JUDGE_ROOM_MAX;
}

void pop_merge_report(struct judge *j, int64_t now_us, const struct record *record)
{
	const struct judge_wearable *w = &j->conf->wearable[record->wearable];
	struct report r = {
		.wearable = record->wearable,
		.kit = w->kit,
		.placement = w->placement,
		.now_us = now_us,
		.t_us = record->t_us,
		.unc_us = record->t_unc_us,
		.features = &record->pop.features,
	};
	struct athlete *a = kit_state_wearer(j, w->kit, r.t_us);
	struct pop *p;

	if (w->placement == PLACEMENT_ROOM) {
		pop_merge_room(j, &(struct room_sound){
					  r.t_us, r.unc_us, (double)r.features->peak_dbfs, true});
		return;
	}
	if (!a) {
		j->counters.pops_without_session++;
		return;
	}
	p = find(j, a, &r);
	trace_report(j, a, &r, p ? "joins an earlier one" : "a new one");
	if (p)
		join(j, a, p, &r);
	else
		begin(j, a, &r);
}
