// SPDX-License-Identifier: MIT
/* Layouts of the commands: drv-mbient-metamotion.c. */
#include "daemon/drivers/drv-mbient-metamotion-plan.h"

#include <string.h>

#include "coxad/base/alloc.h"
#include "daemon/drivers/drv-mbient-metamotion-private.h"

#define SETTLE_MS 300
#define STEP_WAIT 0xff /* in place of a length */

/* One command in each row: length, bytes. */
typedef uint8_t row[10];

static const row prepare_steps[] = {
	{2, 0x03, 0x80},
	{2, 0x13, 0x80},
	{2, 0x19, 0x80},
	{STEP_WAIT},
	/* Clear what a crash left behind: processors, events, loggers. */
	{2, 0x09, 0x08},
	{2, 0x0a, 0x05},
	{2, 0x0b, 0x0a},
	{4, 0x03, 0x03, 0x28, 0x0c}, /* 100 Hz, 16 g */
	{4, 0x13, 0x03, 0x28, 0x00}, /* 100 Hz, 2000 dps */
	{2, 0x03, 0x83},
	{2, 0x13, 0x83},                                           /* read the ranges back */
	{9, 0x09, 0x02, 0x03, 0x04, 0xff, 0xa0, 0x11, 0x31, 0x03}, /* accounter over acceleration */
	{STEP_WAIT},
};
/* Acceleration with its time. Each of the three variants ends with the sensor steps. */
static const row timed_steps[] = {
	{3, 0x09, 0x03, 0x01}, {4, 0x09, 0x07, 0x00, 0x01}, /* notify from that processor */
	{3, 0x13, 0x05, 0x01},                              /* subscribe to the rate of turn */
};
static const row fused_steps[] = {
	{4, 0x19, 0x02, 0x02, 0x13}, /* without magnetometer, 2000 dps and 16 g as above */
	{3, 0x19, 0x07, 0x01},
	{4, 0x19, 0x03, 0x08, 0x00},
};
static const row bare_steps[] = {
	{3, 0x03, 0x04, 0x01},
	{3, 0x13, 0x05, 0x01},
};
static const row sensor_steps[] = {
	{3, 0x01, 0x01, 0x01}, /* subscribe to the button */
	{4, 0x03, 0x02, 0x01, 0x00},
	{4, 0x13, 0x02, 0x01, 0x00},
	{3, 0x03, 0x01, 0x01},
	{3, 0x13, 0x01, 0x01},
	{2, 0x11, 0x8c},
};
static const row fusion_on[] = {{3, 0x19, 0x01, 0x01}};
static const row stop_steps[] = {
	{3, 0x19, 0x01, 0x00},
	{4, 0x19, 0x03, 0x00, 0x7f},
	{3, 0x03, 0x01, 0x00},
	{3, 0x13, 0x01, 0x00},
	{2, 0x09, 0x08},
};
static const row poll_steps[] = {{2, 0x11, 0x8c}};

static const uint8_t *step_at(const struct meta_state *s, enum driver_plan plan, unsigned index)
{
	bool is_fused = !s->has_processor && s->has_fusion;
	const struct {
		bool is_in;
		const row *steps;
		size_t n;
	} parts[] = {
		{plan == DRIVER_PLAN_START, prepare_steps, ARRAY_LEN(prepare_steps)},
		{plan == DRIVER_PLAN_START && s->has_processor, timed_steps,
			ARRAY_LEN(timed_steps)},
		{plan == DRIVER_PLAN_START && is_fused, fused_steps, ARRAY_LEN(fused_steps)},
		{plan == DRIVER_PLAN_START && !s->has_processor && !s->has_fusion, bare_steps,
			ARRAY_LEN(bare_steps)},
		{plan == DRIVER_PLAN_START, sensor_steps, ARRAY_LEN(sensor_steps)},
		{plan == DRIVER_PLAN_START && is_fused, fusion_on, ARRAY_LEN(fusion_on)},
		{plan == DRIVER_PLAN_POLL, poll_steps, ARRAY_LEN(poll_steps)},
		{plan == DRIVER_PLAN_STOP, stop_steps, ARRAY_LEN(stop_steps)},
	};

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (!parts[i].is_in)
			continue;
		if (index < parts[i].n)
			return parts[i].steps[index];
		index -= (unsigned)parts[i].n;
	}
	return NULL;
}

