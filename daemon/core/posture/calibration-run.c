// SPDX-License-Identifier: MIT
#include "daemon/core/posture/calibration-run.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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

/* By how much of the procedure was done, decision-model.md 4.2. */
static void rate_confidence(struct calibration *c)
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
	rate_confidence(c);
	return CALIBRATION_STATE_ACCEPTED;
}
