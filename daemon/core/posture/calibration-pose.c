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

int calibration_pose_accept_pelvis(struct calibration *c, double quality)
{
	measure_span(c);
	c->kit.is_calibrated = true;
	calibration_run_accept(c, quality);
	if (c->has_neutral && !c->kit.has_span)
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

static void default_thighs(struct calibration *c)
{
	for (unsigned leg = 0; leg < LEGS; leg++) {
		enum placement thigh = calibration_run_thigh(leg);
		struct calibration_segment *segment = &c->kit.segment[thigh];

		if (segment->has_axis || c->mean[thigh].n < pose_rows(c) / 2 ||
			c->exercise == EXERCISE_HANG)
			continue;
		segment->has_zero = default_axes_thigh(
			leg, mean_of(&c->mean[thigh]), &segment->axis, &segment->zero);
	}
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
	if (axis_from_neutral(c, placement, up, &axis) ||
		default_axes_trunk(c->exercise, up, &axis))
		segment->axis = axis;
	else
		is_known = false;
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

	if (!calibration_run_has(c, PLACEMENT_PELVIS)) {
		default_thighs(c);
		for (unsigned leg = 0; leg < LEGS; leg++)
			if (calibration_run_has(c, calibration_run_thigh(leg)) &&
				!c->kit.segment[calibration_run_thigh(leg)].has_zero)
				return calibration_run_reject(c, CALIBRATION_CODE_THIGH_MOUNTING,
					"The %s sensor's x axis does not point to the head. Do its leg-raise step.",
					calibration_run_part(calibration_run_thigh(leg)));
		c->kit.is_calibrated = true;
		return calibration_run_accept(c, quality);
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
	default_thighs(c);
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
