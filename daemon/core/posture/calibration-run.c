// SPDX-License-Identifier: MIT
#include "daemon/core/posture/calibration-run.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "coxad/base/units.h"

bool calibration_run_has(const struct calibration *c, enum placement placement)
{
	return c->placements >> placement & 1;
}

enum placement calibration_run_placement(const struct calibration *c)
{
	switch (c->step) {
	case CALIBRATION_STEP_LEG_RAISE_LEFT:
		return PLACEMENT_THIGH_LEFT;
	case CALIBRATION_STEP_LEG_RAISE_RIGHT:
		return PLACEMENT_THIGH_RIGHT;
	case CALIBRATION_STEP_NEUTRAL:
	case CALIBRATION_STEP_FLAT_BACK:
	case CALIBRATION_STEP_PELVIC_TILTS:
		if (calibration_run_has(c, PLACEMENT_PELVIS) ||
			c->step == CALIBRATION_STEP_PELVIC_TILTS)
			return PLACEMENT_PELVIS;
		return calibration_run_has(c, PLACEMENT_THIGH_LEFT) ? PLACEMENT_THIGH_LEFT
								    : PLACEMENT_THIGH_RIGHT;
	case CALIBRATION_STEP_CLAP:
	case CALIBRATION_STEP_COUNT:
		break;
	}
	return PLACEMENT_COUNT;
}

void calibration_run_clear(struct calibration *c)
{
	memset(c->mean, 0, sizeof(c->mean));
	c->still_rows = 0;
	c->motion_deg2_s2 = 0;
	c->is_moving = false;
	c->held_rows = 0;
	c->still_at = c->still_n = 0;
	memset(c->swing, 0, sizeof(c->swing));
	c->other = (struct calibration_other){0};
	memset(c->claps, 0, sizeof(c->claps));
}

const char *calibration_run_part(enum placement placement)
{
	static const char *const part[PLACEMENT_COUNT] = {
		[PLACEMENT_PELVIS] = "pelvis",
		[PLACEMENT_LUMBAR] = "lumbar spine",
		[PLACEMENT_THIGH_LEFT] = "left thigh",
		[PLACEMENT_THIGH_RIGHT] = "right thigh",
		[PLACEMENT_HIP_LEFT] = "left hip",
		[PLACEMENT_HIP_RIGHT] = "right hip",
		[PLACEMENT_LOW_BACK] = "low back",
		[PLACEMENT_ROOM] = "room",
	};

	return part[placement];
}

static __attribute__((format(printf, 3, 0))) void say(
	struct calibration *c, enum calibration_code code, const char *format, va_list args)
{
	c->guidance.code = code;
	vsnprintf(c->guidance.text, sizeof(c->guidance.text), format, args);
}

void calibration_run_guide(
	struct calibration *c, enum calibration_code code, const char *format, ...)
{
	struct calibration_guidance before = c->guidance;
	va_list args;

	va_start(args, format);
	say(c, code, format, args);
	va_end(args);
	c->has_news |= strcmp(before.text, c->guidance.text) != 0;
}

void calibration_run_remark(
	struct calibration *c, enum calibration_code code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(c, code, format, args);
	va_end(args);
}

int calibration_run_reject(
	struct calibration *c, enum calibration_code code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(c, code, format, args);
	va_end(args);
	c->is_running = false;
	c->quality = 0;
	return CALIBRATION_STATE_REJECTED;
}

/* The placements that no raise turns. */
#define TRUNK (1u << PLACEMENT_PELVIS | 1u << PLACEMENT_LUMBAR)
/* Raises of one leg turn about axes that differ by less (people of S72). */
#define PROOF_DEG 30.0

static bool has_segment(const struct calibration *c, enum placement placement)
{
	return c->kit.segment[placement].has_zero && !(c->unproven >> placement & 1);
}

static uint32_t trunk_lacks(const struct calibration *c)
{
	bool waits = c->kit.is_calibrated || c->unproven;

	if (!calibration_run_has(c, PLACEMENT_PELVIS))
		return waits ? 0 : 1u << CALIBRATION_LACK_ZERO;
	if (!c->kit.segment[PLACEMENT_PELVIS].has_zero)
		return 1u << CALIBRATION_LACK_ZERO;
	return waits ? 0 : 1u << CALIBRATION_LACK_PELVIS_AXIS;
}

void calibration_run_note_lacks(struct calibration *c)
{
	uint32_t lacks = trunk_lacks(c);

	for (unsigned leg = 0; leg < LEGS; leg++) {
		enum placement thigh = calibration_run_thigh(leg);

		if (calibration_run_has(c, thigh) && !has_segment(c, thigh) &&
			!c->learnt[leg].has_axis && !(c->unproven >> thigh & 1))
			lacks |= 1u << (leg == LEG_LEFT ? CALIBRATION_LACK_LEFT_LEG_AXIS
							: CALIBRATION_LACK_RIGHT_LEG_AXIS);
	}
	c->kit.lacks = lacks | (c->unproven ? 1u << CALIBRATION_LACK_FIRST_RAISE : 0);
}

static enum calibration_proof refute(struct calibration *c)
{
	for (unsigned i = 0; i < PLACEMENT_COUNT; i++)
		if (c->unproven >> i & 1)
			c->kit.segment[i] = (struct calibration_segment){0};
	c->unproven = 0;
	calibration_run_rate(c);
	return CALIBRATION_PROOF_REFUTED;
}

enum calibration_proof calibration_run_prove(struct calibration *c, unsigned leg, struct vec3 axis)
{
	uint32_t own = 1u << calibration_run_thigh(leg), thighs = c->unproven & ~TRUNK;

	/* A leg whose axis is measured says nothing of another's. */
	if (!c->unproven || (thighs && !(thighs & own)))
		return CALIBRATION_PROOF_NONE;
	if (thighs && vec3_angle(axis, c->kit.segment[calibration_run_thigh(leg)].axis) >
			      PROOF_DEG * RAD_PER_DEG)
		return refute(c);
	c->unproven &= ~(own | TRUNK);
	c->borrowed |= thighs & own;
	c->kit.is_calibrated = true;
	calibration_run_rate(c);
	return CALIBRATION_PROOF_GIVEN;
}

void calibration_run_rate(struct calibration *c)
{
	double sum = 0.5;

	if (c->kit.has_span)
		sum += 0.1;
	if (c->kit.segment[PLACEMENT_PELVIS].has_axis)
		sum += 0.2;
	for (unsigned leg = 0; leg < LEGS; leg++)
		if (!calibration_run_has(c, calibration_run_thigh(leg)) ||
			c->kit.segment[calibration_run_thigh(leg)].has_axis)
			sum += 0.1;
	c->kit.confidence = c->kit.is_calibrated ? sum : 0;
}

int calibration_run_accept(struct calibration *c, double quality)
{
	c->guidance = (struct calibration_guidance){0};
	c->is_running = false;
	c->quality = fmin(fmax(quality, 0), 1);
	c->kit.done |= 1u << c->step;
	calibration_run_rate(c);
	return CALIBRATION_STATE_ACCEPTED;
}
