// SPDX-License-Identifier: MIT
#include "daemon/core/posture/calibration.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/units.h"
#include "daemon/core/posture/calibration-steps.h"

#define CLAPS_WANTED 3
#define CLAPS_MAX    8

static const struct {
	const char *waits_for;
	int64_t limit_us;
	unsigned cycles;
} plan[CALIBRATION_STEP_COUNT] = {
	[CALIBRATION_STEP_NEUTRAL] = {"lie relaxed, knees bent, for 3 s", 15 * US_PER_S, 0},
	[CALIBRATION_STEP_FLAT_BACK] = {"press the low back to the floor for 3 s", 15 * US_PER_S,
		0},
	[CALIBRATION_STEP_PELVIC_TILTS] = {"three slow pelvic tilts", 40 * US_PER_S, 3},
	[CALIBRATION_STEP_LEG_RAISE_LEFT] = {"two slow raises of the left leg", 45 * US_PER_S, 2},
	[CALIBRATION_STEP_LEG_RAISE_RIGHT] = {"two slow raises of the right leg", 45 * US_PER_S, 2},
	[CALIBRATION_STEP_CLAP] = {"three claps", 20 * US_PER_S, 0},
};

void calibration_init(struct calibration *c, const struct analysis_conf *conf, uint32_t placements)
{
	memset(c, 0, sizeof(*c));
	c->conf = conf;
	c->placements = placements;
	calibration_forget(c);
}

void calibration_forget(struct calibration *c)
{
	struct kit_calibration empty = {.span_deg = c->conf->span_default_deg};

	for (unsigned i = 0; i < PLACEMENT_COUNT; i++)
		empty.clap_db[i] = NAN;
	c->kit = empty;
	c->has_neutral = false;
}

unsigned calibration_cycles(enum calibration_step step)
{
	return plan[step].cycles;
}

bool calibration_has(const struct calibration *c, enum placement placement)
{
	return c->placements >> placement & 1;
}

void calibration_remark(struct calibration *c, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(c->why, sizeof(c->why), format, args);
	va_end(args);
}

int calibration_reject(struct calibration *c, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(c->why, sizeof(c->why), format, args);
	va_end(args);
	c->is_running = false;
	c->quality = 0;
	return CALIBRATION_STATE_REJECTED;
}

