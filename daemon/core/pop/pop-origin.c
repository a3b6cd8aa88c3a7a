// SPDX-License-Identifier: MIT
#include "daemon/core/pop/pop-origin.h"

#include <math.h>

#define T10_DB       10.0
#define T10_LEAST_DB 3.0 /* at least this much of it, as the detector measures the span */
/* These two narrow a setting, evidence-lead-db and within-snr-db, for one kind of sound, so a gym that
 * tunes tunes those: no settings of their own. Both were measured on sounds made for the purpose
 * (tests/core/pop) and on knees (S73), not on hips (decision-model.md 10).
 *
 * Cracks of one joint are about as loud as each other: of 440 generated trains none differs by more
 * than 6 dB, while grains of rubbing swell by more than this. */
#define TRAIN_LEAD_DB 7.0
/* A long click within other sound: the bounces of weights stand out by less, such clicks of knees by
 * 29 dB and more. */
#define WITHIN_LONG_DB 28.0

static double further_pulses(const struct pop_features *f)
{
	return f->sub_pulses > 1 ? f->sub_pulses - 1 : 0;
}

/* Pulses at the pitch of a voice. A single decaying pulse is periodic too, so it needs several. */
static bool has_pitch(const struct analysis_conf *a, const struct pop_features *f)
{
	return f->is_streamed && further_pulses(f) > 0 &&
	       f->shape.harmonicity > a->speech_harmonicity;
}

static bool is_tonal(const struct analysis_conf *a, const struct pop_features *f)
{
	return (f->t10_ms > a->speech_t10_ms && f->kurtosis < a->impulse_kurtosis) ||
	       has_pitch(a, f);
}

/* Talk in the room reaches all sensors too: only an impulse is an impact. A shock through the floor
 * is enough by itself. */
static bool is_environment(const struct analysis_conf *a, const struct origin_facts *o)
{
	bool has_no_air_level = isnan(o->contact_air_db);

	if (o->bodies_shocked >= 2)
		return true;
	if (is_tonal(a, o->features) && !o->features->is_within)
		return false;
	if (o->room_leads || o->room_exceeds)
		return true;
	return o->other_athlete &&
	       (has_no_air_level || o->contact_air_db < a->origin_contact_air_db);
}

static bool is_foot(const struct analysis_conf *a, const struct origin_facts *o)
{
	double limit = o->is_bent ? a->foot_elevation_bent_deg : a->foot_elevation_deg;

	return o->foot_shock_g > a->foot_shock_g && o->elevation_low_deg < limit &&
	       o->is_near_bottom;
}

/* The finer limits below apply only to streams: the gateway measures more than a wearable reports,
 * and always in the same way. */
static bool is_click(const struct analysis_conf *a, const struct pop_features *f)
{
	return f->is_streamed &&
	       (f->flatness > a->tap_broad_flatness ||
		       (f->hf_ratio > a->tap_high_share && (f->flatness > a->tap_high_flatness ||
								   f->rise_ms < a->tap_steep_ms)));
}

static bool is_tap(const struct analysis_conf *a, const struct origin_facts *o)
{
	const struct pop_features *f = o->features;

	return o->own_shock_g > a->tap_shock_g ||
	       (f->rise_ms < a->tap_rise_ms && f->t10_ms < a->tap_t10_ms &&
		       (f->centroid_hz > a->tap_centroid_hz || is_click(a, f)));
}

/* A struck object that rings: an impulse however long, which its 60 ms alone do not show. */
static bool is_clean_ring(const struct analysis_conf *a, const struct pop_features *f)
{
	const struct pop_shape *s = &f->shape;
	double out_db = f->peak_dbfs - f->background_dbfs - a->detector_onset_db;
	double fall_db = fmax(T10_LEAST_DB, fmin(T10_DB, out_db));

	return further_pulses(f) < 1 && f->t10_ms <= a->ring_clean_t10_ms &&
	       (f->t10_ms <= a->ring_t10_ms ||
		       f->peak_dbfs - f->background_dbfs >= a->ring_clean_snr_db) &&
	       s->peak_hz >= a->ring_clean_hz && f->flatness <= a->ring_clean_flatness &&
	       s->bend_db <= a->ring_clean_bend_db &&
	       s->sag_db >= a->ring_clean_sag_share * fall_db;
}

/* Grains of friction follow each other without a pause, and are broadband. */
static bool is_grainy(const struct analysis_conf *a, const struct pop_features *f)
{
	double out_db = fmin(f->peak_dbfs - f->background_dbfs, a->rub_sag_most_db);

	return further_pulses(f) > 0 &&
	       (f->kurtosis < a->rub_train_kurtosis || f->flatness > a->rub_broad_flatness ||
		       f->shape.sag_db < a->rub_sag_share * out_db);
}

static bool is_dull_stream(const struct analysis_conf *a, const struct pop_features *f)
{
	double most_ms = a->ring_t10_ms + a->ring_t10_more_ms * further_pulses(f);

	if (f->sub_pulses > a->rub_sub_pulses || f->shape.span_ms > a->rub_span_ms)
		return true;
	if (is_clean_ring(a, f))
		return false;
	return f->shape.pulse_kurtosis < a->impulse_kurtosis || f->t10_ms > most_ms ||
	       is_grainy(a, f);
}

