// SPDX-License-Identifier: MIT
#include "daemon/core/posture/calibration-movement.h"

#include <math.h>
#include <string.h>

#include "coxad/base/units.h"
#include "daemon/core/posture/calibration-pose.h"
#include "daemon/core/posture/segment-angles.h"

#define SWING_MOVES_DEG_S 4.0
/* A leg held up this long was not raised: it rests in another place now. */
#define HELD_ROWS     300
#define REST_ROWS_MIN 30
#define TILTS         3
#define RAISES        2

/* Tracks the excursion of one sensor from the zero. */
static void swing_row(struct calibration_swing *swing, struct vec3 zero, struct vec3 up,
	struct vec3 gyr, double out_deg)
{
	double away_deg = DEG_PER_RAD * vec3_angle(zero, up), step_s = TIMELINE_STEP_US * 1e-6;
	/* Hysteresis: it is back well inside the angle at which it counted as out. */
	double back_deg = fmax(fmin(0.3 * swing->peak_deg, 0.8 * out_deg), 0.4 * out_deg);

	if (vec3_norm(gyr) > SWING_MOVES_DEG_S * RAD_PER_DEG) {
		double *c = swing->covariance;

		c[0] += gyr.x * gyr.x;
		c[1] += gyr.x * gyr.y;
		c[2] += gyr.x * gyr.z;
		c[3] += gyr.y * gyr.y;
		c[4] += gyr.y * gyr.z;
		c[5] += gyr.z * gyr.z;
	}
	if (away_deg > swing->peak_deg) {
		swing->peak_deg = away_deg;
		if (swing->cycles == 0)
			swing->first_turn = vec3_add(swing->first_turn, vec3_scale(gyr, step_s));
	}
	if (away_deg > swing->greatest_deg)
		swing->greatest_deg = away_deg;
	if (!swing->is_out && away_deg > out_deg) {
		swing->is_out = true;
	} else if (swing->is_out && away_deg < back_deg) {
		swing->is_out = false;
		swing->peak_deg = 0;
		swing->cycles++;
	}
}

static int end_tilts(struct calibration *c)
{
	double quality = 0;

	for (unsigned i = 0; i < 2; i++) {
		enum placement placement = i ? PLACEMENT_LUMBAR : PLACEMENT_PELVIS;
		struct calibration_segment *segment = &c->kit.segment[placement];
		const struct calibration_swing *swing = &c->swing[placement];
		struct vec3 axis;
		double share = segment_angles_principal(swing->covariance, &axis);

		if (placement == PLACEMENT_PELVIS) {
			quality = share;
			if (share < c->conf->tilts_axis_share)
				return calibration_run_reject(c, CALIBRATION_CODE_TILTS_OFF_AXIS,
					"The pelvis turned to the side as well. Tilt it only "
					"forward and back.");
		} else if (!segment->has_zero || share < c->conf->tilts_axis_share ||
			   swing->greatest_deg < c->conf->tilts_out_deg) {
			continue;
		}
		/* From a flat back the pelvis can only tilt forward. */
		segment->axis = vec3_dot(axis, swing->first_turn) < 0 ? vec3_scale(axis, -1) : axis;
		segment->has_axis = true;
		c->unproven &= ~(1u << placement);
	}
	return calibration_pose_accept_pelvis(c, quality);
}

int calibration_movement_tilts_row(struct calibration *c, const struct timeline_row *row)
{
	for (unsigned i = 0; i < 2; i++) {
		enum placement placement = i ? PLACEMENT_LUMBAR : PLACEMENT_PELVIS;
		const struct timeline_cell *cell = &row->cell[placement];

		if (cell->has && c->kit.segment[placement].has_zero)
			swing_row(&c->swing[placement], c->kit.segment[placement].zero, cell->up,
				cell->gyr, c->conf->tilts_out_deg);
	}
	if (c->swing[PLACEMENT_PELVIS].cycles < TILTS) {
		if (c->swing[PLACEMENT_PELVIS].cycles)
			calibration_run_guide(c, CALIBRATION_CODE_TILTS_SO_FAR,
				"%u of %u pelvic tilts done.", c->swing[PLACEMENT_PELVIS].cycles,
				TILTS);
		return 0;
	}
	return end_tilts(c);
}

static int end_raises(struct calibration *c, enum placement thigh)
{
	struct calibration_segment *segment = &c->kit.segment[thigh];
	const struct calibration_swing *swing = &c->swing[thigh];
	enum calibration_proof proof;
	struct vec3 axis;
	double share = segment_angles_principal(swing->covariance, &axis);

	if (share < c->conf->raises_axis_share)
		return calibration_run_reject(c, CALIBRATION_CODE_RAISES_OFF_AXIS,
			"The leg swung to the side as well. Raise it straight up and down.");
	/* The axis points left, so a rising thigh turns negative. */
	axis = vec3_dot(axis, swing->first_turn) > 0 ? vec3_scale(axis, -1) : axis;
	proof = calibration_run_prove(
		c, thigh == PLACEMENT_THIGH_LEFT ? LEG_LEFT : LEG_RIGHT, axis);
	c->borrowed &= ~(1u << thigh);
	segment->axis = axis;
	segment->zero = segment->up_supine = c->zero;
	segment->has_axis = segment->has_zero = true;
	if (!calibration_run_has(c, PLACEMENT_PELVIS))
		c->kit.is_calibrated = true;
	calibration_run_accept(c, share);
	if (proof == CALIBRATION_PROOF_REFUTED && !c->kit.is_calibrated)
		calibration_run_remark(c, CALIBRATION_CODE_NOT_WORN_AS_BEFORE,
			"The sensors are not worn as last time. Do the flat-back step again.");
	return CALIBRATION_STATE_ACCEPTED;
}

