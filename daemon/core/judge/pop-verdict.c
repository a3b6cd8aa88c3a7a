// SPDX-License-Identifier: MIT
/* Gathers symptoms, quality, form, signs and trends for classify, then applies a person's override
 * and the latch on red flags. Only a person lowers a red flag: the latch is hold_red and nothing
 * else.
 */
#include "daemon/core/judge/pop-verdict.h"

#include <math.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "coxad/base/units.h"
#include "daemon/core/judge/kit-state.h"
#include "daemon/core/judge/pop-symptoms.h"
#include "daemon/core/pop/pop-origin.h"
#include "daemon/core/rules/activity.h"
#include "daemon/core/rules/classify.h"
#include "daemon/core/rules/confidence.h"
#include "daemon/core/rules/trend.h"

#define CATCHES (CODE_BIT(KIN_CATCH) | CODE_BIT(KIN_LOCK))
#define SURGE   CODE_BIT(KIN_GIVING_WAY)

static bool has_channel(const struct judge *j, unsigned kit, bool *ret_is_down)
{
	bool known = false, alive = false;

	for (unsigned i = 0; i < j->conf->n_wearables; i++) {
		if (kit == JUDGE_NO_KIT || j->conf->wearable[i].kit != kit ||
			!(j->wearable[i].streams & STREAM_SYMPTOM))
			continue;
		known = true;
		alive = alive || j->wearable[i].state == WEARABLE_STATE_STREAMING;
	}
	*ret_is_down = known && !alive;
	return alive;
}

static bool is_ambiguous(const struct judge *j, const struct pop *p)
{
	const struct pop_result *r = &p->result;
	double best = r->levels_db[r->site] - kit_state_clap_db(j, p->kit, r->site);

	for (unsigned i = 0; i < PLACEMENT_COUNT; i++)
		if (i != r->site && best - (r->levels_db[i] - kit_state_clap_db(j, p->kit, i)) <
					    j->analysis->site_margin_db)
			return true;
	return false;
}

/* A pop this close to one marked with a clock step is affected by it too. */
#define CLOCK_STEP_US 1000000

static uint64_t quality_of(const struct judge *j, const struct pop *p)
{
	const struct posture_at *at = &p->posture;
	uint64_t q = at->quality;
	bool is_down;

	has_channel(j, p->kit, &is_down);
	if (is_down)
		q |= CODE_BIT(SYMPTOM_CHANNEL_DOWN);
	if (!p->has_sound)
		return q;
	if ((double)p->unc_us > j->analysis->form_time_uncertainty_ms * US_PER_MS)
		q |= CODE_BIT(CLOCK_UNSYNC);
	if (j->wearable[p->wearable].has_stepped &&
		llabs(p->result.t_pop_us - j->wearable[p->wearable].stepped_us) < CLOCK_STEP_US)
		q |= CODE_BIT(CLOCK_STEP);
	if (!at->is_known)
		q |= p->is_late ? CODE_BIT(LATE_DATA) : CODE_BIT(PELVIS_SENSOR_MISSING);
	else if (at->phase == PHASE_UNCAL)
		q |= CODE_BIT(UNCALIBRATED);
	else if (!at->has_pelvis && !(q & CODE_BIT(UNCALIBRATED)))
		q |= CODE_BIT(PELVIS_SENSOR_MISSING);
	if (at->is_known && activity_lacks_thigh(p->exercise, at))
		q |= CODE_BIT(THIGH_SENSOR_MISSING);
	if (isnan(p->contact_air_db))
		q |= CODE_BIT(NO_AMBIENT_MIC);
	if (is_ambiguous(j, p))
		q |= CODE_BIT(SITE_AMBIGUOUS);
	if (p->is_wearer_unsure)
		q |= CODE_BIT(ATHLETE_AMBIGUOUS);
	if (p->features.clipped)
		q |= CODE_BIT(RANGE_CLIPPED);
	return q;
}

/* The clicks of a joint that creaks come in dozens: those of one repetition are one occasion. */
static bool is_same_occasion(const struct pop *q, uint32_t *reps)
{
	uint32_t bit = UINT32_C(1) << q->result.rep % 32;
	bool is_again = pop_is_crepitus(q) && *reps & bit;

	*reps |= bit;
	return is_again;
}

