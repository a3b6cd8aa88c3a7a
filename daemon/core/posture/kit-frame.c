// SPDX-License-Identifier: MIT
#include "daemon/core/posture/kit-frame.h"

#include <math.h>

#include "coxad/base/units.h"
#include "daemon/core/posture/kit-aside.h"
#include "daemon/core/posture/kit-calibration.h"
#include "daemon/core/posture/kit-joint.h"
#include "daemon/core/posture/kit-learn.h"
#include "daemon/core/posture/kit-measure.h"
#include "daemon/core/posture/kit-movement.h"

#define TRACE_ANGLE_US 100000

static void follow_rest(struct kit_posture *k, const struct timeline_row *row)
{
	bool all = row->is_online;

	for (unsigned i = 0; i < PLACEMENT_ROOM; i++)
		if (row->cell[i].is_online && row->cell[i].has)
			all &= (row->cell[i].flags_all & MOTION_REST) != 0;
	if (!all)
		k->rest_us = T_NEVER;
	else if (k->rest_us == T_NEVER)
		k->rest_us = row->t_us;
	k->is_resting = k->rest_us != T_NEVER &&
			(double)(row->t_us - k->rest_us) >= k->conf->rest_hold_s * US_PER_S;
	if (k->is_resting)
		k->yaw_deg = 0;
}

static bool counts(const struct kit_posture *k)
{
	return !k->calibration.has_begun && k->exercise != EXERCISE_GENERIC_CORE;
}

static enum phase leg_phase(struct kit_posture *k, unsigned side, const struct timeline_row *row,
	const struct posture_frame *frame)
{
	struct leg *leg = &k->leg[side];
	struct posture_input in;

	if (!leg->is_placed || !row->cell[leg->thigh].is_online) {
		if (leg->machine.phase != PHASE_OTHER)
			kit_movement_lose(k, side);
		leg_motion_forget(&leg->motion);
		return PHASE_OFFLINE;
	}
	if (counts(k)) {
		in = kit_measure_input(k, side, row, frame);
		kit_movement_step(k, side, &in);
	}
	if (!k->calibration.kit.is_calibrated || !kit_measure_segment(k, leg->thigh))
		return PHASE_UNCAL;
	return leg->is_aside ? PHASE_OTHER : k->is_resting ? PHASE_REST : leg->machine.phase;
}

/* Trunk only: generic core, or a kit without thigh sensors. */
static enum phase trunk_phase(const struct kit_posture *k, const struct timeline_row *row)
{
	struct posture_input in = {.is_supine = true};
	struct posture_frame none = {.elevation_deg = {NAN, NAN}, .speed_deg_s = {NAN, NAN}};

	if (!row->is_online)
		return PHASE_OFFLINE;
	if (!k->calibration.kit.is_calibrated)
		return PHASE_UNCAL;
	if (k->is_resting)
		return PHASE_REST;
	in = kit_measure_input(k, LEG_LEFT, row, &none);
	return in.is_other || !in.is_supine ? PHASE_OTHER : PHASE_READY;
}

static void mark_quality(
	struct kit_posture *k, const struct timeline_row *row, struct posture_frame *frame)
{
	uint64_t late = 0;

	if (!row->cell[PLACEMENT_PELVIS].is_online || !row->cell[PLACEMENT_PELVIS].has)
		frame->quality |= CODE_BIT(PELVIS_SENSOR_MISSING);
	if (k->exercise != EXERCISE_GENERIC_CORE)
		for (unsigned leg = 0; leg < LEGS; leg++)
			if (!row->cell[k->leg[leg].thigh].is_online ||
				!row->cell[k->leg[leg].thigh].has)
				frame->quality |= CODE_BIT(THIGH_SENSOR_MISSING);
	if (!k->calibration.kit.is_calibrated)
		frame->quality |= CODE_BIT(UNCALIBRATED);
	if (k->calibration.has_shifted)
		frame->quality |= CODE_BIT(SENSOR_SHIFT);
	if (k->faulty)
		frame->quality |= CODE_BIT(SENSOR_FAULTY);
	for (unsigned i = 0; i < PLACEMENT_COUNT; i++) {
		if (k->is_live && kit_posture_is_awaited(k, i) && !row->cell[i].has)
			frame->quality |= CODE_BIT(LATE_DATA);
		if (row->cell[i].flags_any & (SAMPLE_ACC_CLIPPED | SAMPLE_GYR_CLIPPED))
			frame->quality |= CODE_BIT(RANGE_CLIPPED);
		late += k->timeline->channel[i].late;
	}
	if (late != k->late_before)
		frame->quality |= CODE_BIT(LATE_DATA);
	k->late_before = late;
}

static void hide_leg(struct posture_frame *frame, unsigned leg)
{
	frame->elevation_deg[leg] = frame->hip_flexion_deg[leg] = frame->speed_deg_s[leg] = NAN;
}