static enum placement other_thigh(enum placement thigh)
{
	return thigh == PLACEMENT_THIGH_LEFT ? PLACEMENT_THIGH_RIGHT : PLACEMENT_THIGH_LEFT;
}

static const char *leg_word(enum placement thigh)
{
	return thigh == PLACEMENT_THIGH_LEFT ? "left" : "right";
}

static void watch_other(struct calibration *c, const struct timeline_cell *cell)
{
	if (!cell->has)
		return;
	if (!c->other.has_first) {
		c->other.has_first = true;
		c->other.first = cell->up;
	}
	c->other.turned_deg =
		fmax(c->other.turned_deg, DEG_PER_RAD * vec3_angle(c->other.first, cell->up));
}

/* Only the leg that should lie still moved: the wrong leg, or the two sensors are swapped. */
static bool is_wrong_leg(const struct calibration *c, enum placement thigh)
{
	return c->other.turned_deg > c->conf->raises_out_deg &&
	       c->swing[thigh].greatest_deg < c->conf->raises_onset_deg;
}

int calibration_movement_raise_row(struct calibration *c, const struct timeline_row *row)
{
	enum placement thigh = calibration_run_placement(c);
	const struct timeline_cell *cell = &row->cell[thigh];
	struct calibration_swing *swing = &c->swing[thigh];
	bool is_still = vec3_norm(cell->gyr) < SWING_MOVES_DEG_S * RAD_PER_DEG;
	struct vec3 sum = {0, 0, 0};

	watch_other(c, &row->cell[other_thigh(thigh)]);
	if (!cell->has)
		return 0;
	if (is_wrong_leg(c, thigh))
		calibration_run_guide(c, CALIBRATION_CODE_WRONG_LEG,
			"The %s leg is moving, not the %s. Use the other leg, or swap the two sensors.",
			leg_word(other_thigh(thigh)), leg_word(thigh));
	if (!c->is_moving) {
		if (is_still) {
			c->still[c->still_at] = cell->up;
			c->still_at = (c->still_at + 1) % CALIBRATION_STILL_ROWS;
			if (c->still_n < CALIBRATION_STILL_ROWS)
				c->still_n++;
		}
		if (c->still_n < REST_ROWS_MIN)
			return 0;
		for (unsigned i = 0; i < c->still_n; i++)
			sum = vec3_add(sum, c->still[i]);
		c->zero = vec3_unit(sum);
		if (vec3_angle(c->zero, cell->up) < c->conf->raises_onset_deg * RAD_PER_DEG)
			return 0;
		c->is_moving = true;
		c->held_rows = 0;
		memset(c->swing, 0, sizeof(c->swing));
	}
	swing_row(swing, c->zero, cell->up, cell->gyr, c->conf->raises_out_deg);
	c->held_rows = is_still && swing->is_out ? c->held_rows + 1 : 0;
	if (c->held_rows >= HELD_ROWS) {
		c->is_moving = false;
		c->still_at = c->still_n = 0;
	}
	if (swing->cycles >= RAISES)
		return end_raises(c, thigh);
	if (swing->cycles)
		calibration_run_guide(c, CALIBRATION_CODE_RAISES_SO_FAR,
			"%u of %u leg raises done.", swing->cycles, RAISES);
	return 0;
}

double calibration_movement_progress(const struct calibration *c)
{
	unsigned wanted = c->step == CALIBRATION_STEP_PELVIC_TILTS ? TILTS : RAISES;

	return fmin((double)c->swing[calibration_run_placement(c)].cycles / wanted, 1);
}

int calibration_movement_time_out(struct calibration *c)
{
	enum placement placement = calibration_run_placement(c);
	unsigned cycles = c->swing[placement].cycles;

	if (c->step == CALIBRATION_STEP_PELVIC_TILTS)
		return calibration_run_reject(c, CALIBRATION_CODE_TILTS_MISSING,
			"%u of %u pelvic tilts detected. Try again, slower and a little further.",
			cycles, TILTS);
	if (is_wrong_leg(c, placement))
		return calibration_run_reject(c, CALIBRATION_CODE_WRONG_LEG,
			"The %s leg moved, not the %s. Use the other leg, or swap the two sensors.",
			leg_word(other_thigh(placement)), leg_word(placement));
	return calibration_run_reject(c, CALIBRATION_CODE_RAISES_MISSING,
		"%u of %u leg raises detected. Try again, slower and a little higher.", cycles,
		RAISES);
}
