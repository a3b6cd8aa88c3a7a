// SPDX-License-Identifier: MIT
#pragma once
/* A scene of a body whose sensors are worn in some way that no guided calibration has measured. */
#include "tests/core/posture/scene.h"

/* x to the head, z out of the front of the body. */
struct quat axes_scene_as_expected(void);
/* Turned about the vertical of the pose in which flat-back is done: gravity cannot show it. */
struct quat axes_scene_turned_in_pose(double turn_rad);
/* A body that lies flat, its sensors worn in any way, the pelvis' as given. */
void axes_scene_open_uncalibrated(
	struct scene *scene, double rate_hz, uint64_t seed, struct quat pelvis);
void axes_scene_move_legs(struct scene *scene, double t_s, double move_s, double deg);
void axes_scene_ask_for_flat_back(struct scene *scene, double t_s);
/* Hook-lying with the back pressed down, then flat again. */
void axes_scene_lie_for_flat_back(struct scene *scene);
/* Hook-lying from the beginning, so that nothing is known of the legs. */
void axes_scene_begin_drawn_up(struct scene *scene);
void axes_scene_raise(struct scene *scene, unsigned sides, unsigned n);
/* Greatest error of a leg's elevation where it is known, and in how many frames that is. */
double axes_scene_worst_deg(
	const struct scene *scene, unsigned leg, double from_s, unsigned *ret_n);
/* Both within three degrees. */
void axes_scene_check_elevation(const struct scene *scene, double from_s);
const struct calibration_result *axes_scene_last_word(const struct scene *scene);