/* Of a kit that is not calibrated. What its movement has shown is known. */
static void hide_angles(const struct kit_posture *k, struct posture_frame *frame)
{
	for (unsigned leg = 0; leg < LEGS; leg++) {
		if (!kit_measure_is_learnt(k, leg))
			hide_leg(frame, leg);
		frame->hip_flexion_deg[leg] = NAN;
	}
	frame->tilt_deg = frame->tilt_rate_deg_s = frame->lumbar_deg = NAN;
	frame->pelvis_roll_deg = frame->pelvis_yaw_deg = NAN;
}

static bool goes_down(const struct kit_posture *k, const struct posture_frame *frame, unsigned leg)
{
	return frame->phase[leg] == PHASE_LOWER &&
	       frame->speed_deg_s[leg] < -k->conf->still_speed_deg_s;
}

/* The pelvis has left its limit while a leg goes down: reported once per repetition. */
static void watch_limit(struct kit_posture *k, const struct posture_frame *frame)
{
	bool goes_down_now = false, was_reported = false;

	if (!(frame->tilt_deg > kit_measure_tilt_limit_deg(k)))
		return;
	for (unsigned leg = 0; leg < LEGS; leg++)
		if (goes_down(k, frame, leg)) {
			goes_down_now = true;
			was_reported |= k->leg[leg].was_limited;
		}
	if (!goes_down_now)
		return;
	for (unsigned leg = 0; leg < LEGS; leg++)
		if (k->leg[leg].number)
			k->leg[leg].was_limited = true;
	if (!was_reported)
		k->ops->limit(k->user, frame);
}

/* For pictures: of a leg that is not calibrated no message shows the angle. */
static void trace_angles(
	const struct kit_posture *k, int64_t t_us, const struct frame_motion *motion)
{
	if (!trace_is_on(&k->trace, TRACE_ANGLE) || t_us % TRACE_ANGLE_US)
		return;
	for (unsigned leg = 0; leg < LEGS; leg++)
		if (!isnan(motion->elevation_deg[leg]))
			TRACE(&k->trace, ANGLE, t_us, "%s %.2f deg, %.1f deg/s, %s%s",
				side_to_string(kit_posture_side_of(leg)),
				motion->elevation_deg[leg], motion->speed_deg_s[leg],
				phase_to_string(k->leg[leg].machine.phase),
				kit_measure_is_learnt(k, leg) ? ", not calibrated" : "");
}

void kit_frame_make(struct kit_posture *k, const struct timeline_row *row)
{
	struct posture_frame frame = {.t_us = row->t_us};
	struct frame_motion motion;

	kit_calibration_row(k, row);
	follow_rest(k, row);
	kit_aside_row(k, row);
	kit_measure_pelvis(k, row, &frame);
	bustle_row(&k->trunk, &row->cell[PLACEMENT_PELVIS]);
	for (unsigned leg = 0; leg < LEGS; leg++)
		kit_measure_leg(k, leg, row, &frame);
	if (kit_joint_check(k, row, &frame))
		kit_calibration_shifted(k, row->t_us, k->impossible_us);
	kit_calibration_check_rest(k, &frame);
	kit_learn_row(k, row);
	mark_quality(k, row, &frame);
	for (unsigned i = 0; i < PLACEMENT_COUNT; i++) {
		motion.knock_g[i] = row->cell[i].has ? row->cell[i].knock_g : NAN;
		frame.knock_g = fmaxf(frame.knock_g, row->cell[i].knock_g);
	}
	for (unsigned leg = 0; leg < LEGS; leg++) {
		frame.phase[leg] = leg_phase(k, leg, row, &frame);
		motion.elevation_deg[leg] = frame.elevation_deg[leg];
		motion.speed_deg_s[leg] = frame.speed_deg_s[leg];
		if (kit_measure_is_learnt(k, leg)) {
			motion.elevation_deg[leg] = (float)k->leg[leg].own_deg;
			motion.speed_deg_s[leg] = (float)k->leg[leg].own_deg_s;
		}
	}
	trace_angles(k, row->t_us, &motion);
	motion.tilt_deg = frame.tilt_deg;
	frame.rep = k->repetition.begun;
	frame_ring_join_sides(&frame);
	if (k->exercise == EXERCISE_GENERIC_CORE ||
		!(k->leg[LEG_LEFT].is_placed || k->leg[LEG_RIGHT].is_placed))
		frame.phase[LEG_LEFT] = frame.phase[LEG_RIGHT] = frame.phase_kit =
			trunk_phase(k, row);
	if (!k->calibration.kit.is_calibrated)
		hide_angles(k, &frame);
	frame_ring_push(&k->ring, &frame, &motion);
	k->last = frame;
	k->ops->frame(k->user, &frame);
	if (k->ops->live && (row->is_online || k->was_online))
		k->ops->live(k->user, &frame);
	k->was_online = row->is_online;
	watch_limit(k, &frame);
	kit_movement_advance(k, row->t_us);
	kit_learn_advance(k, row->t_us);
}
