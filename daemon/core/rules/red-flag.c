// SPDX-License-Identifier: MIT
#include "daemon/core/rules/red-flag.h"

#include <math.h>

#include "coxad/base/units.h"

/* How long before and after a pop a symptom still belongs to it. */
struct window {
	double before_s, after_s;
};

static struct window window_of(const struct analysis_conf *a, enum symptom_code code)
{
	switch (code) {
	case SYMPTOM_UNKNOWN:
	case SYMPTOM_DISCOMFORT:
	case SYMPTOM_SHARP:
	case SYMPTOM_SHOOTING:
	case SYMPTOM_STINGING:
		return (struct window){a->red_before_s, a->red_after_s};
	case SYMPTOM_RADIATING:
	case SYMPTOM_NUMB:
		return (struct window){a->red_before_s, a->red_radiating_after_s};
	case SYMPTOM_CATCHING:
	case SYMPTOM_LOCKING:
	case SYMPTOM_GIVING_WAY:
		return (struct window){a->red_mechanical_before_s, a->red_after_s};
	case SYMPTOM_NONE:
	case SYMPTOM_CALL_TRAINER:
	case SYMPTOM_COUNT:
		break;
	}
	return (struct window){-1, -1};
}

bool red_flag_is_answer(enum symptom_code code, int intensity)
{
	return code == SYMPTOM_NONE || (code == SYMPTOM_DISCOMFORT && intensity == 0);
}

bool red_flag_is_linked(const struct red_symptom *s)
{
	return s->site != BODY_SITE_OTHER && s->code != SYMPTOM_CALL_TRAINER &&
	       !red_flag_is_answer(s->code, s->intensity);
}

static struct red_verdict discomfort(const struct analysis_conf *a, const struct red_symptom *s)
{
	struct red_verdict v = {0};

	if (s->is_new)
		v.reasons |= CODE_BIT(DISCOMFORT_NEW);
	if (s->is_increasing)
		v.reasons |= CODE_BIT(DISCOMFORT_INCREASING);
	if (v.reasons)
		v.severity = s->intensity >= a->red_intensity_severe ? 4 : 3;
	return v;
}

struct red_verdict red_flag_alone(const struct analysis_conf *a, const struct red_symptom *s)
{
	struct red_verdict v = {0};

	if (!red_flag_is_linked(s))
		return v;
	switch (s->code) {
	case SYMPTOM_UNKNOWN: /* a button without a code is discomfort */
	case SYMPTOM_DISCOMFORT:
		return discomfort(a, s);
	case SYMPTOM_SHARP:
	case SYMPTOM_SHOOTING:
	case SYMPTOM_STINGING:
		return (struct red_verdict){3, CODE_BIT(PAIN_SHARP)};
	case SYMPTOM_RADIATING:
	case SYMPTOM_NUMB:
		return (struct red_verdict){4, CODE_BIT(PAIN_RADIATING)};
	case SYMPTOM_CATCHING:
		return (struct red_verdict){3, CODE_BIT(MECH_CATCHING)};
	case SYMPTOM_LOCKING:
		return (struct red_verdict){3, CODE_BIT(MECH_LOCKING)};
	case SYMPTOM_GIVING_WAY:
		return (struct red_verdict){3, CODE_BIT(MECH_GIVING_WAY)};
	case SYMPTOM_NONE:
	case SYMPTOM_CALL_TRAINER:
	case SYMPTOM_COUNT:
		break;
	}
	return v;
}

bool red_flag_is_in_window(const struct analysis_conf *a, enum symptom_code code, int64_t dt_us)
{
	struct window w = window_of(a, code);
	double dt_s = (double)dt_us / US_PER_S;

	return w.after_s >= 0 && dt_s >= -w.before_s && dt_s <= w.after_s;
}

struct red_verdict red_flag_of_pop(const struct analysis_conf *a, const struct red_symptom *s,
	int64_t dt_us, enum phase phase, double elevation_deg)
{
	struct red_verdict v = red_flag_alone(a, s);

	if (!v.severity || !red_flag_is_in_window(a, s->code, dt_us))
		return (struct red_verdict){0};
	if (v.reasons & (CODE_BIT(PAIN_SHARP) | CODE_BIT(PAIN_RADIATING) |
				CODE_BIT(DISCOMFORT_NEW) | CODE_BIT(DISCOMFORT_INCREASING)))
		v.reasons |= dt_us < 0 ? CODE_BIT(PAIN_BEFORE_POP) : CODE_BIT(PAIN_AFTER_POP);
	if ((v.reasons & CODE_BIT(PAIN_RADIATING)) && phase == PHASE_RAISE &&
		elevation_deg >= a->red_slr_min_deg && elevation_deg <= a->red_slr_max_deg)
		v.reasons |= CODE_BIT(SLR_RANGE);
	return v;
}

double red_flag_confidence(const struct analysis_conf *a, enum symptom_code code, int64_t dt_us)
{
	struct window w = window_of(a, code);
	double away_s = fabs((double)dt_us) / US_PER_S;
	double end_s = dt_us < 0 ? w.before_s : w.after_s;

	if (away_s <= a->confidence_symptom_full_s || end_s <= a->confidence_symptom_full_s)
		return 1;
	return fmax(a->confidence_symptom_edge,
		1 - (1 - a->confidence_symptom_edge) * (away_s - a->confidence_symptom_full_s) /
				(end_s - a->confidence_symptom_full_s));
}
