// SPDX-License-Identifier: MIT
#pragma once
/* A gym in which radios die, are cut off and come back, and wearables come, go and get lost, all drawn from
 * a seed; and the brain's fleet, which only knows what it is told. Steps of 100 ms. What is true of it is
 * checked at each step.
 */
#include "coxad/flow/radio-fleet.h"

#define FLEET_WORLD_RADIOS    8
#define FLEET_WORLD_WEARABLES 24
#define FLEET_WORLD_EVENTS    256
#define FLEET_WORLD_STEP_US   (INT64_C(1000000) / 10)
#define FLEET_WORLD_NO_RADIO  -1

struct fleet_world_event {
	enum capture_kind kind;
	unsigned wearable;
	int64_t t_us;
};

struct fleet_world_radio {
	bool is_up, is_cut; /* cut: it works, but nobody hears of it */
	unsigned slots;
	int64_t boot;
	int64_t up_us;            /* since when the brain can hear it */
	struct radio_list told;   /* the last list that came through */
	unsigned n_told, n_taken; /* lists that were published, and that came through */
	unsigned n_kept;
	struct fleet_world_event kept[FLEET_WORLD_EVENTS];
};

struct fleet_world_wearable {
	bool is_on;
	int link;                       /* which radio it is connected to */
	int64_t link_us;                /* since when */
	int known;                      /* the radio whose link the brain last could know of, */
	int64_t known_us;               /* and when it last could */
	int64_t free_us;                /* since when it advertises */
	int64_t dbm_us;                 /* since when it is heard as now */
	int8_t dbm[FLEET_WORLD_RADIOS]; /* 0: not heard there */
	bool is_hopeless[FLEET_WORLD_RADIOS]; /* heard, but cannot be connected to */
};

struct fleet_world {
	uint64_t dice;
	struct conf *conf;
	struct radio_fleet *fleet;
	int64_t now_us;
	bool is_calm;    /* nothing more happens by chance */
	bool may_refuse; /* some links are hopeless */
	unsigned n_radios, n_wearables;
	struct fleet_world_radio radio[FLEET_WORLD_RADIOS];
	struct fleet_world_wearable wearable[FLEET_WORLD_WEARABLES];
	struct radio_list list[FLEET_WORLD_RADIOS]; /* as published */
	uint64_t hash;                              /* of all lists */
	unsigned n_lists, n_links, n_moves;
	void (*moved)(struct fleet_world *world, unsigned wearable, int from, int to);
	int where[FLEET_WORLD_WEARABLES]; /* as the brain said after the last step */
};

struct fleet_world *fleet_world_new(uint64_t seed, bool may_refuse);
struct fleet_world *fleet_world_free(struct fleet_world *world);
void fleet_world_step(struct fleet_world *world);
/* NULL: there is no list yet. */
const struct radio_list_wearable *fleet_world_entry(
	const struct radio_list *list, const struct fleet_world *world, unsigned wearable);
/* The brain hears the radio. */
bool fleet_world_is_heard(const struct fleet_world *world, int radio);