static void fit_step(const struct meta_state *s, double rate_hz, struct driver_step *step)
{
	uint8_t *p = step->bytes;
	/* Faster would need the packed registers, which the accounter does not take. */
	unsigned code = rate_hz <= 0 || rate_hz > 50 ? 0x28 : rate_hz > 25 ? 0x27 : 0x26;

	if (p[0] == MODULE_ACC && p[1] == 0x03) {
		p[2] = (uint8_t)(s->acc_kind == ACC_BMI270 ? code | 0x80u : code);
		p[3] = s->acc_kind == ACC_BMI270 ? 0x03 : 0x0c;
	} else if (p[0] == MODULE_GYR && p[1] == 0x03) {
		p[2] = (uint8_t)code;
	} else if (p[0] == MODULE_GYR && p[1] == 0x05 && s->gyr_kind == GYR_BMI270) {
		p[1] = 0x04;
	} else if (p[0] == MODULE_PROCESSOR && p[1] == 0x07) {
		p[2] = s->processor;
	}
}

int drv_mbient_metamotion_plan(const void *state, const struct driver_peer *peer,
	enum driver_plan plan, unsigned index, struct driver_step *ret)
{
	const uint8_t *step;

	if (plan == DRIVER_PLAN_START && index-- == 0) {
		*ret = (struct driver_step){
			.kind = DRIVER_STEP_SUBSCRIBE, .characteristic = meta_notify};
		return 1;
	}
	step = step_at(state, plan, index);
	if (!step)
		return 0;
	if (step[0] == STEP_WAIT) {
		*ret = (struct driver_step){.kind = DRIVER_STEP_WAIT, .wait_ms = SETTLE_MS};
		return 1;
	}
	*ret = (struct driver_step){
		.kind = DRIVER_STEP_WRITE_COMMAND, .characteristic = meta_command, .size = step[0]};
	memcpy(ret->bytes, step + 1, ret->size);
	fit_step(state, peer->rate_hz, ret);
	return 1;
}

/* MetaWear's protocol reference, LED: a pattern (colour, then intensities, times in ms and how often),
 * then play. */
int drv_mbient_metamotion_plan_order(const void *state, enum driver_order_kind order,
	unsigned argument, unsigned index, struct driver_step *ret)
{
	enum { LED = 0x02, PLAY = 0x01, CONFIG = 0x03, GREEN = 0, BRIGHTEST = 31 };
	enum { ON_MS = 50, PULSE_MS = 500, PULSES_MAX = 20 };
	unsigned pulses = argument < PULSES_MAX / 2 ? argument * 2 : PULSES_MAX;

	if (order != DRIVER_ORDER_IDENTIFY || index > 1)
		return 0;
	*ret = (struct driver_step){
		.kind = DRIVER_STEP_WRITE_COMMAND, .characteristic = meta_command};
	if (index == 0) {
		const uint8_t pattern[] = {LED, CONFIG, GREEN, 2, BRIGHTEST, 0, 0, 0, ON_MS, 0, 0,
			0, PULSE_MS & 0xff, PULSE_MS >> 8, 0, 0, (uint8_t)pulses};

		memcpy(ret->bytes, pattern, sizeof(pattern));
		ret->size = sizeof(pattern);
	} else {
		const uint8_t play[] = {LED, PLAY, 1};

		memcpy(ret->bytes, play, sizeof(play));
		ret->size = sizeof(play);
	}
	return 1;
}
