// SPDX-License-Identifier: MIT
#include "coxad/flow/pipeline.h"

#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/core/athlete-memory.h"
#include "daemon/flow/pipeline-private.h"
#include "daemon/flow/pipeline-worn.h"

/* A stage that does not get past its own deadline is a bug of ours, but must not hang the
 * daemon. */
#define ROUNDS_AT_ONE_INSTANT_MAX 1000

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

static void on_judge_result(void *user, int64_t now_us, const struct result *result)
{
	struct pipeline *p = user;

	p->ops->result(p->user, now_us, result);
}

static void on_haptic(void *user, int64_t now_us, unsigned kit, unsigned pattern)
{
	struct pipeline *p = user;

	for (unsigned i = 0; i < p->conf->n_wearables; i++)
		if (p->conf->wearable[i].kit == kit)
			p->ops->order(p->user, i, DRIVER_ORDER_HAPTIC, pattern);
}

static void on_remember(void *user, int64_t now_us, const struct athlete_memory *memory)
{
	struct pipeline *p = user;

	p->ops->remember_athlete(p->user, memory);
}

static bool on_recall(void *user, const char *athlete, struct athlete_memory *ret)
{
	struct pipeline *p = user;

	return p->ops->recall_athlete(p->user, athlete, ret);
}

static const struct judge_ops judge_ops = {
	.result = on_judge_result,
	.haptic = on_haptic,
	.remember = on_remember,
	.recall = on_recall,
};

void pipeline_note_due(struct pipeline *p, unsigned kit)
{
	struct pipeline_kit *k = &p->kit[kit];

	k->due_us = k->posture ? kit_posture_deadline(k->posture) : T_NEVER;
	if (k->session_end_us < k->due_us)
		k->due_us = k->session_end_us;
	if (k->due_us < p->kits_due_us)
		p->kits_due_us = k->due_us;
}

static void on_found(void *user, const struct record *pop)
{
	struct pipeline *p = user;

	judge_record(p->judge, p->now_us, pop);
}

static void on_air_level(void *user, unsigned wearable, int64_t t_us, double level_dbfs)
{
	struct pipeline *p = user;

	judge_air_level(p->judge, wearable, t_us, level_dbfs);
}

/* A clap or knock counts as set-up only while the calibration waits for it. */
static void on_compared(void *user, const struct record *pop)
{
	struct pipeline *p = user;
	const struct wearable_conf *w = &p->conf->wearable[pop->wearable];

	if (p->kit[w->kit].posture && w->placement != PLACEMENT_ROOM) {
		kit_posture_push(p->kit[w->kit].posture, w->placement, pop);
		pipeline_note_due(p, w->kit);
	}
}

static const struct stream_detector_ops stream_detector_ops = {
	.found = on_found,
	.air_level = on_air_level,
	.compared = on_compared,
};

static void make_kit(struct pipeline *p, unsigned index)
{
	struct pipeline_kit *kit = &p->kit[index];
	const struct kit_conf *conf = &p->conf->kit[index];
	uint32_t placements = 0;

	for (size_t i = 0; i < p->conf->n_wearables; i++)
		if (p->conf->wearable[i].kit == index)
			placements |= 1u << p->conf->wearable[i].placement;
	*kit = (struct pipeline_kit){
		.pipeline = p,
		.index = index,
		.next_posture_us = INT64_MIN,
		.session_end_us = T_NEVER,
		.due_us = T_NEVER,
	};
	if (placements & ~(1u << PLACEMENT_ROOM))
		kit->posture = kit_posture_new(
			&(struct kit_posture_settings){conf->name, &p->conf->analysis,
				conf->exercise, placements & ~(1u << PLACEMENT_ROOM)},
			&posture_ops, kit);
	if (kit->posture)
		kit_posture_set_tracer(kit->posture, p->tracer);
	p->judge_kit[index] = (struct judge_kit){
		.name = conf->name,
		.exercise = conf->exercise,
		.athlete = conf->athlete,
		.posture = kit->posture,
	};
}

