// SPDX-License-Identifier: MIT
#pragma once
/* The brain's fleet as gateway/<gateway>/radios says it: which radio has what, what waits, and what would
 * become of a radio's wearables if it died. As of the last assignment. Pure.
 */
#include "coxad/flow/radio-fleet.h"
#include "coxad/wire/message-radios.h"

/* The radio's wearables without it. */
struct radio_fleet_loss {
	unsigned n_moving; /* another radio would serve */
	unsigned n_left;   /* none would: their indexes */
	uint16_t left[FLEET_WEARABLES_MAX];
};

struct radio_fleet_radios {
	struct message_radios message; /* points into what follows */
	struct message_radio radio[FLEET_RADIOS_MAX];
	int serves[FLEET_WEARABLES_MAX];
	struct message_waiting waiting[FLEET_WEARABLES_MAX];
	struct radio_fleet_loss loss[FLEET_RADIOS_MAX];
};

/* What radio_hub_status says of a radio is left to the caller, in ret->radio. The names are borrowed
 * from the fleet until its next call. An assignment for each radio. */
void radio_fleet_radios_describe(
	const struct radio_fleet *fleet, int64_t now_us, struct radio_fleet_radios *ret);
