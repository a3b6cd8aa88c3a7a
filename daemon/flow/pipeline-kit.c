// SPDX-License-Identifier: MIT
#include "daemon/flow/pipeline-kit.h"

#include <stdio.h>
#include <string.h>

#include "coxad/base/units.h"
#include "coxad/core/judge/judge-command.h"
#include "daemon/flow/pipeline-worn.h"

static void publish_posture(struct pipeline_kit *kit, const struct posture_frame *frame)
{
	struct pipeline *p = kit->pipeline;
	const char *athlete = judge_athlete(p->judge, kit->index);
	struct posture_result r = {
		.t_us = frame->t_us,
		.phase = frame->phase_kit,
		.side = frame->side,
		.rep = frame->rep,
		.elevation_left_deg = frame->elevation_deg[LEG_LEFT],
		.elevation_right_deg = frame->elevation_deg[LEG_RIGHT],
		.hip_flexion_left_deg = frame->hip_flexion_deg[LEG_LEFT],
		.hip_flexion_right_deg = frame->hip_flexion_deg[LEG_RIGHT],
		.pelvic_tilt_deg = frame->tilt_deg,
		.lumbar_extension_deg = frame->lumbar_deg,
		.quality = frame->quality,
	};
	double left = frame->speed_deg_s[LEG_LEFT], right = frame->speed_deg_s[LEG_RIGHT];

	if (!athlete || p->conf->mqtt.posture_rate_hz <= 0 || frame->t_us < kit->next_posture_us)
		return;
	kit->next_posture_us = frame->t_us + (int64_t)(US_PER_S / p->conf->mqtt.posture_rate_hz);
	if (frame->side == SIDE_RIGHT)
		r.speed_deg_s = right;
	else if (frame->side == SIDE_LEFT)
		r.speed_deg_s = left;
	else
		r.speed_deg_s = isnan(left) ? right : isnan(right) ? left : (left + right) / 2;
	snprintf(r.athlete, sizeof(r.athlete), "%s", athlete);
	p->ops->result(p->user, p->now_us, &(struct result){RESULT_POSTURE, .posture = &r});
}

static void on_frame(void *user, const struct posture_frame *frame)
{
	struct pipeline_kit *kit = user;

	judge_frame(kit->pipeline->judge, kit->pipeline->now_us, kit->index, frame);
}

static void on_live(void *user, const struct posture_frame *frame)
{
	publish_posture(user, frame);
}

static void on_limit(void *user, const struct posture_frame *frame)
{
	struct pipeline_kit *kit = user;

	judge_limit(kit->pipeline->judge, kit->pipeline->now_us, kit->index, frame);
}

static void on_rep(void *user, const struct posture_rep *rep)
{
	struct pipeline_kit *kit = user;
	struct pipeline *p = kit->pipeline;
	struct posture_rep dated = *rep;

	for (size_t i = 0; i < p->conf->n_wearables; i++)
		if (p->conf->wearable[i].kit == kit->index &&
			p->state[i] == WEARABLE_STATE_STREAMING)
			dated.result.time_uncertainty_ms = fmax(dated.result.time_uncertainty_ms,
				(double)(p->motion_unc_us[i] + POSTURE_FRAME_US / 2) / US_PER_MS);
	judge_rep(p->judge, p->now_us, kit->index, &dated);
}

static void on_calibration(void *user, const struct calibration_result *result)
{
	struct pipeline_kit *kit = user;
	struct pipeline *p = kit->pipeline;

	p->ops->result(
		p->user, p->now_us, &(struct result){RESULT_CALIBRATION, .calibration = result});
}

static void on_calibrated(void *user, const struct kit_calibration *calibration)
{
	struct pipeline_kit *kit = user;
	struct pipeline *p = kit->pipeline;
	struct kit_calibration known = *calibration;

	for (size_t i = 0; i < p->conf->n_wearables; i++) {
		const struct wearable_conf *w = &p->conf->wearable[i];

		if (w->kit == kit->index)
			memcpy(known.address[w->placement], w->address, sizeof(w->address));
	}
	judge_calibration(p->judge, p->now_us, kit->index, calibration);
	pipeline_worn_keep(p, kit->index, calibration);
	p->ops->remember_calibration(p->user, kit->index, &known);
}

static void on_problem(void *user, enum placement placement, enum wearable_problem problem)
{
	struct pipeline_kit *kit = user;
	struct pipeline *p = kit->pipeline;

	for (unsigned i = 0; i < p->conf->n_wearables; i++)
		if (p->conf->wearable[i].kit == kit->index &&
			p->conf->wearable[i].placement == placement)
			p->ops->sensor_problem(p->user, i, problem);
}

