// SPDX-License-Identifier: MIT
#pragma once
/* A judge with kits whose posture is played from a script, on a clock that the test turns: feature
 * values in, results out. The kit_posture functions that the judge asks are the rig's own here.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/core/athlete-memory.h"
#include "coxad/core/judge/judge-command.h"
#include "coxad/core/judge/judge.h"

#define RIG_KITS    3
#define RIG_EVENTS  8192
#define RIG_QUEUE   64
#define RIG_LATENCY 100000 /* frames and reports come so long after their instant */
/* Wearables of a kit, in this order; the room microphone comes after those of all kits. */
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

/* A body as its frames show it until the test changes it. */
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
	int64_t step_us; /* of the clock, a frame's length unless a test makes it coarse */
	unsigned n_queue;
	struct rig_pending queue[RIG_QUEUE];
	unsigned n;
	struct rig_event *event;
	unsigned restarts;
	char run[16];
	unsigned haptics[4];
	unsigned remembered;
	struct athlete_memory memory; /* ana's, as stored last */
	bool can_recall;              /* it is there to be asked for */
	bool check_red;               /* no red flag may be lowered: checked at each pop */
	bool person_acts;             /* except now */
};

/* A repetition: raise, hold, lower, rest; what is NAN or 0 is not there. */
struct rig_rep {
	double top_deg;     /* 75 where 0 */
	double lower_deg_s; /* 30 where 0 */
	double tilt_deg;    /* throughout */
	double pop_deg;     /* elevation of the pop, NAN: none */
	bool pop_in_raise;
	double pop_tilt_deg, pop_tilt_rate_deg_s;
	double asymmetry_deg;
	double theta_loss_deg;               /* NAN: none */
	double control_angle_deg;            /* 40 where 0 */
	double sparc;                        /* -1.5 where 0 */
	unsigned wearable;                   /* RIG_HIP_RIGHT where 0 */
	const struct pop_features *features; /* the base pop where NULL */
	bool arrest, surge;                  /* in the motion after the pop */
};

extern const struct pop_features rig_base_pop;
/* A repetition without a pop, and one with the base pop at 38 degrees, going down; back flat. */
extern const struct rig_rep rig_quiet, rig_base;

/* One session a kit, athletes "ana", "ben", "cleo", calibrated. memory: from earlier, or NULL. */
void rig_begin(struct rig *rig, const struct athlete_memory *memory);
/* Another judge goes on with what the first one left behind, as after kill -9. */
void rig_restart(struct rig *rig);
void rig_end(struct rig *rig);
/* The same as set-up and tear-down of a test: *state is a rig. */
int rig_set_up(void **state);
int rig_tear_down(void **state);
/* Turns the clock, frame by frame. */
void rig_run(struct rig *rig, double seconds);
/* A report that comes RIG_LATENCY after its instant, from now on. */
void rig_pop(struct rig *rig, unsigned kit, unsigned wearable, double in_s,
	const struct pop_features *features);
/* The base pop at the right hip while the legs go down, and 2 s more. Its instant. */
int64_t rig_pop_now(struct rig *rig, unsigned kit);
void rig_room(struct rig *rig, double in_s, double level_db);
void rig_room_uncertain(struct rig *rig, double in_s, double level_db, double unc_ms);
void rig_pop_uncertain(struct rig *rig, unsigned kit, double in_s, double unc_ms);
/* The athlete presses now, heard at once. */
void rig_press(
	struct rig *rig, unsigned kit, enum symptom_code code, enum body_site site, int intensity);
/* A person overrides a pop now; as judge_command_override. */
int rig_override(
	struct rig *rig, const char *pop, enum pop_class class, const char *by, const char *reason);
/* Plays it; returns the instant of its pop, 0 without one. */
int64_t rig_rep(struct rig *rig, unsigned kit, const struct rig_rep *rep);

/* The last revision of the pop nearest to t; fails the test where none is within 50 ms. */
const struct pop_result *rig_last(const struct rig *rig, int64_t t_us);
/* The last revision of the symptom_only events, NULL: none. */
const struct pop_result *rig_symptom_only(const struct rig *rig);
unsigned rig_count(const struct rig *rig, enum result_kind kind);
/* The n-th of a kind, from 0; NULL beyond. */
const struct rig_event *rig_nth(const struct rig *rig, enum result_kind kind, unsigned n);
const struct rig_event *rig_newest(const struct rig *rig, enum result_kind kind);
bool rig_has(const struct pop_result *pop, enum code code);
bool rig_has_cue(const struct pop_result *pop, enum cue_code cue);
