// SPDX-License-Identifier: MIT
#pragma once
/* The core's results, which wire/message turns into messages: one struct per topic of the message
 * contract. Plain values with fixed sizes; strings are UTF-8 with a terminator. Unknown floats are
 * NAN (null in JSON). All instants are host time. Borrowed for the duration of the call.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/core/terms.h"

#define NAME_SIZE        33 /* athlete, kit, wearable: 32 bytes */
#define ID_SIZE          40
#define TEXT_SIZE        96
#define POP_CUES_MAX     4
#define POP_SYMPTOMS_MAX 8
#define REP_POPS_MAX     16
#define ALERT_REFS_MAX   16
#define ALERTS_MAX       16

struct cue {
	enum cue_code code;
	double argument; /* degrees for REDUCE_RANGE, NAN where the cue has none */
};

/* athlete/<athlete>/posture, decision-model.md, ruling 27 */
struct posture_result {
	char athlete[NAME_SIZE];
	int64_t t_us;
	enum phase phase;
	enum side side; /* of the moving leg(s) */
	unsigned rep;   /* completed or begun in this session, 0 before the first */
	double elevation_left_deg, elevation_right_deg;
	double hip_flexion_left_deg, hip_flexion_right_deg;
	double pelvic_tilt_deg, lumbar_extension_deg;
	double speed_deg_s; /* positive while the leg rises */
	uint64_t quality;   /* CODE_BIT mask */
};

/* Pelvic tilt by elevation in one repetition (decision-model.md 7.1): means over steps of
 * elevation, each around low + step x index; NAN where the leg has not been or the pelvis is
 * unknown. */
#define TILT_CURVE_LOW_DEG  (-10)
#define TILT_CURVE_STEP_DEG 5
#define TILT_CURVE_MAX      31
struct tilt_curve {
	float raising_deg[TILT_CURVE_MAX]; /* until the lowering begins */
	float lowering_deg[TILT_CURVE_MAX];
};

/* athlete/<athlete>/rep, decision-model.md, ruling 28 */
struct rep_result {
	char athlete[NAME_SIZE];
	char kit[NAME_SIZE];
	enum side side;
	unsigned rep;
	unsigned kinds; /* REP_KIND_BIT mask */
	double range_deg;
	double raise_ms, top_ms, lower_ms;
	int64_t t_start_us, t_end_us;
	double time_uncertainty_ms; /* of the two instants; at least half a frame is published */
	double theta_loss_deg, control_angle_deg;
	double sparc, asymmetry_deg;
	struct tilt_curve tilt_curve;
	unsigned n_pops;
	char pops[REP_POPS_MAX][ID_SIZE];
	uint64_t quality;
};

struct pop_confidence {
	double total, origin, posture, symptom, margin;
};

/* athlete/<athlete>/pop, decision-model.md 7.11 */
struct pop_result {
	char id[ID_SIZE];
	unsigned rev;        /* from 1 */
	unsigned supersedes; /* 0: none */
	enum pop_state state;
	bool is_final; /* or was before this revision */
	char athlete[NAME_SIZE];
	char kit[NAME_SIZE];
	int64_t t_pop_us;
	int64_t told_later_us; /* plus t_pop_us: as first told, if that was in an earlier boot */
	double time_uncertainty_ms;
	enum placement site;               /* PLACEMENT_COUNT: none (a symptom without a pop) */
	double levels_db[PLACEMENT_COUNT]; /* NAN where that placement detected nothing */
	enum pop_class class;
	unsigned severity; /* 0..4 */
	struct pop_confidence confidence;
	enum phase phase;
	enum side side;
	unsigned rep;
	double elevation_deg, hip_flexion_deg, pelvic_tilt_deg, lumbar_extension_deg, speed_deg_s;
	double form_total;
	double form[7]; /* f1..f7 */
	enum pattern pattern;
	uint64_t reasons; /* CODE_BIT mask: class reasons, quality marks, reject codes */
	unsigned n_cues;
	struct cue cues[POP_CUES_MAX];
	unsigned n_symptoms;
	char symptoms[POP_SYMPTOMS_MAX][ID_SIZE];
	/* An override by a person (decision-model.md, ruling 22); empty otherwise. */
	char override_by[NAME_SIZE];
	char override_reason[TEXT_SIZE];
};

/* athlete/<athlete>/cue */
struct cue_result {
	char athlete[NAME_SIZE];
	char kit[NAME_SIZE];
	int64_t t_us;
	struct cue cue;
	bool is_live;      /* within the repetition, also sent to the wearable as haptic */
	char pop[ID_SIZE]; /* that caused it; empty: none */
};

/* athlete/<athlete>/alert and the list in /alerts */
struct alert_result {
	char alert[ID_SIZE]; /* the alert's own id over its whole life */
	enum alert_state state;
	char athlete[NAME_SIZE];
	char kit[NAME_SIZE];
	int64_t t_us; /* of this change */
	int64_t t_raised_us;
	double time_uncertainty_ms; /* of the event that caused it */
	unsigned severity;
	enum pop_class class;
	uint64_t reasons;
	unsigned n_pops;
	char pops[ALERT_REFS_MAX][ID_SIZE];
	unsigned n_symptoms;
	char symptoms[ALERT_REFS_MAX][ID_SIZE];
	char by[NAME_SIZE]; /* who acknowledged or cleared */
};

