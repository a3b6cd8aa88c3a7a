// SPDX-License-Identifier: MIT
#include "coxad/flow/pipeline.h"

#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/core/athlete-memory.h"
#include "coxad/core/judge/judge-erase.h"
#include "daemon/flow/pipeline-kit.h"
#include "daemon/flow/pipeline-private.h"
#include "daemon/flow/pipeline-worn.h"

/* A stage that does not get past its own deadline is a bug of ours, but must not hang the
 * daemon. */
#define ROUNDS_AT_ONE_INSTANT_MAX 1000

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
		pipeline_kit_note_due(p, w->kit);
	}
}

static const struct stream_detector_ops stream_detector_ops = {
	.found = on_found,
	.air_level = on_air_level,
	.compared = on_compared,
};

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
		pipeline_kit_make(p, i);
	for (unsigned i = 0; i < conf->n_wearables; i++)
		pipeline_kit_describe_wearable(p, i, 0);
	p->judge_conf = (struct judge_conf){
		.analysis = &conf->analysis,
		.run = settings->run,
		.tracer = settings->tracer,
		.n_kits = (unsigned)conf->n_kits,
		.kit = p->judge_kit,
		.n_wearables = (unsigned)conf->n_wearables,
		.wearable = p->judge_wearable,
		.kits_max = CONF_KITS_MAX,
		.wearables_max = CONF_WEARABLES_MAX,
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
	for (unsigned i = 0; i < CONF_KITS_MAX; i++)
		kit_posture_free(p->kit[i].posture);
	free(p);
	return NULL;
}

/* A kit that got its pelvis sensor since needs another flat-back. */
static bool is_calibrated_as(
	const struct wearable_conf *wearable, const struct kit_calibration *calibration)
{
	enum placement placement = wearable->placement;

	if (!calibration->segment[placement].has_zero)
		return placement != PLACEMENT_PELVIS || !calibration->is_calibrated;
	return strcmp(wearable->address, calibration->address[placement]) == 0;
}

void pipeline_restore_calibration(
	struct pipeline *p, unsigned kit, const struct kit_calibration *calibration)
{
	for (size_t i = 0; i < p->conf->n_wearables; i++)
		if (p->conf->wearable[i].kit == kit &&
			!is_calibrated_as(&p->conf->wearable[i], calibration))
			return;
	if (p->kit[kit].posture)
		kit_posture_restore(p->kit[kit].posture, calibration);
	pipeline_kit_note_due(p, kit);
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

static void tell_if_calibrated(struct pipeline *p, unsigned kit)
{
	const struct kit_posture *posture = p->kit[kit].posture;

	if (posture && kit_posture_calibration(posture)->is_calibrated)
		pipeline_kit_tell_calibration(p, kit);
}

void pipeline_restore_calibration_late(
	struct pipeline *p, int64_t now_us, unsigned kit, const struct kit_calibration *calibration)
{
	const struct kit_posture *posture = p->kit[kit].posture;

	p->now_us = now_us;
	if (!posture || kit_posture_calibration(posture)->is_calibrated)
		return;
	pipeline_restore_calibration(p, kit, calibration);
	tell_if_calibrated(p, kit);
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
		pipeline_kit_tell_calibration(p, i);
	judge_start(p->judge, now_us);
	for (unsigned i = 0; i < p->conf->n_kits; i++)
		resume_posture(p, i);
	for (unsigned i = 0; i < p->conf->n_kits; i++)
		tell_if_calibrated(p, i);
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
			pipeline_kit_note_due(p, w->kit);
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
		pipeline_kit_note_due(p, w->kit);
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
	int64_t closes_us = judge_closes_us(p->judge, kit);

	if (p->kit[kit].session_end_us == T_NEVER)
		return;
	/* The judge still waits for what comes late. */
	if (closes_us != T_NEVER && p->now_us < closes_us - POSTURE_FRAME_US) {
		p->kit[kit].session_end_us = closes_us - POSTURE_FRAME_US;
		pipeline_kit_note_due(p, kit);
		return;
	}
	p->kit[kit].session_end_us = T_NEVER;
	kit_posture_session_end(p->kit[kit].posture, p->now_us);
	pipeline_kit_note_due(p, kit);
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
			pipeline_kit_note_due(p, i);
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

const char *pipeline_athlete(const struct pipeline *p, unsigned kit)
{
	return judge_athlete(p->judge, kit);
}

void pipeline_erase(struct pipeline *p, int64_t now_us, const char *athlete)
{
	p->now_us = now_us;
	judge_erase(p->judge, now_us, athlete);
}
