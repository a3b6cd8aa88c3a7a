// SPDX-License-Identifier: MIT
#include "daemon/flow/radio-fleet-place.h"

#include "coxad/base/units.h"
#include "daemon/flow/radio-fleet-link.h"
#include "daemon/flow/radio-fleet-radio.h"

#define QUIET_DBM   -100 /* of an advert without a loudness */
#define WEAKEST_DBM -127
/* A radio that lost a wearable takes it again unless another hears it so much better. */
#define BETTER_DB 10

/* --- what is asked --- */

static int dbm_at(const struct radio_fleet *fleet, const struct radio_fleet_wearable *w, int radio,
	int64_t now_us)
{
	int dbm = w->rssi_dbm[radio] == RADIO_HEARD_NO_RSSI ? QUIET_DBM : w->rssi_dbm[radio];

	if (!radio_fleet_link_hears(w, radio, now_us))
		return FLEET_UNHEARD_DBM;
	dbm -= radio_fleet_radio_malus_db(&fleet->radio[radio], now_us);
	return dbm < WEAKEST_DBM ? WEAKEST_DBM : dbm;
}

static uint64_t ask_hearing(struct radio_fleet *fleet, unsigned i, int64_t now_us)
{
	uint64_t heard = 0;

	for (unsigned r = 0; r < fleet->n_radios; r++) {
		int dbm = dbm_at(fleet, &fleet->wearable[i], (int)r, now_us);

		fleet->asked_dbm[i][r] = (int8_t)dbm;
		if (dbm != FLEET_UNHEARD_DBM && fleet->radio[r].is_alive)
			heard |= radio_fleet_bit((int)r);
	}
	return heard;
}

/* Of several keys that of the radio that has the wearable, or hears it best. */
static int bond_of(const struct radio_fleet *fleet, unsigned i, uint64_t heard)
{
	const struct radio_fleet_wearable *w = &fleet->wearable[i];
	uint64_t among = w->bonded & heard ? w->bonded & heard : w->bonded;
	int best = FLEET_NO_RADIO;

	if (w->bonded & radio_fleet_bit(w->radio))
		return w->radio;
	for (; among; among &= among - 1) {
		int r = __builtin_ctzll(among);

		if (best == FLEET_NO_RADIO || fleet->asked_dbm[i][r] > fleet->asked_dbm[i][best])
			best = r;
	}
	return best;
}

static bool is_much_louder_elsewhere(const struct radio_fleet *fleet, unsigned i, uint64_t heard)
{
	int radio = fleet->wearable[i].radio;

	for (; heard; heard &= heard - 1)
		if (fleet->asked_dbm[i][__builtin_ctzll(heard)] >=
			fleet->asked_dbm[i][radio] + BETTER_DB)
			return true;
	return false;
}

static int pin_of(const struct radio_fleet *fleet, unsigned i)
{
	unsigned kit = fleet->conf->wearable[i].kit;

	return kit == CONF_NO_KIT ? FLEET_NO_RADIO : fleet->pin[kit];
}

static void ask_of(struct radio_fleet *fleet, unsigned i, int64_t now_us)
{
	struct radio_fleet_wearable *w = &fleet->wearable[i];
	uint64_t heard = ask_hearing(fleet, i, now_us);
	bool is_held = radio_fleet_link_is_held(w, now_us);
	int radio = w->radio;

	if (w->is_lost && !is_held && is_much_louder_elsewhere(fleet, i, heard))
		radio = FLEET_NO_RADIO;
	w->is_lost &= is_held;
	if (w->reason == FLEET_UNHEARD && heard)
		w->waits_since_us = now_us;
	fleet->asked[i] = (struct fleet_wearable){.radio = radio,
		.is_held = is_held,
		.pin = pin_of(fleet, i),
		.bond = bond_of(fleet, i, heard),
		.waits_since_us = w->waits_since_us};
}

/* A removed one is asked about as one that nobody hears. */
static void ask(struct radio_fleet *fleet, int64_t now_us)
{
	struct fleet asked = {.radio = fleet->asked_radio,
		.n_radios = fleet->n_radios,
		.wearable = fleet->asked,
		.n_wearables = (unsigned)fleet->conf->n_wearables,
		.rssi_dbm = (const int8_t(*)[FLEET_RADIOS_MAX])fleet->asked_dbm};

	for (unsigned r = 0; r < fleet->n_radios; r++)
		fleet->asked_radio[r] = (struct fleet_radio){
			fleet->radio[r].is_alive, radio_fleet_radio_slots(&fleet->radio[r])};
	for (unsigned k = 0; k < fleet->conf->n_kits; k++)
		fleet->pin[k] = fleet->conf->kit[k].radio
					? radio_fleet_radio_find(fleet, fleet->conf->kit[k].radio)
					: FLEET_NO_RADIO;
	for (unsigned i = 0; i < asked.n_wearables; i++)
		ask_of(fleet, i, now_us);
	fleet->n_waiting = fleet_assign(&asked, fleet->place, fleet->waiting);
}