struct pipeline *pipeline_new(
	const struct pipeline_settings *settings, const struct pipeline_ops *ops, void *user)
{
	const struct conf *conf = settings->conf;
	struct pipeline *p = new0(struct pipeline);

	p->conf = conf;
	p->tracer = settings->tracer;
	p->ops = ops;
	p->user = user;
	p->kits_due_us = T_NEVER;
	for (unsigned i = 0; i < conf->n_kits; i++)
		make_kit(p, i);
	for (unsigned i = 0; i < conf->n_wearables; i++)
		p->judge_wearable[i] = (struct judge_wearable){
			.name = conf->wearable[i].name,
			.kit = conf->wearable[i].kit,
			.placement = conf->wearable[i].placement,
		};
	p->judge_conf = (struct judge_conf){
		.analysis = &conf->analysis,
		.run = settings->run,
		.tracer = settings->tracer,
		.n_kits = (unsigned)conf->n_kits,
		.kit = p->judge_kit,
		.n_wearables = (unsigned)conf->n_wearables,
		.wearable = p->judge_wearable,
	};
	p->judge = judge_new(&p->judge_conf, &judge_ops, p);
	p->stream_detector = stream_detector_new(conf, &stream_detector_ops, p);
	stream_detector_set_tracer(p->stream_detector, p->tracer);
	return p;
}

struct pipeline *pipeline_free(struct pipeline *p)
{
	if (!p)
		return NULL;
	stream_detector_free(p->stream_detector);
	judge_free(p->judge);
	for (unsigned i = 0; i < p->conf->n_kits; i++)
		kit_posture_free(p->kit[i].posture);
	free(p);
	return NULL;
}

void pipeline_restore_calibration(
	struct pipeline *p, unsigned kit, const struct kit_calibration *calibration)
{
	for (size_t i = 0; i < p->conf->n_wearables; i++) {
		const struct wearable_conf *w = &p->conf->wearable[i];

		if (w->kit == kit && calibration->segment[w->placement].has_zero &&
			strcmp(w->address, calibration->address[w->placement]) != 0)
			return;
	}
	if (p->kit[kit].posture)
		kit_posture_restore(p->kit[kit].posture, calibration);
	pipeline_note_due(p, kit);
}

void pipeline_restore_athlete(struct pipeline *p, const struct athlete_memory *memory)
{
	judge_restore(p->judge, memory);
}

/* The repetitions of a session that goes on. */
static void resume_posture(struct pipeline *p, unsigned kit)
{
	const struct athlete_memory *m = judge_memory(p->judge, kit);

	if (p->kit[kit].posture && m)
		kit_posture_resume(p->kit[kit].posture, m->tally.reps, m->loss_deg, m->n_losses);
	pipeline_worn_recall(p, kit);
}

static void tell_calibration(struct pipeline *p, unsigned kit)
{
	const struct kit_posture *posture = p->kit[kit].posture;

	if (posture && kit_posture_calibration(posture)->is_calibrated)
		judge_calibration(p->judge, p->now_us, kit, kit_posture_calibration(posture));
}

void pipeline_restore_calibration_late(
	struct pipeline *p, int64_t now_us, unsigned kit, const struct kit_calibration *calibration)
{
	const struct kit_posture *posture = p->kit[kit].posture;

	p->now_us = now_us;
	if (!posture || kit_posture_calibration(posture)->is_calibrated)
		return;
	pipeline_restore_calibration(p, kit, calibration);
	tell_calibration(p, kit);
}

void pipeline_restore_athlete_late(
	struct pipeline *p, int64_t now_us, const struct athlete_memory *memory)
{
	int kit;

	p->now_us = now_us;
	kit = judge_restore_late(p->judge, now_us, memory);
	if (kit >= 0)
		resume_posture(p, (unsigned)kit);
}

void pipeline_start(struct pipeline *p, int64_t now_us)
{
	p->now_us = now_us;
	for (unsigned i = 0; i < p->conf->n_kits; i++)
		if (p->kit[i].posture)
			judge_calibration(
				p->judge, now_us, i, kit_posture_calibration(p->kit[i].posture));
	judge_start(p->judge, now_us);
	for (unsigned i = 0; i < p->conf->n_kits; i++)
		resume_posture(p, i);
	for (unsigned i = 0; i < p->conf->n_kits; i++)
		tell_calibration(p, i);
}

