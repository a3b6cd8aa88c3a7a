// SPDX-License-Identifier: MIT
#include "daemon/core/posture/calibration-pose.h"

#include <math.h>

#include "coxad/base/units.h"
#include "daemon/core/posture/default-axes.h"
#include "daemon/core/posture/segment-angles.h"

static unsigned pose_rows(const struct calibration *c)
{
	return (unsigned)(c->conf->pose_hold_s * US_PER_S / TIMELINE_STEP_US);
}

double calibration_pose_progress(const struct calibration *c)
{
	return (double)c->still_rows / pose_rows(c);
}

static double span_deg(const struct calibration *c)
{
	const struct calibration_segment *pelvis = &c->kit.segment[PLACEMENT_PELVIS];

	return DEG_PER_RAD *
	       segment_angles_turn(pelvis->axis, pelvis->zero, c->neutral[PLACEMENT_PELVIS]);
}

static void measure_span(struct calibration *c)
{
	double span;

	c->kit.has_span = false;
	c->kit.span_deg = c->conf->span_default_deg;
	if (!c->has_neutral || !c->kit.segment[PLACEMENT_PELVIS].has_zero)
		return;
	span = span_deg(c);
	if (span < c->conf->span_min_deg || span > c->conf->span_max_deg)
		return;
	c->kit.span_deg = span;
	c->kit.has_span = true;
}

static void ask_for_a_raise(struct calibration *c)
{
	calibration_run_remark(c, CALIBRATION_CODE_RAISE_TO_CONFIRM,
		"Worn as last time, it seems. Raise a leg once to confirm; form is judged from then on.");
}

int calibration_pose_accept_pelvis(struct calibration *c, double quality)
{
	measure_span(c);
	c->kit.is_calibrated = !c->unproven;
	calibration_run_accept(c, quality);
	if (c->unproven)
		ask_for_a_raise(c);
	else if (c->has_neutral && !c->kit.has_span)
		calibration_run_remark(c, CALIBRATION_CODE_DEFAULT_SPAN,
			"Neutral and flat-back differ by %.1f degrees, not %g to %g. Using the usual %g.",
			span_deg(c), c->conf->span_min_deg, c->conf->span_max_deg,
			c->conf->span_default_deg);
	return CALIBRATION_STATE_ACCEPTED;
}

static struct vec3 mean_of(const struct calibration_mean *mean)
{
	return vec3_unit(mean->sum);
}

/* Of a thigh in either pose on the back, with some doubt. */
#define THIGH_LEAST_DEG -15.0
#define THIGH_MOST_DEG  100.0

/* A thigh that was measured today may have rolled by so much since. */
#define ROLLED_DEG 35.0

/* Gravity is where it would be if the sensor were worn so, out of its plane by less. */
static bool agrees(enum placement placement, const struct calibration_segment *worn, struct vec3 up,
	double limit_deg)
{
	double limit = limit_deg * RAD_PER_DEG, elevation_deg;

	if (!worn->has_axis || !worn->has_zero)
		return false;
	if (placement != PLACEMENT_THIGH_LEFT && placement != PLACEMENT_THIGH_RIGHT)
		return vec3_angle(worn->up_supine, up) < limit;
	elevation_deg = -DEG_PER_RAD * segment_angles_turn(worn->axis, worn->zero, up);
	return fabs(segment_angles_lean(worn->axis, worn->zero, up)) < limit &&
	       elevation_deg > THIGH_LEAST_DEG && elevation_deg < THIGH_MOST_DEG;
}

/* Flat-back alone, of a sensor worn as last time. */
static bool is_worn_again(const struct calibration *c, enum placement placement, struct vec3 up)
{
	return !c->has_neutral &&
	       agrees(placement, &c->remembered[placement], up, c->conf->shift_limit_deg);
}

/* From its movement, from last time, or by default. */
static void know_thigh(struct calibration *c, unsigned leg)
{
	enum placement thigh = calibration_run_thigh(leg);
	struct calibration_segment *segment = &c->kit.segment[thigh];
	struct vec3 up = mean_of(&c->mean[thigh]);

	if (c->mean[thigh].n < pose_rows(c) / 2)
		return;
	if (segment->has_axis && agrees(thigh, segment, up, ROLLED_DEG))
		return;
	*segment = (struct calibration_segment){0};
	if (agrees(thigh, &c->learnt[leg], up, ROLLED_DEG)) {
		*segment = c->learnt[leg];
	} else if (is_worn_again(c, thigh, up)) {
		*segment = c->remembered[thigh];
		c->unproven |= 1u << thigh;
	} else if (c->exercise != EXERCISE_HANG) {
		segment->has_zero = default_axes_thigh(leg, up, &segment->axis, &segment->zero);
	}
}

static void know_thighs(struct calibration *c)
{
	for (unsigned leg = 0; leg < LEGS; leg++)
		know_thigh(c, leg);
}

/* An earlier flat-back took them as worn last time; this one looks again. */
static void drop_unproven(struct calibration *c)
{
	for (unsigned i = 0; i < PLACEMENT_COUNT; i++)
		if (c->unproven >> i & 1)
			c->kit.segment[i] = (struct calibration_segment){0};
	c->unproven = 0;
}

/* The axis of the turn between two poses of the pelvis: neutral is tilted forward. */
static bool axis_from_neutral(
	const struct calibration *c, enum placement placement, struct vec3 flat, struct vec3 *ret)
{
	struct vec3 cross = vec3_cross(c->neutral[placement], flat);
	double angle_deg = DEG_PER_RAD * asin(fmin(vec3_norm(cross), 1));

	if (!c->has_neutral || angle_deg < c->conf->span_min_deg ||
		angle_deg > c->conf->span_max_deg)
		return false;
	*ret = vec3_unit(cross);
	return true;
}

