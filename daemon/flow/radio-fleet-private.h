// SPDX-License-Identifier: MIT
#pragma once
/* What the parts of the brain's fleet share. */
#include "coxad/flow/radio-fleet.h"

/* Long ago; no difference to it overflows. */
#define RADIO_FLEET_NEVER (INT64_MIN / 4)
#define RADIO_FLEET_BOOTS 8 /* of one name, that are remembered */

enum radio_fleet_told { RADIO_FLEET_TOLD_SILENT = 1, RADIO_FLEET_TOLD_VERSION = 2 };

struct radio_fleet_radio {
	char *name;                 /* NULL: this place is free */
	struct radio_status status; /* the last; protocol 0: none came yet */
	int64_t status_us;
	int64_t heard_us;
	bool is_alive;     /* as of the last assignment */
	unsigned n_deaths; /* since it was steady for long */
	int64_t died_us;
	int64_t boot;                     /* 0: unknown */
	int64_t boots[RADIO_FLEET_BOOTS]; /* earlier ones */
	unsigned n_boots;
	bool is_twice; /* one of those came back: to be told */
	bool is_list_due;
	unsigned told; /* enum radio_fleet_told */
};

/* Sets of radios are masks of 1 << index. */
struct radio_fleet_wearable {
	int radio;          /* which has it, or is to connect to it, or had it last; or none */
	bool is_connected;  /* to that */
	bool is_lost;       /* it was, and its time to come back is not over */
	int64_t changed_us; /* when the radio said so, on our clock */
	int64_t sure_us;    /* when it was last known to be connected */
	int64_t waits_since_us;
	int64_t tries_since_us; /* the radio, to connect */
	enum fleet_reason reason;
	uint64_t served; /* who serves it, or did and may have kept some of its events */
	uint64_t holds;  /* who said last that it is connected there */
	uint64_t bonded; /* who has its key */
	uint64_t bad;    /* who said that it cannot connect to it */
	/* As in the lists of the radios. */
	uint64_t listed, away;
	int listed_radio;
	bool is_told_bonded; /* that its key is elsewhere */
	int64_t heard_us[FLEET_RADIOS_MAX];
	int64_t deaf_until_us[FLEET_RADIOS_MAX];
	int8_t rssi_dbm[FLEET_RADIOS_MAX]; /* when last heard there */
};

struct radio_fleet {
	const struct conf *conf;
	const struct radio_fleet_ops *ops;
	void *user;
	int64_t epoch; /* 0: not started */
	int64_t start_us;
	bool is_changed; /* to be assigned again */
	int64_t run_us;  /* of the last assignment */
	int64_t next_us; /* when time alone changes something */
	uint64_t refused;
	unsigned n_radios;
	struct radio_fleet_radio radio[FLEET_RADIOS_MAX];
	struct radio_fleet_wearable wearable[FLEET_WEARABLES_MAX];
	/* What fleet_assign is asked, and its answer. */
	int pin[CONF_KITS_MAX]; /* by kit: which radio is wanted */
	struct fleet_radio asked_radio[FLEET_RADIOS_MAX];
	struct fleet_wearable asked[FLEET_WEARABLES_MAX];
	int8_t asked_dbm[FLEET_WEARABLES_MAX][FLEET_RADIOS_MAX];
	struct fleet_place place[FLEET_WEARABLES_MAX];
	uint16_t waiting[FLEET_WEARABLES_MAX];
	unsigned n_waiting;
	unsigned n_told_full; /* of those, of which was told */
	struct radio_list list;
};

static inline uint64_t radio_fleet_bit(int radio)
{
	return radio < 0 ? 0 : UINT64_C(1) << radio;
}
