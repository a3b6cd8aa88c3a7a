// SPDX-License-Identifier: MIT
#pragma once
/* The guided steps that align sensors with body segments (decision-model.md 4.2, rulings 1 to 3).
 * A command starts a step; it ends accepted or rejected, with a reason for the trainer. Owns the
 * kit's calibration and the data of the running step; takes rows of the timeline. Pure value,
 * constant time per row.
 */
#include <stdbool.h>
#include <stdint.h>

#include "daemon/core/posture/calibration-run.h"

void calibration_init(
	struct calibration *calibration, const struct analysis_conf *conf, uint32_t placements);
/* As remembered from an earlier run. */
void calibration_restore(struct calibration *calibration, const struct kit_calibration *kit);
/* After a step: what was found is in force from now on. */
void calibration_take_effect(struct calibration *calibration);
/* A sensor has shifted: the calibration ends, its segments stay in force, so that repetitions still
 * count. */
void calibration_lose(struct calibration *calibration);
/* A leg rests off its zero: no confidence, until it rests there again. */
void calibration_doubt(struct calibration *calibration, bool is_off);
/* A leg's movement has shown how its sensor is worn. True where a calibrated kit now goes by it. */
bool calibration_learn(
	struct calibration *calibration, unsigned leg, const struct calibration_segment *segment);
/* A leg's sensor is not worn as was assumed. */
void calibration_refuse(struct calibration *calibration, unsigned leg);
/* The kit has these placements now; at those of `changed` another sensor is worn, or none: what was
 * found for them is lost, and with the pelvis's the calibration. False where there was nothing to
 * lose. */
bool calibration_change(struct calibration *calibration, uint32_t placements, uint32_t changed);
/* The session is over. False where there was nothing to end. */
bool calibration_end(struct calibration *calibration);
/* False: rejected at once, the guidance says why. */
bool calibration_begin(struct calibration *calibration, int64_t t_us, enum calibration_step step,
	enum exercise exercise);
/* 0 while the step runs or none does; CALIBRATION_STATE_ACCEPTED or _REJECTED when it is over. */
int calibration_row(struct calibration *calibration, const struct timeline_row *row);
/* Of a running step: 0 to 1. NAN: none runs. */
double calibration_progress(const struct calibration *calibration);
/* Ends a step whose time is up. Returns what calibration_row() does. */
int calibration_advance(struct calibration *calibration, int64_t now_us);
int64_t calibration_deadline(const struct calibration *calibration);
/* A clap detected at a placement, contact minus air level. */
int calibration_clap(struct calibration *calibration, enum placement placement, int64_t t_us,
	double contact_air_db);
