// SPDX-License-Identifier: MIT
#pragma once
/* One wearable's motion records to samples for the timeline: up, angular rate without bias, knock.
 * Owns its orientation filter, bridges lost packets, thins fast streams out, and notices gravity
 * that steps without the gyroscope having turned (decision-model.md, ruling 6). Pure value.
 */
#include "coxad/core/record.h"
#include "coxad/core/time/timeline.h"
#include "daemon/core/posture/orientation.h"

enum motion_flag {
	/* enum sample_flag below */
	MOTION_REST = 1 << 4,
	MOTION_UNSETTLED = 1 << 5, /* after a gap or saturation */
	MOTION_STEPPED = 1 << 6,   /* gravity stepped */
};

/* A step is told so long after it. */
#define MOTION_STEP_LAG_US 700000

struct motion_sensor {
	bool is_started;
	int64_t last_us;
	struct orientation orientation;
	struct vec3 smooth_acc;  /* m/s^2, below the knock's high-pass */
	struct vec3 resting_acc; /* 0.2 s mean in that frame */
	double doubt_deg;        /* what lost packets may have turned it unseen */
	double stepped_s;        /* for so long gravity has contradicted the filter */
	/* Where the filter held up to be, in the frame that the gyroscope holds still: now and
	 * then, so that the answer is older than what the filter has learnt of the step. */
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
/* RECORD_MOTION or RECORD_ORIENTATION. */
void motion_sensor_push(struct motion_sensor *sensor, const struct record *record,
	double step_limit_deg, motion_sensor_fn emit, void *user);
