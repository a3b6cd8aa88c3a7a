// SPDX-License-Identifier: MIT
#pragma once
/* The posture of one kit's athlete: motion of up to PLACEMENT_COUNT wearables in, a 100 Hz series
 * of segment angles, phases and repetitions out. Owns orientation filters, the timeline that
 * merges the streams on a grid behind a watermark, the calibration, the phase machines and a ring
 * of the last frames. Pure; nothing on the heap after new, but for a change of sensors; results only
 * through ops. Results do not depend on the order in which packets of different wearables arrive
 * within the watermark.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/base/trace.h"
#include "coxad/base/vec.h"
#include "coxad/core/analysis.h"
#include "coxad/core/record.h"
#include "coxad/core/result.h"
#include "coxad/core/terms.h"

#define POSTURE_FRAME_US 10000
/* Frames kept for pops that arrive late; for older ones posture is unknown. */
#define POSTURE_RING_S 60
/* What is shown live waits at most this long for a wearable that sends. */
#define POSTURE_WAIT_US 400000
/* What counts waits so long for data that are late. */
#define POSTURE_LATE_US 3500000
/* Where no pose is known, a repetition is told this long after its end: what follows tells whether it
 * was one. Told within 1.5 s, 0.4 s of them for late packets. */
#define POSTURE_DOUBT_US 900000

/* Sprinters swing a thigh at up to 850 deg/s (estimate); faster turns of a leg are no movement. */
#define POSTURE_SPEED_MOST_DEG_S 1200

/* Index of what there is for each leg. What is said about a pop or a repetition is an enum side. */
enum { LEG_LEFT, LEG_RIGHT, LEGS };

static inline enum side kit_posture_side_of(unsigned leg)
{
	return leg == LEG_LEFT ? SIDE_LEFT : SIDE_RIGHT;
}

/* One instant of the grid. NAN where unknown. */
struct posture_frame {
	int64_t t_us;
	enum phase phase[LEGS];
	enum phase phase_kit; /* of the moving side(s), as published */
	enum side side;       /* moving leg(s) */
	unsigned rep;         /* the running or last repetition of this session */
	float elevation_deg[LEGS];
	float hip_flexion_deg[LEGS];
	float speed_deg_s[LEGS]; /* positive while the leg rises */
	bool has_pelvis;         /* its sensor shows the trunk, though perhaps no tilt */
	float tilt_deg;          /* pelvis against flat-back, + anterior */
	float tilt_rate_deg_s;
	float pelvis_roll_deg, pelvis_yaw_deg; /* against flat-back */
	float lumbar_deg; /* lumbar extension; the tilt without a lumbar sensor (LUMBAR_PROXY_USED) */
	float knock_g;    /* maximum high-passed acceleration of the kit's wearables */
	uint64_t quality; /* CODE_BIT mask */
};

/* A repetition, with what the verdict needs beyond the published record. */
struct posture_rep {
	struct rep_result result; /* athlete, kit, pops left empty */
	bool is_early_reversal;
	double preset_tilt_deg;             /* mean tilt in the 300 ms before it, NAN unknown */
	double turn_low_deg, turn_high_deg; /* usual turning points of this athlete, NAN unknown */
};

/* What a restart keeps of a kit: plain data, written by wire/history. */
struct calibration_segment {
	bool has_zero;         /* reference taken */
	bool has_axis;         /* functional axis, else the default axes */
	struct vec3 axis;      /* medio-lateral axis in the sensor's frame, to the athlete's left */
	struct vec3 zero;      /* gravity direction (up) in the sensor's frame at the zero pose */
	struct vec3 up_supine; /* gravity direction when lying, to check that the trunk is supine */
};

struct kit_calibration {
	bool is_calibrated; /* flat-back was taken and accepted */
	double span_deg;    /* S */
	bool has_span;      /* false: the default 8.7 stands in */
	double confidence;  /* 0..1 */
	uint32_t lacks;     /* mask of 1 << CALIBRATION_LACK, now; not remembered */
	struct calibration_segment segment[PLACEMENT_COUNT];
	uint32_t done;                   /* bit a calibration step */
	double clap_db[PLACEMENT_COUNT]; /* contact minus air at the clap, NAN without one */
	char address[PLACEMENT_COUNT]
		    [18]; /* of the wearable it was taken with: another one ends it */
};

struct kit_posture;

