// SPDX-License-Identifier: MIT
#include "daemon/core/posture/kit-learn.h"

#include <math.h>
#include <string.h>

#include "coxad/base/units.h"
#include "daemon/core/posture/kit-calibration.h"
#include "daemon/core/posture/kit-measure.h"
#include "daemon/core/posture/kit-movement.h"
#include "daemon/core/posture/segment-angles.h"

/* A rest so near to the zero of last time is that zero, taken today. */
#define SAME_ZERO_DEG 15.0
/* Raises differ by 30 degrees (people of S72), and straps sit askew. */
#define ASSUMED_DEG 45.0

void kit_learn_forget(struct kit_posture *k)
{
	for (unsigned leg = 0; leg < LEGS; leg++)
		axis_learner_init(&k->leg[leg].learner);
	memset(k->calibration.learnt, 0, sizeof(k->calibration.learnt));
}

void kit_learn_row(struct kit_posture *k, const struct timeline_row *row)
{
	for (unsigned leg = 0; leg < LEGS; leg++)
		axis_learner_row(&k->leg[leg].learner, &row->cell[k->leg[leg].thigh]);
}

/* From now on the leg is measured by another segment: its elevation goes on from there. */
static void switch_over(struct kit_posture *k, unsigned side)
{
	struct leg *leg = &k->leg[side];
	const struct calibration_segment *segment = kit_measure_segment(k, leg->thigh);
	double now_deg;

	if (!segment)
		return;
	now_deg = -DEG_PER_RAD *
		  segment_angles_turn(segment->axis, segment->zero, leg->motion.last_up);
	kit_movement_rebase(k, side, now_deg - leg->known_deg);
}

/* It is today's rest that elevations begin at. */
static void take_todays_zero(struct kit_posture *k, unsigned side)
{
	struct calibration *c = &k->calibration;
	struct calibration_segment *segment = &c->kit.segment[k->leg[side].thigh];
	struct vec3 zero = k->leg[side].learner.segment.zero;

	if (kit_measure_lies_flat(k) &&
		vec3_angle(segment->zero, zero) < SAME_ZERO_DEG * RAD_PER_DEG)
		segment->zero = segment->up_supine = zero;
}

static double off_assumed_deg(const struct kit_posture *k, unsigned side, struct vec3 axis)
{
	return DEG_PER_RAD * vec3_angle(axis, kit_measure_segment(k, k->leg[side].thigh)->axis);
}

/* Legs that do not begin flat may go down first, so that the sense is no contradiction. */
static bool contradicts(const struct kit_posture *k, unsigned side, struct vec3 axis)
{
	double off_deg = off_assumed_deg(k, side, axis);

	return off_deg >= ASSUMED_DEG && (kit_measure_lies_flat(k) || off_deg <= 180 - ASSUMED_DEG);
}

static void try_assumed(struct kit_posture *k, unsigned side)
{
	struct leg *leg = &k->leg[side];
	struct vec3 axis;

	if (!axis_learner_take_ended(&leg->learner, &axis) || leg->is_aside ||
		!kit_measure_is_assumed(k, side) || off_assumed_deg(k, side, axis) >= ASSUMED_DEG)
		return;
	leg->is_as_assumed = true;
	switch_over(k, side);
}

static void try_proof(struct kit_posture *k, unsigned side, int64_t t_us)
{
	struct leg *leg = &k->leg[side];
	struct calibration *c = &k->calibration;
	bool is_own = c->unproven >> leg->thigh & 1;
	enum calibration_proof proof = calibration_run_prove(c, side, leg->learner.last_axis);

	if (proof == CALIBRATION_PROOF_NONE)
		return;
	if (proof == CALIBRATION_PROOF_GIVEN && is_own)
		take_todays_zero(k, side);
	calibration_take_effect(c);
	kit_calibration_proven(k, t_us, proof);
	if (proof == CALIBRATION_PROOF_GIVEN && is_own)
		switch_over(k, side);
}

static void take_in(struct kit_posture *k, unsigned side, int64_t t_us)
{
	struct leg *leg = &k->leg[side];

	leg->learner.is_news = false;
	try_proof(k, side, t_us);
	if (kit_measure_is_assumed(k, side) && contradicts(k, side, leg->learner.last_axis))
		kit_calibration_refuse(k, side, t_us);
	if (!axis_learner_knows(&leg->learner) || !kit_measure_lies_flat(k))
		return;
	if (calibration_learn(&k->calibration, side, &leg->learner.segment)) {
		switch_over(k, side);
		kit_calibration_learnt(k, t_us);
	} else {
		kit_calibration_note(k);
	}
}

void kit_learn_advance(struct kit_posture *k, int64_t t_us)
{
	for (unsigned leg = 0; leg < LEGS; leg++) {
		if (k->leg[leg].learner.done.is_on)
			try_assumed(k, leg);
		if (k->leg[leg].learner.is_news)
			take_in(k, leg, t_us);
	}
}
