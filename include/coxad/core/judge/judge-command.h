// SPDX-License-Identifier: MIT
#pragma once
/* Commands from trainers and dashboards. A refused command changes nothing. Each returns 0, or
 * -ENOENT for an unknown kit, athlete, alert or pop.
 */
#include <stdint.h>

#include "coxad/core/judge/judge.h"

/* A person's class for a pop. */
struct judge_override {
	const char *pop;
	enum pop_class class;
	const char *by, *reason;
};

/* athlete NULL: the one configured for the kit. Also -EINVAL: no athlete given or configured, or an
 * invalid name; -EBUSY: the athlete wears another kit; -ENOSPC: no capacity for another athlete. */
int judge_command_start_session(struct judge *judge, int64_t now_us, unsigned kit,
	const char *athlete, enum exercise exercise);
/* Ends the session as of now. ret_until_us (may be NULL): how long its last sounds may still
 * arrive, to be judged by this session's posture and calibration. Also -ENODATA: no session. */
int judge_command_end_session(
	struct judge *judge, int64_t now_us, unsigned kit, int64_t *ret_until_us);
/* source: who reports it, such as "trainer". */
int judge_command_report_symptom(struct judge *judge, int64_t now_us, const char *athlete,
	const struct symptom_report *report, const char *source);
int judge_command_acknowledge(
	struct judge *judge, int64_t now_us, const char *alert, const char *by);
int judge_command_override(
	struct judge *judge, int64_t now_us, const struct judge_override *override);
int judge_command_clear_symptoms(
	struct judge *judge, int64_t now_us, const char *athlete, const char *by);
/* Also -ENODATA: no session. */
int judge_command_cue(struct judge *judge, int64_t now_us, const char *athlete, enum cue_code cue);
