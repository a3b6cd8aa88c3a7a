// SPDX-License-Identifier: MIT
#include "daemon/core/rules/form-score.h"

#include <math.h>
#include <string.h>

/* Tilts at which points start, reach the fault level and reach their maximum. */
struct tilt_scale {
	double from_deg, fault_deg, severe_deg;
};

static struct tilt_scale scale_of(const struct analysis_conf *a, const struct form_facts *f)
{
	if (f->exercise == EXERCISE_HANG)
		return (struct tilt_scale){
			a->hang_tilt_warn_deg, a->hang_tilt_fault_deg, a->hang_tilt_severe_deg};
	return (struct tilt_scale){a->loss_tilt_share * f->span_deg,
		a->form_tilt_fault_share * f->span_deg, a->form_tilt_severe_share * f->span_deg};
}

static double between(double x, double x0, double x1, double y0, double y1)
{
	return x1 > x0 ? y0 + (x - x0) * (y1 - y0) / (x1 - x0) : y1;
}

static double tilt_points(const struct analysis_conf *a, const struct tilt_scale *s, double tilt)
{
	if (!(tilt > s->from_deg))
		return 0;
	if (tilt < s->fault_deg)
		return between(tilt, s->from_deg, s->fault_deg, 0, a->form_tilt_fault_points);
	if (tilt < s->severe_deg)
		return between(tilt, s->fault_deg, s->severe_deg, a->form_tilt_fault_points,
			a->form_tilt_severe_points);
	return a->form_tilt_severe_points;
}

static double speed_points(const struct analysis_conf *a, const struct posture_at *p)
{
	if (p->phase != PHASE_LOWER)
		return 0;
	if (fabs(p->speed_deg_s) > a->form_uncontrolled_deg_s)
		return a->form_uncontrolled_points;
	return fabs(p->speed_deg_s) > a->form_fast_deg_s ? a->form_fast_points : 0;
}

static bool is_asymmetric(const struct analysis_conf *a, const struct posture_at *p)
{
	return p->asymmetry_deg > a->form_asymmetry_deg ||
	       fabs(p->roll_deg) > a->form_roll_yaw_deg || fabs(p->yaw_deg) > a->form_roll_yaw_deg;
}

static uint64_t reasons_of(const double part[FORM_COUNT])
{
	static const enum code code[FORM_COUNT] = {
		[FORM_TILT] = CODE_ANTERIOR_TILT,
		[FORM_ARCHING] = CODE_ARCHING_NOW,
		[FORM_RANGE] = CODE_RANGE_BEYOND_CONTROL,
		[FORM_SPEED] = CODE_LOWERING_TOO_FAST,
		[FORM_SMOOTHNESS] = CODE_NOT_SMOOTH,
		[FORM_ASYMMETRY] = CODE_ASYMMETRY,
		[FORM_PRESET] = CODE_NO_PRESET_TILT,
	};
	uint64_t mask = 0;

	for (unsigned i = 0; i < FORM_COUNT; i++)
		if (part[i] > 0)
			mask |= UINT64_C(1) << code[i];
	return mask;
}

void form_score(const struct analysis_conf *a, const struct form_facts *f, struct form_score *ret)
{
	const struct posture_at *p = f->posture;
	struct tilt_scale scale = scale_of(a, f);
	double tilt = fmax(p->tilt_deg, p->lumbar_deg);
	bool is_lowering = p->phase == PHASE_LOWER;

	*ret = (struct form_score){.is_known = p->is_known && !isnan(p->tilt_deg)};
	if (!ret->is_known)
		return;
	ret->part[FORM_TILT] = tilt_points(a, &scale, tilt);
	if (p->tilt_deg > scale.from_deg && p->tilt_rate_deg_s > 0 &&
		p->tilt_rate_deg_s > a->form_arching_ratio * p->leg_speed_deg_s)
		ret->part[FORM_ARCHING] = a->form_arching_points;
	if (is_lowering && p->elevation_low_deg < f->control_angle_deg - a->form_range_margin_deg)
		ret->part[FORM_RANGE] = a->form_range_points;
	ret->part[FORM_SPEED] = speed_points(a, p);
	if (is_lowering && f->sparc < f->sparc_baseline - a->form_sparc_drop)
		ret->part[FORM_SMOOTHNESS] = a->form_sparc_points;
	if (is_asymmetric(a, p))
		ret->part[FORM_ASYMMETRY] = a->form_asymmetry_points;
	if (p->preset_tilt_deg > a->form_preset_share * f->span_deg)
		ret->part[FORM_PRESET] = a->form_preset_points;
	for (unsigned i = 0; i < FORM_COUNT; i++)
		ret->total += ret->part[i];
	ret->reasons = reasons_of(ret->part);
}
