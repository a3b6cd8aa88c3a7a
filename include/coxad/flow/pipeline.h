// SPDX-License-Identifier: MIT
#pragma once
/* The only file that knows the order of the stages: records on host time in; posture, verdicts and
 * sessions out. Owns a kit_posture for each kit with motion, and the judge. Pure, nothing allocated
 * per sample. pipeline_advance does everything at the instant it is due, so that a late call (live)
 * gives the same as a punctual one (replay).
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/config/conf.h"
#include "coxad/core/record.h"
#include "coxad/core/result.h"
#include "coxad/drivers/driver.h"

struct athlete_memory;
struct kit_calibration;
struct judge_counters;
struct pipeline;

struct pipeline_ops {
	void (*result)(void *user, int64_t now_us, const struct result *result);
	/* 0: the order was sent; -ENOTCONN, -ENOTSUP. */
	int (*order)(
		void *user, unsigned wearable, enum driver_order_kind order, unsigned argument);
	void (*sensor_problem)(void *user, unsigned wearable, enum wearable_problem problem);
	void (*remember_calibration)(
		void *user, unsigned kit, const struct kit_calibration *calibration);
	void (*remember_athlete)(void *user, const struct athlete_memory *memory);
	/* Of an athlete who is not held in memory; false: unknown. */
	bool (*recall_athlete)(void *user, const char *athlete, struct athlete_memory *ret);
};

/* All borrowed for life. */
struct pipeline_settings {
	const struct conf *conf;
	const char *run;             /* begins every id */
	const struct tracer *tracer; /* NULL: off */
};

struct pipeline *pipeline_new(
	const struct pipeline_settings *settings, const struct pipeline_ops *ops, void *user);
struct pipeline *pipeline_free(struct pipeline *pipeline);
/* Before pipeline_start. Drops a calibration that was made with other wearables. */
void pipeline_restore_calibration(
	struct pipeline *pipeline, unsigned kit, const struct kit_calibration *calibration);
void pipeline_restore_athlete(struct pipeline *pipeline, const struct athlete_memory *memory);
/* The same after pipeline_start: a kit that is calibrated by now stays as it is, an athlete has the
 * memories of both runs. */
void pipeline_restore_calibration_late(struct pipeline *pipeline, int64_t now_us, unsigned kit,
	const struct kit_calibration *calibration);
void pipeline_restore_athlete_late(
	struct pipeline *pipeline, int64_t now_us, const struct athlete_memory *memory);
void pipeline_start(struct pipeline *pipeline, int64_t now_us);
void pipeline_record(struct pipeline *pipeline, int64_t now_us, const struct record *record);
void pipeline_wearable(struct pipeline *pipeline, int64_t now_us, unsigned wearable,
	enum wearable_state state, uint32_t streams);
/* What the wearables do from here on is unknown, and does not count against a verdict. */
void pipeline_input_ended(struct pipeline *pipeline);

int64_t pipeline_deadline(const struct pipeline *pipeline);
void pipeline_advance(struct pipeline *pipeline, int64_t now_us);
bool pipeline_is_pending(const struct pipeline *pipeline);
/* The athlete whose session is under way with this kit, or not closed yet; NULL: none is. */
const char *pipeline_athlete(const struct pipeline *pipeline, unsigned kit);
/* Forgets one who has no session. */
void pipeline_erase(struct pipeline *pipeline, int64_t now_us, const char *athlete);
/* What the judge refused or lost, for the stats. */
const struct judge_counters *pipeline_judge_counters(const struct pipeline *pipeline);
void pipeline_finish(struct pipeline *pipeline, int64_t now_us, bool keep_sessions);
