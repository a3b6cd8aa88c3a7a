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
#include "daemon/core/posture/gait.h"
#include "daemon/core/posture/posture.h"
#include "daemon/core/posture/rep-usual.h"

#define REPETITION_HISTORY 5

struct repetition_leg {
	bool is_on;
	unsigned number;
	int64_t confirmed_us; /* when the start was certain */
	int64_t start_us, top_us, lower_us, end_us;
	bool is_early_reversal;
	bool is_bustle;         /* the body did something else meanwhile */
	bool is_hurried;        /* moved just before, or goes on at once */
	bool is_chained;        /* moved just before */
	double drop_deg;        /* it began so far below where it rested */
	double floor_deg[LEGS]; /* where each rested lowest before; -INFINITY: of no account */
};

struct repetition_history {
	unsigned n, at;
	double value[REPETITION_HISTORY];
};

struct repetition {
	unsigned begun; /* the last number given */
	struct rep_usual usual;
	/* The last movement that was over; only since it and those that it goes on from may be strides. */
	bool is_refused[LEGS], is_stride[LEGS];
	struct repetition_leg run[LEGS];
	struct repetition_leg done[LEGS]; /* over, waiting for the other leg */
	struct repetition_history loss, low, high;
};

typedef void (*repetition_fn)(void *user, const struct posture_rep *rep);

/* Of a leg that is not calibrated. */
struct repetition_learnt {
	bool is_learnt;
	bool is_bustle;           /* now */
	double floor_deg;         /* where it rested */
	int64_t doubt_us;         /* wait so long before it counts */
	struct gait_verdict body; /* of the movement that is over */
	int64_t stride_us;        /* a hurried one must be longer: strides of a walk are not */
};

/* Why a movement does not count, and the number that decided it. */
struct repetition_refusal {
	const char *why;  /* NULL: it counts */
	double is, limit; /* NAN: no number */
	const char *unit;
};

struct repetition_context {
	const struct analysis_conf *conf;
	const struct frame_ring *ring;
	const char *kit;
	const struct trace *trace;
	int64_t now_us;
	double tilt_limit_deg; /* loss of the flat back */
	double count_deg;      /* minimum range */
	struct repetition_learnt learnt[LEGS];
	repetition_fn emit;
	void *user;
};

void repetition_init(struct repetition *repetition);
/* Continues a session: repetitions begun, and the elevations at which the flat back was last lost.
 */
void repetition_resume(
	struct repetition *repetition, unsigned begun, const double *loss_deg, unsigned n_losses);
struct repetition_start {
	int64_t rest_us;      /* the leg rested since */
	double drop_deg;      /* so far below where it rested */
	int64_t start_us;     /* rises since */
	int64_t confirmed_us; /* for certain */
};
/* Returns the number of the repetition. */
unsigned repetition_begin(struct repetition *repetition, const struct repetition_context *context,
	unsigned leg, const struct repetition_start *start);
void repetition_end(struct repetition *repetition, const struct repetition_context *context,
	unsigned leg, const struct posture *posture, int64_t end_us);
void repetition_cancel(struct repetition *repetition, const struct repetition_context *context,
	unsigned leg, const struct posture *posture, const struct repetition_refusal *refusal);
/* The elevation of a leg is measured from elsewhere: all of it changes by so much. */
void repetition_rebase(struct repetition *repetition, unsigned leg, double by_deg);
bool repetition_is_pending(const struct repetition *repetition);
/* What is over counts now, without waiting for the other leg or for what follows. */
void repetition_flush(struct repetition *repetition, const struct repetition_context *context);
/* After each row: legs that have waited long enough, for the other one or for what follows. */
void repetition_advance(struct repetition *repetition, const struct repetition_context *context);
/* Something is over and does not count yet. */
static inline bool repetition_waits(const struct repetition *repetition)
{
	return repetition->done[LEG_LEFT].is_on || repetition->done[LEG_RIGHT].is_on;
}
/* Median over the last five with a loss of the flat back; NAN without one. */
double repetition_control_angle_deg(const struct repetition *repetition);
