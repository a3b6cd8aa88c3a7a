// SPDX-License-Identifier: MIT
#include "coxad/flow/radio-fleet-radios.h"

#include <string.h>

#include "daemon/flow/radio-fleet-private.h"
#include "daemon/flow/radio-fleet-radio.h"

/* --- without a radio --- */

struct loss {
	struct fleet_radio radio[FLEET_RADIOS_MAX];
	struct fleet_wearable wearable[FLEET_WEARABLES_MAX];
	int8_t rssi_dbm[FLEET_WEARABLES_MAX][FLEET_RADIOS_MAX];
	struct fleet_place place[FLEET_WEARABLES_MAX];
	uint16_t waiting[FLEET_WEARABLES_MAX];
};

static bool has(const struct radio_fleet *fleet, unsigned i, int radio)
{
	const struct radio_fleet_wearable *w = &fleet->wearable[i];

	return !fleet->conf->wearable[i].is_gone && w->radio == radio &&
	       (w->is_connected || w->is_lost || w->reason == FLEET_PLACED);
}

/* Connected, it is not heard elsewhere; it will be where it was before. */
static void release(const struct radio_fleet *fleet, unsigned i, struct loss *loss)
{
	const struct radio_fleet_wearable *w = &fleet->wearable[i];

	loss->wearable[i].is_held = false;
	loss->wearable[i].radio = FLEET_NO_RADIO;
	for (unsigned r = 0; r < fleet->n_radios; r++) {
		bool was_heard = w->heard_us[r] != RADIO_FLEET_NEVER;
		bool is_loud = w->rssi_dbm[r] != FLEET_UNHEARD_DBM;

		loss->rssi_dbm[i][r] = was_heard && is_loud ? w->rssi_dbm[r]
				       : was_heard          ? FLEET_UNHEARD_DBM + 1
							    : FLEET_UNHEARD_DBM;
	}
}

static void look_at_loss(const struct radio_fleet *fleet, int radio, struct radio_fleet_loss *ret)
{
	unsigned n = (unsigned)fleet->conf->n_wearables;
	struct loss loss;
	struct fleet asked = {.radio = loss.radio,
		.n_radios = fleet->n_radios,
		.wearable = loss.wearable,
		.n_wearables = n,
		.rssi_dbm = (const int8_t(*)[FLEET_RADIOS_MAX])loss.rssi_dbm};

	memcpy(loss.radio, fleet->asked_radio, sizeof(loss.radio));
	memcpy(loss.wearable, fleet->asked, n * sizeof(*loss.wearable));
	memcpy(loss.rssi_dbm, fleet->asked_dbm, n * sizeof(*loss.rssi_dbm));
	loss.radio[radio].is_alive = false;
	for (unsigned i = 0; i < n; i++)
		if (has(fleet, i, radio))
			release(fleet, i, &loss);
	fleet_assign(&asked, loss.place, loss.waiting);
	ret->n_moving = ret->n_left = 0;
	for (unsigned i = 0; i < n; i++) {
		if (!has(fleet, i, radio))
			continue;
		if (loss.place[i].radio == FLEET_NO_RADIO)
			ret->left[ret->n_left++] = (uint16_t)i;
		else
			ret->n_moving++;
	}
}

/* --- radios --- */

/* One that is there says it again where it changes. */
static int64_t behind_us(const struct radio_fleet_radio *radio, int64_t now_us)
{
	int64_t since_us = radio->is_alive ? 0 : now_us - radio->status_us;

	return radio->status.buffered_events ? radio->status.oldest_us + since_us : 0;
}

/* Indexes of the message, as forgotten radios have none. */
static void describe_radios(const struct radio_fleet *fleet, int64_t now_us,
	struct radio_fleet_radios *ret, int ret_index[static FLEET_RADIOS_MAX])
{
	unsigned n = 0;

	for (unsigned r = 0; r < fleet->n_radios; r++) {
		const struct radio_fleet_radio *radio = &fleet->radio[r];

		if (!radio->name)
			continue;
		look_at_loss(fleet, (int)r, &ret->loss[n]);
		ret->radio[n] = (struct message_radio){.name = radio->name,
			.is_online = radio->is_alive,
			.version = *radio->status.version ? radio->status.version : NULL,
			.slots = radio_fleet_radio_slots(radio),
			.unc_us = -1,
			.behind_us = behind_us(radio, now_us),
			.n_moving = ret->loss[n].n_moving,
			.left = ret->loss[n].left,
			.n_left = ret->loss[n].n_left};
		ret_index[r] = (int)n++;
	}
	ret->message.radio = ret->radio;
	ret->message.n_radios = n;
}

/* --- wearables --- */

static enum radio_wait wait_of(const struct radio_fleet_wearable *w)
{
	switch (w->reason) {
	case FLEET_FULL:
		return RADIO_WAIT_NO_SLOT;
	case FLEET_BOND_ABSENT:
		return RADIO_WAIT_BONDED_ELSEWHERE;
	case FLEET_UNHEARD:
		return RADIO_WAIT_NOT_HEARD;
	case FLEET_HELD:
	case FLEET_PLACED:
		break;
	}
	return RADIO_WAIT_CONNECTING;
}

/* Those that are switched off do not wait. */
static bool waits_longer(const struct radio_fleet *fleet, const struct message_waiting *a,
	const struct message_waiting *b)
{
	bool a_is_off = a->wait == RADIO_WAIT_NOT_HEARD, b_is_off = b->wait == RADIO_WAIT_NOT_HEARD;

	if (a_is_off != b_is_off)
		return b_is_off;
	return fleet->wearable[a->wearable].waits_since_us <
	       fleet->wearable[b->wearable].waits_since_us;
}

static void enter(const struct radio_fleet *fleet, struct radio_fleet_radios *ret, unsigned i)
{
	struct message_waiting waiting = {i, wait_of(&fleet->wearable[i])};
	unsigned at = ret->message.n_waiting++;

	for (; at > 0 && waits_longer(fleet, &waiting, &ret->waiting[at - 1]); at--)
		ret->waiting[at] = ret->waiting[at - 1];
	ret->waiting[at] = waiting;
}

void radio_fleet_radios_describe(
	const struct radio_fleet *fleet, int64_t now_us, struct radio_fleet_radios *ret)
{
	int index[FLEET_RADIOS_MAX];

	ret->message = (struct message_radios){.serves = ret->serves, .waiting = ret->waiting};
	describe_radios(fleet, now_us, ret, index);
	for (unsigned i = 0; i < fleet->conf->n_wearables; i++) {
		const struct radio_fleet_wearable *w = &fleet->wearable[i];

		ret->serves[i] = w->is_connected ? index[w->radio] : FLEET_NO_RADIO;
		if (!w->is_connected && !fleet->conf->wearable[i].is_gone)
			enter(fleet, ret, i);
	}
}
