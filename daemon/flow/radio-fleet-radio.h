// SPDX-License-Identifier: MIT
#pragma once
/* The radios of the brain's fleet: which there are, and how they are. */
#include "daemon/flow/radio-fleet-private.h"

/* Index, or FLEET_NO_RADIO: none of that name is known. */
int radio_fleet_radio_find(const struct radio_fleet *fleet, const char *name);
/* Makes it known. FLEET_NO_RADIO: there is no room for another. */
int radio_fleet_radio_take(struct radio_fleet *fleet, const char *name);
/* It is there. */
void radio_fleet_radio_touch(struct radio_fleet *fleet, int radio, int64_t now_us);
bool radio_fleet_radio_is_alive(const struct radio_fleet *fleet, int radio, int64_t now_us);
/* Links that it can have. */
unsigned radio_fleet_radio_slots(const struct radio_fleet_radio *radio);
/* How much louder another has to be, as it came and went lately. */
int radio_fleet_radio_malus_db(const struct radio_fleet_radio *radio, int64_t now_us);
/* Its boot, as it says. True: it is another one, so its links are gone. */
bool radio_fleet_radio_note_boot(struct radio_fleet *fleet, int radio, int64_t boot);
/* Which are alive now. */
void radio_fleet_radio_look(struct radio_fleet *fleet, int64_t now_us);
/* When one that is alive no longer will be. */
int64_t radio_fleet_radio_deadline(const struct radio_fleet *fleet);
