// SPDX-License-Identifier: MIT
#pragma once
/* Turns one wearable's motion records into samples for the timeline: up, angular rate without bias,
 * knock. Owns the orientation filter, bridges lost packets, decimates fast streams, and detects a
 * step of gravity that the gyroscope did not see (decision-model.md, ruling 6). What a stuck or
 * defective sensor sends is not passed on. Pure value.
 */
#include "coxad/core/record.h"
#include "coxad/core/time/timeline.h"
#include "daemon/core/posture/gravity-check.h"
#include "daemon/core/posture/orientation.h"
#include "daemon/core/posture/stuck-axes.h"

enum motion_flag {
	/* enum sample_flag below */
	MOTION_REST = 1 << 4,
	MOTION_UNSETTLED = 1 << 5, /* after a gap or saturation */
	MOTION_STEPPED = 1 << 6,   /* gravity stepped */
};

/* A step is detected this long after it. */
#define MOTION_STEP_LAG_US 700000

struct motion_sensor {
	bool is_started;
	int64_t last_us;
	enum wearable_problem problem;
	struct stuck_axes stuck;
	struct gravity_check gravity;
	struct orientation orientation;
	struct vec3 smooth_acc;  /* m/s^2, below the knock's high-pass */
	struct vec3 resting_acc; /* 0.2 s mean in that frame */
	double doubt_deg;        /* how far it may have turned during lost packets */
	double stepped_s;        /* how long gravity has contradicted the filter */
	/* Up according to the filter, in the gyroscope's inertial frame: two snapshots, so that the
	 * older one predates what the filter has learnt of a step. */
	struct vec3 held_up[2];
	double held_s; /* age of the newer */
	bool has_held[2];
	/* Of the sample being gathered. */
	unsigned gathered;
	int64_t emitted_us; /* the last one */
	struct vec3 gyr_sum;
	float knock_g;
	uint16_t flags;
	/* Last orientation record or accelerometer sample, for wearables without a gyroscope. */
	struct quat last_quat;
	struct vec3 last_up;
};

typedef void (*motion_sensor_fn)(const struct timeline_sample *sample, void *user);

void motion_sensor_init(struct motion_sensor *sensor);
/* It went away: what it will say when it is back is not held against what it said. */
void motion_sensor_forget(struct motion_sensor *sensor);
/* How long before its problem was found it may have begun. */
double motion_sensor_doubt_s(const struct motion_sensor *sensor);
/* RECORD_MOTION or RECORD_ORIENTATION. */
void motion_sensor_push(struct motion_sensor *sensor, const struct record *record,
	double step_limit_deg, motion_sensor_fn emit, void *user);
