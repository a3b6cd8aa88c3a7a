// SPDX-License-Identifier: MIT
#include "daemon/core/judge/judge-output.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/judge/kit-state.h"

void judge_output_id(struct judge *j, char ret[static ID_SIZE])
{
	snprintf(ret, ID_SIZE, "%.24s-%u", j->conf->run, j->next_id++);
}

void judge_output_cue(struct judge *j, int64_t now_us, const struct cue_output *o)
{
	struct cue_result r = {.t_us = now_us, .cue = o->cue, .is_live = o->is_live};

	snprintf(r.athlete, sizeof(r.athlete), "%s", o->athlete->memory.athlete);
	snprintf(r.kit, sizeof(r.kit), "%s", kit_state_name(j, o->kit, o->athlete));
	if (o->pop)
		snprintf(r.pop, sizeof(r.pop), "%s", o->pop);
	j->ops->result(j->user, now_us, &(struct result){RESULT_CUE, .cue = &r});
}

void judge_output_haptic(struct judge *j, int64_t now_us, unsigned kit, unsigned pattern)
{
	if (j->ops->haptic && kit != JUDGE_NO_KIT)
		j->ops->haptic(j->user, now_us, kit, pattern);
}

void judge_output_stop(
	struct judge *j, struct athlete *a, int64_t now_us, unsigned kit, const char *pop)
{
	struct cue_output stop = {.athlete = a, .kit = kit, .cue = {CUE_STOP, NAN}, .pop = pop};

	if (now_us - a->stop_us < judge_s(j->analysis->cue_hold_s))
		return;
	a->stop_us = now_us;
	judge_output_haptic(j, now_us, kit, HAPTIC_STOP);
	judge_output_cue(j, now_us, &stop);
}

void judge_output_act(
	struct judge *j, const struct athlete *a, int64_t now_us, struct act_result *act)
{
	act->t_us = now_us;
	if (act->act != ACT_OVERRIDE)
		act->class = POP_CLASS_COUNT;
	memcpy(act->athlete, a->memory.athlete, sizeof(act->athlete));
	j->ops->result(j->user, now_us, &(struct result){RESULT_ACT, .act = act});
}
