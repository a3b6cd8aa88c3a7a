// SPDX-License-Identifier: MIT
#pragma once
/* A judge with kits whose posture is scripted, on a clock driven by the test: feature values in,
 * results out. The rig provides its own kit_posture functions.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/core/athlete-memory.h"
#include "coxad/core/judge/judge-command.h"
#include "coxad/core/judge/judge.h"

#define RIG_KITS    3
#define RIG_EVENTS  8192
#define RIG_QUEUE   64
#define RIG_LATENCY 100000 /* delay of frames and reports after their instant */
/* A kit's wearables in this order; the room microphone comes after all kits. */
enum rig_wearable {
	RIG_PELVIS,
	RIG_THIGH_LEFT,
	RIG_THIGH_RIGHT,
	RIG_HIP_RIGHT,
	RIG_HIP_LEFT,
	RIG_LOW_BACK,
	RIG_PER_KIT
};
#define RIG_ROOM (RIG_KITS * RIG_PER_KIT)

/* What a kit's frames show until the test changes it. */
struct rig_body {
	enum phase phase;
	enum side side;
	unsigned rep;
	double elevation_deg[LEGS], speed_deg_s[LEGS];
	double tilt_deg, tilt_rate_deg_s;
	double roll_deg;
	uint64_t quality;
	bool is_silent; /* no frames at all */
	double knock_g[PLACEMENT_COUNT];
};

struct rig_event {
	enum result_kind kind;
	int64_t now_us;
	union {
		struct pop_result pop;
		struct rep_result rep;
		struct cue_result cue;
		struct alert_result alert;
		struct alerts_result alerts;
		struct session_result session;
		struct summary_result summary;
		struct act_result act;
	};
};

struct rig_pending {
	int64_t due_us;
	struct record record;
};

struct rig {
	struct judge *judge;
	struct analysis_conf analysis;
	struct judge_conf conf;
	struct judge_kit kit[RIG_KITS];
	struct judge_wearable wearable[RIG_ROOM + 1];
	struct kit_posture *posture[RIG_KITS];
	struct rig_body body[RIG_KITS];
	int64_t now_us;
	int64_t step_us; /* clock step: one frame, unless a test makes it coarser */
	unsigned n_queue;
	struct rig_pending queue[RIG_QUEUE];
	unsigned n;
	struct rig_event *event;
	unsigned restarts;
	char run[16];
	unsigned haptics[4];
	unsigned remembered;
	struct athlete_memory memory; /* ana's, as last stored */
	bool can_recall;              /* recall finds it */
	bool check_red;               /* fail if a revision lowers a red flag */
	bool person_is_acting;        /* a person is acting: lowering is allowed */
};

/* A repetition: raise, hold, lower, rest. NAN or 0: not there. */
struct rig_rep {
	double top_deg;     /* 0: 75 */
	double lower_deg_s; /* 0: 30 */
	double tilt_deg;    /* throughout */
	double pop_deg;     /* elevation of the pop, NAN: none */
	bool pop_in_raise;
	double pop_tilt_deg, pop_tilt_rate_deg_s;
	double asymmetry_deg;
	double theta_loss_deg;               /* NAN: none */
	double control_angle_deg;            /* 0: 40 */
	double sparc;                        /* 0: -1.5 */
	unsigned wearable;                   /* 0: RIG_HIP_RIGHT */
	const struct pop_features *features; /* NULL: the base pop */
	bool arrest, surge;                  /* in the motion after the pop */
};

extern const struct pop_features rig_base_pop;
/* A repetition without a pop, and one with the base pop at 38 degrees while lowering; the back is
 * flat. */
extern const struct rig_rep rig_quiet, rig_base;

/* One session per kit, athletes "ana", "ben" and "cleo", calibrated. memory: from earlier, or NULL.
 */
void rig_begin(struct rig *rig, const struct athlete_memory *memory);
/* Replaces the judge by a new one with the stored memory, as after kill -9. */
void rig_restart(struct rig *rig);
void rig_end(struct rig *rig);
/* Set-up and tear-down of a test: *state is a rig. */
int rig_set_up(void **state);
int rig_tear_down(void **state);
/* Advances the clock frame by frame. */
void rig_run(struct rig *rig, double seconds);
/* Reports a sound in_s from now; the report arrives RIG_LATENCY later. */
void rig_pop(struct rig *rig, unsigned kit, unsigned wearable, double in_s,
	const struct pop_features *features);
/* Plays the base pop at the right hip while lowering, and 2 s more. Returns its instant. */
int64_t rig_pop_now(struct rig *rig, unsigned kit);
void rig_room(struct rig *rig, double in_s, double level_db);
void rig_room_uncertain(struct rig *rig, double in_s, double level_db, double unc_ms);
void rig_pop_uncertain(struct rig *rig, unsigned kit, double in_s, double unc_ms);
/* The athlete presses the button now; received at once. */
void rig_press(
	struct rig *rig, unsigned kit, enum symptom_code code, enum body_site site, int intensity);
/* A person overrides a pop now; as judge_command_override. */
int rig_override(
	struct rig *rig, const char *pop, enum pop_class class, const char *by, const char *reason);
/* Plays a repetition; returns the instant of its pop, 0 without one. */
int64_t rig_rep(struct rig *rig, unsigned kit, const struct rig_rep *rep);

/* Last revision of the pop nearest to t; fails the test if none is within 50 ms. */
const struct pop_result *rig_last(const struct rig *rig, int64_t t_us);
/* Last revision of the symptom_only events; NULL: none. */
const struct pop_result *rig_symptom_only(const struct rig *rig);
unsigned rig_count(const struct rig *rig, enum result_kind kind);
/* The n-th of a kind, from 0; NULL past the last. */
const struct rig_event *rig_nth(const struct rig *rig, enum result_kind kind, unsigned n);
const struct rig_event *rig_newest(const struct rig *rig, enum result_kind kind);
bool rig_has(const struct pop_result *pop, enum code code);
bool rig_has_cue(const struct pop_result *pop, enum cue_code cue);
