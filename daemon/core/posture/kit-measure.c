// SPDX-License-Identifier: MIT
#include "daemon/core/posture/kit-measure.h"

#include <math.h>

#include "coxad/base/units.h"
#include "daemon/core/posture/segment-angles.h"

/* Heading is unknown: yaw is the leaky integral of the rate about the vertical. */
#define YAW_LEAK_S 10.0
/* After so long without data a leg may be anywhere. */
#define ARRIVAL_US 500000

/* Butterworth, second order, 10 Hz at the frame rate of 100 Hz: body motion
 * (decision-model.md 2.4). */
#define RATE_B0 0.0674552738890719
static const struct biquad rate_filter = {
	RATE_B0, 2 * RATE_B0, RATE_B0, -1.1429805025399011, 0.4128015980961886};

static double rate_filter_step(struct rate_filter *f, double x)
{
	if (!f->is_started)
		biquad_settle(&rate_filter, &f->state, x);
	f->is_started = true;
	return biquad_step(&rate_filter, &f->state, x);
}

double kit_measure_tilt_limit_deg(const struct kit_posture *k)
{
	return k->exercise == EXERCISE_HANG
		       ? k->conf->loss_tilt_hang_deg
		       : k->conf->loss_tilt_share * k->calibration.model.span_deg;
}

bool kit_measure_is_assumed(const struct kit_posture *k, unsigned leg)
{
	const struct calibration_segment *segment = kit_measure_segment(k, k->leg[leg].thigh);

	return segment && !segment->has_axis && !k->leg[leg].is_as_assumed;
}

bool kit_measure_is_learnt(const struct kit_posture *k, unsigned leg)
{
	return k->leg[leg].is_placed &&
	       (k->leg[leg].is_aside || !kit_measure_segment(k, k->leg[leg].thigh) ||
		       kit_measure_is_assumed(k, leg));
}

bool kit_measure_follows(const struct kit_posture *k, unsigned leg)
{
	enum placement thigh = k->leg[leg].thigh;

	return k->leg[leg].is_placed &&
	       (kit_measure_is_learnt(k, leg) || !kit_measure_segment(k, thigh)->has_axis ||
		       k->calibration.borrowed >> thigh & 1);
}

const struct calibration_segment *kit_measure_segment(
	const struct kit_posture *k, enum placement placement)
{
	const struct calibration_segment *segment = &k->calibration.model.segment[placement];

	return segment->has_zero && !(k->calibration.unproven >> placement & 1) ? segment : NULL;
}

bool kit_measure_lies_flat(const struct kit_posture *k)
{
	return k->exercise == EXERCISE_SUPINE_STRAIGHT || k->exercise == EXERCISE_SINGLE ||
	       k->exercise == EXERCISE_FLUTTER;
}

static double turn_deg(const struct calibration_segment *segment, const struct timeline_cell *cell)
{
	return segment && cell->has
		       ? DEG_PER_RAD * segment_angles_turn(segment->axis, segment->zero, cell->up)
		       : NAN;
}

void kit_measure_pelvis(
	struct kit_posture *k, const struct timeline_row *row, struct posture_frame *frame)
{
	const struct timeline_cell *pelvis = &row->cell[PLACEMENT_PELVIS];
	const struct calibration_segment *segment = kit_measure_segment(k, PLACEMENT_PELVIS);
	double lumbar =
		turn_deg(kit_measure_segment(k, PLACEMENT_LUMBAR), &row->cell[PLACEMENT_LUMBAR]);

	frame->tilt_deg = (float)turn_deg(segment, pelvis);
	frame->tilt_rate_deg_s = frame->pelvis_roll_deg = frame->pelvis_yaw_deg = NAN;
	if (!segment || !pelvis->has) {
		k->tilt_rate.is_started = false;
		frame->lumbar_deg = NAN;
		return;
	}
	frame->tilt_rate_deg_s = (float)rate_filter_step(
		&k->tilt_rate, DEG_PER_RAD * vec3_dot(pelvis->gyr, segment->axis));
	frame->pelvis_roll_deg = (float)(DEG_PER_RAD * segment_angles_lean(segment->axis,
							       segment->zero, pelvis->up));
	k->yaw_deg += TIMELINE_STEP_US * 1e-6 *
		      (DEG_PER_RAD * vec3_dot(pelvis->gyr, pelvis->up) - k->yaw_deg / YAW_LEAK_S);
	frame->pelvis_yaw_deg = (float)k->yaw_deg;
	/* decision-model.md, ruling 4: pelvis minus lumbar pitch, or the tilt as a proxy. */
	frame->lumbar_deg = isnan(lumbar) ? frame->tilt_deg : (float)(frame->tilt_deg - lumbar);
	if (isnan(lumbar))
		frame->quality |= CODE_BIT(LUMBAR_PROXY_USED);
}

static enum leg_freedom leg_freedom(const struct leg *leg, int64_t now_us)
{
	return !posture_is_moving(leg->machine.phase)   ? LEG_FREE
	       : posture_is_held(&leg->machine, now_us) ? LEG_HELD
							: LEG_BUSY;
}

