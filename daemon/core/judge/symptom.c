// SPDX-License-Identifier: MIT
#include "daemon/core/judge/symptom.h"

#include "coxad/base/units.h"

bool symptom_is_open_at(const struct symptom *s, int64_t t_us)
{
	return s->cleared_us > t_us;
}

/* Symptoms need no better clock than this (decision-model.md 7.6). */
#define WINDOW_SLACK_US ((int64_t)US_PER_S)

int64_t symptom_after_pop_us(const struct judge *j, const struct symptom *s, const struct pop *p)
{
	int64_t dt_us = s->s.t_us - p->result.t_pop_us;
	int64_t slack_us = p->unc_us + judge_ms(s->s.time_uncertainty_ms), nearest_us;

	if (slack_us > WINDOW_SLACK_US)
		slack_us = WINDOW_SLACK_US;
	nearest_us = dt_us < 0 ? dt_us + slack_us : dt_us - slack_us;
	if (!red_flag_is_in_window(j->analysis, s->s.code, dt_us) &&
		red_flag_is_in_window(j->analysis, s->s.code, nearest_us))
		return nearest_us;
	return dt_us;
}

struct red_symptom symptom_red(const struct symptom *s)
{
	return (struct red_symptom){
		.code = s->s.code,
		.site = s->s.site,
		.intensity = s->s.intensity,
		.is_new = s->s.is_new,
		.is_increasing = s->s.is_increasing,
	};
}

void symptom_clear(struct athlete *a, int64_t now_us)
{
	for (unsigned i = 0; i < a->n_symptoms; i++)
		if (a->symptom[i].cleared_us == T_NEVER)
			a->symptom[i].cleared_us = now_us;
	a->call_us = INT64_MIN / 2;
	a->is_touched = true;
}