void pipeline_record(struct pipeline *p, int64_t now_us, const struct record *record)
{
	const struct wearable_conf *w = &p->conf->wearable[record->wearable];
	struct kit_posture *posture = p->kit[w->kit].posture;

	p->now_us = now_us;
	if (record->kind == RECORD_MOTION || record->kind == RECORD_ORIENTATION) {
		p->motion_unc_us[record->wearable] = record->t_unc_us;
		if (posture && w->placement != PLACEMENT_ROOM) {
			kit_posture_push(posture, w->placement, record);
			pipeline_note_due(p, w->kit);
		}
		return;
	}
	judge_record(p->judge, now_us, record);
	if (record->kind == RECORD_AUDIO)
		stream_detector_audio(
			p->stream_detector, record, !(p->streams[record->wearable] & STREAM_POP));
	else if (record->kind == RECORD_POP && w->placement != PLACEMENT_ROOM)
		stream_detector_pop(p->stream_detector, record);
}

/* What a silent one has to say may still come. */
static bool may_send(enum wearable_state state)
{
	return state == WEARABLE_STATE_STREAMING || state == WEARABLE_STATE_SILENT;
}

void pipeline_wearable(struct pipeline *p, int64_t now_us, unsigned wearable,
	enum wearable_state state, uint32_t streams)
{
	const struct wearable_conf *w = &p->conf->wearable[wearable];
	struct kit_posture *posture = p->kit[w->kit].posture;

	p->now_us = now_us;
	if (posture && w->placement != PLACEMENT_ROOM &&
		may_send(state) != may_send(p->state[wearable])) {
		kit_posture_link(posture, w->placement, now_us, may_send(state));
		pipeline_note_due(p, w->kit);
	}
	p->state[wearable] = state;
	p->streams[wearable] = streams;
	if (!p->has_input_ended)
		judge_wearable_state(p->judge, now_us, wearable, state, streams);
}

void pipeline_input_ended(struct pipeline *p)
{
	p->has_input_ended = true;
}

int64_t pipeline_deadline(const struct pipeline *p)
{
	int64_t judged = judge_deadline(p->judge);

	return judged < p->kits_due_us ? judged : p->kits_due_us;
}

/* Ends a session for the posture now, if that was put off. */
static void end_posture(struct pipeline *p, unsigned kit)
{
	if (p->kit[kit].session_end_us == T_NEVER)
		return;
	p->kit[kit].session_end_us = T_NEVER;
	kit_posture_session_end(p->kit[kit].posture, p->now_us);
	pipeline_note_due(p, kit);
}

static void advance_kits(struct pipeline *p)
{
	for (unsigned i = 0; i < p->conf->n_kits; i++)
		if (p->kit[i].posture && p->kit[i].due_us <= p->now_us)
			kit_posture_advance(p->kit[i].posture, p->now_us);
	judge_advance(p->judge, p->now_us);
	p->kits_due_us = T_NEVER;
	for (unsigned i = 0; i < p->conf->n_kits; i++) {
		if (p->kit[i].session_end_us <= p->now_us)
			end_posture(p, i);
		if (p->kit[i].due_us <= p->now_us)
			pipeline_note_due(p, i);
		else if (p->kit[i].due_us < p->kits_due_us)
			p->kits_due_us = p->kit[i].due_us;
	}
}

static void advance_stages(struct pipeline *p, int64_t t_us)
{
	if (t_us > p->now_us)
		p->now_us = t_us;
	if (p->kits_due_us <= p->now_us)
		advance_kits(p);
	else
		judge_advance(p->judge, p->now_us);
}

void pipeline_advance(struct pipeline *p, int64_t now_us)
{
	int64_t last = INT64_MIN;
	unsigned rounds = 0;

	for (;;) {
		int64_t due = pipeline_deadline(p);

		if (due > now_us)
			break;
		rounds = due == last ? rounds + 1 : 0;
		if (rounds > ROUNDS_AT_ONE_INSTANT_MAX)
			break;
		last = due;
		advance_stages(p, due);
	}
	if (now_us > p->now_us)
		p->now_us = now_us;
}

bool pipeline_is_pending(const struct pipeline *p)
{
	for (unsigned i = 0; i < p->conf->n_kits; i++)
		if (p->kit[i].session_end_us != T_NEVER ||
			(p->kit[i].posture && kit_posture_is_pending(p->kit[i].posture)))
			return true;
	return judge_is_pending(p->judge);
}

const struct judge_counters *pipeline_judge_counters(const struct pipeline *p)
{
	return judge_counters(p->judge);
}

void pipeline_finish(struct pipeline *p, int64_t now_us, bool keep_sessions)
{
	p->now_us = now_us;
	judge_finish(p->judge, now_us, keep_sessions);
}
