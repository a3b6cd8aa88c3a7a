// SPDX-License-Identifier: MIT
#pragma once
/* Which radio serves which wearable, where a gym has several. What works stays: a held link is never
 * moved, and a wearable that its radio is connecting to stays there unless another can only be
 * served in its place. As many are served as slots and hearing allow; where slots are short, those
 * that have waited longest come first. Pure: the same fleet gives the same answer. Nothing is kept,
 * nothing allocated; 300 wearables and 50 radios take well under a millisecond.
 */
#include <stdbool.h>
#include <stdint.h>

#define FLEET_RADIOS_MAX    64
#define FLEET_WEARABLES_MAX 512
#define FLEET_NO_RADIO      (-1)
#define FLEET_UNHEARD_DBM   INT8_MIN

struct fleet_radio {
	bool is_alive;  /* was heard from lately */
	unsigned slots; /* links that it can have, by all its adapters */
};

/* Radios by index; FLEET_NO_RADIO, or any index that is none, where there is none. */
struct fleet_wearable {
	int radio;    /* serves it or is connecting to it; none: its link was lost for good */
	bool is_held; /* its link works, or was lost so lately that its radio may have it again */
	int pin;      /* where it is wanted, if that radio can */
	int bond;     /* the only one that can, as they share a key */
	int64_t waits_since_us;
};

/* Borrowed during the call. */
struct fleet {
	const struct fleet_radio *radio; /* at most FLEET_RADIOS_MAX */
	unsigned n_radios;
	const struct fleet_wearable *wearable; /* at most FLEET_WEARABLES_MAX */
	unsigned n_wearables;
	/* How loud a wearable is at each radio that heard it lately. A radio that does not succeed
	 * in connecting to it is best said not to hear it for a while. */
	const int8_t (*rssi_dbm)[FLEET_RADIOS_MAX];
};

enum fleet_reason {
	FLEET_HELD,    /* by its link; or nobody hears it, so its lost radio may still have it */
	FLEET_PLACED,  /* to be connected to */
	FLEET_UNHEARD, /* there is nothing to connect to */
	FLEET_FULL,    /* waits: all slots of the radios that hear it are taken */
	FLEET_BOND_ABSENT, /* waits: others hear it, but not the radio of its bond */
};

struct fleet_place {
	int radio; /* FLEET_NO_RADIO: none */
	enum fleet_reason reason;
};

/* Fills in a place for each wearable, and the indexes of those that wait, longest first. Returns how
 * many wait. */
unsigned fleet_assign(const struct fleet *fleet,
	struct fleet_place ret_place[static FLEET_WEARABLES_MAX],
	uint16_t ret_waiting[static FLEET_WEARABLES_MAX]);
