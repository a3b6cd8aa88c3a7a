// SPDX-License-Identifier: MIT
/* Layouts: drv-movella-dot.c. */
#include "daemon/drivers/drv-movella-dot-plan.h"

#include "coxad/base/alloc.h"
#include "daemon/drivers/drv-movella-dot-private.h"

#define SYNC_START       0x01
#define SYNC_GET_STATE   0x08
#define SYNC_ANSWER_MS   500
#define SYNC_DROP_OFF_MS 3000

/* A message to the synchronisation service, with its checksum. */
static struct driver_step step_message(const uint8_t *data, size_t size)
{
	struct driver_step step = {.kind = DRIVER_STEP_WRITE,
		.characteristic = dot_uuid_of(DOT_MESSAGE),
		.bytes = {DOT_MESSAGE_SYNC, (uint8_t)size},
		.size = size + 3,
		.is_optional = true};
	unsigned sum = DOT_MESSAGE_SYNC + (unsigned)size;

	for (size_t i = 0; i < size; i++) {
		step.bytes[2 + i] = data[i];
		sum += data[i];
	}
	step.bytes[2 + size] = (uint8_t)-sum;
	return step;
}

static bool can_sync(const struct driver_peer *peer)
{
	const struct uuid message = dot_uuid_of(DOT_MESSAGE);

	return peer->sync_root && (!peer->characteristics || driver_peer_has(peer, &message));
}

#define SYNC_STEPS 6

/* Ask whether it is synchronised; if not, start that once. Steps keep their place whatever the answers
 * are. */
static struct driver_step sync_step(
	const struct dot_state *s, const struct driver_peer *peer, unsigned index)
{
	bool is_wanted = s->told_unsynced == 1 && !s->has_sync_result;
	static const uint8_t get_state[] = {SYNC_GET_STATE};
	uint8_t start[7] = {SYNC_START};

	switch (index) {
	case 0:
		return (struct driver_step){.kind = DRIVER_STEP_READ,
			.characteristic = dot_uuid_of(DOT_ACK),
			.is_optional = true};
	case 1:
		return (struct driver_step){.kind = DRIVER_STEP_SUBSCRIBE,
			.characteristic = dot_uuid_of(DOT_NOTIFY),
			.is_optional = true};
	case 2:
		return step_message(get_state, sizeof(get_state));
	case 3:
		return (struct driver_step){.kind = DRIVER_STEP_WAIT, .wait_ms = SYNC_ANSWER_MS};
	case 4:
		for (unsigned i = 0; i < 6; i++)
			start[1 + i] = peer->sync_root[5 - i];
		return is_wanted ? step_message(start, sizeof(start))
				 : (struct driver_step){.kind = DRIVER_STEP_WAIT};
	default:
		return (struct driver_step){
			.kind = DRIVER_STEP_WAIT, .wait_ms = is_wanted ? SYNC_DROP_OFF_MS : 0};
	}
}

/* Raw motion in the medium payload; below an MTU of 43 only the quaternion fits. */
int drv_movella_dot_plan(const void *state, const struct driver_peer *peer, enum driver_plan plan,
	unsigned index, struct driver_step *ret)
{
	bool is_narrow = peer->mtu > 0 && peer->mtu < 43;
	uint8_t mode = is_narrow ? DOT_MODE_QUATERNION : DOT_MODE_RATE;
	const struct driver_step steps[] = {
		{.kind = DRIVER_STEP_SUBSCRIBE,
			.characteristic = dot_uuid_of(is_narrow ? DOT_SHORT : DOT_MEDIUM)},
		{.kind = DRIVER_STEP_SUBSCRIBE,
			.characteristic = dot_uuid_of(DOT_REPORT),
			.is_optional = true},
		{.kind = DRIVER_STEP_SUBSCRIBE,
			.characteristic = dot_uuid_of(DOT_BATTERY),
			.is_optional = true},
		{.kind = DRIVER_STEP_WRITE,
			.characteristic = dot_uuid_of(DOT_CONTROL),
			.bytes = {1, 1, mode},
			.size = 3},
		{.kind = DRIVER_STEP_READ,
			.characteristic = dot_uuid_of(DOT_CONTROL),
			.is_optional = true},
	};

	if (plan == DRIVER_PLAN_STOP && index == 0) {
		*ret = (struct driver_step){.kind = DRIVER_STEP_WRITE,
			.characteristic = dot_uuid_of(DOT_CONTROL),
			.bytes = {1, 0, mode},
			.size = 3,
			.is_optional = true};
		return 1;
	}
	if (plan != DRIVER_PLAN_START)
		return 0;
	if (can_sync(peer)) {
		if (index < SYNC_STEPS) {
			*ret = sync_step(state, peer, index);
			return 1;
		}
		index -= SYNC_STEPS;
	}
	if (index >= ARRAY_LEN(steps))
		return 0;
	*ret = steps[index];
	return 1;
}

/* Section 3 of the specification: it is refused while it measures, so that pauses. */
int drv_movella_dot_plan_order(const void *state, enum driver_order_kind order, unsigned argument,
	unsigned index, struct driver_step *ret)
{
	enum { RATE_AT = 24, RATE_HZ = 60, VISIT_IDENTIFY = 1 };
	const struct dot_state *s = state;
	uint8_t mode = s->mode ? s->mode : DOT_MODE_RATE;
	const struct driver_step steps[DRIVER_ORDER_WRITES] = {
		{.characteristic = dot_uuid_of(DOT_CONTROL), .bytes = {1, 0, mode}, .size = 3},
		{.characteristic = dot_uuid_of(DOT_DEVICE),
			.bytes = {VISIT_IDENTIFY, 1, [RATE_AT] = RATE_HZ},
			.size = 32},
		{.characteristic = dot_uuid_of(DOT_CONTROL), .bytes = {1, 1, mode}, .size = 3},
	};

	if (order != DRIVER_ORDER_IDENTIFY || index >= ARRAY_LEN(steps))
		return 0;
	*ret = steps[index];
	ret->kind = DRIVER_STEP_WRITE;
	return 1;
}
