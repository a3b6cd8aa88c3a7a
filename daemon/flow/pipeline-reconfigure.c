// SPDX-License-Identifier: MIT
#include "coxad/flow/pipeline-reconfigure.h"

#include <string.h>

#include "coxad/core/athlete-memory.h"
#include "coxad/core/judge/judge-command.h"
#include "coxad/core/judge/judge-kits.h"
#include "daemon/flow/pipeline-kit.h"
#include "daemon/flow/pipeline-private.h"

/* --- wearables --- */

static bool has_moved(const struct wearable_conf *was, const struct wearable_conf *is)
{
	return was->kit != is->kit || was->placement != is->placement;
}

static void reset_wearable(struct pipeline *p, unsigned i)
{
	p->state[i] = WEARABLE_STATE_ABSENT;
	p->streams[i] = 0;
	p->motion_unc_us[i] = 0;
	stream_detector_forget(p->stream_detector, i);
	judge_kits_wearable(p->judge, i);
}

static void change_wearable(struct pipeline *p, unsigned i, const struct wearable_conf *was)
{
	if (!has_moved(was, &p->conf->wearable[i])) {
		pipeline_kit_describe_wearable(p, i, p->judge_wearable[i].since_us);
		return;
	}
	pipeline_kit_describe_wearable(p, i, p->now_us);
	stream_detector_forget(p->stream_detector, i);
	p->ops->sensor_problem(p->user, i, WEARABLE_PROBLEM_NONE);
}

static void change_wearables(struct pipeline *p, const struct conf_change *change)
{
	for (unsigned i = 0; i < p->conf->n_wearables; i++) {
		switch (change->wearable[i]) {
		case CONF_FATE_ADDED:
		case CONF_FATE_REMOVED:
			pipeline_kit_describe_wearable(p, i, p->now_us);
			reset_wearable(p, i);
			break;
		case CONF_FATE_CHANGED:
			change_wearable(p, i, &change->wearable_before[i]);
			break;
		case CONF_FATE_SAME:
			break;
		}
	}
}

/* --- kits --- */

static void begin_kit(struct pipeline *p, unsigned kit)
{
	struct kit_posture *before = p->kit[kit].posture;

	/* While the posture of the one that was there is still known. */
	judge_kits_begin(p->judge, p->now_us, kit);
	pipeline_kit_make(p, kit);
	kit_posture_free(before);
	if (p->judge_conf.n_kits <= kit)
		p->judge_conf.n_kits = kit + 1;
	pipeline_kit_tell_calibration(p, kit);
}

/* What a session has chosen stays. */
static enum exercise exercise_of(
	const struct pipeline *p, unsigned kit, const struct kit_conf *before)
{
	const struct athlete_memory *m = judge_memory(p->judge, kit);

	return m && (!before || m->exercise != before->exercise) ? m->exercise
								 : p->conf->kit[kit].exercise;
}

static bool is_other_exercise(const struct pipeline *p, unsigned kit, const struct kit_conf *before)
{
	return before && before->exercise != p->conf->kit[kit].exercise;
}

/* The kit's posture follows where its sensors or its exercise are others now. */
static void refit(struct pipeline *p, unsigned kit, const struct kit_conf *before)
{
	struct pipeline_kit *k = &p->kit[kit];
	unsigned source[PLACEMENT_COUNT];
	uint32_t changed = 0;

	pipeline_kit_sources(p, kit, source);
	for (unsigned i = 0; i < PLACEMENT_COUNT; i++)
		changed |= source[i] != k->source[i] ? 1u << i : 0;
	if (!changed && !is_other_exercise(p, kit, before))
		return;
	memcpy(k->source, source, sizeof(source));
	if (!k->posture) {
		pipeline_kit_equip(p, kit);
		pipeline_kit_tell_calibration(p, kit);
		return;
	}
	kit_posture_change(k->posture, p->now_us,
		&(struct kit_posture_settings){p->conf->kit[kit].name, &p->conf->analysis,
			exercise_of(p, kit, before), pipeline_kit_placements(source)},
		changed);
	pipeline_kit_note_due(p, kit);
}

static void change_kit(struct pipeline *p, unsigned kit, const struct kit_conf *before)
{
	const struct athlete_memory *m = judge_memory(p->judge, kit);

	pipeline_kit_describe(p, kit);
	if (m && is_other_exercise(p, kit, before) && m->exercise == before->exercise) {
		refit(p, kit, before);
		judge_kits_exercise(p->judge, p->now_us, kit, p->conf->kit[kit].exercise);
		return;
	}
	refit(p, kit, before);
}

static void change_kits(struct pipeline *p, const struct conf_change *change)
{
	for (unsigned i = 0; i < p->conf->n_kits; i++) {
		switch (change->kit[i]) {
		case CONF_FATE_ADDED:
			begin_kit(p, i);
			break;
		case CONF_FATE_CHANGED:
			change_kit(p, i, &change->kit_before[i]);
			break;
		case CONF_FATE_REMOVED:
			pipeline_kit_describe(p, i);
			refit(p, i, NULL);
			break;
		case CONF_FATE_SAME:
			refit(p, i, NULL);
			break;
		}
	}
}

/* --- sessions --- */

static bool is_same_text(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

/* Another athlete wears it now, unless a session says otherwise. */
static bool has_new_athlete(
	const struct pipeline *p, unsigned kit, const struct conf_change *change)
{
	const char *was = change->kit_before[kit].athlete, *is = p->conf->kit[kit].athlete;
	const char *wears = judge_athlete(p->judge, kit);

	return change->kit[kit] == CONF_FATE_CHANGED && is && !is_same_text(was, is) &&
	       (!wears || is_same_text(wears, was));
}

static void end_sessions(struct pipeline *p, const struct conf_change *change, bool begins[])
{
	for (unsigned i = 0; i < p->conf->n_kits; i++) {
		begins[i] = change->kit[i] == CONF_FATE_ADDED || has_new_athlete(p, i, change);
		if (change->kit[i] == CONF_FATE_REMOVED || begins[i])
			pipeline_kit_end_session(p, i);
	}
}

static void begin_sessions(struct pipeline *p, const bool begins[])
{
	for (unsigned i = 0; i < p->conf->n_kits; i++) {
		const struct kit_conf *kit = &p->conf->kit[i];

		if (begins[i] && kit->athlete)
			pipeline_kit_start_session(p, i, kit->athlete, kit->exercise);
	}
}

void pipeline_reconfigure(struct pipeline *p, int64_t now_us, const struct conf_change *change)
{
	bool begins[CONF_KITS_MAX];

	p->now_us = now_us;
	change_wearables(p, change);
	p->judge_conf.n_wearables = (unsigned)p->conf->n_wearables;
	/* All end before any begins: athletes may have changed places. */
	end_sessions(p, change, begins);
	change_kits(p, change);
	begin_sessions(p, begins);
}
