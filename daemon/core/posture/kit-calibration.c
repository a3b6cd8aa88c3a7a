// SPDX-License-Identifier: MIT
#include "daemon/core/posture/kit-calibration.h"

#include <math.h>
#include <stdio.h>

#include "coxad/base/units.h"
#include "daemon/core/posture/kit-measure.h"
#include "daemon/core/posture/kit-movement.h"

static void publish(struct kit_posture *k, int64_t t_us, int state)
{
	struct calibration *c = &k->calibration;
	struct calibration_result result = {.t_us = t_us,
		.step = c->step,
		.state = (enum calibration_state)state,
		.quality = c->quality,
		.is_calibrated = c->kit.is_calibrated};

	calibration_run_note_lacks(c);
	result.lacks = c->kit.lacks;
	c->last_state = result.state;
	result.progress = result.state == CALIBRATION_STATE_ACCEPTED ? 1 : calibration_progress(c);
	if (c->is_running)
		c->told_progress = result.progress;
	snprintf(result.kit, sizeof(result.kit), "%s", k->kit);
	snprintf(result.why, sizeof(result.why), "%s", c->guidance.text);
	result.code = c->guidance.code;
	TRACE(&k->trace, CALIBRATION, t_us, "%s %s, quality %.2f%s%s",
		calibration_step_to_string(c->step), calibration_state_to_string(result.state),
		c->quality, result.why[0] ? ": " : "", result.why);
	k->ops->calibration(k->user, &result);
}

/* The calibration to remember, and what it lacks. */
static void tell(struct kit_posture *k)
{
	calibration_run_note_lacks(&k->calibration);
	k->ops->calibrated(k->user, &k->calibration.kit);
}

void kit_calibration_note(struct kit_posture *k)
{
	uint32_t before = k->calibration.kit.lacks;

	calibration_run_note_lacks(&k->calibration);
	if (k->calibration.kit.lacks != before)
		tell(k);
}

/* A change without a step: publishes the last step again, with the reason. */
static void publish_change(struct kit_posture *k, int64_t t_us)
{
	struct calibration *c = &k->calibration;
	bool was_running = c->is_running;

	c->is_running = c->has_begun = false;
	publish(k, t_us, was_running ? CALIBRATION_STATE_REJECTED : (int)c->last_state);
	tell(k);
}

/* A step that runs goes on, and its end publishes what else was found. */
static bool is_told_by_step(struct kit_posture *k)
{
	if (!k->calibration.is_running)
		return false;
	tell(k);
	return true;
}

void kit_calibration_learnt(struct kit_posture *k, int64_t t_us)
{
	if (is_told_by_step(k))
		return;
	k->calibration.guidance = (struct calibration_guidance){0};
	publish_change(k, t_us);
}

void kit_calibration_refuse(struct kit_posture *k, unsigned leg, int64_t t_us)
{
	struct calibration *c = &k->calibration;

	calibration_refuse(c, leg);
	if (is_told_by_step(k))
		return;
	if (!c->kit.is_calibrated) {
		tell(k);
		return;
	}
	calibration_run_remark(c, CALIBRATION_CODE_LEG_RAISE_NEEDED,
		"Do the leg-raise step for the %s too: its angle is unknown until then.",
		calibration_run_part(k->leg[leg].thigh));
	publish_change(k, t_us);
}

void kit_calibration_proven(struct kit_posture *k, int64_t t_us, enum calibration_proof proof)
{
	struct calibration *c = &k->calibration;

	if (is_told_by_step(k))
		return;
	c->guidance = (struct calibration_guidance){0};
	if (proof == CALIBRATION_PROOF_REFUTED) {
		c->last_state = CALIBRATION_STATE_REJECTED;
		calibration_run_remark(c, CALIBRATION_CODE_NOT_WORN_AS_BEFORE,
			"The sensors are not worn as last time. Do the flat-back step again.");
	}
	publish_change(k, t_us);
}

static void begin_step(struct kit_posture *k, int64_t t_us, enum calibration_step step)
{
	struct calibration *c = &k->calibration;

	if (c->is_running)
		publish(k, t_us,
			calibration_run_reject(c, CALIBRATION_CODE_NEXT_STEP_BEGAN,
				"The next step was started before this one was finished."));
	if (calibration_begin(c, t_us, step, k->exercise))
		publish(k, t_us, CALIBRATION_STATE_RUNNING);
	else
		publish(k, t_us, CALIBRATION_STATE_REJECTED);
}

void kit_calibration_ask(struct kit_posture *k, int64_t t_us, enum calibration_step step)
{
	if (k->calibration.is_running && k->timeline->cursor[TIMELINE_WHOLE].is_running &&
		k->timeline->cursor[TIMELINE_WHOLE].next_us < t_us) {
		k->next_step = step;
		k->next_step_us = t_us;
		return;
	}
	begin_step(k, t_us, step);
	if (k->is_split)
		k->live->calibration = k->calibration;
}

static void begin_next(struct kit_posture *k)
{
	int64_t t_us = k->next_step_us;

	k->next_step_us = T_NEVER;
	begin_step(k, t_us, k->next_step);
}

void kit_calibration_advance(struct kit_posture *k, int64_t now_us)
{
	if (k->next_step_us != T_NEVER && now_us - k->next_step_us >= POSTURE_LATE_US)
		begin_next(k);
}

