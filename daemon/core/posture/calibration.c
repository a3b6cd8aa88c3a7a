// SPDX-License-Identifier: MIT
#include "daemon/core/posture/calibration.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/order.h"
#include "coxad/base/units.h"
#include "daemon/core/posture/calibration-movement.h"
#include "daemon/core/posture/calibration-pose.h"

#define CLAPS_WANTED 3
#define CLAPS_MAX    8

static const struct {
	struct calibration_guidance guidance;
	int64_t limit_us;
} plan[CALIBRATION_STEP_COUNT] = {
	[CALIBRATION_STEP_NEUTRAL] =
		{{CALIBRATION_CODE_LIE_RELAXED,
			 "Lie relaxed, knees bent, and keep still for 3 seconds."},
			15 * US_PER_S},
	[CALIBRATION_STEP_FLAT_BACK] =
		{{CALIBRATION_CODE_PRESS_LOW_BACK,
			 "Lie still for 3 seconds with the low back pressed to the floor."},
			15 * US_PER_S},
	[CALIBRATION_STEP_PELVIC_TILTS] =
		{{CALIBRATION_CODE_TILT_PELVIS,
			 "Tilt the pelvis slowly forward and back, three times."},
			40 * US_PER_S},
	[CALIBRATION_STEP_LEG_RAISE_LEFT] = {{CALIBRATION_CODE_RAISE_LEFT_LEG,
						     "Raise and lower the left leg slowly, twice."},
		45 * US_PER_S},
	[CALIBRATION_STEP_LEG_RAISE_RIGHT] =
		{{CALIBRATION_CODE_RAISE_RIGHT_LEG, "Raise and lower the right leg slowly, twice."},
			45 * US_PER_S},
	[CALIBRATION_STEP_CLAP] = {{CALIBRATION_CODE_CLAP_HANDS, "Clap your hands three times."},
		20 * US_PER_S},
};

static void forget(struct calibration *c)
{
	struct kit_calibration empty = {.span_deg = c->conf->span_default_deg};

	for (unsigned i = 0; i < PLACEMENT_COUNT; i++)
		empty.clap_db[i] = NAN;
	c->kit = empty;
	c->unproven = c->borrowed = 0;
	c->has_neutral = false;
	calibration_run_note_lacks(c);
}

void calibration_init(struct calibration *c, const struct analysis_conf *conf, uint32_t placements)
{
	memset(c, 0, sizeof(*c));
	c->conf = conf;
	c->placements = placements;
	c->last_state = CALIBRATION_STATE_ACCEPTED;
	forget(c);
	c->model = c->kit;
}

void calibration_restore(struct calibration *c, const struct kit_calibration *kit)
{
	c->kit = c->model = *kit;
	/* History keeps gravity at the zero and the span, not the neutral pose. */
	c->has_neutral = false;
	calibration_run_note_lacks(c);
}

void calibration_take_effect(struct calibration *c)
{
	c->model = c->kit;
	c->has_shifted = c->is_off = false;
}

void calibration_lose(struct calibration *c)
{
	c->has_shifted = true;
	forget(c);
}

void calibration_doubt(struct calibration *c, bool is_off)
{
	c->is_off = is_off;
	if (is_off)
		c->sound_confidence = c->kit.confidence;
	c->kit.confidence = is_off ? 0 : c->sound_confidence;
}

bool calibration_learn(
	struct calibration *c, unsigned leg, const struct calibration_segment *segment)
{
	enum placement thigh = calibration_run_thigh(leg);

	c->learnt[leg] = *segment;
	if (!c->kit.is_calibrated ||
		(c->kit.segment[thigh].has_axis && !(c->borrowed >> thigh & 1)))
		return false;
	c->borrowed &= ~(1u << thigh);
	c->kit.segment[thigh] = c->model.segment[thigh] = *segment;
	calibration_run_rate(c);
	return true;
}

void calibration_refuse(struct calibration *c, unsigned leg)
{
	enum placement thigh = calibration_run_thigh(leg);

	c->kit.segment[thigh] = c->model.segment[thigh] = (struct calibration_segment){0};
	calibration_run_rate(c);
}

static bool lose_segment(struct calibration *c, unsigned placement)
{
	static const uint32_t raise[PLACEMENT_COUNT] = {
		[PLACEMENT_THIGH_LEFT] = 1u << CALIBRATION_STEP_LEG_RAISE_LEFT,
		[PLACEMENT_THIGH_RIGHT] = 1u << CALIBRATION_STEP_LEG_RAISE_RIGHT,
	};
	struct calibration_segment *segment = &c->kit.segment[placement];
	bool is_lost = segment->has_zero || segment->has_axis || !isnan(c->kit.clap_db[placement]);

	*segment = c->model.segment[placement] = (struct calibration_segment){0};
	c->kit.clap_db[placement] = NAN;
	c->kit.done &= ~raise[placement];
	c->remembered[placement] = (struct calibration_segment){0};
	for (unsigned leg = 0; leg < LEGS; leg++)
		if (calibration_run_thigh(leg) == placement)
			c->learnt[leg] = (struct calibration_segment){0};
	return is_lost;
}

bool calibration_change(struct calibration *c, uint32_t placements, uint32_t changed)
{
	bool is_lost = c->is_running;

	c->placements = placements;
	for (unsigned i = 0; i < PLACEMENT_COUNT; i++)
		if (changed >> i & 1)
			is_lost |= lose_segment(c, i);
	c->unproven &= ~changed;
	c->borrowed &= ~changed;
	if (changed)
		c->has_neutral = false;
	if (changed >> PLACEMENT_PELVIS & 1 && c->kit.is_calibrated)
		calibration_lose(c);
	c->is_off = false; /* looked at again at the next rest */
	calibration_run_rate(c);
	return is_lost;
}

