// SPDX-License-Identifier: MIT
#pragma once
/* The judge's own state, shared by the files that make it up: judge.c has the doors, pop-merge
 * makes one sound of many reports, pop-facts gathers what is known of it, pop-life publishes and
 * revises, and the others keep sessions, symptoms and alerts. Nothing else includes this.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/core/judge/judge.h"
#include "daemon/core/judge/athlete.h"
#include "daemon/core/rules/red-flag.h"

/* Sessions end and athletes change; those that nothing waits for make room. */
#define JUDGE_ATHLETES_MAX 128 /* the others are recalled when they come */
#define JUDGE_ROOM_MAX     64

struct kit_state {
	struct athlete *athlete; /* of the running session */
	struct athlete *before;  /* of the one before, for what comes late */
	int64_t before_end_us;
	int64_t ends_us;      /* the running session was ended then, T_NEVER: it was not */
	int64_t close_us;     /* and is closed then at the latest */
	int64_t watermark_us; /* frames are made up to here */
	bool is_calibrated;
	double span_deg, confidence;
	double before_confidence; /* of the calibration that ended with the session before, or 0 */
	double clap_db[PLACEMENT_COUNT];
};

struct wearable_track {
	enum wearable_state state;
	uint32_t streams;
	bool has_stepped;   /* its clock, CLOCK_STEP */
	int64_t stepped_us; /* the latest pop that came then */
};

/* A sound or a level that a room microphone reported. */
struct room_sound {
	int64_t t_us, unc_us;
	double level_db;
	bool is_onset; /* false: a level without an onset */
};

struct judge {
	const struct judge_conf *conf;
	const struct analysis_conf *analysis;
	const struct judge_ops *ops;
	void *user;
	uint32_t next_id;
	int64_t deadline_us;
	struct kit_state *kit;
	struct wearable_track *wearable;
	unsigned n_athletes;
	struct athlete *athlete[JUDGE_ATHLETES_MAX];
	unsigned room_at; /* where the next one goes */
	struct room_sound room[JUDGE_ROOM_MAX];
	struct judge_counters counters;
};

#define KINEMATIC_SIGNS (CODE_BIT(KIN_CATCH) | CODE_BIT(KIN_LOCK) | CODE_BIT(KIN_GIVING_WAY))
#define TREND_REASONS                                                                              \
	(CODE_BIT(TREND_RATE) | CODE_BIT(TREND_LOUDNESS) | CODE_BIT(BASELINE_ANGLE_SHIFT) |        \
		CODE_BIT(BASELINE_LOUDER) | CODE_BIT(BASELINE_NEW_SITE) |                          \
		CODE_BIT(BASELINE_NEW_PHASE))
/* Codes that stay with a red flag once given. */
#define RED_REASONS                                                                                \
	(CODE_BIT(PAIN_SHARP) | CODE_BIT(PAIN_RADIATING) | CODE_BIT(SLR_RANGE) |                   \
		CODE_BIT(DISCOMFORT_NEW) | CODE_BIT(DISCOMFORT_INCREASING) |                       \
		CODE_BIT(MECH_CATCHING) | CODE_BIT(MECH_LOCKING) | CODE_BIT(MECH_GIVING_WAY) |     \
		CODE_BIT(PAIN_BEFORE_POP) | CODE_BIT(PAIN_AFTER_POP) | CODE_BIT(SYMPTOM_OPEN) |    \
		CODE_BIT(KIN_CATCH_REPEAT) | CODE_BIT(KIN_GIVING_WAY_REPEAT) | KINEMATIC_SIGNS |   \
		TREND_REASONS)

static inline int64_t judge_ms(double value)
{
	return (int64_t)(value * 1000);
}
static inline int64_t judge_s(double value)
{
	return (int64_t)(value * 1000000);
}

/* judge.c */
struct athlete *judge_find(const struct judge *judge, const char *athlete);
/* The same, and who is known but not held is recalled. */
struct athlete *judge_reach(struct judge *judge, const char *athlete);
/* Makes room for one who is not held, with what is known; NULL where there is none. */
struct athlete *judge_admit(struct judge *judge, const char *athlete);
/* The athlete who wore the kit at t, NULL: nobody known. */
struct athlete *judge_wearer(const struct judge *judge, unsigned kit, int64_t t_us);
/* Whose complaint comes from the kit at t: who has just taken it off is still heard. */
struct athlete *judge_complainer(const struct judge *judge, unsigned kit, int64_t t_us);
/* Of the kit's calibration at t, 0 without one. */
double judge_calibration_confidence(const struct judge *judge, unsigned kit, int64_t t_us);
/* Publishes and stores what one event changed, at its end. */
void judge_leave(struct judge *judge, int64_t now_us);

/* pop-merge.c: a wearable heard something; a new pending sound, a companion, or a duplicate. */
void pop_merge_report(struct judge *judge, int64_t now_us, unsigned wearable, int64_t t_us,
	int64_t unc_us, bool is_resent, const struct pop_features *features);
void pop_merge_room(
	struct judge *judge, int64_t t_us, int64_t unc_us, double level_db, bool is_onset);
