// SPDX-License-Identifier: MIT
#pragma once
/* What trainers and dashboards ask of the judge. A refused command changes nothing. Each returns 0,
 * or -ENOENT for an unknown kit, athlete, alert or pop.
 */
#include <stdint.h>

#include "coxad/core/judge/judge.h"

/* A person's verdict on a pop. */
struct judge_override {
	const char *pop;
	enum pop_class class;
	const char *by, *reason;
};

/* athlete NULL: the one configured for the kit. Also -EINVAL: none given and none configured, or no
 * name; -EBUSY: the athlete wears another kit; -ENOSPC: no capacity for another athlete. */
int judge_command_start_session(struct judge *judge, int64_t now_us, unsigned kit,
	const char *athlete, enum exercise exercise);
/* Ends it as of now. ret_until_us: until then its last sounds may still come and be judged, by the
 * posture and calibration of this session; NULL: not asked. Also -ENODATA: no session. */
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
