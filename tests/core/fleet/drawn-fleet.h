// SPDX-License-Identifier: MIT
#pragma once
/* A gym of radios and wearables drawn from a seed, and what must be so after any assignment, found
 * in another way than by fleet-assign.c.
 */
#include "coxad/core/fleet/fleet-assign.h"

struct drawn_fleet {
	uint64_t dice;
	struct fleet fleet;
	struct fleet_radio radio[FLEET_RADIOS_MAX];
	struct fleet_wearable wearable[FLEET_WEARABLES_MAX];
	int8_t rssi_dbm[FLEET_WEARABLES_MAX][FLEET_RADIOS_MAX];
};

struct drawn_answer {
	struct fleet_place place[FLEET_WEARABLES_MAX];
	uint16_t waiting[FLEET_WEARABLES_MAX];
	unsigned n_waiting;
};

unsigned drawn_fleet_roll(struct drawn_fleet *drawn, unsigned n);
/* Sometimes there are many more wearables than slots, sometimes hardly any is heard. */
void drawn_fleet_draw(struct drawn_fleet *drawn, uint64_t seed);
void drawn_fleet_ask(const struct drawn_fleet *drawn, struct drawn_answer *ret);
/* The radio is alive, hears the wearable, and no bond forbids it. */
bool drawn_fleet_can(const struct drawn_fleet *drawn, unsigned wearable, int radio);
bool drawn_fleet_is_heard(const struct drawn_fleet *drawn, unsigned wearable);
/* Its link counts: its radio is alive, or nobody else hears the wearable. */
bool drawn_fleet_is_held(const struct drawn_fleet *drawn, unsigned wearable);
unsigned drawn_fleet_links(
	const struct drawn_fleet *drawn, const struct drawn_answer *answer, int radio);
/* Whether all who have a place could be served, and this one too, if everybody who is not held
 * went elsewhere: by search with backtracking. */
bool drawn_fleet_could_serve(
	const struct drawn_fleet *drawn, const struct drawn_answer *answer, unsigned wearable);