bool calibration_end(struct calibration *c)
{
	bool had = c->kit.is_calibrated || c->has_shifted || c->is_running || c->unproven;

	memset(c->learnt, 0, sizeof(c->learnt));
	memset(c->remembered, 0, sizeof(c->remembered));
	forget(c);
	c->model = c->kit;
	c->has_shifted = false;
	return had;
}

bool calibration_begin(
	struct calibration *c, int64_t t_us, enum calibration_step step, enum exercise exercise)
{
	enum placement placement;

	c->step = step;
	c->exercise = exercise;
	c->start_us = t_us;
	c->quality = NAN;
	calibration_run_clear(c);
	c->has_data = false;
	placement = calibration_run_placement(c);
	if (placement < PLACEMENT_COUNT && !calibration_run_has(c, placement)) {
		calibration_run_reject(c, CALIBRATION_CODE_NO_SENSOR,
			"This step needs a sensor on the %s, but the kit has none.",
			calibration_run_part(placement));
		return false;
	}
	if (step == CALIBRATION_STEP_PELVIC_TILTS && !c->kit.segment[PLACEMENT_PELVIS].has_zero) {
		calibration_run_reject(c, CALIBRATION_CODE_FLAT_BACK_FIRST,
			"Do the flat-back step first: the pelvic tilts start from it.");
		return false;
	}
	/* Neutral begins a new calibration. */
	if (step == CALIBRATION_STEP_NEUTRAL && c->kit.is_calibrated)
		forget(c);
	c->guidance = plan[step].guidance;
	c->is_running = true;
	c->has_news = false;
	c->told_progress = 0;
	return true;
}

static double clap_progress(const struct calibration *c)
{
	unsigned most = 0;

	for (unsigned i = 0; i < PLACEMENT_COUNT; i++)
		most = c->claps[i] > most ? c->claps[i] : most;
	return fmin((double)most / CLAPS_WANTED, 1);
}

double calibration_progress(const struct calibration *c)
{
	if (!c->is_running)
		return NAN;
	switch (c->step) {
	case CALIBRATION_STEP_NEUTRAL:
	case CALIBRATION_STEP_FLAT_BACK:
		return calibration_pose_progress(c);
	case CALIBRATION_STEP_PELVIC_TILTS:
	case CALIBRATION_STEP_LEG_RAISE_LEFT:
	case CALIBRATION_STEP_LEG_RAISE_RIGHT:
		return calibration_movement_progress(c);
	case CALIBRATION_STEP_CLAP:
		return clap_progress(c);
	case CALIBRATION_STEP_COUNT:
		break;
	}
	return NAN;
}

/* Each tenth is worth telling, and each step back. */
static void note_progress(struct calibration *c)
{
	double progress = calibration_progress(c);

	if (progress >= c->told_progress + 0.1 - 1e-9 || progress < c->told_progress)
		c->has_news = true;
}

static int take_row(struct calibration *c, const struct timeline_row *row)
{
	switch (c->step) {
	case CALIBRATION_STEP_NEUTRAL:
	case CALIBRATION_STEP_FLAT_BACK:
		return calibration_pose_row(c, row);
	case CALIBRATION_STEP_PELVIC_TILTS:
		return calibration_movement_tilts_row(c, row);
	case CALIBRATION_STEP_LEG_RAISE_LEFT:
	case CALIBRATION_STEP_LEG_RAISE_RIGHT:
		return calibration_movement_raise_row(c, row);
	case CALIBRATION_STEP_CLAP:
	case CALIBRATION_STEP_COUNT:
		break;
	}
	return 0;
}

int calibration_row(struct calibration *c, const struct timeline_row *row)
{
	enum placement placement = calibration_run_placement(c);
	int state;

	if (!c->is_running || row->t_us < c->start_us)
		return 0;
	c->has_data = c->has_data || (placement < PLACEMENT_COUNT && row->cell[placement].has);
	state = take_row(c, row);
	if (!state)
		note_progress(c);
	return state;
}

int64_t calibration_deadline(const struct calibration *c)
{
	return c->is_running ? c->start_us + plan[c->step].limit_us : T_NEVER;
}

int calibration_advance(struct calibration *c, int64_t now_us)
{
	enum placement placement;

	if (now_us < calibration_deadline(c))
		return 0;
	placement = calibration_run_placement(c);
	if (c->step == CALIBRATION_STEP_CLAP)
		return calibration_run_reject(c, CALIBRATION_CODE_CLAPS_MISSING,
			"Fewer than three claps detected. Try again, louder.");
	if (!c->has_data)
		return calibration_run_reject(c, CALIBRATION_CODE_NO_DATA,
			"No data from the %s sensor. Check that it is on and connected.",
			calibration_run_part(placement));
	if (c->step == CALIBRATION_STEP_NEUTRAL || c->step == CALIBRATION_STEP_FLAT_BACK)
		return calibration_run_reject(c, CALIBRATION_CODE_NOT_STILL,
			"The %s did not stay still for 3 seconds. Relax and try again.",
			calibration_run_part(placement));
	return calibration_movement_time_out(c);
}

int calibration_clap(
	struct calibration *c, enum placement placement, int64_t t_us, double contact_air_db)
{
	float *heard = c->clap_db[placement];

	if (!c->is_running || c->step != CALIBRATION_STEP_CLAP || t_us < c->start_us ||
		!isfinite(contact_air_db) || c->claps[placement] >= CLAPS_MAX)
		return 0;
	heard[c->claps[placement]++] = (float)contact_air_db;
	c->kit.clap_db[placement] = order_upper_median_float(heard, c->claps[placement]);
	return c->claps[placement] >= CLAPS_WANTED ? calibration_run_accept(c, 1) : 0;
}
