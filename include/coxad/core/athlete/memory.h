// SPDX-License-Identifier: MIT
#pragma once
/* What is remembered of one athlete over sessions and restarts. Plain data, about 12 KB, written
 * as a whole through judge_ops.remember and given back through judge_restore. Holds what no
 * restart may forget: symptoms that no person has cleared, alerts that are open, the session that
 * was running, the pops that were not final; and the baseline of ended sessions.
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
#define MEMORY_SYMPTOMS_MAX  32
#define MEMORY_ALERTS_MAX    4
#define MEMORY_OPEN_POPS_MAX 8

/* One benign pop. */
struct memory_pop {
	uint32_t session; /* number of the session it came from, from 1 */
	enum placement site;
	enum phase phase;
	double elevation_deg;
	double level_db;
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

/* A pop that is not final: enough to be upgraded by a symptom after a restart. rev 0: it was heard
 * and not published yet. */
struct memory_open_pop {
	char id[ID_SIZE];
	char kit[NAME_SIZE];
	unsigned rev;
	uint32_t session;
	int64_t t_us;
	double time_uncertainty_ms;
	enum placement site; /* PLACEMENT_COUNT: a symptom without a pop */
	enum pop_class class;
	unsigned severity;
	enum phase phase;
	enum side side;
	unsigned rep;
	double elevation_deg;
	double level_db;
	uint64_t reasons; /* CODE_BIT mask */
};

struct athlete_memory {
	char athlete[NAME_SIZE];

	/* Ended sessions, and what was learnt in them: oldest first. */
	uint32_t sessions;
	uint32_t benign_pops;
	uint32_t reps;
	unsigned n_pops;
	struct memory_pop pop[MEMORY_POPS_MAX];
	unsigned n_sparc; /* of the lowering, a repetition each */
	double sparc[MEMORY_SPARC_MAX];

	/* Not cleared by a person. */
	unsigned n_symptoms;
	struct memory_symptom symptom[MEMORY_SYMPTOMS_MAX];
	unsigned n_alerts;
	struct alert_result alert[MEMORY_ALERTS_MAX];

	/* The session that runs; its number is sessions + 1. */
	bool is_in_session;
	char kit[NAME_SIZE];
	enum exercise exercise;
	int64_t since_us;
	uint32_t session_benign_pops; /* of this session, joins benign_pops at its end */
	uint32_t session_reps;
	uint32_t session_red_flags;
	unsigned n_open_pops;
	struct memory_open_pop open_pop[MEMORY_OPEN_POPS_MAX];
};
