// SPDX-License-Identifier: MIT
#pragma once
/* What is remembered of one athlete across sessions and restarts: plain data, about 40 KB, stored
 * as a whole through judge_ops.remember and returned through judge_restore. Holds what no restart
 * may forget: uncleared symptoms, open alerts, the running session with its counts, the last pops
 * as published, people's decisions; and the baseline of ended sessions. Instants are host time; who
 * stores them across a reboot converts them to wall time and back, after which they may be
 * negative.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/base/vec.h"
#include "coxad/core/result.h"
#include "coxad/core/terms.h"

#define MEMORY_POPS_MAX       64
#define MEMORY_SPARC_MAX      32
#define MEMORY_LOSSES_MAX     5 /* their median is theta_ctrl, decision-model.md 7.1 */
#define MEMORY_SYMPTOMS_MAX   32
#define MEMORY_ALERTS_MAX     4
#define MEMORY_OPEN_POPS_MAX  96 /* all that an athlete can have open */
#define MEMORY_FINAL_POPS_MAX 12
#define MEMORY_DECISIONS_MAX  32
#define MEMORY_WORN_MAX       4 /* pelvis, lumbar, thighs */

/* One benign pop. */
struct memory_pop {
	uint32_t session; /* number of its session, from 1 */
	enum placement site;
	enum phase phase;
	double elevation_deg;
	double level_db;
	enum side side; /* SIDE_COUNT or SIDE_UNKNOWN: unknown */
};

struct memory_symptom {
	char id[ID_SIZE];
	char source[NAME_SIZE]; /* "athlete", "trainer", ... */
	char kit[NAME_SIZE];
	uint32_t session;
	int64_t t_us;
	double time_uncertainty_ms;
	enum symptom_code code;
	enum body_site site;
	enum side side;
	int intensity;      /* -1 unknown */
	bool is_new;        /* discomfort: first of the session at its site */
	bool is_increasing; /* discomfort: two points or more above an earlier one */
};

/* A pop as last published, to be raised by a symptom or lowered by a person after a restart.
 * result.rev 0: detected but not published yet. */
struct memory_open_pop {
	uint32_t session;
	bool is_final;
	bool is_answered; /* "no pain" */
	struct pop_result result;
};

/* A person's decision. */
struct memory_decision {
	int64_t t_us;
	enum decision kind;
	char by[NAME_SIZE];
	char reason[TEXT_SIZE];  /* as given; empty if the command has none */
	char subject[ID_SIZE];   /* the pop or the alert */
	enum pop_class was, now; /* its class */
	unsigned severity;       /* severity before */
};

/* How a sensor was worn when it was calibrated last. */
struct memory_worn {
	enum placement placement;
	char wearable[NAME_SIZE];
	struct vec3 axis;    /* to the athlete's left, in the sensor's frame */
	struct vec3 resting; /* up there: a thigh's at its zero, the trunk's lying */
};

/* Position of the running session on the ladder of cues (decision-model.md 7.10). */
struct memory_ladder {
	bool is_begun;
	unsigned step;   /* at the last faulty repetition */
	unsigned clean;  /* repetitions without a fault since */
	uint32_t faults; /* one bit per repetition, the last one lowest; 31 of them */
};

/* Counts of the running or last session. */
struct session_tally {
	unsigned reps, faulty_reps;
	unsigned pops[POP_CLASS_COUNT];
	unsigned not_exercising;
	unsigned crepitus; /* of the pops; while exercising */
	double crepitus_sum_db;
	unsigned symptoms, alerts_raised;
	double range_sum_deg, lower_sum_ms;
	unsigned ranges, lowers;
	uint64_t trends; /* CODE_BIT mask */
};

struct athlete_memory {
	char athlete[NAME_SIZE];

	/* Ended sessions and what was learnt in them, oldest first. */
	uint32_t sessions;
	uint32_t idle_sessions; /* ended with nothing done in them */
	uint32_t benign_pops;
	uint32_t reps;
	unsigned n_pops;
	struct memory_pop pop[MEMORY_POPS_MAX];
	double range_deg;    /* advice in force: lower no further than this, 0: none */
	uint32_t clean_sets; /* sets without a fault since */
	unsigned n_sparc;    /* of the lowering, one per repetition */
	double sparc[MEMORY_SPARC_MAX];
	unsigned n_worn;
	struct memory_worn worn[MEMORY_WORN_MAX];

	/* Not cleared by a person. */
	unsigned n_symptoms;
	struct memory_symptom symptom[MEMORY_SYMPTOMS_MAX];
	unsigned n_alerts;
	struct alert_result alert[MEMORY_ALERTS_MAX];

	/* The running session; its number is that of ended sessions plus one. */
	bool is_in_session;
	char kit[NAME_SIZE];
	enum exercise exercise;
	int64_t since_us;
	uint32_t session_benign_pops; /* of this session; added to benign_pops at its end */
	uint32_t session_reps;
	uint32_t session_red_flags;
	struct session_tally tally;
	unsigned n_losses; /* elevations at which repetitions lost the flat back, oldest first */
	double loss_deg[MEMORY_LOSSES_MAX];
	struct memory_ladder ladder;
	unsigned n_open_pops;
	struct memory_open_pop open_pop[MEMORY_OPEN_POPS_MAX];

	/* The latest decisions, oldest first. */
	unsigned n_decisions;
	struct memory_decision decision[MEMORY_DECISIONS_MAX];
};
