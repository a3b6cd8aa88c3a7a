// SPDX-License-Identifier: MIT
#include "coxad/core/judge/judge.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "daemon/core/judge/alert.h"
#include "daemon/core/judge/judge-due.h"
#include "daemon/core/judge/judge-output.h"
#include "daemon/core/judge/judge-private.h"
#include "daemon/core/judge/kit-state.h"
#include "daemon/core/judge/pop-life.h"
#include "daemon/core/judge/pop-merge.h"
#include "daemon/core/judge/roster.h"
#include "daemon/core/judge/session.h"
#include "daemon/core/judge/symptom-report.h"

static unsigned room_for(unsigned now, unsigned later)
{
	return (later > now ? later : now) + 1;
}

struct judge *judge_new(const struct judge_conf *conf, const struct judge_ops *ops, void *user)
{
	struct judge *j = new0(struct judge);

	j->conf = conf;
	j->analysis = conf->analysis;
	j->ops = ops;
	j->user = user;
	j->next_id = 1;
	j->deadline_us = T_NEVER;
	j->kit = alloc_zero(room_for(conf->n_kits, conf->kits_max), sizeof(*j->kit));
	j->wearable =
		alloc_zero(room_for(conf->n_wearables, conf->wearables_max), sizeof(*j->wearable));
	for (unsigned i = 0; i < room_for(conf->n_kits, conf->kits_max); i++)
		kit_state_init(j, i);
	for (unsigned i = 0; i < JUDGE_ROOM_MAX; i++)
		j->room[i].level_db = NAN;
	return j;
}

struct judge *judge_free(struct judge *j)
{
	if (!j)
		return NULL;
	for (unsigned i = 0; i < j->n_athletes; i++)
		free(j->athlete[i]);
	free(j->kit);
	free(j->wearable);
	free(j);
	return NULL;
}

int64_t judge_deadline(const struct judge *j)
{
	return j->deadline_us;
}

void judge_advance(struct judge *j, int64_t now_us)
{
	judge_due_advance(j, now_us);
}

void judge_restore(struct judge *j, const struct athlete_memory *memory)
{
	roster_restore(j, memory);
}

/* Resumes a session that a restart interrupted, with its state. */
static bool resume(struct judge *j, int64_t now_us, unsigned kit)
{
	if (j->conf->kit[kit].is_gone)
		return false;
	for (unsigned i = 0; i < j->n_athletes; i++) {
		struct athlete *a = j->athlete[i];
		struct athlete_memory was = a->memory;

		if (!a->was_in_session || a->kit >= 0 ||
			strcmp(was.kit, j->conf->kit[kit].name) != 0)
			continue;
		a->was_in_session = false;
		if (session_open(j, now_us, kit, was.athlete, was.exercise) < 0)
			continue;
		a->memory.since_us = was.since_us;
		a->memory.tally = was.tally;
		a->memory.n_losses = was.n_losses;
		memcpy(a->memory.loss_deg, was.loss_deg, sizeof(was.loss_deg));
		a->memory.ladder = was.ladder;
		a->has_earlier_red = was.session_red_flags > 0;
		session_publish(j, now_us, kit);
		return true;
	}
	return false;
}

/* What a restart interrupted. */
static void tell_restored(struct judge *j, struct athlete *a, int64_t now_us)
{
	for (unsigned i = 0; i < ATHLETE_POPS_MAX; i++)
		if (a->pop[i].stage == POP_STAGE_OPEN && !a->pop[i].result.rev)
			pop_life_announce(j, a, &a->pop[i], now_us);
	if (a->memory.n_alerts)
		alert_publish_list(j, a, now_us);
}

int judge_restore_late(struct judge *j, int64_t now_us, const struct athlete_memory *memory)
{
	struct athlete *a = roster_restore_late(j, memory);
	int resumed = -1;

	if (!a)
		return -ENOSPC;
	for (unsigned i = 0; i < j->conf->n_kits; i++)
		if (!j->kit[i].athlete && resume(j, now_us, i))
			resumed = (int)i;
	a->was_in_session = false;
	tell_restored(j, a, now_us);
	a->alerts_changed = false;
	judge_due_settle(j, now_us);
	return resumed;
}

