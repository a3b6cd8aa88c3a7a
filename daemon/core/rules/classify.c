// SPDX-License-Identifier: MIT
#include "daemon/core/rules/classify.h"

#include <math.h>

#include "daemon/core/rules/baseline.h"
#include "daemon/core/pop/pop-origin.h"

/* Without these a pop cannot be called benign (decision-model.md, decision 4). */
#define REVIEW_MARKS                                                                               \
	(CODE_BIT(PELVIS_SENSOR_MISSING) | CODE_BIT(UNCALIBRATED) | CODE_BIT(SENSOR_SHIFT) |       \
		CODE_BIT(CLOCK_UNSYNC) | CODE_BIT(LATE_DATA) | CODE_BIT(SITE_AMBIGUOUS) |          \
		CODE_BIT(ATHLETE_AMBIGUOUS) | CODE_BIT(SENSOR_FAULTY))

static void raise(struct classified *c, unsigned severity, uint64_t reasons)
{
	c->class = POP_CLASS_RED_FLAG;
	c->reasons |= reasons;
	if (severity > c->severity)
		c->severity = severity;
}

static void red_rules(
	const struct analysis_conf *a, const struct classify_facts *f, struct classified *c)
{
	uint64_t catches = CODE_BIT(KIN_CATCH) | CODE_BIT(KIN_LOCK);

	if (f->red.severity) {
		raise(c, f->red.severity, f->red.reasons);
		c->is_red_by_symptom = true;
	}
	if (f->is_symptom_open) {
		raise(c, 3, CODE_BIT(SYMPTOM_OPEN));
		c->is_red_by_symptom = true;
	}
	if (f->catch_repeats)
		raise(c, 3, CODE_BIT(KIN_CATCH_REPEAT));
	if (f->surge_repeats)
		raise(c, 3, CODE_BIT(KIN_GIVING_WAY_REPEAT));
	if (f->any_symptom && f->kinematic & (catches | CODE_BIT(KIN_GIVING_WAY)))
		raise(c, 3, 0);
	if (baseline_count(f->trends) >= a->red_trends)
		raise(c, 3, 0);
}

static bool is_beyond_limit(const struct analysis_conf *a, const struct classify_facts *f)
{
	double limit = f->is_form_recent ? a->form_limit_again : a->form_limit;

	return f->form->is_known && f->form->total >= limit;
}

/* If no sensor shows the legs, form decides once the athlete answers that there is no pain (7.7).
 */
static bool is_form_fault(const struct analysis_conf *a, const struct classify_facts *f)
{
	return !f->is_crepitus && (f->is_exercising || (f->may_exercise && f->answered_no_pain)) &&
	       is_beyond_limit(a, f);
}

/* Missing data never passes silently as benign (decision-model.md, decision 4). */
static bool is_doubtful(const struct analysis_conf *a, const struct classify_facts *f)
{
	return f->kinematic || f->trends || f->quality & REVIEW_MARKS ||
	       ((f->may_exercise || f->is_crepitus) && is_beyond_limit(a, f));
}

static void classify_pop(
	const struct analysis_conf *a, const struct classify_facts *f, struct classified *c)
{
	c->reasons |= f->kinematic | f->trends | f->notes | f->form->reasons;
	if (f->other_region)
		c->reasons |= CODE_BIT(SYMPTOM_OTHER_REGION);
	red_rules(a, f, c);
	if (is_form_fault(a, f) && f->is_form_persistent)
		c->reasons |= CODE_BIT(FORM_PERSISTENT);
	if (c->class == POP_CLASS_RED_FLAG)
		return;
	if (is_form_fault(a, f)) {
		c->class = POP_CLASS_FORM_FAULT;
		c->severity = 2;
	} else if (is_doubtful(a, f) && !f->answered_no_pain) {
		c->class = POP_CLASS_REVIEW;
		c->severity = 1;
	}
}

void classify(const struct analysis_conf *a, const struct classify_facts *f, struct classified *ret)
{
	*ret = (struct classified){.class = POP_CLASS_BENIGN, .reasons = f->quality};
	if (!f->has_sound || (f->origin != ORIGIN_POP && f->takes_symptom)) {
		ret->class = POP_CLASS_SYMPTOM_ONLY;
		ret->severity = f->red.severity ? f->red.severity : 1;
		ret->reasons |= f->red.reasons;
		if (f->other_region)
			ret->reasons |= CODE_BIT(SYMPTOM_OTHER_REGION);
		ret->is_red_by_symptom = f->red.severity > 0;
	} else if (f->origin == ORIGIN_POP) {
		classify_pop(a, f, ret);
	} else {
		ret->class = POP_CLASS_NOT_A_POP;
	}
	if (f->has_sound && f->origin != ORIGIN_POP)
		ret->reasons |= UINT64_C(1) << f->origin;
}
