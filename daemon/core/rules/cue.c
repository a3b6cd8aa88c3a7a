// SPDX-License-Identifier: MIT
#include "daemon/core/rules/cue.h"

#include <math.h>

void cue_ladder_rep(const struct analysis_conf *a, struct memory_ladder *l, bool is_faulty)
{
	if (is_faulty) {
		l->step = cue_ladder_step(a, l);
		l->is_begun = true;
		l->clean = 0;
	} else if (++l->clean >= a->ladder_clean_reps) {
		l->is_begun = false;
	}
	l->faults = (l->faults << 1 | is_faulty) & INT32_MAX;
}

bool cue_ladder_is_persistent(const struct analysis_conf *a, const struct memory_ladder *l)
{
	unsigned before = (unsigned)a->persistent_reps - 1;
	uint32_t mask = (UINT32_C(1) << before) - 1;

	return __builtin_popcount(l->faults & mask) + 1 >= a->persistent_faults;
}

enum cue_step cue_ladder_step(const struct analysis_conf *a, const struct memory_ladder *l)
{
	bool is_next = l->faults & 1 || cue_ladder_is_persistent(a, l);

	if (!l->is_begun)
		return CUE_STEP_TILT;
	if (l->step >= CUE_STEP_END)
		return CUE_STEP_END;
	return (enum cue_step)(is_next ? l->step + 1 : l->step);
}

double cue_range_deg(const struct analysis_conf *a, double loss_deg, double pop_deg)
{
	double trouble = fmax(loss_deg, pop_deg);
	double x;

	if (isnan(trouble))
		return NAN;
	x = a->range_step_deg * ceil((trouble + a->range_margin_deg) / a->range_step_deg);
	return fmin(fmax(x, a->range_min_deg), a->range_max_deg);
}

static void add(struct cue *cues, unsigned *n, enum cue_code code, double argument)
{
	for (unsigned i = 0; i < *n; i++)
		if (cues[i].code == code)
			return;
	if (*n < POP_CUES_MAX)
		cues[(*n)++] = (struct cue){code, argument};
}

static enum cue_code primary(const struct form_score *s)
{
	double tilt = s->part[FORM_TILT] + s->part[FORM_ARCHING] + s->part[FORM_PRESET];
	double speed = s->part[FORM_SPEED] + s->part[FORM_SMOOTHNESS];
	double range = s->part[FORM_RANGE], sides = s->part[FORM_ASYMMETRY];

	if (tilt >= range && tilt >= speed && tilt >= sides)
		return CUE_POSTERIOR_TILT;
	if (range >= speed && range >= sides)
		return CUE_REDUCE_RANGE;
	return speed >= sides ? CUE_SLOW_LOWERING : CUE_SINGLE_LEG;
}

/* Skips a step the exercise already includes: bent knees, one leg. */
static enum cue_code step_code(enum exercise exercise, enum cue_step step)
{
	static const enum cue_code code[CUE_STEP_COUNT] = {
		[CUE_STEP_TILT] = CUE_POSTERIOR_TILT,
		[CUE_STEP_RANGE] = CUE_REDUCE_RANGE,
		[CUE_STEP_BENT] = CUE_BENT_KNEE,
		[CUE_STEP_SINGLE] = CUE_SINGLE_LEG,
		[CUE_STEP_BENT_SINGLE] = CUE_BENT_SINGLE,
		[CUE_STEP_END] = CUE_END_EXERCISE,
	};

	if (step == CUE_STEP_BENT && exercise == EXERCISE_SUPINE_BENT)
		return CUE_SINGLE_LEG;
	if (step == CUE_STEP_SINGLE && exercise == EXERCISE_SINGLE)
		return CUE_BENT_SINGLE;
	return code[step];
}

static void add_range(const struct analysis_conf *a, enum exercise exercise, double range_deg,
	struct cue *cues, unsigned *n)
{
	if (range_deg >= a->range_offer_deg) {
		add(cues, n, step_code(exercise, CUE_STEP_BENT), NAN);
		add(cues, n, step_code(exercise, CUE_STEP_SINGLE), NAN);
		return;
	}
	add(cues, n, CUE_REDUCE_RANGE, isnan(range_deg) ? a->range_min_deg : range_deg);
}

unsigned cue_for_form(const struct analysis_conf *a, const struct cue_facts *f,
	struct cue ret[static POP_CUES_MAX])
{
	enum cue_code first = primary(f->score);
	unsigned n = 0;

	if (f->step == CUE_STEP_RANGE)
		add_range(a, f->exercise, f->range_deg, ret, &n);
	else if (f->step != CUE_STEP_TILT)
		add(ret, &n, step_code(f->exercise, f->step), NAN);
	if (first == CUE_REDUCE_RANGE)
		add_range(a, f->exercise, f->range_deg, ret, &n);
	else
		add(ret, &n, first, NAN);
	if (f->score->part[FORM_PRESET] > 0)
		add(ret, &n, CUE_BRACE, NAN);
	return n;
}

unsigned cue_for_repeat(const struct analysis_conf *a, enum pattern pattern, enum placement site,
	double range_deg, struct cue ret[static POP_CUES_MAX])
{
	bool is_hip = site == PLACEMENT_HIP_LEFT || site == PLACEMENT_HIP_RIGHT;
	unsigned n = 0;

	if (pattern == PATTERN_TENDON_SNAP_LIKE && is_hip)
		add(ret, &n, CUE_LEG_ROTATION, NAN);
	else if (!isnan(range_deg))
		add(ret, &n, CUE_REDUCE_RANGE, range_deg);
	return n;
}
