// SPDX-License-Identifier: MIT
#include "tests/core/judge/rig-private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"

#define START_US (1000 * INT64_C(1000000))

/* decision-model.md 8: 8 ms, SNR 24 dB, contact over air 22 dB. */
const struct pop_features rig_base_pop = {
	.peak_dbfs = -20,
	.background_dbfs = -44,
	.rise_ms = 2,
	.t10_ms = 8,
	.centroid_hz = 300,
	.kurtosis = 20,
	.hf_ratio = 0.1f,
	.lf_ratio = 0.1f,
	.sub_pulses = 1,
	.contact_air_db = 22,
	.knock_g = 0.04f,
	.flatness = 0.2f,
};

const struct rig_rep rig_quiet = {.pop_deg = NAN, .pop_tilt_deg = NAN, .tilt_deg = 1};
const struct rig_rep rig_base = {.pop_deg = 38, .pop_tilt_deg = 1, .tilt_deg = 1};

static const struct pop_result *last_of(const struct rig *rig, const char *id)
{
	for (unsigned i = rig->n; i-- > 0;)
		if (rig->event[i].kind == RESULT_POP && strcmp(rig->event[i].pop.id, id) == 0)
			return &rig->event[i].pop;
	return NULL;
}

/* The most important requirement: a red flag and its severity are never lowered. */
static void check_revision(const struct rig *rig, const struct pop_result *pop)
{
	const struct pop_result *before = last_of(rig, pop->id);

	assert_int_equal(pop->rev, before ? before->rev + 1 : 1);
	assert_int_equal(pop->supersedes, before ? before->rev : 0);
	if (!rig->check_red || rig->person_is_acting || !before)
		return;
	if (before->class == POP_CLASS_RED_FLAG) {
		assert_int_equal(pop->class, POP_CLASS_RED_FLAG);
		assert_true(pop->severity >= before->severity);
	}
	if (before->class == POP_CLASS_SYMPTOM_ONLY)
		assert_true(
			pop->class == POP_CLASS_SYMPTOM_ONLY || pop->class == POP_CLASS_RED_FLAG);
}

static void on_result(void *user, int64_t now_us, const struct result *result)
{
	struct rig *rig = user;
	struct rig_event *e = &rig->event[rig->n];

	assert_true(rig->n < RIG_EVENTS);
	assert_true(now_us <= rig->now_us);
	e->kind = result->kind;
	e->now_us = now_us;
	switch (result->kind) {
	case RESULT_POP:
		check_revision(rig, result->pop);
		e->pop = *result->pop;
		break;
	case RESULT_REP:
		e->rep = *result->rep;
		break;
	case RESULT_CUE:
		e->cue = *result->cue;
		break;
	case RESULT_ALERT:
		e->alert = *result->alert;
		break;
	case RESULT_ALERTS:
		e->alerts = *result->alerts;
		break;
	case RESULT_SESSION:
		e->session = *result->session;
		break;
	case RESULT_SUMMARY:
		e->summary = *result->summary;
		break;
	case RESULT_ACT:
		e->act = *result->act;
		break;
	case RESULT_POSTURE:
	case RESULT_CALIBRATION:
	case RESULT_WEARABLE:
	case RESULT_LIVE:
	case RESULT_COUNT:
		fail_msg("not a result of the judge");
	}
	rig->n++;
}

static void on_haptic(void *user, int64_t now_us, unsigned kit, unsigned pattern)
{
	struct rig *rig = user;

	rig->haptics[pattern]++;
}

static void on_remember(void *user, int64_t now_us, const struct athlete_memory *memory)
{
	struct rig *rig = user;

	rig->remembered++;
	if (strcmp(memory->athlete, "ana") == 0)
		rig->memory = *memory;
}

static bool on_recall(void *user, const char *athlete, struct athlete_memory *ret)
{
	struct rig *rig = user;

	if (!rig->can_recall || strcmp(rig->memory.athlete, athlete) != 0)
		return false;
	*ret = rig->memory;
	return true;
}

static const struct judge_ops ops = {on_result, on_haptic, on_remember, on_recall};

static void make_judge(struct rig *rig, const struct athlete_memory *memory)
{
	struct kit_calibration calibration = {
		.is_calibrated = true, .span_deg = 8.7, .has_span = true, .confidence = 1};

	rig->judge = judge_new(&rig->conf, &ops, rig);
	if (memory)
		judge_restore(rig->judge, memory);
	judge_start(rig->judge, rig->now_us);
	for (unsigned i = 0; i < RIG_KITS; i++)
		judge_calibration(rig->judge, rig->now_us, i, &calibration);
	for (unsigned i = 0; i <= RIG_ROOM; i++)
		judge_wearable_state(rig->judge, rig->now_us, i, WEARABLE_STATE_STREAMING,
			STREAM_MOTION | STREAM_POP | STREAM_SYMPTOM);
}

