// SPDX-License-Identifier: MIT
#pragma once
/* The pipeline's own state, for pipeline*.c alone: pipeline.c moves data, pipeline-kit.c makes kits and
 * looks after their sessions, pipeline-command.c carries out commands, pipeline-reconfigure.c a changed
 * configuration.
 */
#include "coxad/core/posture/kit-posture.h"
#include "coxad/core/judge/judge.h"
#include "coxad/flow/pipeline.h"
#include "daemon/flow/stream-detector.h"

struct pipeline_kit {
	struct pipeline *pipeline;
	unsigned index;
	struct kit_posture *posture;      /* NULL: no worn wearable until now */
	unsigned source[PLACEMENT_COUNT]; /* the wearable there; CONF_WEARABLES_MAX: none */
	int64_t next_posture_us;          /* earliest time of the next posture message */
	int64_t session_end_us;           /* when an ended session ends for the posture; T_NEVER */
	int64_t due_us;                   /* the earlier of that and the posture's own deadline */
};

struct pipeline {
	const struct conf *conf;
	const struct tracer *tracer;
	const struct pipeline_ops *ops;
	void *user;
	int64_t now_us;
	bool has_input_ended;
	struct judge *judge;
	struct pipeline_kit kit[CONF_KITS_MAX];
	int64_t kits_due_us; /* a lower bound for all kits */
	struct judge_kit judge_kit[CONF_KITS_MAX];
	struct judge_wearable judge_wearable[CONF_WEARABLES_MAX];
	struct judge_conf judge_conf;
	struct stream_detector *stream_detector;
	enum wearable_state state[CONF_WEARABLES_MAX];
	uint32_t streams[CONF_WEARABLES_MAX];
	int64_t motion_unc_us[CONF_WEARABLES_MAX]; /* of the last motion */
};
