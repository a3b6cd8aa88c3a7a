// SPDX-License-Identifier: MIT
#include "daemon/core/judge/pop-symptoms.h"

#include <math.h>
#include <string.h>

#include "coxad/base/list.h"
#include "daemon/core/judge/symptom.h"

static void list_symptom(struct symptom_view *v, const char *id)
{
	*list_add(v->id, v->n, POP_SYMPTOMS_MAX) = id;
}

static void view_symptom(
	const struct judge *j, const struct pop *p, const struct symptom *s, struct symptom_view *v)
{
	int64_t dt_us = symptom_after_pop_us(j, s, p);
	struct red_symptom red = symptom_red(s);
	bool in_window = red_flag_is_in_window(j->analysis, s->s.code, dt_us);
	bool is_open = dt_us < 0 && s->s.session == p->session;
	struct red_verdict one;

	if (!symptom_is_open_at(s, p->result.t_pop_us))
		return;
	if (!red_flag_is_linked(&red)) {
		v->other_region = v->other_region || in_window;
		return;
	}
	one = red_flag_of_pop(j->analysis, &red, dt_us, p->result.phase, p->result.elevation_deg);
	if (one.severity) {
		v->red.reasons |= one.reasons;
		v->red.severity = one.severity > v->red.severity ? one.severity : v->red.severity;
		v->confidence =
			fmax(v->confidence, red_flag_confidence(j->analysis, s->s.code, dt_us));
	}
	v->is_open = v->is_open || is_open;
	v->any = v->any || in_window || is_open;
	if (in_window || is_open)
		list_symptom(v, s->s.id);
}

void pop_symptoms_view(
	const struct judge *j, const struct athlete *a, const struct pop *p, struct symptom_view *v)
{
	*v = (struct symptom_view){0};
	for (unsigned i = 0; i < a->n_symptoms; i++)
		view_symptom(j, p, &a->symptom[i], v);
	if (v->is_open)
		v->confidence = fmax(v->confidence, j->analysis->confidence_symptom_edge);
}

void pop_symptoms_view_own(
	const struct judge *j, const struct athlete *a, const struct pop *p, struct symptom_view *v)
{
	*v = (struct symptom_view){0};
	for (unsigned i = 0; i < a->n_symptoms; i++) {
		const struct symptom *s = &a->symptom[i];
		struct red_symptom red = symptom_red(s);

		if (!p->result.n_symptoms || strcmp(s->s.id, p->result.symptoms[0]) != 0)
			continue;
		v->red = red_flag_alone(j->analysis, &red);
		v->other_region = s->s.site == BODY_SITE_OTHER;
		v->confidence = 1;
		list_symptom(v, s->s.id);
	}
}

bool pop_symptoms_lists(const struct pop_result *r, const char *id)
{
	for (unsigned i = 0; i < r->n_symptoms; i++)
		if (strcmp(r->symptoms[i], id) == 0)
			return true;
	return false;
}

void pop_symptoms_keep_listed(const struct pop_result *r, struct symptom_view *v)
{
	struct symptom_view all = {0};

	for (unsigned i = 0; i < r->n_symptoms; i++)
		list_symptom(&all, r->symptoms[i]);
	for (unsigned i = 0; i < v->n; i++)
		if (!pop_symptoms_lists(r, v->id[i]))
			list_symptom(&all, v->id[i]);
	v->n = all.n;
	memcpy(v->id, all.id, sizeof(v->id));
}
