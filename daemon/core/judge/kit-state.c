// SPDX-License-Identifier: MIT
#include "daemon/core/judge/kit-state.h"

#include <math.h>
#include <string.h>

#include "coxad/base/units.h"

void kit_state_init(struct judge *j, unsigned kit)
{
	struct kit_state *k = &j->kit[kit];

	*k = (struct kit_state){
		.ends_us = T_NEVER,
		.close_us = T_NEVER,
		.watermark_us = INT64_MIN,
		.span_deg = j->analysis->span_default_deg,
	};
	for (unsigned p = 0; p < PLACEMENT_COUNT; p++)
		k->clap_db[p] = NAN;
}

int kit_state_find(const struct judge *j, const char *name)
{
	for (unsigned i = 0; i < j->conf->n_kits; i++)
		if (strcmp(j->conf->kit[i].name, name) == 0)
			return (int)i;
	return -1;
}

const char *kit_state_name(const struct judge *j, unsigned kit, const struct athlete *a)
{
	return kit == JUDGE_NO_KIT ? a->memory.kit : j->conf->kit[kit].name;
}

const struct kit_posture *kit_state_posture(const struct judge *j, unsigned kit)
{
	return kit == JUDGE_NO_KIT ? NULL : j->conf->kit[kit].posture;
}

double kit_state_span_deg(const struct judge *j, unsigned kit)
{
	return kit == JUDGE_NO_KIT ? j->analysis->span_default_deg : j->kit[kit].span_deg;
}

double kit_state_clap_db(const struct judge *j, unsigned kit, enum placement placement)
{
	double clap = kit == JUDGE_NO_KIT ? NAN : j->kit[kit].clap_db[placement];

	return isnan(clap) ? 0 : clap;
}

struct athlete *kit_state_wearer(const struct judge *j, unsigned kit, int64_t t_us)
{
	const struct kit_state *k = &j->kit[kit];

	if (k->before && t_us < k->before_end_us &&
		(!k->athlete || t_us < k->athlete->memory.since_us))
		return k->before;
	return t_us < k->ends_us ? k->athlete : NULL;
}

struct athlete *kit_state_reporter(const struct judge *j, unsigned kit, int64_t t_us)
{
	const struct kit_state *k = &j->kit[kit];
	struct athlete *a = kit_state_wearer(j, kit, t_us);

	if (a || k->ends_us != T_NEVER)
		return a ? a : k->athlete;
	return k->before && t_us - k->before_end_us <= judge_s(j->analysis->pop_final_symptom_s)
		       ? k->before
		       : NULL;
}

double kit_state_confidence(const struct judge *j, unsigned kit, int64_t t_us)
{
	const struct kit_state *k;

	if (kit == JUDGE_NO_KIT)
		return 0;
	k = &j->kit[kit];
	if (k->before && kit_state_wearer(j, kit, t_us) == k->before && t_us < k->before_end_us)
		return k->before_confidence;
	return k->is_calibrated ? k->confidence : 0;
}