void calibration_guide(struct calibration *c, const char *format, ...)
{
	char text[TEXT_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (strcmp(text, c->why) == 0)
		return;
	memcpy(c->why, text, sizeof(text));
	c->has_news = true;
}

enum placement calibration_wanted(const struct calibration *c, enum calibration_step step)
{
	switch (step) {
	case CALIBRATION_STEP_LEG_RAISE_LEFT:
		return PLACEMENT_THIGH_LEFT;
	case CALIBRATION_STEP_LEG_RAISE_RIGHT:
		return PLACEMENT_THIGH_RIGHT;
	case CALIBRATION_STEP_NEUTRAL:
	case CALIBRATION_STEP_FLAT_BACK:
	case CALIBRATION_STEP_PELVIC_TILTS:
		if (calibration_has(c, PLACEMENT_PELVIS) || step == CALIBRATION_STEP_PELVIC_TILTS)
			return PLACEMENT_PELVIS;
		return calibration_has(c, PLACEMENT_THIGH_LEFT) ? PLACEMENT_THIGH_LEFT
								: PLACEMENT_THIGH_RIGHT;
	case CALIBRATION_STEP_CLAP:
	case CALIBRATION_STEP_COUNT:
		break;
	}
	return PLACEMENT_COUNT;
}

void calibration_clear(struct calibration *c)
{
	memset(c->mean, 0, sizeof(c->mean));
	c->still_rows = 0;
	c->motion_dps2 = 0;
	c->is_moving = false;
	c->held_rows = 0;
	c->still_at = c->still_n = 0;
	memset(c->swing, 0, sizeof(c->swing));
	c->other = (struct calibration_other){0};
	memset(c->claps, 0, sizeof(c->claps));
}

bool calibration_begin(
	struct calibration *c, int64_t t_us, enum calibration_step step, enum exercise exercise)
{
	enum placement placement = calibration_wanted(c, step);

	c->step = step;
	c->exercise = exercise;
	c->start_us = t_us;
	c->quality = NAN;
	calibration_clear(c);
	c->has_data = false;
	if (placement < PLACEMENT_COUNT && !calibration_has(c, placement)) {
		calibration_reject(
			c, "the kit has no wearable at %s", placement_to_string(placement));
		return false;
	}
	if (step == CALIBRATION_STEP_PELVIC_TILTS && !c->kit.segment[PLACEMENT_PELVIS].has_zero) {
		calibration_reject(c, "flat-back comes first: it is the zero of the tilts");
		return false;
	}
	/* Neutral begins a new calibration. */
	if (step == CALIBRATION_STEP_NEUTRAL && c->kit.is_calibrated)
		calibration_forget(c);
	snprintf(c->why, sizeof(c->why), "%s", plan[step].waits_for);
	c->is_running = true;
	c->has_news = false;
	return true;
}

/* The share of the whole procedure that was done, decision-model.md 4.2. */
static void rate_confidence(struct calibration *c)
{
	double sum = 0.5;

	if (c->kit.has_span)
		sum += 0.1;
	if (c->kit.segment[PLACEMENT_PELVIS].has_axis)
		sum += 0.2;
	for (unsigned side = 0; side < SIDES; side++)
		if (!calibration_has(c, calibration_thigh(side)) ||
			c->kit.segment[calibration_thigh(side)].has_axis)
			sum += 0.1;
	c->kit.confidence = c->kit.is_calibrated ? sum : 0;
}

int calibration_accept(struct calibration *c, double quality)
{
	c->why[0] = 0;
	c->is_running = false;
	c->quality = fmin(fmax(quality, 0), 1);
	c->kit.done |= 1u << c->step;
	rate_confidence(c);
	return CALIBRATION_STATE_ACCEPTED;
}

int calibration_row(struct calibration *c, const struct timeline_row *row)
{
	enum placement placement = calibration_wanted(c, c->step);

	if (!c->is_running || row->t_us < c->start_us)
		return 0;
	c->has_data = c->has_data || (placement < PLACEMENT_COUNT && row->cell[placement].has);
	switch (c->step) {
	case CALIBRATION_STEP_NEUTRAL:
	case CALIBRATION_STEP_FLAT_BACK:
		return calibration_pose_row(c, row);
	case CALIBRATION_STEP_PELVIC_TILTS:
		return calibration_tilts_row(c, row);
	case CALIBRATION_STEP_LEG_RAISE_LEFT:
	case CALIBRATION_STEP_LEG_RAISE_RIGHT:
		return calibration_raise_row(c, row);
	case CALIBRATION_STEP_CLAP:
	case CALIBRATION_STEP_COUNT:
		break;
	}
	return 0;
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
	placement = calibration_wanted(c, c->step);
	if (c->step == CALIBRATION_STEP_CLAP)
		return calibration_reject(c, "fewer than three claps heard");
	if (!c->has_data)
		return calibration_reject(
			c, "nothing came from %s", placement_to_string(placement));
	if (c->step == CALIBRATION_STEP_PELVIC_TILTS)
		return calibration_reject(
			c, "%u of 3 pelvic tilts seen", c->swing[placement].cycles);
	if (c->step == CALIBRATION_STEP_NEUTRAL || c->step == CALIBRATION_STEP_FLAT_BACK)
		return calibration_reject(
			c, "%s was not still for 3 s", placement_to_string(placement));
	return calibration_raises_missed(c, placement);
}

static int by_value(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

int calibration_clap(
	struct calibration *c, enum placement placement, int64_t t_us, double contact_air_db)
{
	float *heard = c->clap_db[placement];

	if (!c->is_running || c->step != CALIBRATION_STEP_CLAP || t_us < c->start_us ||
		!isfinite(contact_air_db) || c->claps[placement] >= CLAPS_MAX)
		return 0;
	heard[c->claps[placement]++] = (float)contact_air_db;
	qsort(heard, c->claps[placement], sizeof(*heard), by_value);
	c->kit.clap_db[placement] = heard[c->claps[placement] / 2];
	return c->claps[placement] >= CLAPS_WANTED ? calibration_accept(c, 1) : 0;
}
