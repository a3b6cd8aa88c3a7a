// SPDX-License-Identifier: MIT
#include "daemon/flow/pipeline-worn.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "coxad/core/athlete-memory.h"

static bool is_trunk(enum placement placement)
{
	return placement == PLACEMENT_PELVIS || placement == PLACEMENT_LUMBAR;
}

static bool is_segment(enum placement placement)
{
	return is_trunk(placement) || placement == PLACEMENT_THIGH_LEFT ||
	       placement == PLACEMENT_THIGH_RIGHT;
}

void pipeline_worn_keep(struct pipeline *p, unsigned kit, const struct kit_calibration *calibration)
{
	struct memory_worn worn[MEMORY_WORN_MAX];
	unsigned n = 0;

	if (!calibration->is_calibrated)
		return;
	for (unsigned i = 0; i < p->conf->n_wearables && n < MEMORY_WORN_MAX; i++) {
		const struct wearable_conf *w = &p->conf->wearable[i];
		const struct calibration_segment *segment = &calibration->segment[w->placement];

		/* Default axes are an assumption, not a memory. */
		if (w->kit != kit || !is_segment(w->placement) || !segment->has_axis)
			continue;
		worn[n] = (struct memory_worn){.placement = w->placement,
			.axis = segment->axis,
			.resting = is_trunk(w->placement) ? segment->up_supine : segment->zero};
		snprintf(worn[n].wearable, sizeof(worn[n].wearable), "%s", w->name);
		n++;
	}
	if (n)
		judge_worn(p->judge, kit, worn, n);
}

static bool is_direction(struct vec3 v)
{
	return fabs(vec3_norm(v) - 1) < 0.01;
}

static bool is_here(const struct pipeline *p, unsigned kit, const struct memory_worn *worn)
{
	for (unsigned i = 0; i < p->conf->n_wearables; i++)
		if (p->conf->wearable[i].kit == kit &&
			p->conf->wearable[i].placement == worn->placement &&
			strcmp(p->conf->wearable[i].name, worn->wearable) == 0)
			return true;
	return false;
}

void pipeline_worn_recall(struct pipeline *p, unsigned kit)
{
	const struct athlete_memory *m = judge_memory(p->judge, kit);

	if (!p->kit[kit].posture || !m)
		return;
	for (unsigned i = 0; i < m->n_worn; i++) {
		const struct memory_worn *worn = &m->worn[i];
		struct calibration_segment segment = {.has_zero = true,
			.has_axis = true,
			.axis = worn->axis,
			.zero = worn->resting,
			.up_supine = worn->resting};

		if (is_here(p, kit, worn) && is_segment(worn->placement) &&
			is_direction(worn->axis) && is_direction(worn->resting))
			kit_posture_worn(p->kit[kit].posture, worn->placement, &segment);
	}
}