static bool is_dull(const struct analysis_conf *a, const struct pop_features *f)
{
	return f->is_streamed ? is_dull_stream(a, f) : f->kurtosis < a->impulse_kurtosis;
}

static bool is_rub(const struct analysis_conf *a, const struct origin_facts *o)
{
	return o->features->t10_ms > a->rub_t10_ms || o->sounds_last_minute > a->rub_pops_per_min ||
	       is_dull(a, o->features);
}

/* A click within other sound, which has been compared with that sound already. A voice and grains of
 * friction rise as far, but come close after one another. */
static bool is_clear_click(const struct analysis_conf *a, const struct pop_features *f)
{
	bool is_dull = f->shape.pulse_kurtosis < a->within_dull_kurtosis;
	double lull_db = is_dull ? a->within_dull_lull_db : a->within_lull_db;
	double least_db = f->t10_ms > a->ring_t10_ms ? fmax(WITHIN_LONG_DB, a->within_snr_db)
						     : a->within_snr_db;

	return f->peak_dbfs - f->background_dbfs >= least_db &&
	       f->shape.peak_hz <= a->evidence_peak_max_hz &&
	       f->shape.busy_share <= a->within_busy_share &&
	       f->shape.before_db <= a->within_before_db && f->shape.before_db >= -lull_db &&
	       f->t10_ms <= a->within_t10_ms && f->rise_ms <= a->within_rise_ms &&
	       f->flatness <= a->within_flatness && further_pulses(f) <= a->within_further_pulses;
}

/* A pop is surrounded by background alone. */
static bool is_among_others(const struct analysis_conf *a, const struct pop_features *f)
{
	bool is_long = further_pulses(f) > 0 || f->t10_ms > a->ring_t10_ms;
	double lead_db = further_pulses(f) > 0 ? fmin(TRAIN_LEAD_DB, a->evidence_lead_db)
					       : a->evidence_lead_db;
	double out_db = f->peak_dbfs - f->background_dbfs;
	double most_db = is_long ? fmax(a->evidence_train_quiet_db,
					   out_db - a->evidence_train_quiet_below_db)
				 : fmax(a->evidence_quiet_db, out_db - a->evidence_quiet_below_db);

	return f->crowded || f->shape.lead_db > lead_db || f->shape.before_db > most_db ||
	       f->shape.after_db > most_db;
}

static bool is_foot_sound(const struct analysis_conf *a, const struct pop_features *f)
{
	return f->shape.peak_hz < a->evidence_low_hz && f->sub_pulses <= a->evidence_low_pulses &&
	       f->shape.pulse_kurtosis < a->evidence_low_kurtosis;
}

static bool is_unlike_pop(const struct analysis_conf *a, const struct pop_features *f)
{
	if (!f->is_streamed)
		return false;
	return (further_pulses(f) > 0 && f->rise_ms > a->evidence_train_rise_ms) ||
	       f->lf_ratio > a->evidence_lf_ratio || f->shape.peak_hz > a->evidence_peak_max_hz ||
	       is_among_others(a, f) || is_foot_sound(a, f);
}

static bool is_weak(const struct analysis_conf *a, const struct pop_features *f)
{
	return f->peak_dbfs - f->background_dbfs < a->evidence_snr_db ||
	       f->rise_ms > a->evidence_rise_ms || f->centroid_hz < a->evidence_centroid_min_hz ||
	       f->centroid_hz > a->evidence_centroid_max_hz || is_unlike_pop(a, f);
}

int pop_origin(const struct analysis_conf *a, const struct origin_facts *o)
{
	bool is_clear = o->features->is_within && is_clear_click(a, o->features);

	if (o->is_loose)
		return CODE_SENSOR_LOOSE;
	if (is_environment(a, o))
		return CODE_ENVIRONMENT_IMPACT;
	if (is_foot(a, o))
		return CODE_FOOT_CONTACT;
	if (is_tap(a, o))
		return CODE_SENSOR_TAP;
	if (is_tonal(a, o->features) && !is_clear)
		return CODE_SPEECH_MUSIC;
	if (o->contact_air_db < a->origin_contact_air_db)
		return CODE_AIRBORNE;
	if (is_clear)
		return ORIGIN_POP;
	if (is_rub(a, o))
		return CODE_FRICTION_RUB;
	if (o->features->is_within || is_weak(a, o->features))
		return CODE_LOW_EVIDENCE;
	return ORIGIN_POP;
}

int pop_origin_of_reasons(uint64_t reasons)
{
	uint64_t origins = reasons & (CODE_BIT(SENSOR_LOOSE) | CODE_BIT(ENVIRONMENT_IMPACT) |
					     CODE_BIT(FOOT_CONTACT) | CODE_BIT(SENSOR_TAP) |
					     CODE_BIT(SPEECH_MUSIC) | CODE_BIT(AIRBORNE) |
					     CODE_BIT(FRICTION_RUB) | CODE_BIT(LOW_EVIDENCE));

	return origins ? __builtin_ctzll(origins) : ORIGIN_POP;
}
