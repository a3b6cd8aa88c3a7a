// SPDX-License-Identifier: MIT
#include "daemon/flow/radio-fleet-list.h"

#include <stdio.h>
#include <string.h>

void radio_fleet_list_renew(struct radio_fleet *fleet)
{
	for (unsigned r = 0; r < fleet->n_radios; r++)
		fleet->radio[r].is_list_due = true;
}

/* Which lists change by it. What a radio said that is silent now is no reason to let go a link. */
static uint64_t update(const struct radio_fleet *fleet, struct radio_fleet_wearable *w)
{
	uint64_t listed = radio_fleet_bit(w->radio);
	bool is_sure = w->is_connected && fleet->radio[w->radio].is_alive;
	uint64_t away = is_sure ? w->served & ~listed : 0;
	uint64_t changed = (listed ^ w->listed) | (away ^ w->away);

	if (w->radio != w->listed_radio)
		changed |= away;
	w->listed = listed;
	w->away = away;
	w->listed_radio = w->radio;
	return changed;
}

static void add(struct radio_fleet *fleet, unsigned i, int radio)
{
	const struct wearable_conf *conf = &fleet->conf->wearable[i];
	const struct radio_fleet_wearable *w = &fleet->wearable[i];
	struct radio_list_wearable *entry = &fleet->list.wearable[fleet->list.n++];

	*entry = (struct radio_list_wearable){0};
	memcpy(entry->address, conf->address, sizeof(entry->address));
	if (w->away & radio_fleet_bit(radio))
		snprintf(entry->radio, sizeof(entry->radio), "%s", fleet->radio[w->radio].name);
	if (!(w->listed & radio_fleet_bit(radio)))
		return;
	entry->is_served = true;
	snprintf(entry->driver, sizeof(entry->driver), "%s", conf->driver ? conf->driver : "");
	entry->notify = conf->notify;
	entry->has_notify = conf->has_notify;
	entry->bond = conf->bond;
	entry->placement = conf->placement;
	snprintf(entry->kit, sizeof(entry->kit), "%s", fleet->conf->kit[conf->kit].name);
}

static void send(struct radio_fleet *fleet, int radio)
{
	fleet->list.epoch = fleet->epoch;
	fleet->list.n = 0;
	for (unsigned i = 0; i < fleet->conf->n_wearables; i++)
		if (!fleet->conf->wearable[i].is_gone)
			add(fleet, i, radio);
	fleet->ops->list(fleet->user, fleet->radio[radio].name, &fleet->list);
}

void radio_fleet_list_send(struct radio_fleet *fleet)
{
	uint64_t changed = 0;

	for (unsigned i = 0; i < fleet->conf->n_wearables; i++)
		changed |= update(fleet, &fleet->wearable[i]);
	for (unsigned r = 0; r < fleet->n_radios; r++) {
		struct radio_fleet_radio *radio = &fleet->radio[r];

		radio->is_list_due |= (changed & radio_fleet_bit((int)r)) != 0;
		if (radio->is_list_due && radio->name) {
			radio->is_list_due = false;
			send(fleet, (int)r);
		}
	}
}