static const struct kit_posture_ops posture_ops = {
	.frame = on_frame,
	.live = on_live,
	.rep = on_rep,
	.calibration = on_calibration,
	.calibrated = on_calibrated,
	.problem = on_problem,
	.limit = on_limit,
};

void pipeline_kit_note_due(struct pipeline *p, unsigned kit)
{
	struct pipeline_kit *k = &p->kit[kit];

	k->due_us = k->posture ? kit_posture_deadline(k->posture) : T_NEVER;
	if (k->session_end_us < k->due_us)
		k->due_us = k->session_end_us;
	if (k->due_us < p->kits_due_us)
		p->kits_due_us = k->due_us;
}

void pipeline_kit_sources(
	const struct pipeline *p, unsigned kit, unsigned ret[static PLACEMENT_COUNT])
{
	for (unsigned i = 0; i < PLACEMENT_COUNT; i++)
		ret[i] = CONF_WEARABLES_MAX;
	for (unsigned i = 0; i < p->conf->n_wearables; i++)
		if (p->conf->wearable[i].kit == kit &&
			p->conf->wearable[i].placement != PLACEMENT_ROOM)
			ret[p->conf->wearable[i].placement] = i;
}

uint32_t pipeline_kit_placements(const unsigned source[static PLACEMENT_COUNT])
{
	uint32_t placements = 0;

	for (unsigned i = 0; i < PLACEMENT_COUNT; i++)
		placements |= source[i] < CONF_WEARABLES_MAX ? 1u << i : 0;
	return placements;
}

void pipeline_kit_equip(struct pipeline *p, unsigned index)
{
	struct pipeline_kit *kit = &p->kit[index];
	const struct kit_conf *conf = &p->conf->kit[index];
	uint32_t placements;

	pipeline_kit_sources(p, index, kit->source);
	placements = pipeline_kit_placements(kit->source);
	if (!placements)
		return;
	kit->posture = kit_posture_new(&(struct kit_posture_settings){conf->name,
					       &p->conf->analysis, conf->exercise, placements},
		&posture_ops, kit);
	kit_posture_set_tracer(kit->posture, p->tracer);
	p->judge_kit[index].posture = kit->posture;
}

void pipeline_kit_describe(struct pipeline *p, unsigned index)
{
	const struct kit_conf *conf = &p->conf->kit[index];

	p->judge_kit[index] = (struct judge_kit){
		.name = conf->name,
		.exercise = conf->exercise,
		.athlete = conf->is_gone ? NULL : conf->athlete,
		.posture = p->kit[index].posture,
		.is_gone = conf->is_gone,
	};
}

void pipeline_kit_make(struct pipeline *p, unsigned index)
{
	p->kit[index] = (struct pipeline_kit){
		.pipeline = p,
		.index = index,
		.next_posture_us = INT64_MIN,
		.session_end_us = T_NEVER,
		.due_us = T_NEVER,
	};
	pipeline_kit_describe(p, index);
	pipeline_kit_equip(p, index);
}

void pipeline_kit_describe_wearable(struct pipeline *p, unsigned index, int64_t since_us)
{
	const struct wearable_conf *conf = &p->conf->wearable[index];

	p->judge_wearable[index] = (struct judge_wearable){
		.name = conf->name,
		.kit = conf->is_gone ? JUDGE_NO_KIT : conf->kit,
		.placement = conf->placement,
		.since_us = since_us,
	};
}

void pipeline_kit_tell_calibration(struct pipeline *p, unsigned kit)
{
	if (p->kit[kit].posture)
		judge_calibration(
			p->judge, p->now_us, kit, kit_posture_calibration(p->kit[kit].posture));
}

int pipeline_kit_start_session(
	struct pipeline *p, unsigned kit, const char *athlete, enum exercise exercise)
{
	int r = judge_command_start_session(p->judge, p->now_us, kit, athlete, exercise);

	if (r < 0 || !p->kit[kit].posture)
		return r;
	p->kit[kit].session_end_us = T_NEVER;
	kit_posture_session_end(p->kit[kit].posture, p->now_us);
	kit_posture_session(p->kit[kit].posture, p->now_us, exercise);
	pipeline_worn_recall(p, kit);
	pipeline_kit_note_due(p, kit);
	return r;
}

/* Pops up to now are still judged by the present calibration. */
int pipeline_kit_end_session(struct pipeline *p, unsigned kit)
{
	int64_t until_us;
	int r = judge_command_end_session(p->judge, p->now_us, kit, &until_us);

	if (r < 0 || !p->kit[kit].posture)
		return r;
	p->kit[kit].session_end_us = until_us;
	pipeline_kit_note_due(p, kit);
	return r;
}