/* R6: enough pops of this session have a sign of the same kind, close in angle and repetition. */
static bool is_repeated(
	const struct judge *j, const struct athlete *a, const struct pop *p, uint64_t kind)
{
	uint32_t reps = 0;
	unsigned n = 0;

	for (unsigned i = 0; i < ATHLETE_POPS_MAX && p->kinematic & kind; i++) {
		const struct pop *q = &a->pop[i];
		unsigned apart = q->result.rep > p->result.rep ? q->result.rep - p->result.rep
							       : p->result.rep - q->result.rep;

		n += pop_is_real(q) && q->session == p->session && q->kinematic & kind &&
		     apart < j->analysis->red_kinematic_reps &&
		     fabs(q->result.elevation_deg - p->result.elevation_deg) <=
			     j->analysis->red_kinematic_deg &&
		     !is_same_occasion(q, &reps);
	}
	return n >= j->analysis->red_kinematic_pops;
}

static bool is_form_recent(const struct judge *j, const struct athlete *a, const struct pop *p)
{
	for (unsigned i = 0; i < ATHLETE_POPS_MAX; i++) {
		const struct pop *q = &a->pop[i];

		if (q != p && pop_is_real(q) && q->session == p->session &&
			q->result.class == POP_CLASS_FORM_FAULT &&
			q->result.t_pop_us < p->result.t_pop_us &&
			q->result.rep + j->analysis->form_again_reps >= p->result.rep)
			return true;
	}
	return false;
}

/* A red flag was known before this pop: the athlete went on (7.6). A continuing trend counts once.
 */
static bool repeats_red(const struct athlete *a, const struct pop *p)
{
	if (a->has_earlier_red)
		return true;
	for (unsigned i = 0; i < ATHLETE_POPS_MAX; i++) {
		const struct pop *q = &a->pop[i];

		if (q != p && q->stage != POP_STAGE_FREE && q->is_red && q->has_sound &&
			q->session == p->session && q->red_us < p->result.t_pop_us &&
			!(q->is_red_by_trend && p->is_red_by_trend))
			return true;
	}
	return false;
}

static void score_form(const struct judge *j, struct pop *p)
{
	struct form_facts f = {
		.posture = &p->posture,
		.exercise = p->exercise,
		.span_deg = p->span_deg,
		.control_angle_deg = p->control_angle_deg,
		.sparc = p->sparc,
		.sparc_baseline = p->sparc_baseline,
	};
	bool in_time = (double)p->unc_us <= j->analysis->form_time_uncertainty_ms * US_PER_MS;

	form_score(j->analysis, &f, &p->form);
	if (!in_time || !pop_is_real(p) ||
		!(activity_is_active(p->exercise, &p->posture) ||
			activity_may_be_active(p->exercise, &p->posture)))
		p->form = (struct form_score){0};
	p->result.form_total = p->form.is_known ? p->form.total : NAN;
	for (unsigned i = 0; i < FORM_COUNT; i++)
		p->result.form[i] = p->form.is_known ? p->form.part[i] : NAN;
}

static double median_pop_deg(const struct athlete *a, const struct pop *p)
{
	struct pop_note notes[POP_NOTES_MAX];
	unsigned n = athlete_notes(a, p, notes), count = 0;
	double angle[3];

	for (unsigned i = n; i-- > 0 && count < 3;)
		if (notes[i].phase == PHASE_LOWER && !isnan(notes[i].elevation_deg))
			angle[count++] = notes[i].elevation_deg;
	return trend_median(angle, count);
}

static void note_step(const struct judge *j, const struct athlete *a, struct pop *p)
{
	if (p->has_step)
		return;
	p->has_step = true;
	p->step = cue_ladder_step(j->analysis, &a->memory.ladder);
	p->is_persistent = cue_ladder_is_persistent(j->analysis, &a->memory.ladder);
	p->range_deg = cue_range_deg(j->analysis, athlete_loss_deg(a, 3), median_pop_deg(a, p));
}

static bool is_repeating(const struct judge *j, const struct athlete *a, const struct pop *p)
{
	return j->analysis->hint_repeats > 0 && p->result.phase == PHASE_LOWER &&
	       p->notes & CODE_BIT(CONSISTENT) && activity_is_active(p->exercise, &p->posture);
}

