// SPDX-License-Identifier: MIT
#pragma once
/* The judge: pops, symptoms, repetitions and posture of all kits in; verdicts, alerts, cues,
 * sessions and summaries out. Owns the state of each athlete in this session and the baseline of
 * earlier ones. One for the whole gateway, because noise differs from a pop by which other sensors
 * detected it. Pure and bounded; results only through ops. Only a person lowers a red flag.
 */
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "coxad/base/trace.h"
#include "coxad/core/posture/kit-posture.h"
#include "coxad/core/record.h"
#include "coxad/core/result.h"

/* What is remembered of an athlete across sessions and restarts, see core/athlete-memory.h. */
struct athlete_memory;
struct memory_worn;

struct judge;

struct judge_kit {
	const char *name;
	enum exercise exercise;
	const char *athlete;               /* NULL: none until a session starts */
	const struct kit_posture *posture; /* NULL: a kit without motion */
	bool is_gone;                      /* removed: no session begins or goes on */
};

#define JUDGE_NO_KIT UINT_MAX

struct judge_wearable {
	const char *name;
	unsigned kit; /* JUDGE_NO_KIT: it was removed */
	enum placement placement;
	int64_t since_us; /* what happened before was in another kit or at another place */
};

struct judge_conf {
	const struct analysis_conf *analysis;
	const char *run;             /* prefix of every id */
	const struct tracer *tracer; /* NULL: off */
	unsigned n_kits;
	const struct judge_kit *kit;
	unsigned n_wearables;
	const struct judge_wearable *wearable;
	/* How many there may be later, see judge-kits.h; 0: no more. */
	unsigned kits_max, wearables_max;
};

/* Refused or lost since judge_new. */
struct judge_counters {
	uint64_t pops_without_session;
	uint64_t pops_duplicate;
	uint64_t pops_dropped; /* more at once than there are slots */
	uint64_t pops_lost;    /* reported by wearables as overwritten before sending */
	uint64_t symptoms_without_session;
	uint64_t symptoms_repeated;  /* reported again (decision-model.md, ruling 24) */
	uint64_t references_dropped; /* pops or symptoms beyond what an alert can list */
	uint64_t reps_without_session;
	/* Faster than a person can: left out, see judge.c. */
	uint64_t symptoms_over_rate, pops_over_rate;
};

struct judge_ops {
	/* POP, REP, CUE, ALERT, ALERTS, SESSION, SUMMARY. */
	void (*result)(void *user, int64_t now_us, const struct result *result);
	/* Haptic to the kit's wearables: 1 flatten the back, 2 reverse, 3 stop. */
	void (*haptic)(void *user, int64_t now_us, unsigned kit, unsigned pattern);
	/* The athlete's memory changed and needs storing. */
	void (*remember)(void *user, int64_t now_us, const struct athlete_memory *memory);
	/* Fetches the stored memory of an athlete who is not held: a gym may have more than
	 * JUDGE_ATHLETES_MAX. False: nothing stored. May be NULL. */
	bool (*recall)(void *user, const char *athlete, struct athlete_memory *ret);
};

/* conf and what it points to are borrowed for life. */
struct judge *judge_new(const struct judge_conf *conf, const struct judge_ops *ops, void *user);
struct judge *judge_free(struct judge *judge);
/* Adds an athlete's memory from an earlier run; call before judge_start. Copies. */
void judge_restore(struct judge *judge, const struct athlete_memory *memory);
/* The same after judge_start, when the memory could not be read before: nothing of either run is
 * forgotten. Returns the kit whose session goes on, or a negative number. */
int judge_restore_late(struct judge *judge, int64_t now_us, const struct athlete_memory *memory);
/* Resumes interrupted sessions and opens those of kits whose configuration names an athlete. */
void judge_start(struct judge *judge, int64_t now_us);

/* Takes RECORD_POP, RECORD_SYMPTOM, RECORD_LEVEL and RECORD_LOST; ignores others. */
void judge_record(struct judge *judge, int64_t now_us, const struct record *record);
/* The level of a room microphone around t, in dBFS. */
void judge_air_level(struct judge *judge, unsigned wearable, int64_t t_us, double level_db);
void judge_wearable_state(struct judge *judge, int64_t now_us, unsigned wearable,
	enum wearable_state state, uint32_t streams);
void judge_frame(
	struct judge *judge, int64_t now_us, unsigned kit, const struct posture_frame *frame);
/* The pelvis left its limit while lowering: gives a live cue and a haptic at once. */
void judge_limit(
	struct judge *judge, int64_t now_us, unsigned kit, const struct posture_frame *frame);
/* Publishes the repetition as RESULT_REP, with athlete and pops. */
void judge_rep(struct judge *judge, int64_t now_us, unsigned kit, const struct posture_rep *rep);
void judge_calibration(struct judge *judge, int64_t now_us, unsigned kit,
	const struct kit_calibration *calibration);
/* The athlete of the kit wears its sensors like that: remembered until it is told otherwise. */
void judge_worn(struct judge *judge, unsigned kit, const struct memory_worn *worn, unsigned n);

int64_t judge_deadline(const struct judge *judge);
/* Carries out everything due up to now, each as of its own instant. */
void judge_advance(struct judge *judge, int64_t now_us);

const struct judge_counters *judge_counters(const struct judge *judge);
/* Something still waits for time to pass; a replay runs on until nothing does. */
bool judge_is_pending(const struct judge *judge);
/* The kit's current athlete; NULL without a session. */
const char *judge_athlete(const struct judge *judge, unsigned kit);
/* When a session that has ended is closed at the latest; T_NEVER: it is, or it has not ended. */
int64_t judge_closes_us(const struct judge *judge, unsigned kit);
/* Memory of the kit's current athlete; NULL without one. Borrowed until the next call. */
const struct athlete_memory *judge_memory(const struct judge *judge, unsigned kit);
/* Judges what is pending and closes sessions with their summaries, at the end of a replay or a
 * clean stop. keep: sessions stay open in memory for the next start. */
void judge_finish(struct judge *judge, int64_t now_us, bool keep);
