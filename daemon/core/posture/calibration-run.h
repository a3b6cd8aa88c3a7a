// SPDX-License-Identifier: MIT
#pragma once
/* A kit's calibration and the step under way: the state that the steps work on, and what each of
 * them needs (calibration-pose.c, calibration-movement.c). Pure value; knows none of the steps.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/core/posture/kit-posture.h"
#include "coxad/core/time/timeline.h"

#define CALIBRATION_STILL_ROWS 100 /* the second before the first raise, ruling 2 */

/* What the trainer reads; an empty text and NONE: nothing. */
struct calibration_guidance {
	enum calibration_code code;
	char text[TEXT_SIZE];
};

struct calibration_mean {
	struct vec3 sum;
	unsigned n;
};

/* One sensor in a movement that goes out and back several times. */
struct calibration_swing {
	unsigned cycles;
	bool is_out;
	double peak_deg; /* of the excursion under way */
	double greatest_deg;
	double covariance[6];
	struct vec3 first_turn; /* rad, from the zero to the top of the first excursion */
};

/* In a leg raise: the leg that should lie still. */
struct calibration_other {
	bool has_first;
	struct vec3 first; /* up in the first row */
	double turned_deg; /* greatest angle from there */
};

struct calibration {
	const struct analysis_conf *conf; /* borrowed */
	struct kit_calibration kit;
	/* The segments in force: those of the calibration, and after a shift has ended it the last
	 * ones. */
	struct kit_calibration model;
	bool has_shifted; /* until the next calibration */
	bool is_off;      /* a leg rests off its zero: published, until it rests there again */
	double sound_confidence;           /* of the calibration before that */
	enum calibration_state last_state; /* published for the last step */
	uint32_t placements;
	enum exercise exercise;
	/* How a leg's sensor is worn, learnt from its movement; how each was worn last time. Without
	 * an axis: unknown. */
	struct calibration_segment learnt[LEGS];
	struct calibration_segment remembered[PLACEMENT_COUNT];
	uint32_t unproven; /* mask: taken as worn last time, until a raise confirms it */
	uint32_t borrowed; /* thighs confirmed so, until the movement has taught better */
	bool has_neutral;
	struct vec3 neutral[PLACEMENT_COUNT];

	bool is_running;
	bool has_begun; /* the rows of a step that moves the body have come */
	enum calibration_step step;
	int64_t start_us;
	struct calibration_guidance guidance;
	bool has_news; /* guidance has changed while the step runs; whoever publishes it clears this */
	double told_progress; /* as published last */
	double quality;
	bool has_data; /* the sensor that the step needs has sent since it began */
	struct calibration_mean mean[PLACEMENT_COUNT];
	unsigned still_rows;
	double motion_deg2_s2; /* sum of squared rates while still */
	bool is_moving;
	unsigned held_rows; /* still, but away from the zero */
	struct vec3 zero;
	struct vec3 still[CALIBRATION_STILL_ROWS];
	unsigned still_at, still_n;
	struct calibration_swing swing[PLACEMENT_COUNT];
	struct calibration_other other;
	float clap_db[PLACEMENT_COUNT][8];
	unsigned claps[PLACEMENT_COUNT];
};

bool calibration_run_has(const struct calibration *calibration, enum placement placement);
/* The placement that the running step works on; PLACEMENT_COUNT: none. */
enum placement calibration_run_placement(const struct calibration *calibration);
/* Discards what the step has gathered; it goes on. */
void calibration_run_clear(struct calibration *calibration);
/* The body part at a placement, in words. */
const char *calibration_run_part(enum placement placement);
/* How the running step stands. */
__attribute__((format(printf, 3, 4))) void calibration_run_guide(
	struct calibration *calibration, enum calibration_code code, const char *format, ...);
/* A remark on a step or a calibration that is over. */
__attribute__((format(printf, 3, 4))) void calibration_run_remark(
	struct calibration *calibration, enum calibration_code code, const char *format, ...);
/* Brings kit.lacks up to date. */
void calibration_run_note_lacks(struct calibration *calibration);
/* A raise of a leg about an axis: what is worn as last time is confirmed, or dropped. */
enum calibration_proof {
	CALIBRATION_PROOF_NONE,
	CALIBRATION_PROOF_GIVEN,
	CALIBRATION_PROOF_REFUTED
};
enum calibration_proof calibration_run_prove(
	struct calibration *calibration, unsigned leg, struct vec3 axis);
/* By how much of the procedure was done, decision-model.md 4.2. */
void calibration_run_rate(struct calibration *calibration);
/* Both end the step and return its state. */
__attribute__((format(printf, 3, 4))) int calibration_run_reject(
	struct calibration *calibration, enum calibration_code code, const char *format, ...);
int calibration_run_accept(struct calibration *calibration, double quality);
/* The thigh of a leg. */
static inline enum placement calibration_run_thigh(unsigned leg)
{
	return leg == LEG_LEFT ? PLACEMENT_THIGH_LEFT : PLACEMENT_THIGH_RIGHT;
}
