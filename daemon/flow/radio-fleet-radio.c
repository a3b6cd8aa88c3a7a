// SPDX-License-Identifier: MIT
#include "daemon/flow/radio-fleet-radio.h"

#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/wire/radio-batch.h"

#define DEATHS_MAX 4
#define DEATH_DB   10
#define STEADY_US  (600 * (int64_t)US_PER_S) /* then its deaths are forgotten */

int radio_fleet_radio_find(const struct radio_fleet *fleet, const char *name)
{
	for (unsigned r = 0; r < fleet->n_radios; r++)
		if (fleet->radio[r].name && strcmp(fleet->radio[r].name, name) == 0)
			return (int)r;
	return FLEET_NO_RADIO;
}

int radio_fleet_radio_take(struct radio_fleet *fleet, const char *name)
{
	int known = radio_fleet_radio_find(fleet, name);
	unsigned r = 0;

	if (known != FLEET_NO_RADIO)
		return known;
	while (r < fleet->n_radios && fleet->radio[r].name)
		r++;
	if (r == FLEET_RADIOS_MAX)
		return FLEET_NO_RADIO;
	fleet->n_radios += r == fleet->n_radios;
	fleet->radio[r] = (struct radio_fleet_radio){.name = alloc_text(name),
		.heard_us = RADIO_FLEET_NEVER,
		.died_us = RADIO_FLEET_NEVER,
		.is_list_due = true};
	fleet->is_changed = true;
	return (int)r;
}

void radio_fleet_radio_touch(struct radio_fleet *fleet, int radio, int64_t now_us)
{
	fleet->radio[radio].heard_us = now_us;
	fleet->is_changed |= !fleet->radio[radio].is_alive;
}

/* One that did not say its protocol yet has no slots, but may have links. */
static bool is_understood(const struct radio_fleet_radio *radio)
{
	return !radio->status.protocol || radio->status.protocol == RADIO_BATCH_PROTOCOL;
}

bool radio_fleet_radio_is_alive(const struct radio_fleet *fleet, int index, int64_t now_us)
{
	const struct radio_fleet_radio *radio = &fleet->radio[index];

	return index != FLEET_NO_RADIO && radio->name && is_understood(radio) &&
	       now_us - radio->heard_us < RADIO_FLEET_LOST_US;
}

unsigned radio_fleet_radio_slots(const struct radio_fleet_radio *radio)
{
	unsigned slots = 0;

	for (unsigned i = 0; i < radio->status.n_adapters; i++) {
		const struct radio_status_adapter *adapter = &radio->status.adapter[i];

		slots += adapter->limit && adapter->limit < adapter->slots ? adapter->limit
									   : adapter->slots;
	}
	return slots;
}

int radio_fleet_radio_malus_db(const struct radio_fleet_radio *radio, int64_t now_us)
{
	return now_us - radio->died_us < STEADY_US ? (int)radio->n_deaths * DEATH_DB : 0;
}

static bool is_earlier(const struct radio_fleet_radio *radio, int64_t boot)
{
	for (unsigned i = 0; i < radio->n_boots; i++)
		if (radio->boots[i] == boot)
			return true;
	return false;
}

static void remember_boot(struct radio_fleet_radio *radio)
{
	unsigned n = radio->n_boots < RADIO_FLEET_BOOTS ? radio->n_boots : RADIO_FLEET_BOOTS - 1;

	memmove(radio->boots + 1, radio->boots, n * sizeof(*radio->boots));
	radio->boots[0] = radio->boot;
	radio->n_boots = n + 1;
}

bool radio_fleet_radio_note_boot(struct radio_fleet *fleet, int index, int64_t boot)
{
	struct radio_fleet_radio *radio = &fleet->radio[index];
	bool is_back = is_earlier(radio, boot), is_first = !radio->boot;

	if (radio->boot == boot)
		return false;
	if (!is_first && !is_earlier(radio, radio->boot))
		remember_boot(radio);
	radio->boot = boot;
	radio->is_twice |= is_back;
	fleet->is_changed = true;
	return !is_first && !is_back;
}

static void die(struct radio_fleet_radio *radio, int64_t now_us)
{
	if (now_us - radio->died_us >= STEADY_US)
		radio->n_deaths = 0;
	radio->n_deaths += radio->n_deaths < DEATHS_MAX;
	radio->died_us = now_us;
}

void radio_fleet_radio_look(struct radio_fleet *fleet, int64_t now_us)
{
	for (unsigned r = 0; r < fleet->n_radios; r++) {
		struct radio_fleet_radio *radio = &fleet->radio[r];
		bool was_alive = radio->is_alive;

		radio->is_alive = radio_fleet_radio_is_alive(fleet, (int)r, now_us);
		if (was_alive && !radio->is_alive)
			die(radio, now_us);
	}
}

int64_t radio_fleet_radio_deadline(const struct radio_fleet *fleet)
{
	int64_t next_us = T_NEVER;

	for (unsigned r = 0; r < fleet->n_radios; r++) {
		int64_t t_us = fleet->radio[r].heard_us + RADIO_FLEET_LOST_US;

		if (fleet->radio[r].is_alive && t_us < next_us)
			next_us = t_us;
	}
	return next_us;
}
