// SPDX-License-Identifier: MIT
#pragma once
/* One kit of the pipeline: made from the configuration, its posture's results passed to the judge, its
 * sessions begun and ended.
 */
#include "daemon/flow/pipeline-private.h"

/* In an unused place. */
void pipeline_kit_make(struct pipeline *pipeline, unsigned kit);
/* A posture, if the kit has a worn wearable. */
void pipeline_kit_equip(struct pipeline *pipeline, unsigned kit);
/* What the judge knows of it, after a change of the configuration. */
void pipeline_kit_describe(struct pipeline *pipeline, unsigned kit);
void pipeline_kit_describe_wearable(struct pipeline *pipeline, unsigned wearable, int64_t since_us);
/* The wearable at each placement, as configured; CONF_WEARABLES_MAX: none. */
void pipeline_kit_sources(
	const struct pipeline *pipeline, unsigned kit, unsigned ret[static PLACEMENT_COUNT]);
/* As a mask. */
uint32_t pipeline_kit_placements(const unsigned source[static PLACEMENT_COUNT]);
/* To the judge. */
void pipeline_kit_tell_calibration(struct pipeline *pipeline, unsigned kit);
/* As the commands; what judge-command.h returns. */
int pipeline_kit_start_session(
	struct pipeline *pipeline, unsigned kit, const char *athlete, enum exercise exercise);
int pipeline_kit_end_session(struct pipeline *pipeline, unsigned kit);
/* After anything that may have moved the kit's deadline, so that not all 64 need to be asked. */
void pipeline_kit_note_due(struct pipeline *pipeline, unsigned kit);
