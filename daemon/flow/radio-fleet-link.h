// SPDX-License-Identifier: MIT
#pragma once
/* The links of the brain's fleet: which wearable is connected to which radio, and who hears it. */
#include "daemon/flow/radio-fleet-private.h"

/* Whether the radio can connect to it. */
bool radio_fleet_link_hears(const struct radio_fleet_wearable *w, int radio, int64_t now_us);
/* It does, or its time to come back is not over. */
bool radio_fleet_link_is_held(const struct radio_fleet_wearable *w, int64_t now_us);
/* Both at t_us, which is not older than what is known. */
void radio_fleet_link_up(
	struct radio_fleet *fleet, struct radio_fleet_wearable *w, int radio, int64_t t_us);
void radio_fleet_link_down(struct radio_fleet *fleet, struct radio_fleet_wearable *w, int64_t t_us);
/* What a radio says about its links and what it hears, now. */
void radio_fleet_link_note_heard(
	struct radio_fleet *fleet, int radio, const struct radio_heard *heard, int64_t now_us);
/* All links of the radio are gone. */
void radio_fleet_link_restart(struct radio_fleet *fleet, int radio, int64_t now_us);
/* The radio has kept no events. */
void radio_fleet_link_note_empty(struct radio_fleet *fleet, int radio);
/* There is no such radio. */
void radio_fleet_link_forget(struct radio_fleet *fleet, int radio);