static void choose_cues(const struct judge *j, const struct athlete *a, struct pop *p)
{
	struct pop_result *r = &p->result;
	struct cue_facts facts;
	enum cue_code one = CUE_NONE;

	r->n_cues = 0;
	switch (r->class) {
	case POP_CLASS_RED_FLAG:
		one = CUE_STOP;
		break;
	case POP_CLASS_SYMPTOM_ONLY:
		one = r->severity >= 3 ? CUE_STOP : CUE_ASK_SYMPTOM;
		break;
	case POP_CLASS_REVIEW:
		one = CUE_ASK_SYMPTOM;
		break;
	case POP_CLASS_NOT_A_POP:
		one = p->origin == CODE_SENSOR_LOOSE ? CUE_FIX_SENSOR : CUE_NONE;
		break;
	case POP_CLASS_FORM_FAULT:
		facts = (struct cue_facts){p->exercise, &p->form, p->step, p->range_deg};
		r->n_cues = cue_for_form(j->analysis, &facts, r->cues);
		return;
	case POP_CLASS_BENIGN:
		if (is_repeating(j, a, p))
			r->n_cues = cue_for_repeat(
				j->analysis, r->pattern, r->site, p->range_deg, r->cues);
		return;
	case POP_CLASS_COUNT:
		return;
	}
	if (one != CUE_NONE)
		r->cues[r->n_cues++] = (struct cue){one, NAN};
}

static void rate_confidence(const struct judge *j, struct pop *p)
{
	bool is_down;
	struct confidence_facts f;

	if (isnan(p->calibration))
		p->calibration = kit_state_confidence(j, p->kit, p->result.t_pop_us);
	f = (struct confidence_facts){
		.snr_db = (double)p->features.peak_dbfs - (double)p->features.background_dbfs,
		.contact_air_db = p->contact_air_db,
		.is_consistent = p->notes & CODE_BIT(CONSISTENT),
		.time_uncertainty_ms = p->result.time_uncertainty_ms,
		.calibration = p->calibration,
		.thighs = p->posture.thighs,
		.has_pelvis = p->posture.has_pelvis,
		.is_answered = p->is_answered || p->result.n_symptoms,
		.has_symptom_channel = has_channel(j, p->kit, &is_down),
		.form_total = p->result.form_total,
		.form_limit = j->analysis->form_limit,
	};

	confidence_of(j->analysis, &f, &p->result.confidence);
}

/* A person's class holds until a new symptom is reported. */
static void apply_override(struct pop *p, struct classified *c)
{
	static const unsigned severity[POP_CLASS_COUNT] = {
		[POP_CLASS_FORM_FAULT] = 2,
		[POP_CLASS_RED_FLAG] = 3,
		[POP_CLASS_REVIEW] = 1,
		[POP_CLASS_SYMPTOM_ONLY] = 3,
	};

	if (!p->is_overridden)
		return;
	if (p->result.class != c->class || c->class != POP_CLASS_RED_FLAG)
		c->severity = severity[p->result.class];
	c->class = p->result.class;
	c->is_red_by_symptom = false;
}

static void hold_red(struct athlete *a, struct pop *p, struct classified *c, int64_t now_us)
{
	bool was_symptom = p->result.rev && p->result.class == POP_CLASS_SYMPTOM_ONLY;

	if (p->is_red && c->class != POP_CLASS_RED_FLAG)
		c->class = POP_CLASS_RED_FLAG;
	if (was_symptom && !p->is_overridden && c->class != POP_CLASS_RED_FLAG) {
		c->class = POP_CLASS_SYMPTOM_ONLY;
		c->reasons |= p->result.reasons & CLASSIFY_RED_REASONS;
		c->severity = p->result.severity > c->severity ? p->result.severity : c->severity;
	}
	if (c->class != POP_CLASS_RED_FLAG)
		return;
	if (p->is_red) {
		c->reasons |= p->result.reasons & CLASSIFY_RED_REASONS;
		c->severity = p->result.severity > c->severity ? p->result.severity : c->severity;
		return;
	}
	p->is_red = true;
	p->red_us = now_us;
	p->is_red_by_trend = !c->is_red_by_symptom && !(c->reasons & (CATCHES | SURGE));
	a->memory.session_red_flags++;
	if (p->has_sound && repeats_red(a, p))
		c->severity = 4;
}

static void raise(struct classified *c, uint64_t reasons)
{
	c->class = POP_CLASS_RED_FLAG;
	c->severity = c->severity > 3 ? c->severity : 3;
	c->reasons |= reasons;
}

