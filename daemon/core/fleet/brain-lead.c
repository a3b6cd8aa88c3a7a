// SPDX-License-Identifier: MIT
#include "coxad/core/fleet/brain-lead.h"

#include <stdio.h>
#include <string.h>

#include "coxad/base/list.h"
#include "coxad/base/units.h"

void brain_lead_init(struct brain_lead *lead, const char *name, int64_t epoch)
{
	*lead = (struct brain_lead){.look_until_us = T_NEVER, .greatest = epoch};
	snprintf(lead->name, sizeof(lead->name), "%s", name);
}

void brain_lead_up(struct brain_lead *lead, int64_t now_us)
{
	lead->is_up = true;
	lead->is_leading = false;
	lead->n_others = 0;
	lead->look_until_us = now_us + BRAIN_LEAD_LOOK_US;
}

void brain_lead_down(struct brain_lead *lead)
{
	lead->is_up = lead->is_leading = false;
	lead->n_others = 0;
	lead->look_until_us = T_NEVER;
}

static unsigned find(const struct brain_lead *lead, const char *name)
{
	unsigned i = 0;

	while (i < lead->n_others && strcmp(lead->other[i].name, name) != 0)
		i++;
	return i;
}

/* Both look, neither sees the other, both begin: the one that was there first stays. */
static bool gives_way(const struct brain_lead *lead, const char *name, int64_t epoch)
{
	return epoch != lead->epoch ? epoch < lead->epoch : strcmp(name, lead->name) < 0;
}

static void add(struct brain_lead *lead, int64_t now_us, const char *name, int64_t epoch)
{
	unsigned i = find(lead, name);
	struct brain_lead_other *other;

	if (lead->is_leading && !gives_way(lead, name, epoch))
		return;
	/* What the broker retains of a brain that died before; a live one says it again. */
	if (!lead->is_leading && epoch < lead->epoch)
		return;
	lead->is_leading = false;
	lead->epoch = 0;
	lead->look_until_us = T_NEVER;
	if (i < lead->n_others)
		list_drop(lead->other, lead->n_others, i);
	other = list_add(lead->other, lead->n_others, BRAIN_LEAD_OTHERS_MAX);
	snprintf(other->name, sizeof(other->name), "%s", name);
	other->heard_us = now_us;
}

static void drop(struct brain_lead *lead, int64_t now_us, unsigned i)
{
	if (i == lead->n_others)
		return;
	list_drop(lead->other, lead->n_others, i);
	/* Others wait as well. */
	if (!lead->n_others)
		lead->look_until_us = now_us + BRAIN_LEAD_LOOK_US;
}

void brain_lead_note(
	struct brain_lead *lead, int64_t now_us, const char *name, bool is_leading, int64_t epoch)
{
	if (!lead->is_up)
		return;
	if (epoch > lead->greatest && epoch < BRAIN_LEAD_EPOCH_MAX)
		lead->greatest = epoch;
	if (strcmp(name, lead->name) == 0)
		return;
	if (is_leading)
		add(lead, now_us, name, epoch);
	else
		drop(lead, now_us, find(lead, name));
}

int64_t brain_lead_deadline(const struct brain_lead *lead)
{
	/* The one that was heard longest ago is the first. */
	return lead->n_others ? lead->other[0].heard_us + BRAIN_LEAD_SILENT_US
			      : lead->look_until_us;
}

void brain_lead_advance(struct brain_lead *lead, int64_t now_us)
{
	while (lead->n_others && lead->other[0].heard_us + BRAIN_LEAD_SILENT_US <= now_us)
		drop(lead, now_us, 0);
	if (now_us < lead->look_until_us)
		return;
	lead->look_until_us = T_NEVER;
	lead->is_leading = true;
	if (!lead->epoch || lead->epoch != lead->greatest)
		lead->epoch = ++lead->greatest;
}

const char *brain_lead_other(const struct brain_lead *lead)
{
	return lead->n_others ? lead->other[0].name : NULL;
}
