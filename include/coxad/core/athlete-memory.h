// SPDX-License-Identifier: MIT
#pragma once
/* What is remembered of one athlete over sessions and restarts. Plain data, about 40 KB, written
 * as a whole through judge_ops.remember and given back through judge_restore. Holds what no
 * restart may forget: symptoms that no person has cleared, alerts that are open, the session that
 * was running with its counts, the last pops as they were published, what persons decided; and the
 * baseline of ended sessions.
 *
 * Instants are host time. Whoever stores this over a reboot keeps them as wall time and turns
 * them back; they may then be negative.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/core/result.h"
#include "coxad/core/terms.h"

#define MEMORY_POPS_MAX      64
#define MEMORY_SPARC_MAX     32
#define MEMORY_LOSSES_MAX    5 /* theta_ctrl is their median, decision-model.md 7.1 */
#define MEMORY_SYMPTOMS_MAX  32
#define MEMORY_ALERTS_MAX    4
#define MEMORY_OPEN_POPS_MAX 12
#define MEMORY_DECISIONS_MAX 32

/* One benign pop. */
struct memory_pop {
	uint32_t session; /* number of the session it came from, from 1 */
	enum placement site;
	enum phase phase;
	double elevation_deg;
	double level_db;
	enum side side; /* SIDE_COUNT or SIDE_UNKNOWN: not known */
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

/* A pop as it was published last, to be upgraded by a symptom or lowered by a person after a
 * restart. result.rev 0: it was heard and not published yet. */
struct memory_open_pop {
	uint32_t session;
	bool is_final;
	bool is_answered; /* "no pain" */
	struct pop_result result;
};

/* What a person decided, by whom and why. */
struct memory_decision {
	int64_t t_us;
	enum decision kind;
	char by[NAME_SIZE];
	char reason[TEXT_SIZE];  /* as given, empty where the command has none */
	char subject[ID_SIZE];   /* the pop, or the alert */
	enum pop_class was, now; /* of it */
	unsigned severity;       /* before */
};

/* Where the running session stands on the ladder of cues (decision-model.md 7.10). */
struct memory_ladder {
	bool is_begun;
	unsigned step;   /* of the last faulty repetition */
	unsigned clean;  /* repetitions without a fault since */
	uint32_t faults; /* one bit a repetition, the last one lowest; 31 of them */
};

/* Counts of the running or last session. */
struct session_tally {
	unsigned reps, faulty_reps;
	unsigned pops[POP_CLASS_COUNT];
	unsigned not_exercising;
	unsigned symptoms, alerts_raised;
	double range_sum_deg, lower_sum_ms;
	unsigned ranges, lowers;
	uint64_t trends; /* CODE_BIT mask */
};

struct athlete_memory {
	char athlete[NAME_SIZE];

	/* Ended sessions, and what was learnt in them: oldest first. */
	uint32_t sessions;
	uint32_t idle_sessions; /* ended too, with nothing done in them */
	uint32_t benign_pops;
	uint32_t reps;
	unsigned n_pops;
	struct memory_pop pop[MEMORY_POPS_MAX];
	double range_deg;    /* advice in force: lower no further than this, 0: none */
	uint32_t clean_sets; /* sets without a fault since */
	unsigned n_sparc;    /* of the lowering, a repetition each */
	double sparc[MEMORY_SPARC_MAX];

	/* Not cleared by a person. */
	unsigned n_symptoms;
	struct memory_symptom symptom[MEMORY_SYMPTOMS_MAX];
	unsigned n_alerts;
	struct alert_result alert[MEMORY_ALERTS_MAX];

	/* The session that runs; its number is one more than all that ended. */
	bool is_in_session;
	char kit[NAME_SIZE];
	enum exercise exercise;
	int64_t since_us;
	uint32_t session_benign_pops; /* of this session, joins benign_pops at its end */
	uint32_t session_reps;
	uint32_t session_red_flags;
	struct session_tally tally;
	unsigned n_losses; /* elevations at which the last ones lost the flat back, oldest first */
	double loss_deg[MEMORY_LOSSES_MAX];
	struct memory_ladder ladder;
	unsigned n_open_pops;
	struct memory_open_pop open_pop[MEMORY_OPEN_POPS_MAX];

	/* The last ones, oldest first. */
	unsigned n_decisions;
	struct memory_decision decision[MEMORY_DECISIONS_MAX];
};