/* Its events are mapped, because AddressSanitizer writes to all that it allocates: 190 MB. */
void rig_begin(struct rig *rig, const struct athlete_memory *memory)
{
	static const char *const names[RIG_KITS] = {"1", "2", "3"};
	static const char *const athletes[RIG_KITS] = {"ana", "ben", "cleo"};
	static const enum placement placements[RIG_PER_KIT] = {PLACEMENT_PELVIS,
		PLACEMENT_THIGH_LEFT, PLACEMENT_THIGH_RIGHT, PLACEMENT_HIP_RIGHT,
		PLACEMENT_HIP_LEFT, PLACEMENT_LOW_BACK};

	memset(rig, 0, sizeof(*rig));
	rig->event = mmap(NULL, RIG_EVENTS * sizeof(*rig->event), PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	assert_true(rig->event != MAP_FAILED);
	rig->now_us = START_US;
	rig->step_us = RIG_STEP_US;
	rig->check_red = true;
	analysis_conf_default(&rig->analysis);
	for (unsigned i = 0; i < RIG_KITS; i++) {
		rig->posture[i] = new0(struct kit_posture);
		rig->posture[i]->span_deg = 8.7;
		rig->posture[i]->control_angle_deg = 40;
		rig->kit[i] = (struct judge_kit){.name = names[i],
			.exercise = EXERCISE_SUPINE_STRAIGHT,
			.athlete = athletes[i],
			.posture = rig->posture[i]};
		rig->body[i] = (struct rig_body){.phase = PHASE_READY};
		for (unsigned k = 0; k < RIG_PER_KIT; k++)
			rig->wearable[i * RIG_PER_KIT + k] =
				(struct judge_wearable){"w", i, placements[k], 0};
	}
	rig->wearable[RIG_ROOM] = (struct judge_wearable){"room", 0, PLACEMENT_ROOM, 0};
	rig->conf = (struct judge_conf){
		.analysis = &rig->analysis,
		.run = "run",
		.n_kits = RIG_KITS,
		.kit = rig->kit,
		.n_wearables = RIG_ROOM + 1,
		.wearable = rig->wearable,
	};
	make_judge(rig, memory);
}

void rig_restart(struct rig *rig)
{
	struct athlete_memory memory = rig->memory;

	rig->judge = judge_free(rig->judge);
	snprintf(rig->run, sizeof(rig->run), "run%u", ++rig->restarts);
	rig->conf.run = rig->run;
	make_judge(rig, &memory);
}

void rig_end(struct rig *rig)
{
	judge_free(rig->judge);
	for (unsigned i = 0; i < RIG_KITS; i++)
		free(rig->posture[i]);
	munmap(rig->event, RIG_EVENTS * sizeof(*rig->event));
}

int rig_set_up(void **state)
{
	struct rig *rig = new0(struct rig);

	rig_begin(rig, NULL);
	*state = rig;
	return 0;
}

int rig_tear_down(void **state)
{
	rig_end(*state);
	free(*state);
	return 0;
}

static void deliver(struct rig *rig)
{
	for (;;) {
		unsigned first = rig->n_queue;

		for (unsigned i = 0; i < rig->n_queue; i++)
			if (rig->queue[i].due_us <= rig->now_us &&
				(first == rig->n_queue ||
					rig->queue[i].due_us < rig->queue[first].due_us))
				first = i;
		if (first == rig->n_queue)
			return;
		judge_record(rig->judge, rig->now_us, &rig->queue[first].record);
		rig->queue[first] = rig->queue[--rig->n_queue];
	}
}

static void step(struct rig *rig)
{
	int64_t t_us;

	rig->now_us += rig->step_us;
	judge_advance(rig->judge, rig->now_us);
	deliver(rig);
	t_us = rig->now_us - RIG_LATENCY;
	for (unsigned i = 0; i < RIG_KITS; i++) {
		const struct posture_frame *f;

		/* The frame from RIG_LATENCY ago reaches the judge now. */
		if (!rig->body[i].is_silent)
			rig_push_frame(rig, i, rig->now_us);
		if (!rig->posture[i]->n || rig->body[i].is_silent)
			continue;
		f = rig_frame_at(rig->posture[i], rig->posture[i]->n - 1);
		struct posture_frame late = *f;

		late.t_us = t_us;
		judge_frame(rig->judge, rig->now_us, i, &late);
	}
	judge_advance(rig->judge, rig->now_us);
}

void rig_run(struct rig *rig, double seconds)
{
	int64_t until = rig->now_us + (int64_t)(seconds * US_PER_S);

	while (rig->now_us < until)
		step(rig);
}

static void queue_pop(struct rig *rig, unsigned wearable, int64_t t_us, int64_t unc_us,
	const struct pop_features *features)
{
	struct rig_pending *p = &rig->queue[rig->n_queue++];

	assert_true(rig->n_queue <= RIG_QUEUE);
	*p = (struct rig_pending){.due_us = t_us + RIG_LATENCY};
	p->record = (struct record){
		.kind = RECORD_POP,
		.wearable = wearable,
		.t_us = t_us,
		.t_unc_us = unc_us,
		.arrival_us = t_us + RIG_LATENCY,
	};
	p->record.pop.features = *features;
}

void rig_pop(struct rig *rig, unsigned kit, unsigned wearable, double in_s,
	const struct pop_features *features)
{
	queue_pop(rig, kit * RIG_PER_KIT + wearable, rig->now_us + (int64_t)(in_s * US_PER_S), 1000,
		features ? features : &rig_base_pop);
}

int64_t rig_pop_now(struct rig *rig, unsigned kit)
{
	int64_t t = rig->now_us;

	rig->body[kit].phase = PHASE_LOWER;
	rig_pop(rig, kit, RIG_HIP_RIGHT, 0, NULL);
	rig_run(rig, 2);
	return t;
}

void rig_pop_uncertain(struct rig *rig, unsigned kit, double in_s, double unc_ms)
{
	queue_pop(rig, kit * RIG_PER_KIT + RIG_HIP_RIGHT, rig->now_us + (int64_t)(in_s * US_PER_S),
		(int64_t)(unc_ms * US_PER_MS), &rig_base_pop);
}

void rig_room_uncertain(struct rig *rig, double in_s, double level_db, double unc_ms)
{
	struct pop_features f = rig_base_pop;

	f.peak_dbfs = (float)level_db;
	f.contact_air_db = NAN;
	queue_pop(rig, RIG_ROOM, rig->now_us + (int64_t)(in_s * US_PER_S),
		(int64_t)(unc_ms * US_PER_MS), &f);
}

void rig_room(struct rig *rig, double in_s, double level_db)
{
	rig_room_uncertain(rig, in_s, level_db, 1);
}

void rig_press(
	struct rig *rig, unsigned kit, enum symptom_code code, enum body_site site, int intensity)
{
	struct record r = {
		.kind = RECORD_SYMPTOM,
		.wearable = kit * RIG_PER_KIT,
		.t_us = rig->now_us,
		.t_unc_us = 2000,
		.arrival_us = rig->now_us,
	};

	r.symptom = (struct symptom_report){.code = code, .site = site, .intensity = intensity};
	judge_record(rig->judge, rig->now_us, &r);
}

const struct pop_result *rig_last(const struct rig *rig, int64_t t_us)
{
	for (unsigned i = rig->n; i-- > 0;)
		if (rig->event[i].kind == RESULT_POP &&
			llabs(rig->event[i].pop.t_pop_us - t_us) < 50000)
			return &rig->event[i].pop;
	fail_msg("no pop at %lld", (long long)t_us);
	return NULL;
}

const struct pop_result *rig_symptom_only(const struct rig *rig)
{
	for (unsigned i = rig->n; i-- > 0;)
		if (rig->event[i].kind == RESULT_POP &&
			rig->event[i].pop.class == POP_CLASS_SYMPTOM_ONLY &&
			last_of(rig, rig->event[i].pop.id) == &rig->event[i].pop)
			return &rig->event[i].pop;
	return NULL;
}

unsigned rig_count(const struct rig *rig, enum result_kind kind)
{
	unsigned n = 0;

	for (unsigned i = 0; i < rig->n; i++)
		n += rig->event[i].kind == kind;
	return n;
}

const struct rig_event *rig_nth(const struct rig *rig, enum result_kind kind, unsigned n)
{
	for (unsigned i = 0; i < rig->n; i++)
		if (rig->event[i].kind == kind && n-- == 0)
			return &rig->event[i];
	return NULL;
}

const struct rig_event *rig_newest(const struct rig *rig, enum result_kind kind)
{
	for (unsigned i = rig->n; i-- > 0;)
		if (rig->event[i].kind == kind)
			return &rig->event[i];
	return NULL;
}

bool rig_has(const struct pop_result *pop, enum code code)
{
	return pop->reasons >> code & 1;
}

bool rig_has_cue(const struct pop_result *pop, enum cue_code cue)
{
	for (unsigned i = 0; i < pop->n_cues; i++)
		if (pop->cues[i].code == cue)
			return true;
	return false;
}

int rig_override(
	struct rig *rig, const char *pop, enum pop_class class, const char *by, const char *reason)
{
	struct judge_override override = {pop, class, by, reason};

	return judge_command_override(rig->judge, rig->now_us, &override);
}
