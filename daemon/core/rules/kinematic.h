// SPDX-License-Identifier: MIT
#pragma once
/* Signs of a catch, a lock or a giving way in the motion around a pop (decision-model.md 2.4):
 *
 *   speed  ----.            (1) at least 20 deg/s before
 *               \  (2)      (2) down to a quarter within 80 ms
 *                '--.  .--- (3) half of it back within 600 ms: catch; not for 500 ms: lock
 *                    ''     (4) turning back is no arrest: the athlete reversed
 *
 * and a downward surge or a jump of the pelvis within 300 ms after it. Pure functions.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/core/analysis.h"
#include "coxad/core/posture/kit-posture.h"

/* Every code kinematic_signs can give. */
#define KINEMATIC_SIGNS (CODE_BIT(KIN_CATCH) | CODE_BIT(KIN_LOCK) | CODE_BIT(KIN_GIVING_WAY))

/* Frames from 0.3 s before to 0.9 s after a pop, with a margin. */
#define KINEMATIC_FRAMES_MAX 128

struct kinematic_frame {
	int64_t t_us;
	float speed_deg_s[LEGS];
	float elevation_deg[LEGS];
	float tilt_deg;
};

struct kinematic_series {
	unsigned n;
	struct kinematic_frame frame[KINEMATIC_FRAMES_MAX]; /* oldest first */
};

/* Usual turning points of this athlete's repetitions; NAN: unknown. */
struct kinematic_turns {
	double low_deg, high_deg;
};

/* How long after a pop frames are needed for a complete answer. */
int64_t kinematic_reach_us(const struct analysis_conf *analysis);
void kinematic_read(const struct kit_posture *posture, const struct analysis_conf *analysis,
	int64_t t_us, struct kinematic_series *ret);
/* CODE_BIT mask of KIN_CATCH, KIN_LOCK, KIN_GIVING_WAY. */
uint64_t kinematic_signs(const struct analysis_conf *analysis,
	const struct kinematic_series *series, const struct kinematic_turns *turns, int64_t t_us);
