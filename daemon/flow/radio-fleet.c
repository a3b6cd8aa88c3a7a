// SPDX-License-Identifier: MIT
#include "coxad/flow/radio-fleet.h"

#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/wire/radio-batch.h"
#include "daemon/flow/radio-fleet-health.h"
#include "daemon/flow/radio-fleet-link.h"
#include "daemon/flow/radio-fleet-list.h"
#include "daemon/flow/radio-fleet-place.h"
#include "daemon/flow/radio-fleet-radio.h"

/* Radios that are there say so within that time: what they have is to be known first. */
#define GATHER_US (2 * (int64_t)US_PER_S)

_Static_assert(CONF_WEARABLES_MAX <= FLEET_WEARABLES_MAX, "");
_Static_assert(FLEET_WEARABLES_MAX <= RADIO_LIST_WEARABLES_MAX, "");

/* --- life --- */

static void init_wearable(struct radio_fleet_wearable *w)
{
	*w = (struct radio_fleet_wearable){.radio = FLEET_NO_RADIO,
		.changed_us = RADIO_FLEET_NEVER,
		.sure_us = RADIO_FLEET_NEVER,
		.reason = FLEET_UNHEARD,
		.listed_radio = FLEET_NO_RADIO};
	for (unsigned r = 0; r < FLEET_RADIOS_MAX; r++)
		w->heard_us[r] = w->deaf_until_us[r] = RADIO_FLEET_NEVER;
}

struct radio_fleet *radio_fleet_new(
	const struct conf *conf, const struct radio_fleet_ops *ops, void *user)
{
	struct radio_fleet *fleet = new0(struct radio_fleet);

	fleet->conf = conf;
	fleet->ops = ops;
	fleet->user = user;
	fleet->next_us = T_NEVER;
	for (unsigned i = 0; i < FLEET_WEARABLES_MAX; i++)
		init_wearable(&fleet->wearable[i]);
	return fleet;
}

struct radio_fleet *radio_fleet_free(struct radio_fleet *fleet)
{
	if (!fleet)
		return NULL;
	for (unsigned r = 0; r < fleet->n_radios; r++)
		free(fleet->radio[r].name);
	free(fleet);
	return NULL;
}

void radio_fleet_reload(struct radio_fleet *fleet, const struct conf_change *change)
{
	for (unsigned i = 0; i < CONF_WEARABLES_MAX; i++) {
		const char *before = change->wearable_before[i].name;

		if (change->wearable[i] == CONF_FATE_SAME)
			continue;
		radio_fleet_health_forget_wearable(
			fleet, i, before ? before : fleet->conf->wearable[i].name);
		if (change->wearable[i] != CONF_FATE_CHANGED)
			init_wearable(&fleet->wearable[i]);
		radio_fleet_list_renew(fleet);
	}
	fleet->is_changed = true;
}

/* --- names --- */

static bool is_wanted(const struct radio_fleet *fleet, const char *name)
{
	for (unsigned k = 0; k < fleet->conf->n_kits; k++) {
		const struct kit_conf *kit = &fleet->conf->kit[k];

		if (!kit->is_gone && kit->radio && strcmp(kit->radio, name) == 0)
			return true;
	}
	return false;
}

static bool has_wearables(const struct radio_fleet *fleet, int radio)
{
	for (unsigned i = 0; i < fleet->conf->n_wearables; i++)
		if (fleet->wearable[i].radio == radio ||
			fleet->wearable[i].served & radio_fleet_bit(radio))
			return true;
	return false;
}

bool radio_fleet_knows(const struct radio_fleet *fleet, const char *name)
{
	int radio = radio_fleet_radio_find(fleet, name);

	return is_wanted(fleet, name) || (radio != FLEET_NO_RADIO && has_wearables(fleet, radio));
}

void radio_fleet_forget(struct radio_fleet *fleet, const char *name)
{
	int radio = radio_fleet_radio_find(fleet, name);

	if (radio == FLEET_NO_RADIO)
		return;
	radio_fleet_health_forget(fleet, radio);
	radio_fleet_link_forget(fleet, radio);
	free(fleet->radio[radio].name);
	fleet->radio[radio] = (struct radio_fleet_radio){0};
}

/* Of one that is silent, for a new one. */
static bool make_room(struct radio_fleet *fleet)
{
	const struct radio_fleet_radio *least = NULL;

	for (unsigned r = 0; r < fleet->n_radios; r++) {
		const struct radio_fleet_radio *radio = &fleet->radio[r];

		if (!radio->is_alive && !radio_fleet_knows(fleet, radio->name) &&
			(!least || radio->heard_us < least->heard_us))
			least = radio;
	}
	if (least)
		radio_fleet_forget(fleet, least->name);
	return least != NULL;
}

static int take(struct radio_fleet *fleet, const char *name)
{
	int radio = radio_fleet_radio_take(fleet, name);

	if (radio == FLEET_NO_RADIO && make_room(fleet))
		radio = radio_fleet_radio_take(fleet, name);
	fleet->refused += radio == FLEET_NO_RADIO;
	return radio;
}

/* --- the brain before --- */

static void recall(struct radio_fleet *fleet, int radio, const struct radio_list_wearable *entry)
{
	int i = conf_find_address(fleet->conf, entry->address);
	struct radio_fleet_wearable *w = &fleet->wearable[i < 0 ? 0 : i];

	if (i < 0 || (!entry->is_served && !*entry->radio))
		return;
	w->served |= radio_fleet_bit(radio);
	if (entry->is_served && w->radio == FLEET_NO_RADIO)
		w->radio = radio;
}

