// SPDX-License-Identifier: MIT
#include "daemon/core/judge/athlete.h"

#include <math.h>
#include <string.h>

#include "daemon/core/pop/pop-origin.h"
#include "daemon/core/rules/baseline.h"
#include "daemon/core/rules/trend.h"

enum need {
	NEED_NOISE,
	NEED_FINAL,
	NEED_OPEN_NOISE,
	NEED_OPEN_CREPITUS,
	NEED_OPEN_SYMPTOM,
	NEED_OPEN_POP,
	NEED_PENDING
};

uint32_t athlete_session(const struct athlete *a)
{
	return baseline_ended(&a->memory) + 1;
}

/* Least needed first: final before open, noise and the many clicks of a joint that creaks before
 * symptoms (their alert remains), symptoms before pops, old before new. */
static enum need need_of(const struct pop *p)
{
	bool is_noise = p->has_sound && p->origin >= 0 && !p->takes_symptom;

	if (p->stage == POP_STAGE_PENDING)
		return NEED_PENDING;
	if (p->stage == POP_STAGE_FINAL)
		return is_noise ? NEED_NOISE : NEED_FINAL;
	if (is_noise)
		return NEED_OPEN_NOISE;
	if (pop_is_crepitus(p) && !p->is_red && !p->result.n_symptoms)
		return NEED_OPEN_CREPITUS;
	return p->has_sound ? NEED_OPEN_POP : NEED_OPEN_SYMPTOM;
}

static void clear_pop(const struct athlete *a, struct pop *p)
{
	*p = (struct pop){
		.session = athlete_session(a),
		.exercise = a->memory.exercise,
		.calibration = NAN,
		.origin = ORIGIN_POP,
		.features = {.peak_dbfs = NAN, .background_dbfs = NAN},
		.contact_air_db = NAN,
		.sparc = NAN,
		.sparc_baseline = NAN,
		.crepitus_db = NAN,
	};
	memcpy(p->result.athlete, a->memory.athlete, NAME_SIZE);
	for (unsigned i = 0; i < PLACEMENT_COUNT; i++)
		p->result.levels_db[i] = NAN;
}

struct pop *athlete_new_pop(struct athlete *a)
{
	struct pop *least = NULL;

	for (unsigned i = 0; i < ATHLETE_POPS_MAX; i++) {
		struct pop *p = &a->pop[i];

		if (p->stage == POP_STAGE_FREE) {
			least = p;
			break;
		}
		if (!least || need_of(p) < need_of(least) ||
			(need_of(p) == need_of(least) &&
				p->result.t_pop_us < least->result.t_pop_us))
			least = p;
	}
	if (least->stage != POP_STAGE_FREE && need_of(least) >= NEED_OPEN_POP)
		return NULL;
	clear_pop(a, least);
	return least;
}

static struct pop_note note_of(const struct pop *p)
{
	return (struct pop_note){
		.t_us = p->result.t_pop_us,
		.site = p->result.site,
		.phase = p->result.phase,
		.rep = p->result.rep,
		.elevation_deg = p->result.elevation_deg,
		.hip_deg = p->result.hip_flexion_deg,
		.level_db = p->result.site < PLACEMENT_COUNT ? p->result.levels_db[p->result.site]
							     : NAN,
		.is_exercising = !(p->notes & CODE_BIT(NOT_EXERCISING)),
		.side = p->result.side,
	};
}

unsigned athlete_notes(
	const struct athlete *a, const struct pop *pop, struct pop_note ret[static POP_NOTES_MAX])
{
	unsigned n = 0;

	for (unsigned i = 0; i < ATHLETE_POPS_MAX; i++) {
		const struct pop *p = &a->pop[i];
		struct pop_note note;

		if (p == pop || !pop_is_real(p) || pop_is_crepitus(p) ||
			p->session != pop->session || p->result.t_pop_us > pop->result.t_pop_us)
			continue;
		note = note_of(p);
		pop_note_insert(ret, &n, POP_NOTES_MAX - 1, &note);
	}
	ret[n++] = note_of(pop);
	return n;
}

double athlete_loss_deg(const struct athlete *a, unsigned n)
{
	double loss[ATHLETE_REPS_MAX];
	unsigned count = 0;

	for (unsigned i = a->n_reps > n ? a->n_reps - n : 0; i < a->n_reps; i++)
		if (!isnan(a->rep[i].theta_loss_deg))
			loss[count++] = a->rep[i].theta_loss_deg;
	return trend_median(loss, count);
}