void kit_calibration_end_step(struct kit_posture *k, int64_t t_us, int state)
{
	struct calibration *c = &k->calibration;

	c->has_begun = false;
	/* Claps do not move the body: a repetition goes on. */
	if (c->step != CALIBRATION_STEP_CLAP) {
		calibration_take_effect(c);
		sensor_shift_init(&k->shift);
		kit_movement_forget(k);
	}
	publish(k, t_us, state);
	tell(k);
}

void kit_calibration_shifted(struct kit_posture *k, int64_t t_us, int64_t from_us)
{
	struct calibration *c = &k->calibration;

	for (unsigned leg = 0; leg < LEGS; leg++) {
		axis_learner_init(&k->leg[leg].learner);
		c->learnt[leg] = (struct calibration_segment){0};
	}
	if (c->has_begun || !c->kit.is_calibrated)
		return;
	frame_ring_mark(&k->ring, from_us, CODE_BIT(SENSOR_SHIFT));
	calibration_lose(c);
	if (is_told_by_step(k))
		return;
	calibration_run_remark(c, CALIBRATION_CODE_SENSOR_SHIFTED,
		"A sensor has moved on the body. Fasten it and calibrate again.");
	publish_change(k, t_us);
}

void kit_calibration_row(struct kit_posture *k, const struct timeline_row *row)
{
	struct calibration *c = &k->calibration;
	uint32_t shifted;
	int state;

	if (row->t_us >= k->next_step_us)
		begin_next(k);
	state = calibration_row(c, row);
	if (state)
		kit_calibration_end_step(k, row->t_us, state);
	else if (c->is_running && c->has_news)
		publish(k, row->t_us, CALIBRATION_STATE_RUNNING);
	c->has_news = false;
	if (!c->has_begun && c->is_running && c->step != CALIBRATION_STEP_CLAP &&
		row->t_us >= c->start_us) {
		c->has_begun = true;
		kit_movement_forget(k);
	}
	shifted = sensor_shift_row(&k->shift, k->conf, &c->model, row) & ~c->unproven;
	if (shifted)
		kit_calibration_shifted(k, row->t_us, row->t_us - MOTION_STEP_LAG_US);
}

/* While the trunk lies a leg may rest above the floor, not far below it. */
static bool lies_flat(
	const struct kit_posture *k, const struct posture_frame *frame, double elevation_deg)
{
	bool is_supine = fabs(frame->tilt_deg) < k->conf->supine_limit_deg;

	return kit_measure_lies_flat(k) && elevation_deg < k->conf->ready_elevation_deg &&
	       (is_supine || elevation_deg > -k->conf->ready_elevation_deg);
}

/* The leg furthest off its zero of those that lie flat, and how far; LEGS: none lies flat. */
static unsigned furthest_off(
	const struct kit_posture *k, const struct posture_frame *frame, double *ret_deg)
{
	unsigned furthest = LEGS;

	*ret_deg = 0;
	for (unsigned leg = 0; leg < LEGS; leg++) {
		double elevation_deg = frame->elevation_deg[leg];
		double off_deg = fabs(elevation_deg);

		if (!k->calibration.model.segment[k->leg[leg].thigh].has_axis ||
			!lies_flat(k, frame, elevation_deg) || off_deg < *ret_deg)
			continue;
		furthest = leg;
		*ret_deg = off_deg;
	}
	return furthest;
}

/* A leg that was calibrated is not seen now. */
static bool misses_leg(const struct kit_posture *k, const struct posture_frame *frame)
{
	for (unsigned leg = 0; leg < LEGS; leg++)
		if (kit_measure_segment(k, k->leg[leg].thigh) && isnan(frame->elevation_deg[leg]))
			return true;
	return false;
}

void kit_calibration_check_rest(struct kit_posture *k, const struct posture_frame *frame)
{
	struct calibration *c = &k->calibration;
	double off_deg, limit_deg = k->conf->repeat_limit_deg;
	unsigned leg;

	if (!k->is_resting || c->is_running || !c->kit.is_calibrated)
		return;
	if (c->is_off && misses_leg(k, frame))
		return;
	leg = furthest_off(k, frame, &off_deg);
	if (c->is_off)
		limit_deg *= 2.0 / 3; /* hysteresis */
	if (leg == LEGS || c->is_off == (off_deg > limit_deg))
		return;
	calibration_doubt(c, !c->is_off);
	if (c->is_off)
		calibration_run_remark(c, CALIBRATION_CODE_LEG_OFF_ZERO,
			"The %s leg rests %.0f degrees from where it was calibrated. Calibrate again.",
			leg == LEG_LEFT ? "left" : "right", off_deg);
	else
		c->guidance = (struct calibration_guidance){0};
	publish_change(k, frame->t_us);
}

void kit_calibration_change(struct kit_posture *k, int64_t t_us, uint32_t changed)
{
	struct calibration *c = &k->calibration;
	double confidence = c->kit.confidence;

	if (!calibration_change(c, k->placements, changed) && c->kit.confidence == confidence) {
		kit_calibration_note(k);
		return;
	}
	calibration_run_remark(c, CALIBRATION_CODE_SENSOR_CHANGED,
		"A sensor of the kit was exchanged. Calibrate again.");
	publish_change(k, t_us);
}

void kit_calibration_end(struct kit_posture *k, int64_t t_us)
{
	uint32_t lacked = k->calibration.kit.lacks;

	k->next_step_us = T_NEVER;
	if (!calibration_end(&k->calibration)) {
		if (k->calibration.kit.lacks != lacked)
			tell(k);
		return;
	}
	calibration_run_remark(&k->calibration, CALIBRATION_CODE_SESSION_ENDED,
		"The session ended, and its calibration with it.");
	publish_change(k, t_us);
}
