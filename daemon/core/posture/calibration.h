// SPDX-License-Identifier: MIT
#pragma once
/* The guided steps that tie sensors to body segments (decision-model.md 4.2, rulings 1 to 3). A
 * step begins by command and ends accepted or rejected, with a plain reason. Owns the kit's
 * calibration and what a running step gathers; takes rows of the timeline. Pure value, constant
 * time a row.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/core/posture/kit-posture.h"
#include "coxad/core/time/timeline.h"

#define CALIBRATION_STILL_ROWS 100 /* the second before the first raise, ruling 2 */

struct calibration_mean {
	struct vec3 sum;
	unsigned n;
};

/* One functional movement: there and back, some times. */
struct calibration_swing {
	unsigned cycles;
	bool is_out;
	double peak_deg; /* of the running excursion */
	double greatest_deg;
	double covariance[6];
	struct vec3 first_turn; /* rad, from the zero to the first excursion's top */
};

/* Of a raise: the leg that is to lie still. */
struct calibration_other {
	bool has_first;
	struct vec3 first; /* up, in the first row */
	double turned_deg; /* the most that it was away from there */
};

struct calibration {
	const struct analysis_conf *conf; /* borrowed */
	struct kit_calibration kit;
	uint32_t placements;
	enum exercise exercise;
	bool has_neutral;
	struct vec3 neutral[PLACEMENT_COUNT];

	bool is_running;
	enum calibration_step step;
	int64_t start_us;
	char why[TEXT_SIZE];
	bool has_news; /* why changed while the step runs; the reader clears it */
	double quality;
	bool has_data; /* of what the step needs, since it began */
	struct calibration_mean mean[PLACEMENT_COUNT];
	unsigned still_rows;
	double motion_dps2; /* sum of squares while still */
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

void calibration_init(
	struct calibration *calibration, const struct analysis_conf *conf, uint32_t placements);
/* True where the step runs now; false: rejected at once, see why. */
bool calibration_begin(struct calibration *calibration, int64_t t_us, enum calibration_step step,
	enum exercise exercise);
/* 0 while it runs (or none does), else CALIBRATION_STATE_ACCEPTED or _REJECTED: the step is over.
 */
int calibration_row(struct calibration *calibration, const struct timeline_row *row);
/* By time alone: the same answer as calibration_row. */
int calibration_advance(struct calibration *calibration, int64_t now_us);
int64_t calibration_deadline(const struct calibration *calibration);
/* A clap heard at a placement, contact minus air level. */
int calibration_clap(struct calibration *calibration, enum placement placement, int64_t t_us,
	double contact_air_db);
/* What is known of the kit is forgotten: end of session, sensor shift. */
void calibration_forget(struct calibration *calibration);
/* The thigh of a side. */
static inline enum placement calibration_thigh(unsigned side)
{
	return side == LEFT ? PLACEMENT_THIGH_LEFT : PLACEMENT_THIGH_RIGHT;
}
