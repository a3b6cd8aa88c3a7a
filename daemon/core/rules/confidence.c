// SPDX-License-Identifier: MIT
#include "daemon/core/rules/confidence.h"

#include <math.h>

/* Bounds the slope of the logistic, as both levels may be configured equal. */
#define SNR_SPAN_LEAST_DB 0.1

static double origin(const struct analysis_conf *a, const struct confidence_facts *f)
{
	double logit = log(a->confidence_snr_high / (1 - a->confidence_snr_high));
	double slope = logit / fmax(a->confidence_snr_high_db - a->confidence_snr_half_db,
				       SNR_SPAN_LEAST_DB);
	double snr = isnan(f->snr_db) ? a->confidence_snr_half_db : f->snr_db;
	double q = 1 / (1 + exp(-slope * (snr - a->confidence_snr_half_db)));

	if (!isnan(f->contact_air_db))
		q *= fmin(1, fmax(0, f->contact_air_db / a->confidence_contact_air_full_db));
	if (f->is_consistent)
		q += a->confidence_consistent_share * (1 - q);
	return isnan(f->contact_air_db) ? fmin(q, a->origin_no_air_confidence) : q;
}

static double sync(const struct analysis_conf *a, double unc_ms)
{
	double full = a->confidence_sync_full_ms, low = a->confidence_sync_low_ms;

	if (unc_ms <= full)
		return 1;
	if (unc_ms <= low)
		return 1 - (1 - a->confidence_sync_low) * (unc_ms - full) / (low - full);
	return a->confidence_sync_low * low / unc_ms;
}

static double posture(const struct analysis_conf *a, const struct confidence_facts *f)
{
	double set = f->thighs >= 2 ? 1
		     : f->thighs    ? a->confidence_one_thigh
				    : a->confidence_no_thigh;
	double calibration = f->has_pelvis
				     ? a->confidence_calibration_low +
					       (1 - a->confidence_calibration_low) * f->calibration
				     : a->confidence_calibration_low;

	return sync(a, f->time_uncertainty_ms) * calibration * set;
}

double confidence_total(const struct analysis_conf *a, const struct pop_confidence *c)
{
	return pow(c->origin, a->confidence_weight_origin) *
	       pow(c->posture, a->confidence_weight_posture) *
	       pow(c->symptom, a->confidence_weight_symptom) *
	       pow(c->margin, a->confidence_weight_margin);
}

void confidence_of(
	const struct analysis_conf *a, const struct confidence_facts *f, struct pop_confidence *ret)
{
	double away = fabs(f->form_total - f->form_limit);

	ret->origin = origin(a, f);
	ret->posture = posture(a, f);
	ret->symptom = f->is_answered           ? 1
		       : f->has_symptom_channel ? a->confidence_channel_alive
						: a->confidence_channel_none;
	ret->margin = isnan(away) ? a->confidence_margin_floor
				  : fmax(a->confidence_margin_floor,
					    fmin(1, away / a->confidence_margin_points));
	ret->total = confidence_total(a, ret);
}