/* When a pending sound can be judged, by what its kit's posture has reached. */
void pop_merge_schedule(const struct judge *judge, struct pop *pop, int64_t now_us);

/* pop-facts.c: reads anew what is known around a sound. whole: its origin and the motion around it
 * too, which is possible for seconds only: what the room and the others heard is not kept. */
void pop_facts_read(struct judge *judge, struct athlete *athlete, struct pop *pop, bool whole);

/* pop-verdict.c: class, severity, reasons, form, cues and confidence by what is known now. */
void pop_verdict_evaluate(
	struct judge *judge, struct athlete *athlete, struct pop *pop, int64_t now_us);

/* pop-life.c */
/* The pending sound is judged and published. */
void pop_life_conclude(
	struct judge *judge, struct athlete *athlete, struct pop *pop, int64_t now_us);
/* A restored one that a restart came before: said now. */
void pop_life_announce(
	struct judge *judge, struct athlete *athlete, struct pop *pop, int64_t now_us);
/* Reads the motion again, once all frames that bear on the pop are in. */
void pop_life_look_again(
	struct judge *judge, struct athlete *athlete, struct pop *pop, int64_t now_us);
/* Publishes the final revision, unless a symptom may still come late; learns a benign pop. */
void pop_life_finish(struct judge *judge, struct athlete *athlete, struct pop *pop, int64_t now_us);
/* Judges again by what is known now; publishes what changed of class, severity or symptoms. */
void pop_life_review(struct judge *judge, struct athlete *athlete, struct pop *pop, int64_t now_us);
/* An event of its own for a symptom. */
void pop_life_symptom_event(
	struct judge *judge, struct athlete *athlete, struct symptom *symptom, int64_t now_us);
void pop_life_override(struct judge *judge, struct athlete *athlete, struct pop *pop,
	int64_t now_us, enum pop_class class, const char *by, const char *reason);

/* symptom-report.c */
void symptom_report(struct judge *judge, struct athlete *athlete, int64_t now_us, int64_t t_us,
	int64_t unc_us, const struct symptom_report *report, const char *source, unsigned kit);
/* Gives each symptom that nothing stands for its event, once no pending sound can be it. */
void symptom_report_settle(struct judge *judge, struct athlete *athlete, int64_t now_us);

/* alert.c */
enum alert_cause {
	ALERT_CAUSE_RED,   /* a red flag or a symptom that makes one */
	ALERT_CAUSE_OTHER, /* a symptom elsewhere */
	ALERT_CAUSE_CALL   /* the athlete calls */
};
struct alert_news {
	enum alert_cause cause;
	enum pop_class class;
	unsigned severity;
	uint64_t reasons;
	double time_uncertainty_ms;
	unsigned kit;
	bool is_again;             /* worth a message without an id that is new */
	const char *pop, *symptom; /* ids, NULL: none */
};
/* Raises an alert, or joins the open one of the same cause. */
void alert_join(struct judge *judge, struct athlete *athlete, int64_t now_us,
	const struct alert_news *news);
int alert_acknowledge(struct judge *judge, int64_t now_us, const char *alert, const char *by);
void alert_clear_all(struct judge *judge, struct athlete *athlete, int64_t now_us, const char *by);
/* Publishes what changed since the last call. */
void alert_flush(struct judge *judge, struct athlete *athlete, int64_t now_us);
void alert_publish_list(struct judge *judge, struct athlete *athlete, int64_t now_us);

/* session.c */
/* Ends it as of now; it is closed when the sounds of its last moment are judged. */
void session_end(struct judge *judge, int64_t now_us, unsigned kit);
/* Closes those that were ended and have nothing left to wait for. */
void session_close_ended(struct judge *judge, int64_t now_us);
int session_open(struct judge *judge, int64_t now_us, unsigned kit, const char *athlete,
	enum exercise exercise);
/* keep: only says its summary; it goes on after a restart. */
void session_close(struct judge *judge, int64_t now_us, unsigned kit, bool keep);
void session_publish(struct judge *judge, int64_t now_us, unsigned kit);
void session_summary(struct judge *judge, struct athlete *athlete, int64_t now_us, bool is_final);
void session_rep(struct judge *judge, int64_t now_us, unsigned kit, const struct posture_rep *rep);
/* Publishes the repetitions whose pops are judged. all: whatever waits. */
void session_flush_reps(struct judge *judge, struct athlete *athlete, int64_t now_us, bool all);

/* set.c: a repetition of the running session is over. */
void set_rep(
	struct judge *judge, struct athlete *athlete, int64_t now_us, const struct rep_note *rep);
/* The set is over, by its pause or with its session. */
void set_end(struct judge *judge, struct athlete *athlete, int64_t now_us);
/* The range advice X was given. */
void set_advise(struct athlete *athlete, double range_deg);

/* memory.c */
/* Brings the memory up to date and hands it out. */
void memory_store(struct judge *judge, struct athlete *athlete, int64_t now_us);
/* Writes down what a person decided; subject: what it was about, the rest is filled in. */
void memory_note_act(struct athlete *athlete, int64_t now_us, enum act act, const char *by,
	const char *reason, const struct memory_act *subject);
void memory_restore(
	struct judge *judge, struct athlete *athlete, const struct athlete_memory *memory);