static bool zero_trunk(struct calibration *c, enum placement placement)
{
	struct calibration_segment *segment = &c->kit.segment[placement];
	struct vec3 up = mean_of(&c->mean[placement]), axis;
	bool is_known = true;

	/* Worn as before, its functional axis is still valid. */
	if (segment->has_axis &&
		vec3_angle(segment->up_supine, up) > c->conf->shift_limit_deg * RAD_PER_DEG)
		segment->has_axis = false;
	segment->zero = segment->up_supine = up;
	segment->has_zero = true;
	if (segment->has_axis)
		return true;
	if (axis_from_neutral(c, placement, up, &axis)) {
		segment->axis = axis;
	} else if (is_worn_again(c, placement, up)) {
		segment->axis = c->remembered[placement].axis;
		segment->has_axis = true;
		c->unproven |= 1u << placement;
	} else if (default_axes_trunk(c->exercise, up, &axis)) {
		segment->axis = axis;
	} else {
		is_known = false;
	}
	return is_known;
}

/* Flat-back alone gives the zero, but no axes for a leg that is worn in another way: that leg needs
 * its own step. */
static void ask_for_raises(struct calibration *c)
{
	for (unsigned leg = 0; leg < LEGS && !c->has_neutral; leg++)
		if (!c->guidance.code && calibration_run_has(c, calibration_run_thigh(leg)) &&
			!c->kit.segment[calibration_run_thigh(leg)].has_zero)
			calibration_run_remark(c, CALIBRATION_CODE_LEG_RAISE_NEEDED,
				"Do the leg-raise step for the %s too: its angle is unknown until then.",
				calibration_run_part(calibration_run_thigh(leg)));
}

static double neutral_differs_deg(const struct calibration *c)
{
	return DEG_PER_RAD *
	       vec3_angle(c->neutral[PLACEMENT_PELVIS], c->kit.segment[PLACEMENT_PELVIS].up_supine);
}

static int end_flat_back(struct calibration *c, double quality)
{
	bool is_worn_as_expected;
	int r;

	drop_unproven(c);
	if (!calibration_run_has(c, PLACEMENT_PELVIS)) {
		know_thighs(c);
		for (unsigned leg = 0; leg < LEGS; leg++)
			if (calibration_run_has(c, calibration_run_thigh(leg)) &&
				!c->kit.segment[calibration_run_thigh(leg)].has_zero)
				return calibration_run_reject(c, CALIBRATION_CODE_THIGH_MOUNTING,
					"The %s sensor's x axis does not point to the head. Do its leg-raise step.",
					calibration_run_part(calibration_run_thigh(leg)));
		c->kit.is_calibrated = !c->unproven;
		r = calibration_run_accept(c, quality);
		if (c->unproven)
			ask_for_a_raise(c);
		return r;
	}
	is_worn_as_expected = zero_trunk(c, PLACEMENT_PELVIS);
	if (calibration_run_has(c, PLACEMENT_LUMBAR) &&
		c->mean[PLACEMENT_LUMBAR].n > pose_rows(c) / 2 && !zero_trunk(c, PLACEMENT_LUMBAR))
		c->kit.segment[PLACEMENT_LUMBAR].has_zero = false;
	if (!is_worn_as_expected) {
		c->kit.is_calibrated = false;
		if (c->has_neutral && neutral_differs_deg(c) < c->conf->span_min_deg)
			return calibration_run_reject(c, CALIBRATION_CODE_NOT_RELAXED,
				"Neutral and flat-back differ by only %.1f degrees. Do neutral again, relaxed.",
				neutral_differs_deg(c));
		return calibration_run_reject(c, CALIBRATION_CODE_PELVIS_MOUNTING,
			"The pelvis sensor is not worn x to the head, z outward. Do the pelvic-tilts step.");
	}
	know_thighs(c);
	r = calibration_pose_accept_pelvis(c, quality);
	ask_for_raises(c);
	return r;
}

int calibration_pose_row(struct calibration *c, const struct timeline_row *row)
{
	const struct timeline_cell *cell = &row->cell[calibration_run_placement(c)];
	double rate_deg_s = DEG_PER_RAD * vec3_norm(cell->gyr), quality;

	if (!cell->has)
		return 0;
	if (rate_deg_s > c->conf->pose_still_deg_s) {
		calibration_run_clear(c);
		calibration_run_guide(c, CALIBRATION_CODE_HOLD_STILL,
			"That was a movement. Keep still for 3 seconds.");
		return 0;
	}
	c->motion_deg2_s2 += rate_deg_s * rate_deg_s;
	for (unsigned i = 0; i < PLACEMENT_COUNT; i++)
		if (row->cell[i].has) {
			c->mean[i].sum = vec3_add(c->mean[i].sum, row->cell[i].up);
			c->mean[i].n++;
		}
	if (++c->still_rows < pose_rows(c))
		return 0;
	quality = 1 - sqrt(c->motion_deg2_s2 / c->still_rows) / c->conf->pose_still_deg_s;
	if (c->step == CALIBRATION_STEP_FLAT_BACK)
		return end_flat_back(c, quality);
	for (unsigned i = 0; i < PLACEMENT_COUNT; i++)
		if (c->mean[i].n > pose_rows(c) / 2)
			c->neutral[i] = mean_of(&c->mean[i]);
	c->has_neutral = true;
	return calibration_run_accept(c, quality);
}
