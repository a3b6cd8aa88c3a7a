// SPDX-License-Identifier: MIT
#include "daemon/core/judge/roster.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/list.h"
#include "coxad/base/units.h"
#include "daemon/core/judge/memory-merge.h"
#include "daemon/core/judge/memory.h"

struct athlete *roster_find(const struct judge *j, const char *name)
{
	for (unsigned i = 0; i < j->n_athletes; i++)
		if (strcmp(j->athlete[i]->memory.athlete, name) == 0)
			return j->athlete[i];
	return NULL;
}

static bool is_needed(const struct judge *j, const struct athlete *a)
{
	if (a->kit >= 0 || a->memory.n_alerts || a->n_waiting || a->was_in_session)
		return true;
	for (unsigned i = 0; i < j->conf->n_kits; i++)
		if (j->kit[i].before == a)
			return true;
	for (unsigned i = 0; i < ATHLETE_POPS_MAX; i++)
		if (a->pop[i].stage == POP_STAGE_PENDING || a->pop[i].stage == POP_STAGE_OPEN)
			return true;
	return false;
}

static struct athlete *new_athlete(struct judge *j, const char *name)
{
	struct athlete *a = NULL;

	if (j->n_athletes < JUDGE_ATHLETES_MAX) {
		a = new0(struct athlete);
		j->athlete[j->n_athletes++] = a;
	}
	/* An athlete with an uncleared symptom is evicted last. */
	for (unsigned i = 0; i < j->n_athletes && !a; i++)
		if (!is_needed(j, j->athlete[i]) && !j->athlete[i]->memory.n_symptoms)
			a = j->athlete[i];
	for (unsigned i = 0; i < j->n_athletes && !a; i++)
		if (!is_needed(j, j->athlete[i]))
			a = j->athlete[i];
	if (!a)
		return NULL;
	memset(a, 0, sizeof(*a));
	snprintf(a->memory.athlete, sizeof(a->memory.athlete), "%s", name);
	a->kit = -1;
	a->summary_us = a->set.end_us = T_NEVER;
	a->stop_us = a->call_us = INT64_MIN / 2;
	a->turn_low_deg = a->turn_high_deg = a->control_angle_deg = NAN;
	return a;
}

void roster_drop(struct judge *j, struct athlete *a)
{
	unsigned at = 0;

	while (j->athlete[at] != a)
		at++;
	list_drop(j->athlete, j->n_athletes, at);
	free(a);
}

/* The session is over, whatever the memory says: it may be of another run. */
static void recall(struct judge *j, struct athlete *a, const struct athlete_memory *memory)
{
	memory_restore(j, a, memory);
	a->was_in_session = false;
}

struct athlete *roster_admit(struct judge *j, const char *name)
{
	_auto_free_ struct athlete_memory *memory = new0(struct athlete_memory);
	struct athlete *a = new_athlete(j, name);

	if (a && j->ops->recall && j->ops->recall(j->user, name, memory))
		recall(j, a, memory);
	return a;
}

struct athlete *roster_recall(struct judge *j, const char *name)
{
	_auto_free_ struct athlete_memory *memory = new0(struct athlete_memory);
	struct athlete *a = roster_find(j, name);

	if (a || !j->ops->recall || !j->ops->recall(j->user, name, memory))
		return a;
	a = new_athlete(j, name);
	if (a)
		recall(j, a, memory);
	return a;
}

static bool has_name(const struct athlete_memory *memory)
{
	return memory->athlete[0] && strnlen(memory->athlete, NAME_SIZE) < NAME_SIZE;
}

void roster_restore(struct judge *j, const struct athlete_memory *memory)
{
	struct athlete *a;

	if (!has_name(memory) || roster_find(j, memory->athlete))
		return;
	a = new_athlete(j, memory->athlete);
	if (a)
		memory_restore(j, a, memory);
}

struct athlete *roster_restore_late(struct judge *j, const struct athlete_memory *memory)
{
	struct athlete *a;

	if (!has_name(memory))
		return NULL;
	a = roster_recall(j, memory->athlete);
	if (a) {
		memory_merge(j, a, memory);
		return a;
	}
	a = new_athlete(j, memory->athlete);
	if (a)
		memory_restore(j, a, memory);
	return a;
}
