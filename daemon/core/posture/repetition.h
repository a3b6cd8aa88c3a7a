// SPDX-License-Identifier: MIT
#pragma once
/* Repetitions of a kit: what the phase machines of both legs say, made into one repetition for both
 * legs where they move together, else one a leg; each measured over the frames kept when it is
 * over. Owns the count of the session and what is remembered of earlier repetitions. Pure value.
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
	int64_t said_us; /* when the start was certain */
	int64_t start_us, top_us, lower_us, end_us;
	bool is_early_reversal;
};

struct repetition_history {
	unsigned n, at;
	double value[REPETITION_HISTORY];
};

struct repetition {
	unsigned begun; /* the number last given */
	struct repetition_leg run[LEGS];
	struct repetition_leg done[LEGS]; /* over, waits for the other leg */
	struct repetition_history loss, low, high;
};

typedef void (*repetition_fn)(void *user, const struct posture_rep *rep);

struct repetition_context {
	const struct analysis_conf *conf;
	const struct frame_ring *ring;
	const char *kit;
	const struct trace *trace;
	double tilt_limit_deg; /* loss of the flat back */
	/* What goes below, and below this share of its range, is no repetition. */
	double floor_deg, floor_share;
	repetition_fn emit;
	void *user;
};

void repetition_init(struct repetition *repetition);
/* As if so many had been seen already, the last ones with loss of tilt at these elevations. */
void repetition_resume(
	struct repetition *repetition, unsigned begun, const double *loss_deg, unsigned n_losses);
/* The number that the leg's repetition got; it began at start_us, which was certain at said_us. */
unsigned repetition_begin(struct repetition *repetition, const struct repetition_context *context,
	unsigned leg, int64_t start_us, int64_t said_us);
void repetition_end(struct repetition *repetition, const struct repetition_context *context,
	unsigned leg, const struct posture *posture, int64_t end_us);
void repetition_cancel(
	struct repetition *repetition, const struct repetition_context *context, unsigned leg);
/* A leg that waits for the other one does not wait for ever. */
void repetition_advance(
	struct repetition *repetition, const struct repetition_context *context, int64_t now_us);
/* Median of the last five with loss of tilt, NAN without one. */
double repetition_control_angle_deg(const struct repetition *repetition);