struct kit_posture_ops {
	/* Of all that came within POSTURE_LATE_US; at once while nothing is late. */
	void (*frame)(void *user, const struct posture_frame *frame);
	/* Of what was there after POSTURE_WAIT_US, to be shown. May be NULL. */
	void (*live)(void *user, const struct posture_frame *frame);
	void (*rep)(void *user, const struct posture_rep *rep);
	void (*calibration)(void *user, const struct calibration_result *result);
	/* The calibration to remember has changed, or ended (is_calibrated false). */
	void (*calibrated)(void *user, const struct kit_calibration *calibration);
	/* A sensor turned out to be faulty, or no longer is (NONE). May be NULL. */
	void (*problem)(void *user, enum placement placement, enum wearable_problem problem);
	/* The pelvis left its limit while the legs go down: once per repetition, on that frame. */
	void (*limit)(void *user, const struct posture_frame *frame);
};

struct kit_posture_settings {
	const char *kit;
	const struct analysis_conf *analysis; /* borrowed for life */
	enum exercise exercise;
	uint32_t placements; /* mask of 1 << PLACEMENT of the kit's wearables */
};

struct kit_posture *kit_posture_new(
	const struct kit_posture_settings *settings, const struct kit_posture_ops *ops, void *user);
struct kit_posture *kit_posture_free(struct kit_posture *posture);
/* Before the first sample. The tracer is borrowed for life; the subject is the kit. */
void kit_posture_set_tracer(struct kit_posture *posture, const struct tracer *tracer);
/* A calibration from an earlier run; before any sample. */
void kit_posture_restore(struct kit_posture *posture, const struct kit_calibration *calibration);

/* RECORD_MOTION, RECORD_ORIENTATION, and RECORD_POP for claps; others are ignored. */
void kit_posture_push(
	struct kit_posture *posture, enum placement placement, const struct record *record);
void kit_posture_link(
	struct kit_posture *posture, enum placement placement, int64_t t_us, bool is_up);
/* A new session: repetitions count from 1, the exercise may change. */
void kit_posture_session(struct kit_posture *posture, int64_t t_us, enum exercise exercise);
/* Continues a session after a restart: the repetitions counted, and the elevations at which the
 * flat back was last lost, oldest first. */
void kit_posture_resume(struct kit_posture *posture, unsigned repetitions, const double *loss_deg,
	unsigned n_losses);
/* After the session's begin: how a sensor was worn last time. Flat-back alone takes it over where
 * gravity agrees, and the first raise confirms it. */
void kit_posture_worn(struct kit_posture *posture, enum placement placement,
	const struct calibration_segment *segment);
/* Ends a session: the calibration ends with it (decision-model.md, ruling 7). */
void kit_posture_session_end(struct kit_posture *posture, int64_t t_us);
/* The kit was changed: other placements, another exercise, another sensor (or none) at the placements of
 * the mask `changed`. A running repetition does not count, the calibration of the other sensors holds. */
void kit_posture_change(struct kit_posture *posture, int64_t t_us,
	const struct kit_posture_settings *settings, uint32_t changed);
/* Begins a step; its progress and result come through ops->calibration. */
void kit_posture_calibrate(struct kit_posture *posture, int64_t t_us, enum calibration_step step);

/* A repetition runs, or is not told yet; it is over or dropped when data has ceased for long. */
bool kit_posture_is_pending(const struct kit_posture *posture);
int64_t kit_posture_deadline(const struct kit_posture *posture);
void kit_posture_advance(struct kit_posture *posture, int64_t now_us);

/* All frames with t_us <= this are made and stay as they are. */
int64_t kit_posture_watermark(const struct kit_posture *posture);
/* Nothing that came by then will still become a repetition that was over by then. */
bool kit_posture_has_counted(const struct kit_posture *posture, int64_t t_us);
/* Visits the frames of [from, to], live ones where nothing better is there yet, oldest first; the visitor returns false to stop. Returns their
 * number. */
unsigned kit_posture_frames(const struct kit_posture *posture, int64_t from_us, int64_t to_us,
	bool (*visit)(void *user, const struct posture_frame *frame), void *user);
/* Maximum high-passed acceleration of one wearable within +-within_us of t, in g; NAN: unknown. */
double kit_posture_knock_g(const struct kit_posture *posture, enum placement placement,
	int64_t t_us, int64_t within_us);
double kit_posture_span_deg(const struct kit_posture *posture);
double kit_posture_control_angle_deg(const struct kit_posture *posture);
const struct kit_calibration *kit_posture_calibration(const struct kit_posture *posture);
