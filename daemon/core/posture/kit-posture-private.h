// SPDX-License-Identifier: MIT
#pragma once
/* The state of a kit's posture, shared by kit-posture (life, input, time, query), kit-measure (a
 * row to angles), kit-movement (phases and repetitions), kit-calibration and kit-frame (which calls
 * them in order and publishes the frame).
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/base/biquad.h"
#include "coxad/core/posture/kit-posture.h"
#include "coxad/core/time/timeline.h"
#include "daemon/core/posture/axis-learner.h"
#include "daemon/core/posture/bustle.h"
#include "daemon/core/posture/calibration.h"
#include "daemon/core/posture/frame-ring.h"
#include "daemon/core/posture/gait.h"
#include "daemon/core/posture/leg-motion.h"
#include "daemon/core/posture/motion-sensor.h"
#include "daemon/core/posture/posture.h"
#include "daemon/core/posture/repetition.h"
#include "daemon/core/posture/sensor-shift.h"

struct rate_filter {
	bool is_started;
	struct biquad_state state;
};

struct leg {
	enum placement thigh;
	bool is_placed;
	/* Calibrated, but it lies on the side; it may have changed since, T_NEVER: it has not. */
	bool is_aside;
	int64_t turned_us;
	struct posture machine;
	struct rate_filter rate;
	struct leg_motion motion;
	/* By its own motion, while that is followed. */
	double own_deg, own_deg_s;
	struct axis_learner learner;
	bool is_as_assumed; /* a raise has turned about the axis that flat-back assumed */
	struct bustle bustle;
	struct gait gait;
	bool is_bustling; /* told to the trace */
	/* The last row with data. */
	int64_t known_us;
	double known_deg, known_deg_s;
	unsigned number;  /* of the running repetition, 0: none */
	bool was_limited; /* the limit was reported in this repetition */
};

struct kit_posture {
	char kit[NAME_SIZE];
	const struct analysis_conf *conf;
	enum exercise exercise;
	uint32_t placements;
	const struct kit_posture_ops *ops, *user_ops;
	void *user;
	struct trace trace;

	int64_t now_us;
	bool has_session;
	struct timeline *timeline;    /* of both views */
	struct motion_sensor *sensor; /* PLACEMENT_COUNT */
	/* While the timeline is split this is the whole view, and live, which began as a copy, the
	 * live one: it shows frames and cues, but neither counts nor calibrates. */
	struct kit_posture *live;
	struct kit_posture_ops live_ops, whole_ops;
	bool is_split, is_live, was_online;
	uint32_t linked, faulty; /* masks of 1 << PLACEMENT */
	struct calibration calibration;
	/* Asked for while the step before may still be completed by rows to come. */
	enum calibration_step next_step;
	int64_t next_step_us; /* T_NEVER: none */
	struct sensor_shift shift;
	struct leg leg[LEGS];
	struct bustle trunk;
	struct rate_filter tilt_rate;
	double yaw_deg;
	int64_t rest_us; /* all sensors rest since; T_NEVER: they do not */
	bool is_resting;
	int64_t impossible_us; /* the angles are, since; T_NEVER: they are not */
	uint64_t late_before;
	struct repetition repetition;
	struct frame_ring ring;
	struct posture_frame last;
	enum placement pushing;
};

/* Its samples show a segment, and it should have sent them. */
static inline bool kit_posture_is_awaited(const struct kit_posture *k, unsigned placement)
{
	uint32_t segments = 1u << PLACEMENT_PELVIS | 1u << PLACEMENT_LUMBAR |
			    1u << PLACEMENT_THIGH_LEFT | 1u << PLACEMENT_THIGH_RIGHT;

	return (k->placements & segments & k->linked & ~k->faulty) >> placement & 1;
}

static inline bool kit_posture_has_placement(const struct kit_posture *k, enum placement placement)
{
	return k->placements >> placement & 1;
}
