// SPDX-License-Identifier: MIT
#include "coxad/core/judge/judge-command.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/judge/alert.h"
#include "daemon/core/judge/judge-due.h"
#include "daemon/core/judge/judge-output.h"
#include "daemon/core/judge/judge-private.h"
#include "daemon/core/judge/pop-life.h"
#include "daemon/core/judge/roster.h"
#include "daemon/core/judge/session.h"
#include "daemon/core/judge/symptom-report.h"
#include "daemon/core/judge/symptom.h"

int judge_command_start_session(
	struct judge *j, int64_t now_us, unsigned kit, const char *athlete, enum exercise exercise)
{
	int r;

	if (kit >= j->conf->n_kits)
		return -ENOENT;
	if (!athlete)
		athlete = j->conf->kit[kit].athlete;
	if (!athlete)
		return -EINVAL;
	judge_advance(j, now_us);
	r = session_open(j, now_us, kit, athlete, exercise);
	judge_due_settle(j, now_us);
	return r;
}

int judge_command_end_session(struct judge *j, int64_t now_us, unsigned kit, int64_t *ret_until_us)
{
	if (kit >= j->conf->n_kits)
		return -ENOENT;
	judge_advance(j, now_us);
	if (!judge_athlete(j, kit))
		return -ENODATA;
	session_end(j, now_us, kit);
	if (ret_until_us)
		*ret_until_us = now_us + judge_ms(j->analysis->pop_wait_max_ms);
	judge_due_settle(j, now_us);
	return 0;
}

int judge_command_report_symptom(struct judge *j, int64_t now_us, const char *athlete,
	const struct symptom_report *report, const char *source)
{
	struct symptom_arrival arrival = {.t_us = now_us, .report = report, .source = source};
	struct athlete *a = roster_recall(j, athlete);

	if (!a)
		return -ENOENT;
	judge_advance(j, now_us);
	arrival.kit = a->last_kit;
	symptom_report(j, a, now_us, &arrival);
	judge_due_settle(j, now_us);
	return 0;
}

int judge_command_acknowledge(struct judge *j, int64_t now_us, const char *alert, const char *by)
{
	int r;

	judge_advance(j, now_us);
	r = alert_acknowledge(j, now_us, alert, by);
	judge_due_settle(j, now_us);
	return r;
}

static struct pop *find_published(struct judge *j, const char *id, struct athlete **ret)
{
	for (unsigned i = 0; i < j->n_athletes; i++)
		for (unsigned k = 0; k < ATHLETE_POPS_MAX; k++) {
			struct pop *p = &j->athlete[i]->pop[k];

			if ((p->stage == POP_STAGE_OPEN || p->stage == POP_STAGE_FINAL) &&
				strcmp(p->result.id, id) == 0) {
				*ret = j->athlete[i];
				return p;
			}
		}
	return NULL;
}

int judge_command_override(struct judge *j, int64_t now_us, const struct judge_override *o)
{
	struct athlete *a;
	struct pop *p;

	judge_advance(j, now_us);
	p = find_published(j, o->pop, &a);
	if (!p)
		return -ENOENT;
	pop_life_override(j, a, p, now_us, o);
	judge_due_settle(j, now_us);
	return 0;
}

int judge_command_clear_symptoms(
	struct judge *j, int64_t now_us, const char *athlete, const char *by)
{
	struct athlete *a = roster_recall(j, athlete);
	struct act_result act = {.act = ACT_CLEAR_SYMPTOMS};

	if (!a)
		return -ENOENT;
	judge_advance(j, now_us);
	symptom_clear(a, now_us);
	alert_clear_all(j, a, now_us, by);
	snprintf(act.by, sizeof(act.by), "%s", by);
	judge_output_act(j, a, now_us, &act);
	judge_due_settle(j, now_us);
	return 0;
}

int judge_command_cue(struct judge *j, int64_t now_us, const char *athlete, enum cue_code cue)
{
	struct athlete *a = roster_find(j, athlete);

	if (!a)
		return -ENOENT;
	if (a->kit < 0)
		return -ENODATA;
	judge_advance(j, now_us);
	judge_output_cue(j, now_us,
		&(struct cue_output){.athlete = a, .kit = (unsigned)a->kit, .cue = {cue, NAN}});
	if (cue == CUE_POSTERIOR_TILT)
		judge_output_haptic(j, now_us, (unsigned)a->kit, HAPTIC_FLATTEN);
	else if (cue == CUE_REVERSE)
		judge_output_haptic(j, now_us, (unsigned)a->kit, HAPTIC_REVERSE);
	else if (cue == CUE_STOP)
		judge_output_haptic(j, now_us, (unsigned)a->kit, HAPTIC_STOP);
	return 0;
}
