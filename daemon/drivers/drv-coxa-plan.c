// SPDX-License-Identifier: MIT
#include "daemon/drivers/drv-coxa-plan.h"

#include "daemon/drivers/drv-coxa-private.h"

static void step_of(enum driver_step_kind kind, uint8_t characteristic, struct driver_step *ret)
{
	*ret = (struct driver_step){.kind = kind, .characteristic = coxa_service};
	ret->characteristic.b[COXA_UUID_NUMBER_AT] = characteristic;
}

static void step_write(
	uint8_t opcode, unsigned argument, size_t argument_size, struct driver_step *ret)
{
	step_of(DRIVER_STEP_WRITE, COXA_CONTROL, ret);
	ret->bytes[0] = opcode;
	for (size_t i = 0; i < argument_size; i++)
		ret->bytes[1 + i] = (uint8_t)(argument >> 8 * i);
	ret->size = 1 + argument_size;
	ret->answer = opcode | COXA_OP_REPLY;
	ret->busy = COXA_STATUS_BUSY;
}

/* Pops that are kept can be dated once the clock of their boot is known. */
static int resend_step(const struct coxa_state *s, struct driver_step *ret)
{
	step_write(COXA_OP_RESEND, s->is_from_first ? 0 : s->resend_after, 2, ret);
	ret->is_optional = ret->is_aside = true;
	return s->wants_resend && s->has_clock;
}

static bool has_stream(const struct coxa_state *s, uint32_t stream)
{
	return !s->has_info || s->info.streams & stream;
}

static bool is_present(const struct driver_peer *peer, uint8_t characteristic)
{
	struct uuid u = coxa_service;

	u.b[COXA_UUID_NUMBER_AT] = characteristic;
	return !peer->characteristics || driver_peer_has(peer, &u);
}

static uint8_t wanted_streams(const struct coxa_state *s, const struct driver_peer *peer)
{
	uint32_t streams = s->has_info
				   ? s->info.streams
				   : STREAM_MOTION | STREAM_POP | STREAM_SYMPTOM | STREAM_HAPTIC;

	return (uint8_t)(driver_wants_sound(peer, streams) ? streams
							   : streams & ~(uint32_t)STREAM_ACOUSTIC);
}

/* A step of the start plan: 1 wanted, 0 not, -1 past the last. Sensor Information comes first and
 * decides about the rest. */
static int start_step(const struct coxa_state *s, const struct driver_peer *peer, unsigned step,
	struct driver_step *ret)
{
	unsigned rate_hz =
		peer->rate_hz >= 1 && peer->rate_hz <= UINT16_MAX ? (unsigned)peer->rate_hz : 0;

	switch (step) {
	case 0:
		step_of(DRIVER_STEP_READ, COXA_INFO, ret);
		return 1;
	case 1:
		step_of(DRIVER_STEP_SUBSCRIBE, COXA_CONTROL, ret);
		return 1;
	case 2:
		step_of(DRIVER_STEP_SUBSCRIBE, COXA_MOTION, ret);
		return has_stream(s, STREAM_MOTION) && is_present(peer, COXA_MOTION);
	case 3:
		step_of(DRIVER_STEP_SUBSCRIBE, COXA_POP, ret);
		return has_stream(s, STREAM_POP) && is_present(peer, COXA_POP);
	case 4:
		step_of(DRIVER_STEP_SUBSCRIBE, COXA_SYMPTOM, ret);
		return has_stream(s, STREAM_SYMPTOM) && is_present(peer, COXA_SYMPTOM);
	case 5:
		step_of(DRIVER_STEP_SUBSCRIBE, COXA_ACOUSTIC, ret);
		return driver_wants_sound(peer, s->has_info ? s->info.streams : STREAM_POP) &&
		       has_stream(s, STREAM_ACOUSTIC) && is_present(peer, COXA_ACOUSTIC);
	case 6:
		step_write(COXA_OP_RATE, rate_hz, 2, ret);
		ret->is_optional = true;
		return rate_hz && has_stream(s, STREAM_MOTION) && (float)rate_hz != s->info.rate_hz;
	case 7:
		step_write(COXA_OP_START, wanted_streams(s, peer), 1, ret);
		return 1;
	case 8:
		return resend_step(s, ret);
	case 9:
		step_write(COXA_OP_CLOCK, 0, 0, ret);
		ret->is_optional = true;
		return s->has_info && !(s->info.streams & STREAM_MOTION);
	default:
		return -1;
	}
}

static int poll_step(const struct coxa_state *s, unsigned step, struct driver_step *ret)
{
	switch (step) {
	case 0:
		step_write(COXA_OP_CLOCK, 0, 0, ret);
		ret->is_optional = true;
		return s->has_info && !(s->info.streams & STREAM_MOTION);
	case 1:
		return resend_step(s, ret);
	default:
		return -1;
	}
}

static int stop_step(const struct coxa_state *s, const struct driver_peer *peer, unsigned step,
	struct driver_step *ret)
{
	if (step > 0)
		return -1;
	step_write(COXA_OP_STOP, wanted_streams(s, peer), 1, ret);
	ret->is_optional = true;
	return 1;
}

static int any_step(const struct coxa_state *s, const struct driver_peer *peer,
	enum driver_plan plan, unsigned step, struct driver_step *ret)
{
	switch (plan) {
	case DRIVER_PLAN_START:
		return start_step(s, peer, step, ret);
	case DRIVER_PLAN_POLL:
		return poll_step(s, step, ret);
	case DRIVER_PLAN_STOP:
		return stop_step(s, peer, step, ret);
	}
	return -1;
}

int drv_coxa_plan(const void *state, const struct driver_peer *peer, enum driver_plan plan,
	unsigned index, struct driver_step *ret)
{
	struct driver_step found;
	unsigned step = 0;
	int wanted;

	while ((wanted = any_step(state, peer, plan, step++, &found)) >= 0) {
		if (!wanted || index-- > 0)
			continue;
		*ret = found;
		return 1;
	}
	return 0;
}

int drv_coxa_plan_order(const void *state, enum driver_order_kind order, unsigned argument,
	unsigned index, struct driver_step *ret)
{
	const struct coxa_state *s = state;

	if (index > 0)
		return 0;
	switch (order) {
	case DRIVER_ORDER_IDENTIFY:
		step_write(COXA_OP_IDENTIFY, argument > UINT8_MAX ? UINT8_MAX : argument, 1, ret);
		return 1;
	case DRIVER_ORDER_HAPTIC:
		if (!has_stream(s, STREAM_HAPTIC) || argument < 1 || argument > 3)
			return 0;
		step_write(COXA_OP_HAPTIC, argument, 1, ret);
		return 1;
	}
	return 0;
}
