// SPDX-License-Identifier: MIT
#pragma once
/* A brain's fleet, radios mat-0, mat-1, ..., and wearables by number. Keeps what each radio was told. */
#include "coxad/flow/radio-fleet.h"

#define FLEET_RIG_S        INT64_C(1000000)
#define FLEET_RIG_START_US (1000 * FLEET_RIG_S)

struct fleet_rig {
	struct conf *conf;
	struct radio_fleet *fleet;
	int64_t now_us;
	unsigned n_radios;
	struct radio_status status[FLEET_RADIOS_MAX];
	struct radio_heard heard[FLEET_RADIOS_MAX]; /* what each says, each second */
	bool is_silent[FLEET_RADIOS_MAX];
	struct radio_list list[FLEET_RADIOS_MAX]; /* the last that it was told */
	unsigned n_lists[FLEET_RADIOS_MAX];
	char trouble[HEALTH_CODE_COUNT][NAME_SIZE]; /* its subject; empty: none */
	char text[HEALTH_CODE_COUNT][HEALTH_TEXT_SIZE];
};

struct fleet_rig *fleet_rig_new(unsigned n_radios, unsigned slots, unsigned n_wearables);
struct fleet_rig *fleet_rig_free(struct fleet_rig *rig);
/* As new, before fleet_rig_start: a brain that starts at this moment. */
void fleet_rig_restart(struct fleet_rig *rig);
void fleet_rig_start(struct fleet_rig *rig);
const char *fleet_rig_radio(unsigned radio);
/* The radio hears it from now on; dbm 0: no longer. */
void fleet_rig_hears(struct fleet_rig *rig, unsigned radio, unsigned wearable, int dbm);
/* The entry of what the radio says, made if there was none. */
struct radio_heard_wearable *fleet_rig_says(
	struct fleet_rig *rig, unsigned radio, unsigned wearable);
/* A connected wearable is heard by nobody else. */
void fleet_rig_connect(struct fleet_rig *rig, unsigned radio, unsigned wearable);
void fleet_rig_disconnect(struct fleet_rig *rig, unsigned radio, unsigned wearable);
/* An event that arrived so long ago. */
void fleet_rig_event(struct fleet_rig *rig, enum capture_kind kind, unsigned radio,
	unsigned wearable, int64_t ago_us);
/* Time passes; radios that are not silent speak each second. */
void fleet_rig_pass(struct fleet_rig *rig, int64_t us);
/* What the radio was last told about it; NULL: nothing. */
const struct radio_list_wearable *fleet_rig_told(
	const struct fleet_rig *rig, unsigned radio, unsigned wearable);
/* Which radio is to serve it; -1: none. Only one may. */
int fleet_rig_served(const struct fleet_rig *rig, unsigned wearable);
