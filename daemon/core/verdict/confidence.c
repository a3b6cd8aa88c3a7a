// SPDX-License-Identifier: MIT
#include "confidence.h"

#include <math.h>

/* Weights and levels of domain.md 7.8. */
#define WEIGHT_ORIGIN   0.35
#define WEIGHT_POSTURE  0.25
#define WEIGHT_SYMPTOM  0.25
#define WEIGHT_MARGIN   0.15
#define SYNC_LOW        0.4
#define CALIBRATION_LOW 0.5
#define ONE_THIGH       0.8
#define NO_THIGH        0.5
#define CHANNEL_ALIVE   0.8
#define CHANNEL_NONE    0.5
#define MARGIN_FLOOR    0.3
/* ln 19: a logistic is 0.95 where its argument is this. */
#define LOGIT_95 2.9444389791664403

static double origin(const struct analysis_conf *a, const struct confidence_facts *f)
{
	double slope = LOGIT_95 / (a->confidence_snr_high_db - a->confidence_snr_half_db);
	double snr = isnan(f->snr_db) ? a->confidence_snr_half_db : f->snr_db;
	double q = 1 / (1 + exp(-slope * (snr - a->confidence_snr_half_db)));

	if (isnan(f->contact_air_db))
		return fmin(q, a->origin_no_air_confidence);
	return q * fmin(1, fmax(0, f->contact_air_db / a->confidence_contact_air_full_db));
}

static double sync(const struct analysis_conf *a, double unc_ms)
{
	double full = a->confidence_sync_full_ms, low = a->confidence_sync_low_ms;

	if (unc_ms <= full)
		return 1;
	if (unc_ms <= low)
		return 1 - (1 - SYNC_LOW) * (unc_ms - full) / (low - full);
	return SYNC_LOW * low / unc_ms;
}

static double posture(const struct analysis_conf *a, const struct confidence_facts *f)
{
	double set = f->thighs >= 2 ? 1 : f->thighs ? ONE_THIGH : NO_THIGH;
	double calibration = f->has_pelvis
				     ? CALIBRATION_LOW + (1 - CALIBRATION_LOW) * f->calibration
				     : CALIBRATION_LOW;

	return sync(a, f->time_uncertainty_ms) * calibration * set;
}

void confidence_of(
	const struct analysis_conf *a, const struct confidence_facts *f, struct pop_confidence *ret)
{
	double away = fabs(f->form_total - f->form_limit);

	ret->origin = origin(a, f);
	ret->posture = posture(a, f);
	ret->symptom = f->is_answered ? 1 : f->has_symptom_channel ? CHANNEL_ALIVE : CHANNEL_NONE;
	ret->margin = isnan(away) ? MARGIN_FLOOR
				  : fmax(MARGIN_FLOOR, fmin(1, away / a->confidence_margin_points));
	ret->total = pow(ret->origin, WEIGHT_ORIGIN) * pow(ret->posture, WEIGHT_POSTURE) *
		     pow(ret->symptom, WEIGHT_SYMPTOM) * pow(ret->margin, WEIGHT_MARGIN);
}
