// SPDX-License-Identifier: MIT
#include "coxad/core/judge/judge-kits.h"

#include "daemon/core/judge/judge-due.h"
#include "daemon/core/judge/judge-private.h"
#include "daemon/core/judge/kit-state.h"
#include "daemon/core/judge/session.h"

/* Whatever refers to the kit by its index means the one that was there before. */
static void let_go(struct athlete *a, unsigned kit)
{
	if (a->last_kit == kit && a->kit < 0)
		a->last_kit = JUDGE_NO_KIT;
	for (unsigned i = 0; i < ATHLETE_POPS_MAX; i++) {
		struct pop *p = &a->pop[i];

		if (p->stage == POP_STAGE_FREE || p->kit != kit)
			continue;
		p->kit = JUDGE_NO_KIT;
		p->is_restored = true;
	}
}

void judge_kits_begin(struct judge *j, int64_t now_us, unsigned kit)
{
	judge_due_advance(j, now_us);
	judge_due_conclude_kit(j, now_us, kit);
	if (j->kit[kit].athlete)
		session_close(j, now_us, kit, false);
	for (unsigned i = 0; i < j->n_athletes; i++)
		let_go(j->athlete[i], kit);
	kit_state_init(j, kit);
	judge_due_settle(j, now_us);
}

void judge_kits_exercise(struct judge *j, int64_t now_us, unsigned kit, enum exercise exercise)
{
	struct athlete *a = j->kit[kit].athlete;

	if (!a)
		return;
	judge_due_advance(j, now_us);
	a->memory.exercise = exercise;
	a->is_touched = true;
	session_publish(j, now_us, kit);
	judge_due_settle(j, now_us);
}

void judge_kits_wearable(struct judge *j, unsigned wearable)
{
	j->wearable[wearable] = (struct wearable_track){0};
}