/* --- what is answered --- */

static void place(struct radio_fleet_wearable *w, const struct fleet_place *to, int64_t now_us)
{
	bool is_new = w->reason != FLEET_PLACED || w->radio != to->radio;

	if (w->is_connected || w->is_lost)
		w->waits_since_us = now_us;
	if (is_new)
		w->tries_since_us = now_us;
	w->is_connected = w->is_lost = false;
	w->radio = to->radio;
	w->served |= radio_fleet_bit(to->radio);
}

static void follow(struct radio_fleet *fleet, unsigned i, int64_t now_us)
{
	struct radio_fleet_wearable *w = &fleet->wearable[i];
	const struct fleet_place *to = &fleet->place[i];

	/* One that nobody hears stays with the radio that had it: it may come back while there is
	 * no brain. */
	if (to->reason == FLEET_PLACED || to->reason == FLEET_FULL ||
		to->reason == FLEET_BOND_ABSENT)
		place(w, to, now_us);
	w->reason = to->reason;
}

/* --- radios that try in vain --- */

/* Another could have it, or the place. */
static bool is_wanted(const struct radio_fleet *fleet, unsigned i)
{
	const struct radio_fleet_wearable *w = &fleet->wearable[i];

	for (unsigned r = 0; r < fleet->n_radios; r++)
		if ((int)r != w->radio && fleet->radio[r].is_alive &&
			fleet->asked_dbm[i][r] != FLEET_UNHEARD_DBM &&
			(!w->bonded || w->bonded & radio_fleet_bit((int)r)))
			return true;
	for (unsigned k = 0; k < fleet->n_waiting; k++)
		if (fleet->place[fleet->waiting[k]].reason == FLEET_FULL &&
			fleet->asked_dbm[fleet->waiting[k]][w->radio] != FLEET_UNHEARD_DBM)
			return true;
	return false;
}

static void look_for_vain(struct radio_fleet *fleet, unsigned i, int64_t now_us)
{
	struct radio_fleet_wearable *w = &fleet->wearable[i];

	if (w->reason != FLEET_PLACED)
		return;
	if (now_us - w->tries_since_us < RADIO_FLEET_TRY_US &&
		!(w->bad & radio_fleet_bit(w->radio)))
		return;
	if (!is_wanted(fleet, i))
		return;
	w->deaf_until_us[w->radio] = now_us + RADIO_FLEET_DEAF_US;
	fleet->is_changed = true;
}

/* --- when next --- */

static int64_t sooner(int64_t a_us, int64_t b_us, int64_t now_us)
{
	return b_us > now_us && b_us < a_us ? b_us : a_us;
}

static int64_t deadline_of(
	const struct radio_fleet *fleet, const struct radio_fleet_wearable *w, int64_t now_us)
{
	int64_t next_us = T_NEVER;

	if (w->is_connected)
		return T_NEVER;
	if (w->is_lost)
		return w->changed_us + RADIO_FLEET_LOST_US;
	if (w->reason == FLEET_PLACED)
		next_us = sooner(next_us, w->tries_since_us + RADIO_FLEET_TRY_US, now_us);
	for (unsigned r = 0; r < fleet->n_radios; r++) {
		next_us = sooner(next_us, w->heard_us[r] + RADIO_FLEET_HEARD_US, now_us);
		next_us = sooner(next_us, w->deaf_until_us[r], now_us);
	}
	return next_us;
}

void radio_fleet_place_run(struct radio_fleet *fleet, int64_t now_us)
{
	fleet->is_changed = false;
	radio_fleet_radio_look(fleet, now_us);
	ask(fleet, now_us);
	fleet->next_us = radio_fleet_radio_deadline(fleet);
	for (unsigned i = 0; i < fleet->conf->n_wearables; i++) {
		follow(fleet, i, now_us);
		look_for_vain(fleet, i, now_us);
		fleet->next_us = sooner(
			fleet->next_us, deadline_of(fleet, &fleet->wearable[i], now_us), now_us);
	}
	fleet->run_us = now_us;
}
