// SPDX-License-Identifier: MIT
#include "pop-origin.h"

#include <math.h>

static bool is_tonal(const struct analysis_conf *a, const struct pop_features *f)
{
	return f->t10_ms > a->speech_t10_ms && f->kurtosis < a->impulse_kurtosis;
}

/* Talk in the room reaches all sensors too: only an impulse is an impact. The floor tells by
 * itself. */
static bool is_environment(const struct analysis_conf *a, const struct origin_facts *o)
{
	bool heard_alone = isnan(o->contact_air_db);

	if (o->bodies_shocked >= 2)
		return true;
	if (is_tonal(a, o->features))
		return false;
	if (o->room_leads || o->room_exceeds)
		return true;
	return o->other_athlete && (heard_alone || o->contact_air_db < a->origin_contact_air_db);
}

static bool is_foot(const struct analysis_conf *a, const struct origin_facts *o)
{
	double limit = o->is_bent ? a->foot_elevation_bent_deg : a->foot_elevation_deg;

	return o->foot_shock_g > a->foot_shock_g && o->elevation_low_deg < limit &&
	       o->is_near_bottom;
}

static bool is_tap(const struct analysis_conf *a, const struct origin_facts *o)
{
	const struct pop_features *f = o->features;

	return o->own_shock_g > a->tap_shock_g ||
	       (f->rise_ms < a->tap_rise_ms && f->t10_ms < a->tap_t10_ms &&
		       f->centroid_hz > a->tap_centroid_hz);
}

/* Of what the gateway measured itself more is known than a wearable says, and by one measure: the
 * finer limits hold there only. */
static bool is_grainy(const struct analysis_conf *a, const struct pop_features *f)
{
	double more = f->sub_pulses > 1 ? f->sub_pulses - 1 : 0;
	bool is_broad = f->flatness > a->rub_broad_flatness;

	return f->is_streamed && (f->t10_ms > a->ring_t10_ms + a->ring_t10_more_ms * more ||
					 f->sub_pulses > a->rub_sub_pulses ||
					 (is_broad && f->t10_ms > a->rub_broad_t10_ms));
}

static bool is_rub(const struct analysis_conf *a, const struct origin_facts *o)
{
	return o->features->t10_ms > a->rub_t10_ms || o->features->kurtosis < a->impulse_kurtosis ||
	       o->sounds_last_minute > a->rub_pops_per_min || is_grainy(a, o->features);
}

static bool is_unlike_pop(const struct analysis_conf *a, const struct pop_features *f)
{
	bool is_low = f->centroid_hz < a->evidence_low_hz;

	return f->is_streamed && (f->crowded || f->lf_ratio > a->evidence_lf_ratio ||
					 (is_low && f->kurtosis < a->evidence_low_kurtosis));
}

static bool is_weak(const struct analysis_conf *a, const struct pop_features *f)
{
	return f->peak_dbfs - f->background_dbfs < a->evidence_snr_db ||
	       f->rise_ms > a->evidence_rise_ms || f->centroid_hz < a->evidence_centroid_min_hz ||
	       f->centroid_hz > a->evidence_centroid_max_hz || is_unlike_pop(a, f);
}

int pop_origin(const struct analysis_conf *a, const struct origin_facts *o)
{
	if (o->is_loose)
		return CODE_SENSOR_LOOSE;
	if (is_environment(a, o))
		return CODE_ENVIRONMENT_IMPACT;
	if (is_foot(a, o))
		return CODE_FOOT_CONTACT;
	if (is_tap(a, o))
		return CODE_SENSOR_TAP;
	if (is_tonal(a, o->features))
		return CODE_SPEECH_MUSIC;
	if (o->contact_air_db < a->origin_contact_air_db)
		return CODE_AIRBORNE;
	if (is_rub(a, o))
		return CODE_FRICTION_RUB;
	if (is_weak(a, o->features))
		return CODE_LOW_EVIDENCE;
	return ORIGIN_POP;
}
