// SPDX-License-Identifier: MIT
#pragma once
/* Keeps what a kit's posture tells, and holds it against a synthetic body. */
#include "tests/core/posture/synthetic-body.h"

#define WATCH_REPS   64
#define WATCH_FRAMES 30000

struct watch {
	const struct body_play *play; /* NULL: no now */
	unsigned n_reps, n_limits, n_results, n_frames, n_forgotten;
	struct posture_rep rep[WATCH_REPS];
	struct posture_frame limit[WATCH_REPS];
	int64_t limit_now_us[WATCH_REPS];
	struct calibration_result result[256];
	struct kit_calibration calibration;
	struct posture_frame *frame;                    /* as told, not redated */
	enum wearable_problem problem[PLACEMENT_COUNT]; /* as told */
	unsigned n_problems;
	int64_t frame_age_us; /* greatest, of live frames */
};

extern const struct kit_posture_ops watch_ops;

void watch_init(struct watch *watch, const struct body_play *play);
void watch_done(struct watch *watch);
/* RMS of frames minus truth from from_s on: tilt, left and right elevation, degrees. */
struct watch_error {
	double tilt_deg, elevation_deg[LEGS];
	unsigned n;
};
struct watch_error watch_compare(
	const struct watch *watch, const struct body *body, double from_s, double to_s);
const struct posture_frame *watch_at(const struct watch *watch, double t_s);
double watch_seconds(int64_t t_us);
