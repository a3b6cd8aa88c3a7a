// SPDX-License-Identifier: MIT
#pragma once
/* The current state of one athlete: recent sounds with their verdicts, symptoms, repetitions, the
 * running session, and the memory that outlives it. Plain data with fixed bounds, owned by the
 * judge.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/core/athlete-memory.h"
#include "coxad/core/posture/kit-posture.h"
#include "coxad/core/record.h"
#include "coxad/core/result.h"
#include "daemon/core/judge/pop.h"
#include "daemon/core/rules/pop-note.h"

#define ATHLETE_POPS_MAX 96
/* A wearable that was away tells at once what it kept, 64 pops at most. */
#define ATHLETE_PENDING_MAX  64
#define ATHLETE_SYMPTOMS_MAX 32
#define ATHLETE_REPS_MAX     32
#define ATHLETE_REP_WAIT_MAX 4

struct symptom {
	struct memory_symptom s;
	bool has_event;     /* a pop, or an event of its own, represents it */
	int64_t cleared_us; /* T_NEVER: open */
};

struct rep_note {
	unsigned rep;
	int64_t t_start_us, t_end_us;
	bool is_faulty;
	double theta_loss_deg, lower_ms;
};

/* The running set. */
struct set {
	unsigned reps, faulty_reps;
	bool is_fatigued; /* END_SET was given */
	bool is_hinted;   /* the hint for a repeating benign pop was given */
	int64_t end_us;   /* the set ends then unless a repetition begins; T_NEVER: no set */
};

struct athlete {
	struct athlete_memory memory;
	int kit;                 /* of the running session; -1: none */
	unsigned last_kit;       /* or JUDGE_NO_KIT: it is not there any more */
	bool is_touched;         /* the memory needs storing */
	uint32_t alerts_touched; /* one bit per index in memory.alert */
	bool alerts_changed;
	bool has_earlier_red; /* a red flag in this session, before a restart */
	bool was_in_session;  /* restored, not resumed yet */
	int64_t summary_us;   /* when the next is due; T_NEVER without a session */
	int64_t stop_us;      /* when the last STOP was given */
	int64_t call_us;      /* when the athlete last called the trainer */
	struct pop pop[ATHLETE_POPS_MAX];
	unsigned n_symptoms;
	struct symptom symptom[ATHLETE_SYMPTOMS_MAX]; /* oldest first */
	unsigned n_reps;
	struct rep_note rep[ATHLETE_REPS_MAX]; /* oldest first */
	struct set set;
	unsigned n_waiting;
	struct posture_rep waiting[ATHLETE_REP_WAIT_MAX]; /* for verdicts on their pops */
	double turn_low_deg, turn_high_deg;
	double control_angle_deg;
};

/* Number of the running session, or of the next one. */
uint32_t athlete_session(const struct athlete *athlete);
/* A cleared slot for a sound or symptom of the running session, evicting the least needed; NULL if
 * all are needed. Unknown values are NAN, the stage is POP_STAGE_FREE. */
struct pop *athlete_new_pop(struct athlete *athlete);
/* The session's real pops up to and including this one, oldest first, at most POP_NOTES_MAX. */
unsigned athlete_notes(const struct athlete *athlete, const struct pop *pop,
	struct pop_note ret[static POP_NOTES_MAX]);
/* Median angle at which the flat back was lost in the last n repetitions; NAN: unknown. */
double athlete_loss_deg(const struct athlete *athlete, unsigned n);
