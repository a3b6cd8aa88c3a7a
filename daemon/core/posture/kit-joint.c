// SPDX-License-Identifier: MIT
#include "daemon/core/posture/kit-joint.h"

#include <math.h>

#include "coxad/base/units.h"
#include "daemon/core/posture/kit-measure.h"
#include "daemon/core/posture/segment-angles.h"

/* Hips flex to 120 degrees and extend to 10 to 30 (Roaas and Andersson 1982, AAOS 1965); to 140 in
 * the very mobile. With the error of a sensor on soft tissue: */
#define FLEXION_MOST_DEG  150.0
#define FLEXION_LEAST_DEG -45.0
/* Of a thigh against the floor, of whoever may stand: upright it is at -90. */
#define ELEVATION_LEAST_DEG -130.0
/* A pelvis tilts by 20 degrees in all (S28), here counted from its one end; twice that, and soft
 * tissue. Beyond it the trunk sits or stands up, which is no tilt. */
#define TILT_MOST_DEG 45.0
/* Hanging, it follows the legs by 0.36 of what the hips flex (S29), and all the way up to the bar. */
#define TILT_HANG_LEAST_DEG -120.0
/* Lumbar spines flex by 60 degrees and extend by 25 (AAOS 1965). */
#define LUMBAR_LEAST_DEG -80.0
#define LUMBAR_MOST_DEG  45.0
/* Gravity nearly along the axis tells no angle about it: lying on the side. */
#define LEAN_MOST_DEG 45.0
/* A filter that has gone astray finds back sooner. */
#define HOLD_US 500000

static bool tells_angle(
	const struct kit_posture *k, enum placement placement, const struct timeline_row *row)
{
	const struct calibration_segment *segment = kit_measure_segment(k, placement);
	const struct timeline_cell *cell = &row->cell[placement];

	return segment && cell->has &&
	       DEG_PER_RAD * fabs(segment_angles_lean(segment->axis, segment->zero, cell->up)) <
		       LEAN_MOST_DEG;
}

static bool is_outside(double deg, double least_deg)
{
	return deg > FLEXION_MOST_DEG || deg < least_deg;
}

static void hide(struct posture_frame *frame, unsigned leg)
{
	frame->elevation_deg[leg] = frame->hip_flexion_deg[leg] = frame->speed_deg_s[leg] = NAN;
	frame->quality |= CODE_BIT(SENSOR_FAULTY);
}

/* True where no pose explains it. */
static bool check_leg(const struct kit_posture *k, unsigned leg, const struct timeline_row *row,
	struct posture_frame *frame)
{
	double elevation_deg = frame->elevation_deg[leg];
	double flexion_deg = remainder(frame->hip_flexion_deg[leg], 360);
	bool is_supine = kit_measure_trunk_off_deg(k, row) < k->conf->supine_limit_deg;
	bool is_impossible;

	frame->hip_flexion_deg[leg] = (float)flexion_deg;
	is_impossible = (is_supine && is_outside(elevation_deg, FLEXION_LEAST_DEG)) ||
			(is_outside(flexion_deg, FLEXION_LEAST_DEG) &&
				tells_angle(k, PLACEMENT_PELVIS, row) &&
				tells_angle(k, k->leg[leg].thigh, row));
	if (is_impossible || is_outside(elevation_deg, ELEVATION_LEAST_DEG) ||
		fabsf(frame->speed_deg_s[leg]) > POSTURE_SPEED_MOST_DEG_S)
		hide(frame, leg);
	else if (is_outside(flexion_deg, FLEXION_LEAST_DEG))
		frame->hip_flexion_deg[leg] = NAN;
	return is_impossible;
}

static bool is_tilt(const struct kit_posture *k, double deg)
{
	double least_deg = k->exercise == EXERCISE_HANG ? TILT_HANG_LEAST_DEG : -TILT_MOST_DEG;

	return deg > least_deg && deg < TILT_MOST_DEG;
}

/* Of what a spine cannot do nothing is told. */
static void check_trunk(
	const struct kit_posture *k, const struct timeline_row *row, struct posture_frame *frame)
{
	double lumbar_deg = remainder(frame->lumbar_deg, 360);
	bool is_lumbar_off = tells_angle(k, PLACEMENT_LUMBAR, row) &&
			     (lumbar_deg < LUMBAR_LEAST_DEG || lumbar_deg > LUMBAR_MOST_DEG);
	bool is_seen = tells_angle(k, PLACEMENT_PELVIS, row);
	bool is_impossible = is_seen && (is_lumbar_off || fabsf(frame->tilt_rate_deg_s) >
								  POSTURE_SPEED_MOST_DEG_S);

	frame->has_pelvis = !isnan(frame->tilt_deg) && !is_impossible;
	if (is_impossible)
		frame->quality |= CODE_BIT(SENSOR_FAULTY);
	if (!is_seen || is_impossible || !is_tilt(k, frame->tilt_deg))
		frame->tilt_deg = frame->tilt_rate_deg_s = frame->lumbar_deg = NAN;
}

bool kit_joint_check(
	struct kit_posture *k, const struct timeline_row *row, struct posture_frame *frame)
{
	bool is_impossible = false;

	for (unsigned leg = 0; leg < LEGS; leg++)
		is_impossible |= check_leg(k, leg, row, frame);
	check_trunk(k, row, frame);
	if (!is_impossible)
		k->impossible_us = T_NEVER;
	else if (k->impossible_us == T_NEVER)
		k->impossible_us = row->t_us;
	return is_impossible && row->t_us - k->impossible_us >= HOLD_US;
}