/* Of a leg whose axis was not measured. False while nothing is known. */
static bool follow_own(struct leg *leg, const struct timeline_row *row)
{
	return leg_motion_row(&leg->motion, &row->cell[leg->thigh], leg_freedom(leg, row->t_us),
		&leg->own_deg, &leg->own_deg_s);
}

static double rate_of(struct leg *leg, bool is_known, double deg_s)
{
	if (is_known)
		return rate_filter_step(&leg->rate, deg_s);
	leg->rate.is_started = false;
	return NAN;
}

/* What is shown of it: as calibrated, or as learnt from its repetitions. */
static const struct calibration_segment *shown_segment(const struct kit_posture *k, unsigned side)
{
	const struct leg *leg = &k->leg[side];
	const struct calibration_segment *segment = kit_measure_segment(k, leg->thigh);

	return !leg->is_placed || leg->is_aside       ? NULL
	       : segment                              ? segment
	       : k->calibration.learnt[side].has_axis ? &k->calibration.learnt[side]
						      : NULL;
}

void kit_measure_leg(struct kit_posture *k, unsigned side, const struct timeline_row *row,
	struct posture_frame *frame)
{
	struct leg *leg = &k->leg[side];
	const struct timeline_cell *cell = &row->cell[leg->thigh];
	const struct calibration_segment *segment = shown_segment(k, side);
	bool is_learnt = kit_measure_is_learnt(k, side), is_followed = false;

	leg->own_deg = leg->own_deg_s = NAN;
	if (kit_measure_follows(k, side))
		is_followed = follow_own(leg, row);
	frame->elevation_deg[side] = (float)-turn_deg(segment, cell);
	frame->hip_flexion_deg[side] = frame->elevation_deg[side] + frame->tilt_deg;
	frame->speed_deg_s[side] = NAN;
	if (is_learnt) {
		bustle_row(&leg->bustle, cell);
		gait_row(&leg->gait, cell);
		leg->own_deg_s = rate_of(leg, is_followed, leg->own_deg_s);
		if (segment)
			frame->speed_deg_s[side] = (float)leg->own_deg_s;
	} else {
		bool is_known = segment && cell->has;

		frame->speed_deg_s[side] = (float)rate_of(leg, is_known,
			is_known ? -DEG_PER_RAD * vec3_dot(cell->gyr, segment->axis) : NAN);
	}
}

static bool is_bent(enum exercise exercise)
{
	return exercise == EXERCISE_SUPINE_BENT;
}

/* Angle between gravity in the trunk now and when calibrated; NAN: unknown. */
double kit_measure_trunk_off_deg(const struct kit_posture *k, const struct timeline_row *row)
{
	const struct calibration_segment *pelvis = kit_measure_segment(k, PLACEMENT_PELVIS);
	const struct timeline_cell *cell = &row->cell[PLACEMENT_PELVIS];

	return pelvis && cell->has ? DEG_PER_RAD * vec3_angle(pelvis->up_supine, cell->up) : NAN;
}

struct posture_input kit_measure_input(const struct kit_posture *k, unsigned leg,
	const struct timeline_row *row, const struct posture_frame *frame)
{
	double off_deg = kit_measure_trunk_off_deg(k, row);
	double other_deg = k->exercise == EXERCISE_HANG ? k->conf->other_limit_hang_deg
							: k->conf->other_limit_deg;
	double usual_deg = rep_usual_range_deg(&k->repetition.usual);
	bool is_learnt = kit_measure_is_learnt(k, leg), is_aside = k->leg[leg].is_aside;
	double elevation_deg = is_learnt ? k->leg[leg].own_deg : frame->elevation_deg[leg];

	return (struct posture_input){.t_us = row->t_us,
		.elevation_deg = elevation_deg,
		.speed_deg_s = is_learnt ? k->leg[leg].own_deg_s : frame->speed_deg_s[leg],
		.is_supine = is_aside || !(off_deg >= k->conf->supine_limit_deg),
		/* Without a pelvis sensor: a thigh far below the floor's plane means standing. */
		.is_other = is_aside         ? false
			    : isnan(off_deg) ? !is_learnt && elevation_deg < -other_deg
					     : off_deg > other_deg,
		.ready_elevation_deg = is_learnt              ? INFINITY
				       : is_bent(k->exercise) ? k->conf->ready_elevation_bent_deg
							      : k->conf->ready_elevation_deg,
		.start_elevation_deg = !is_learnt && is_bent(k->exercise)
					       ? k->conf->ready_elevation_bent_deg
					       : -INFINITY,
		.is_learnt = is_learnt,
		.is_arrival = row->t_us - k->leg[leg].known_us > ARRIVAL_US,
		.count_deg =
			rep_usual_count_deg(&k->repetition.usual, k->conf, k->conf->top_travel_deg),
		.usual_deg = isnan(usual_deg) ? POSTURE_USUAL_DEG : usual_deg};
}
