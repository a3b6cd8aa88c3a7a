// SPDX-License-Identifier: MIT
#pragma once
/* A synthetic body that follows a script, and the kit posture that watches it: for the tests of the
 * whole way from samples to repetitions. What is off fails the test.
 */
#include <stdint.h>

#include "tests/core/posture/watch.h"

#define SCENE_KIT                                                                                  \
	((1u << PLACEMENT_PELVIS) | (1u << PLACEMENT_THIGH_LEFT) | (1u << PLACEMENT_THIGH_RIGHT))

struct scene {
	struct analysis_conf conf;
	struct body body;
	struct body_play play;
	struct watch watch;
	struct kit_posture *posture;
	double t_s; /* script so far */
};

/* COXAD_TEST_SEED, or 1. */
uint64_t scene_seed(void);
/* A calibrated kit on sensors mounted at random. */
void scene_open(struct scene *scene, enum exercise exercise, double rate_hz, uint64_t s);
/* Tilt at rest against flat back; scene_open takes 8.7. */
void scene_open_with_span(
	struct scene *scene, enum exercise exercise, double rate_hz, uint64_t s, double span_deg);
void scene_play(struct scene *scene);
void scene_close(struct scene *scene);
/* One repetition of the sides in the mask, a pause after it. */
void scene_raise_legs(struct scene *scene, unsigned sides, double up_s, double hold_s,
	double down_s, double from_deg, double to_deg);
/* First instant from t_s on at which the speed passes a level upward (sign 1) or downward. */
double scene_crossing(const struct body_track *track, double from_s, double level, int sign);
/* Phases within 0.1 s, angles within 1.5 degrees. */
void scene_check_boundaries(
	const struct posture_rep *rep, const struct body_track *track, double start_s);
void scene_check_angles(struct scene *scene, double from_s);
/* The result of the n-th calibration step that is over, from 0; fails the test if there is none. */
const struct calibration_result *scene_over(const struct scene *scene, unsigned n);