void radio_fleet_recall(struct radio_fleet *fleet, const char *name, const struct radio_list *list)
{
	int radio = take(fleet, name);

	if (radio == FLEET_NO_RADIO || fleet->epoch)
		return;
	for (unsigned i = 0; i < list->n; i++)
		recall(fleet, radio, &list->wearable[i]);
}

void radio_fleet_start(struct radio_fleet *fleet, int64_t epoch, int64_t now_us)
{
	fleet->is_changed = true;
	radio_fleet_list_renew(fleet);
	if (fleet->epoch == epoch)
		return;
	fleet->epoch = epoch;
	fleet->start_us = now_us;
	fleet->run_us = now_us + GATHER_US - RADIO_FLEET_PAUSE_US;
}

/* --- what the radios say --- */

static void take_status(
	struct radio_fleet *fleet, int index, const struct radio_status *status, int64_t now_us)
{
	struct radio_fleet_radio *radio = &fleet->radio[index];
	unsigned slots = radio_fleet_radio_slots(radio);

	fleet->is_changed |= radio->status.protocol != status->protocol;
	radio_fleet_health_follow(fleet, radio->name, &radio->status, status);
	radio->status = *status;
	radio->status_us = now_us;
	fleet->is_changed |= radio_fleet_radio_slots(radio) != slots;
}

/* A will says nothing that silence does not say: it comes at once where a radio only connects to the broker
 * again, and that of an earlier start comes late. */
void radio_fleet_status(struct radio_fleet *fleet, const char *name,
	const struct radio_status *status, bool is_retained, int64_t now_us)
{
	int radio = take(fleet, name);
	bool is_live = !is_retained && status->is_online;

	if (radio == FLEET_NO_RADIO)
		return;
	if (is_live) {
		radio_fleet_radio_touch(fleet, radio, now_us);
		if (status->boot && radio_fleet_radio_note_boot(fleet, radio, status->boot))
			radio_fleet_link_restart(fleet, radio, now_us);
	}
	if (status->is_online || !fleet->radio[radio].status.protocol)
		take_status(fleet, radio, status, now_us);
	if (is_live && status->protocol == RADIO_BATCH_PROTOCOL && !status->buffered_events)
		radio_fleet_link_note_empty(fleet, radio);
}

void radio_fleet_heard(struct radio_fleet *fleet, const char *name, const struct radio_heard *heard,
	int64_t now_us)
{
	int radio = take(fleet, name);

	if (radio == FLEET_NO_RADIO)
		return;
	radio_fleet_radio_touch(fleet, radio, now_us);
	radio_fleet_link_note_heard(fleet, radio, heard, now_us);
}

void radio_fleet_alive(struct radio_fleet *fleet, const char *name, int64_t now_us)
{
	int radio = take(fleet, name);

	if (radio != FLEET_NO_RADIO)
		radio_fleet_radio_touch(fleet, radio, now_us);
}

void radio_fleet_event(struct radio_fleet *fleet, const struct capture_event *event)
{
	int radio = event->radio ? take(fleet, event->radio) : FLEET_NO_RADIO;
	int i = event->address ? conf_find_address(fleet->conf, event->address) : -1;
	int64_t t_us = event->t_us - event->delay_us;
	struct radio_fleet_wearable *w = &fleet->wearable[i < 0 ? 0 : i];

	if (radio == FLEET_NO_RADIO || i < 0 || t_us < w->changed_us)
		return;
	if (event->kind == CAPTURE_CONNECTED)
		radio_fleet_link_up(fleet, w, radio, t_us);
	else if (event->kind == CAPTURE_DISCONNECTED && w->is_connected && w->radio == radio)
		radio_fleet_link_down(fleet, w, t_us);
}

/* --- what is asked --- */

bool radio_fleet_serves(const struct radio_fleet *fleet, const char *name, const char *address)
{
	int i = conf_find_address(fleet->conf, address);
	const struct radio_fleet_wearable *w = &fleet->wearable[i < 0 ? 0 : i];
	int radio = radio_fleet_radio_find(fleet, name);

	if (i < 0)
		return false;
	/* A brain that has lost all memory is told by the radios what they have. */
	if (w->radio == FLEET_NO_RADIO && !w->served)
		return true;
	return radio != FLEET_NO_RADIO && (w->radio == radio || w->served & radio_fleet_bit(radio));
}

const char *radio_fleet_where(const struct radio_fleet *fleet, unsigned wearable)
{
	int radio = fleet->wearable[wearable].radio;

	return radio == FLEET_NO_RADIO ? NULL : fleet->radio[radio].name;
}

uint64_t radio_fleet_refused(const struct radio_fleet *fleet)
{
	return fleet->refused;
}

/* --- time --- */

int64_t radio_fleet_deadline(const struct radio_fleet *fleet)
{
	int64_t pause_us = fleet->run_us + RADIO_FLEET_PAUSE_US;

	if (!fleet->epoch)
		return T_NEVER;
	if (fleet->is_changed || fleet->next_us < pause_us)
		return pause_us;
	return fleet->next_us;
}

void radio_fleet_advance(struct radio_fleet *fleet, int64_t now_us)
{
	if (radio_fleet_deadline(fleet) > now_us)
		return;
	radio_fleet_place_run(fleet, now_us);
	radio_fleet_list_send(fleet);
	radio_fleet_health_look(fleet, now_us);
}
