// SPDX-License-Identifier: MIT
#pragma once
/* A simulated gateway's dealings with one wearable, for the capture door: it connects, carries out
 * the start plan, receives over a simulated radio, and reconnects after a lost link.
 */
#include "gym/gym-private.h"
#include "gym/planner.h"
#include "gym/radio.h"

#define DOOR_CENTRAL_EVENTS_MAX 64

/* One thing that the gateway notices. */
struct door_event {
	int64_t t_us;
	enum door_event_kind {
		DOOR_EVENT_CONNECTED,
		DOOR_EVENT_READ,
		DOOR_EVENT_NOTIFY,
		DOOR_EVENT_DISCONNECTED,
		DOOR_EVENT_RSSI,
	} kind;
	unsigned characteristic;
	int number; /* MTU, dBm */
	uint8_t value[DEVICE_VALUE_MAX];
	size_t size;
};

struct door_central {
	struct device *device;
	struct radio radio;
	bool is_coxa, is_linked;
	struct planner *planner; /* NULL: the Coxa profile's steps, or a single subscription */
	bool was_off;            /* during this link */
	unsigned step;           /* of the start plan */
	int64_t step_us, rssi_us, poll_us;
	int64_t lost_us;    /* when supervision ends; T_NEVER */
	int64_t confirm_us; /* T_NEVER: nothing to confirm */
	unsigned confirm_characteristic;
	uint32_t boot;
	bool knows_boot;
	uint16_t last_pop; /* sequence number */
	int64_t last_us;
	struct door_event event[DOOR_CENTRAL_EVENTS_MAX];
	size_t first, n;
};

void door_central_init(struct door_central *c, struct gym *gym, size_t index);
void door_central_done(struct door_central *c);
/* The next event up to an instant, NULL if there is none; take drops it. */
const struct door_event *door_central_peek(struct door_central *c, int64_t end_us);
void door_central_take(struct door_central *c);