void judge_start(struct judge *j, int64_t now_us)
{
	for (unsigned i = 0; i < j->conf->n_kits; i++) {
		const struct judge_kit *kit = &j->conf->kit[i];

		if (!resume(j, now_us, i) && kit->athlete)
			session_open(j, now_us, i, kit->athlete, kit->exercise);
	}
	for (unsigned i = 0; i < j->n_athletes; i++)
		tell_restored(j, j->athlete[i], now_us);
	judge_due_settle(j, now_us);
}

void judge_air_level(struct judge *j, unsigned wearable, int64_t t_us, double level_db)
{
	if (j->conf->wearable[wearable].placement == PLACEMENT_ROOM)
		pop_merge_room(j, &(struct room_sound){t_us, 0, level_db, false});
}

/* A wearable that is defective, or imitated, must not fill the outbox of all athletes. A person enters a
 * complaint in 2 s at best, and makes four sounds a second at most; a wearable keeps 64 pops, which come
 * at once after a break. By when they arrived: a radio that was cut off tells much at once. */
static const struct rate_limit pop_limit = {.interval_us = 250000, .burst = 128};

static bool takes_pop(struct judge *j, const struct record *record)
{
	if (rate_take(&j->wearable[record->wearable].pops, &pop_limit, record->arrival_us))
		return true;
	j->counters.pops_over_rate++;
	return false;
}

/* Where it was before, it was another athlete's. */
static bool is_of_kit(const struct judge *j, const struct record *record)
{
	return record->t_us >= j->conf->wearable[record->wearable].since_us;
}

static void record_symptom(struct judge *j, int64_t now_us, const struct record *record)
{
	struct symptom_arrival arrival = {
		.t_us = record->t_us,
		.unc_us = record->t_unc_us,
		.arrival_us = record->arrival_us,
		.report = &record->symptom,
		.source = "athlete",
		.kit = j->conf->wearable[record->wearable].kit,
		.rate = &j->wearable[record->wearable].symptoms,
	};
	struct athlete *a =
		is_of_kit(j, record) ? kit_state_reporter(j, arrival.kit, record->t_us) : NULL;

	if (!a) {
		j->counters.symptoms_without_session++;
		return;
	}
	symptom_report(j, a, now_us, &arrival);
}

void judge_record(struct judge *j, int64_t now_us, const struct record *record)
{
	switch (record->kind) {
	case RECORD_POP:
		judge_advance(j, now_us);
		if (record->clock_stepped) {
			j->wearable[record->wearable].has_stepped = true;
			j->wearable[record->wearable].stepped_us = record->t_us;
		}
		if (!is_of_kit(j, record))
			j->counters.pops_without_session++;
		else if (takes_pop(j, record))
			pop_merge_report(j, now_us, record);
		judge_due_settle(j, now_us);
		break;
	case RECORD_SYMPTOM:
		judge_advance(j, now_us);
		record_symptom(j, now_us, record);
		judge_due_settle(j, now_us);
		break;
	case RECORD_LEVEL:
		judge_air_level(j, record->wearable, record->t_us, (double)record->level_db);
		break;
	case RECORD_LOST:
		j->counters.pops_lost += record->lost_pops;
		break;
	case RECORD_AUDIO:
	case RECORD_INFO:
	case RECORD_MOTION:
	case RECORD_ORIENTATION:
	case RECORD_CLOCK:
	case RECORD_BATTERY:
	case RECORD_HEART_RATE:
	case RECORD_QUANTITY:
	case RECORD_ABOUT:
		break;
	}
}

void judge_wearable_state(struct judge *j, int64_t now_us, unsigned wearable,
	enum wearable_state state, uint32_t streams)
{
	j->wearable[wearable].state = state;
	if (streams)
		j->wearable[wearable].streams = streams;
}

void judge_frame(struct judge *j, int64_t now_us, unsigned kit, const struct posture_frame *frame)
{
	struct athlete *a = j->kit[kit].athlete;

	j->kit[kit].watermark_us = frame->t_us;
	/* A session that has ended may be whole now. */
	if (frame->t_us >= j->kit[kit].ends_us && now_us < j->deadline_us)
		j->deadline_us = now_us;
	for (unsigned i = 0; a && i < ATHLETE_POPS_MAX; i++)
		if (a->pop[i].stage == POP_STAGE_PENDING && a->pop[i].kit == kit) {
			pop_merge_schedule(j, &a->pop[i], now_us);
			if (a->pop[i].wake_us < j->deadline_us)
				j->deadline_us = a->pop[i].wake_us;
		}
}

