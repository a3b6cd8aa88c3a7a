// SPDX-License-Identifier: MIT
#pragma once
/* A gym whose configuration changes at random: kits come, go and get another exercise or athlete, wearables
 * are added, removed, exchanged, moved and renamed. Two kits stay as they are, DRAWN_KEPT of them. All wear
 * sensors of the Coxa profile that raise legs and pop now and then, each by its address alone, so that what a
 * kept kit sends depends on nothing else.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/config/conf.h"
#include "coxad/flow/gateway.h"

#define DRAWN_KEPT      2
#define DRAWN_KITS      6
#define DRAWN_WEARABLES 16
#define DRAWN_TEXT_SIZE 16384

struct drawn_kit {
	bool is_there, has_athlete;
	unsigned exercise, athlete;
};

struct drawn_wearable {
	bool is_there;
	unsigned kit, placement, name, address;
};

struct drawn_gym {
	uint64_t dice;
	unsigned addresses; /* handed out so far */
	struct drawn_kit kit[DRAWN_KITS];
	struct drawn_wearable wearable[DRAWN_WEARABLES];
};

/* From 0 to n - 1. */
unsigned drawn_gym_roll(struct drawn_gym *gym, unsigned n);
/* One change. The configuration may stay the same. */
void drawn_gym_step(struct drawn_gym *gym);
/* The configuration as a file, returned in a buffer of its own. */
const char *drawn_gym_text(const struct drawn_gym *gym);
bool drawn_gym_is_kept(const char *kit);

struct drawn_air {
	bool is_up[CONF_WEARABLES_MAX]; /* by index in the configuration */
	char address[CONF_WEARABLES_MAX][ADDRESS_SIZE];
};

/* What all wearables of the configuration send at that instant, a packet each. */
void drawn_gym_send(
	struct drawn_air *air, const struct conf *conf, struct gateway *gateway, int64_t t_us);
/* Between two of them. */
#define DRAWN_PERIOD_US 153846
