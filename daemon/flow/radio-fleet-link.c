// SPDX-License-Identifier: MIT
#include "daemon/flow/radio-fleet-link.h"

#include "coxad/base/units.h"
#include "daemon/flow/radio-fleet-radio.h"

/* What a radio says of its links was written before the last event of one that came first. */
#define OVERTAKE_US (2 * (int64_t)US_PER_S)

bool radio_fleet_link_hears(const struct radio_fleet_wearable *w, int radio, int64_t now_us)
{
	/* A wearable that is connected does not advertise. */
	return w->heard_us[radio] > w->sure_us &&
	       now_us - w->heard_us[radio] < RADIO_FLEET_HEARD_US &&
	       w->deaf_until_us[radio] <= now_us;
}

bool radio_fleet_link_is_held(const struct radio_fleet_wearable *w, int64_t now_us)
{
	return w->is_connected || (w->is_lost && now_us - w->changed_us < RADIO_FLEET_LOST_US);
}

void radio_fleet_link_up(
	struct radio_fleet *fleet, struct radio_fleet_wearable *w, int radio, int64_t t_us)
{
	fleet->is_changed |= !w->is_connected || w->radio != radio;
	w->radio = radio;
	w->served |= radio_fleet_bit(radio);
	w->is_connected = true;
	w->is_lost = false;
	w->changed_us = w->sure_us = t_us;
	w->bad &= ~radio_fleet_bit(radio);
	w->deaf_until_us[radio] = RADIO_FLEET_NEVER;
}

void radio_fleet_link_down(struct radio_fleet *fleet, struct radio_fleet_wearable *w, int64_t t_us)
{
	w->is_connected = false;
	w->is_lost = true;
	w->changed_us = w->waits_since_us = t_us;
	fleet->is_changed = true;
}

static bool works_elsewhere(const struct radio_fleet *fleet, const struct radio_fleet_wearable *w,
	int radio, int64_t now_us)
{
	return w->is_connected && w->radio != radio &&
	       radio_fleet_radio_is_alive(fleet, w->radio, now_us);
}

/* The other radio has not noticed yet that it lost the wearable, if both say that they have it: of two
 * links the older one is gone. */
static void note_connected(
	struct radio_fleet *fleet, struct radio_fleet_wearable *w, int radio, int64_t now_us)
{
	if (works_elsewhere(fleet, w, radio, now_us))
		return;
	if (w->is_connected && w->radio == radio)
		w->sure_us = now_us;
	else
		radio_fleet_link_up(fleet, w, radio, now_us);
}

/* What is wrong with one is said also while it is not heard. */
static void note_adverts(struct radio_fleet *fleet, struct radio_fleet_wearable *w, int radio,
	const struct radio_heard_wearable *heard, int64_t now_us)
{
	bool is_bad = heard->problem != WEARABLE_PROBLEM_NONE;
	uint64_t bad = is_bad ? w->bad | radio_fleet_bit(radio) : w->bad & ~radio_fleet_bit(radio);
	bool heard_before = radio_fleet_link_hears(w, radio, now_us);

	if (heard->rssi_dbm != RADIO_HEARD_NO_RSSI || !is_bad) {
		w->heard_us[radio] = now_us;
		w->rssi_dbm[radio] = heard->rssi_dbm;
	}
	if ((!heard_before || bad != w->bad) && !works_elsewhere(fleet, w, FLEET_NO_RADIO, now_us))
		fleet->is_changed = true;
	w->bad = bad;
}

static void note_bond(
	struct radio_fleet *fleet, struct radio_fleet_wearable *w, int radio, bool is_bonded)
{
	uint64_t bonded = is_bonded ? w->bonded | radio_fleet_bit(radio)
				    : w->bonded & ~radio_fleet_bit(radio);

	fleet->is_changed |= bonded != w->bonded;
	w->bonded = bonded;
}

static void note_absent(
	struct radio_fleet *fleet, struct radio_fleet_wearable *w, int radio, int64_t now_us)
{
	w->holds &= ~radio_fleet_bit(radio);
	if (w->is_connected && w->radio == radio && now_us - w->changed_us >= OVERTAKE_US)
		radio_fleet_link_down(fleet, w, now_us);
}

void radio_fleet_link_note_heard(
	struct radio_fleet *fleet, int radio, const struct radio_heard *heard, int64_t now_us)
{
	bool is_connected[FLEET_WEARABLES_MAX] = {false};

	for (unsigned k = 0; k < heard->n; k++) {
		int i = conf_find_address(fleet->conf, heard->wearable[k].address);

		if (i < 0)
			continue;
		note_bond(fleet, &fleet->wearable[i], radio, heard->wearable[k].is_bonded);
		is_connected[i] = heard->wearable[k].is_connected;
		if (!is_connected[i]) {
			note_adverts(
				fleet, &fleet->wearable[i], radio, &heard->wearable[k], now_us);
			continue;
		}
		fleet->wearable[i].holds |= radio_fleet_bit(radio);
		note_connected(fleet, &fleet->wearable[i], radio, now_us);
	}
	for (unsigned i = 0; i < fleet->conf->n_wearables; i++)
		if (!is_connected[i])
			note_absent(fleet, &fleet->wearable[i], radio, now_us);
}

void radio_fleet_link_restart(struct radio_fleet *fleet, int radio, int64_t now_us)
{
	for (unsigned i = 0; i < fleet->conf->n_wearables; i++) {
		struct radio_fleet_wearable *w = &fleet->wearable[i];

		w->holds &= ~radio_fleet_bit(radio);
		if (w->is_connected && w->radio == radio)
			radio_fleet_link_down(fleet, w, now_us);
	}
}

void radio_fleet_link_note_empty(struct radio_fleet *fleet, int radio)
{
	for (unsigned i = 0; i < fleet->conf->n_wearables; i++) {
		struct radio_fleet_wearable *w = &fleet->wearable[i];

		if (w->radio == radio || !(w->served & ~w->holds & radio_fleet_bit(radio)))
			continue;
		w->served &= ~radio_fleet_bit(radio);
		fleet->is_changed = true;
	}
}

void radio_fleet_link_forget(struct radio_fleet *fleet, int radio)
{
	uint64_t others = ~radio_fleet_bit(radio);

	for (unsigned i = 0; i < FLEET_WEARABLES_MAX; i++) {
		struct radio_fleet_wearable *w = &fleet->wearable[i];

		w->served &= others;
		w->holds &= others;
		w->bonded &= others;
		w->bad &= others;
		w->listed &= others;
		w->away &= others;
		w->heard_us[radio] = w->deaf_until_us[radio] = RADIO_FLEET_NEVER;
		if (w->radio == radio) {
			w->radio = FLEET_NO_RADIO;
			w->is_connected = w->is_lost = false;
		}
	}
	fleet->is_changed = true;
}