/* n = 0: the retained list is removed. */
struct alerts_result {
	char athlete[NAME_SIZE];
	unsigned n;
	struct alert_result open[ALERTS_MAX];
};

/* kit/<kit>/session; is_open false: the retained message is removed */
struct session_result {
	char kit[NAME_SIZE];
	bool is_open;
	char athlete[NAME_SIZE];
	enum exercise exercise;
	int64_t since_us;
	bool is_calibrated;
	uint32_t lacks;                /* mask of 1 << CALIBRATION_LACK */
	double span_deg;               /* S, neutral minus flat-back */
	double calibration_confidence; /* 0..1 */
};

/* kit/<kit>/calibration */
struct calibration_result {
	char kit[NAME_SIZE];
	int64_t t_us;
	enum calibration_step step;
	enum calibration_state state;
	char why[TEXT_SIZE];        /* guidance for the trainer; empty: nothing to say */
	enum calibration_code code; /* of why; NONE where that is empty */
	double progress;            /* 0..1; NAN where none is made */
	double quality;             /* 0..1, NAN while running */
	bool is_calibrated;         /* the kit, now */
	uint32_t lacks;             /* the kit, now: mask of 1 << CALIBRATION_LACK */
};

/* athlete/<athlete>/summary */
struct summary_result {
	char athlete[NAME_SIZE];
	char kit[NAME_SIZE];
	enum exercise exercise;
	int64_t since_us, t_us;
	bool is_final;
	unsigned reps, faulty_reps;
	unsigned pops_by_class[POP_CLASS_COUNT];
	unsigned symptoms;
	unsigned alerts_raised;
	unsigned pops_not_exercising;
	unsigned crepitus;        /* clicks of joints that creak, while exercising */
	double crepitus_level_db; /* mean peak of these at their sensors, dBFS; NAN without one */
	double pops_per_rep;
	double own_pops_per_rep; /* the baseline, NAN without one */
	double control_angle_deg;
	double range_deg_mean;
	double lower_ms_mean;
	double loudness_trend_db; /* Theil-Sen rise over the session, NAN where not known */
	uint64_t trends;          /* CODE_BIT mask */
	unsigned baseline_sessions, baseline_pops;
};

/* wearable/<wearable>/status */
struct wearable_result {
	unsigned wearable; /* index in the configuration */
	enum wearable_state state;
	const char *driver; /* id, NULL while not known */
	double battery_percent;
	double rssi_dbm;
	double rate_hz;
	double loss_percent;
	double skew_ppm, clock_uncertainty_ms, clock_coverage;
	int64_t t_us;
	int64_t last_data_us; /* 0: none yet */
	const char *firmware; /* NULL: unknown */
	const char *adapter;  /* see address_shorten; NULL: not connected, or unknown */
	const char *radio;    /* that serves it; NULL: this gateway itself */
	uint64_t drops;
	int last_drop; /* enum reason, 0 none */
	int64_t last_drop_us;
	enum wearable_problem problem;
	enum wearable_bond bond;
};

struct act_symptom {
	enum symptom_code code; /* UNKNOWN: the act is none about a symptom */
	enum body_site site;
	enum side side;
	int intensity; /* 0..10; -1: unknown */
};

/* What a person did; not published, for the logbook. */
struct act_result {
	enum act act;
	char athlete[NAME_SIZE];
	char kit[NAME_SIZE]; /* empty, as are the other texts: none */
	int64_t t_us;
	char by[NAME_SIZE];
	enum exercise exercise; /* NONE: none */
	char alert[ID_SIZE], pop[ID_SIZE];
	enum pop_class class; /* POP_CLASS_COUNT: none */
	char reason[TEXT_SIZE];
	struct act_symptom symptom;
};

/* wearable/<wearable>/live */
struct live_result {
	unsigned wearable; /* index in the configuration */
	int64_t t_us;
	double gravity_g[3]; /* in the sensor's axes */
	int is_still;        /* -1: unknown */
	double turn_deg_s;
	double level_db; /* below full scale */
};

enum result_kind {
	RESULT_POSTURE,
	RESULT_REP,
	RESULT_POP,
	RESULT_CUE,
	RESULT_ALERT,
	RESULT_ALERTS,
	RESULT_SESSION,
	RESULT_CALIBRATION,
	RESULT_SUMMARY,
	RESULT_WEARABLE,
	RESULT_LIVE,
	RESULT_ACT,
	RESULT_COUNT
};

struct result {
	enum result_kind kind;
	union {
		const struct posture_result *posture;
		const struct rep_result *rep;
		const struct pop_result *pop;
		const struct cue_result *cue;
		const struct alert_result *alert;
		const struct alerts_result *alerts;
		const struct session_result *session;
		const struct calibration_result *calibration;
		const struct summary_result *summary;
		const struct wearable_result *wearable;
		const struct live_result *live;
		const struct act_result *act;
	};
};
