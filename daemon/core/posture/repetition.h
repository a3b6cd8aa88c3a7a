// SPDX-License-Identifier: MIT
#pragma once
/* Repetitions of a kit, from the phase machines of its legs: one for both legs if they move
 * together, otherwise one per leg. Each is measured on the kept frames when it is over. Owns the
 * session's count and the history of earlier repetitions. Pure value.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/core/analysis.h"
#include "coxad/core/posture/kit-posture.h"
#include "daemon/core/posture/frame-ring.h"
#include "daemon/core/posture/posture.h"

#define REPETITION_HISTORY 5

struct repetition_leg {
	bool is_on;
	unsigned number;
	int64_t confirmed_us; /* when the start was certain */
	int64_t start_us, top_us, lower_us, end_us;
	bool is_early_reversal;
};

struct repetition_history {
	unsigned n, at;
	double value[REPETITION_HISTORY];
};

struct repetition {
	unsigned begun; /* the last number given */
	struct repetition_leg run[LEGS];
	struct repetition_leg done[LEGS]; /* over, waiting for the other leg */
	struct repetition_history loss, low, high;
};

typedef void (*repetition_fn)(void *user, const struct posture_rep *rep);

struct repetition_context {
	const struct analysis_conf *conf;
	const struct frame_ring *ring;
	const char *kit;
	const struct trace *trace;
	double tilt_limit_deg; /* loss of the flat back */
	/* A movement that goes below both, the second as a share of its range, does not count. */
	double floor_deg, floor_share;
	repetition_fn emit;
	void *user;
};

void repetition_init(struct repetition *repetition);
/* Continues a session: repetitions begun, and the elevations at which the flat back was last lost.
 */
void repetition_resume(
	struct repetition *repetition, unsigned begun, const double *loss_deg, unsigned n_losses);
/* Returns the number of the repetition, which began at start_us as confirmed at confirmed_us. */
unsigned repetition_begin(struct repetition *repetition, const struct repetition_context *context,
	unsigned leg, int64_t start_us, int64_t confirmed_us);
void repetition_end(struct repetition *repetition, const struct repetition_context *context,
	unsigned leg, const struct posture *posture, int64_t end_us);
void repetition_cancel(
	struct repetition *repetition, const struct repetition_context *context, unsigned leg);
/* Limits how long a leg waits for the other one. */
void repetition_advance(
	struct repetition *repetition, const struct repetition_context *context, int64_t now_us);
/* Median over the last five with a loss of the flat back; NAN without one. */
double repetition_control_angle_deg(const struct repetition *repetition);
