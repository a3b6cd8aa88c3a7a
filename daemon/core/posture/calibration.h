// SPDX-License-Identifier: MIT
#pragma once
/* The guided steps that tie sensors to body segments (decision-model.md 4.2, rulings 1 to 3). A
 * step begins by command and ends accepted or rejected, with a plain reason. Owns the kit's
 * calibration and what a running step gathers; takes rows of the timeline. Pure value, constant
 * time a row.
 */
#include <stdbool.h>
#include <stdint.h>

#include "daemon/core/posture/calibration-run.h"

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