/* After a restart only symptoms, answers and signs of later pops are new. */
static void judge_restored(const struct judge *j, const struct athlete *a,
	const struct symptom_view *v, const struct pop *p, struct classified *c)
{
	bool is_real = p->has_sound && p->origin == ORIGIN_POP;

	*c = (struct classified){p->result.class, p->result.severity, p->result.reasons, false};
	if (p->has_sound && p->origin != ORIGIN_POP && !p->takes_symptom)
		return;
	if (c->class == POP_CLASS_REVIEW && p->is_answered) {
		bool is_fault = !pop_is_crepitus(p) && p->form.is_known &&
				p->form.total >= j->analysis->form_limit;

		c->class = is_fault ? POP_CLASS_FORM_FAULT : POP_CLASS_BENIGN;
		c->severity = is_fault ? 2 : 0;
	}
	if (is_real && (is_repeated(j, a, p, CATCHES) || is_repeated(j, a, p, SURGE)))
		raise(c, p->kinematic & SURGE ? CODE_BIT(KIN_GIVING_WAY_REPEAT)
					      : CODE_BIT(KIN_CATCH_REPEAT));
	if (v->is_open && is_real) {
		raise(c, CODE_BIT(SYMPTOM_OPEN));
		c->is_red_by_symptom = true;
	}
	if (!v->red.severity)
		return;
	c->class = is_real ? POP_CLASS_RED_FLAG : POP_CLASS_SYMPTOM_ONLY;
	c->severity = v->red.severity > c->severity ? v->red.severity : c->severity;
	c->reasons |= v->red.reasons;
	c->is_red_by_symptom = true;
}

static void judge_anew(const struct judge *j, const struct athlete *a, const struct symptom_view *v,
	struct pop *p, struct classified *ret)
{
	struct classify_facts f = {
		.origin = p->origin,
		.has_sound = p->has_sound,
		.takes_symptom = p->takes_symptom,
		.red = v->red,
		.is_symptom_open = v->is_open,
		.other_region = v->other_region,
		.kinematic = p->kinematic,
		.catch_repeats = is_repeated(j, a, p, CATCHES),
		.surge_repeats = is_repeated(j, a, p, SURGE),
		.any_symptom = v->any,
		.trends = p->trends,
		.form = &p->form,
		.is_exercising = activity_is_active(p->exercise, &p->posture),
		.may_exercise = activity_may_be_active(p->exercise, &p->posture),
		.is_crepitus = pop_is_crepitus(p),
		.is_form_recent = is_form_recent(j, a, p),
		.is_form_persistent = p->is_persistent,
		.answered_no_pain = p->is_answered,
		.quality = quality_of(j, p),
		.notes = p->notes,
	};

	score_form(j, p);
	classify(j->analysis, &f, ret);
}

static void write_verdict(
	const struct classified *c, const struct symptom_view *v, struct pop_result *r)
{
	r->class = c->class;
	r->severity = c->severity;
	r->reasons = c->reasons;
	r->n_symptoms = v->n;
	for (unsigned i = 0; i < v->n; i++)
		snprintf(r->symptoms[i], ID_SIZE, "%s", v->id[i]);
}

/* A restored pop has lost its facts: its confidence stays unless its class changes. */
static void write_confidence(const struct judge *j, struct pop *p, bool is_revised,
	const struct classified *c, const struct symptom_view *v)
{
	struct pop_confidence *confidence = &p->result.confidence;

	if (!p->is_restored || isnan(confidence->total))
		rate_confidence(j, p);
	else if (p->is_answered || p->result.n_symptoms)
		confidence->symptom = 1;
	if (c->is_red_by_symptom)
		confidence->total = v->confidence;
	else if (is_revised)
		confidence->total = confidence_total(j->analysis, confidence);
}

void pop_verdict_evaluate(struct judge *j, struct athlete *a, struct pop *p, int64_t now_us)
{
	struct pop_result was = p->result;
	struct symptom_view v;
	struct classified c;
	bool is_revised;

	note_step(j, a, p);
	if (p->has_sound)
		pop_symptoms_view(j, a, p, &v);
	else
		pop_symptoms_view_own(j, a, p, &v);
	if (p->is_restored) {
		judge_restored(j, a, &v, p, &c);
		pop_symptoms_keep_listed(&was, &v);
	} else {
		judge_anew(j, a, &v, p, &c);
	}
	apply_override(p, &c);
	hold_red(a, p, &c, now_us);
	write_verdict(&c, &v, &p->result);
	is_revised = !p->is_restored || p->result.class != was.class;
	if (is_revised || !was.rev)
		choose_cues(j, a, p);
	write_confidence(j, p, is_revised, &c, &v);
}
