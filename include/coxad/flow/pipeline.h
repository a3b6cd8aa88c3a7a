// SPDX-License-Identifier: MIT
#pragma once
/* The one file that knows the order of the stages: records on host time in; posture, verdicts,
 * sessions out. Owns a kit_posture for each kit with motion, and the judge. Pure, nothing on the
 * heap per sample. pipeline_advance carries out what is due in order of its own instants, so a
 * late call (live) and an exact one (replay) give the same.
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
	/* -ENOTCONN, -ENOTSUP, or 0: the order is on its way. */
	int (*order)(
		void *user, unsigned wearable, enum driver_order_kind order, unsigned argument);
	void (*remember_calibration)(
		void *user, unsigned kit, const struct kit_calibration *calibration);
	void (*remember_athlete)(void *user, const struct athlete_memory *memory);
	/* Of one who is not held in memory; false: nothing is known. */
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
/* Before pipeline_start. A calibration taken with other wearables than the kit has now is dropped. */
void pipeline_restore_calibration(
	struct pipeline *pipeline, unsigned kit, const struct kit_calibration *calibration);
void pipeline_restore_athlete(struct pipeline *pipeline, const struct athlete_memory *memory);
void pipeline_start(struct pipeline *pipeline, int64_t now_us);
void pipeline_record(struct pipeline *pipeline, int64_t now_us, const struct record *record);
void pipeline_wearable(struct pipeline *pipeline, int64_t now_us, unsigned wearable,
	enum wearable_state state, uint32_t streams);
/* What wearables do from here on is not known: it says nothing against a verdict. */
void pipeline_input_ended(struct pipeline *pipeline);

int64_t pipeline_deadline(const struct pipeline *pipeline);
void pipeline_advance(struct pipeline *pipeline, int64_t now_us);
bool pipeline_is_pending(const struct pipeline *pipeline);
/* What the judge refused or lost, for the stats. */
const struct judge_counters *pipeline_judge_counters(const struct pipeline *pipeline);
void pipeline_finish(struct pipeline *pipeline, int64_t now_us, bool keep_sessions);