/* The haptic goes first: a published message is written to disk before it is sent. */
void judge_limit(struct judge *j, int64_t now_us, unsigned kit, const struct posture_frame *frame)
{
	double fault_deg = j->analysis->form_tilt_fault_share * j->kit[kit].span_deg;
	struct cue_output output = {
		.athlete = j->kit[kit].athlete,
		.kit = kit,
		.cue = {CUE_POSTERIOR_TILT, NAN},
		.is_live = true,
	};
	unsigned haptic = HAPTIC_FLATTEN;

	if (!output.athlete || j->kit[kit].ends_us != T_NEVER)
		return;
	/* Cued in an earlier repetition, or already far beyond the limit: back up at once (A18). */
	if (output.athlete->memory.ladder.is_begun || (double)frame->tilt_deg >= fault_deg) {
		output.cue.code = CUE_REVERSE;
		haptic = HAPTIC_REVERSE;
	}
	judge_output_haptic(j, now_us, kit, haptic);
	judge_output_cue(j, now_us, &output);
}

void judge_rep(struct judge *j, int64_t now_us, unsigned kit, const struct posture_rep *rep)
{
	judge_advance(j, now_us);
	session_rep(j, now_us, kit, rep);
	judge_due_settle(j, now_us);
}

void judge_calibration(
	struct judge *j, int64_t now_us, unsigned kit, const struct kit_calibration *calibration)
{
	struct kit_state *k = &j->kit[kit];
	bool is_lost = k->is_calibrated && !calibration->is_calibrated;

	k->is_calibrated = calibration->is_calibrated;
	k->lacks = calibration->lacks;
	k->span_deg = calibration->has_span ? calibration->span_deg : j->analysis->span_default_deg;
	k->confidence = calibration->confidence;
	for (unsigned i = 0; i < PLACEMENT_COUNT; i++)
		k->clap_db[i] = calibration->done & 1u << CALIBRATION_STEP_CLAP
					? calibration->clap_db[i]
					: NAN;
	if (k->athlete)
		session_publish(j, now_us, kit);
	/* Lost during a session: a sensor has shifted (decision-model.md 4.2, Health). */
	if (is_lost && judge_athlete(j, kit))
		judge_output_cue(j, now_us,
			&(struct cue_output){
				.athlete = k->athlete, .kit = kit, .cue = {CUE_RECALIBRATE, NAN}});
}

void judge_worn(struct judge *j, unsigned kit, const struct memory_worn *worn, unsigned n)
{
	struct athlete *a = j->kit[kit].ends_us == T_NEVER ? j->kit[kit].athlete : NULL;

	if (!a)
		return;
	memcpy(a->memory.worn, worn, n * sizeof(worn[0]));
	a->memory.n_worn = n;
	a->is_touched = true;
}

const struct judge_counters *judge_counters(const struct judge *j)
{
	return &j->counters;
}

bool judge_is_pending(const struct judge *j)
{
	for (unsigned i = 0; i < j->n_athletes; i++) {
		const struct athlete *a = j->athlete[i];

		for (unsigned k = 0; k < ATHLETE_POPS_MAX; k++)
			if (a->pop[k].stage == POP_STAGE_PENDING ||
				a->pop[k].stage == POP_STAGE_OPEN)
				return true;
	}
	return false;
}

const char *judge_athlete(const struct judge *j, unsigned kit)
{
	const struct kit_state *k = &j->kit[kit];

	return k->athlete && k->ends_us == T_NEVER ? k->athlete->memory.athlete : NULL;
}

int64_t judge_closes_us(const struct judge *j, unsigned kit)
{
	return j->kit[kit].close_us;
}

const struct athlete_memory *judge_memory(const struct judge *j, unsigned kit)
{
	return j->kit[kit].athlete ? &j->kit[kit].athlete->memory : NULL;
}

void judge_finish(struct judge *j, int64_t now_us, bool keep)
{
	judge_advance(j, now_us);
	judge_due_conclude_all(j, now_us);
	for (unsigned i = 0; i < j->conf->n_kits; i++)
		if (j->kit[i].athlete)
			session_close(j, now_us, i, keep && j->kit[i].ends_us == T_NEVER);
	judge_due_settle(j, now_us);
}
