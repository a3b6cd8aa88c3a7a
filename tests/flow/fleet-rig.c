// SPDX-License-Identifier: MIT
#include "tests/flow/fleet-rig.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/wire/radio-batch.h"

const char *fleet_rig_radio(unsigned radio)
{
	static char name[NAME_SIZE];

	snprintf(name, sizeof(name), "mat-%u", radio);
	return name;
}

static unsigned index_of(const char *name)
{
	return (unsigned)atoi(name + strlen("mat-"));
}

static void on_list(void *user, const char *radio, const struct radio_list *list)
{
	struct fleet_rig *rig = user;

	if (index_of(radio) >= FLEET_RADIOS_MAX)
		return;
	memcpy(&rig->list[index_of(radio)], list, sizeof(*list));
	rig->n_lists[index_of(radio)]++;
}

static void on_health(void *user, const struct health_report *report)
{
	struct fleet_rig *rig = user;

	snprintf(rig->trouble[report->code], NAME_SIZE, "%s", report->text ? report->subject : "");
	snprintf(rig->text[report->code], HEALTH_TEXT_SIZE, "%s", report->text ? report->text : "");
}

static const struct radio_fleet_ops ops = {on_list, on_health};

static struct conf *make_conf(unsigned n_wearables)
{
	struct conf *conf = new0(struct conf);

	conf->n_kits = 1;
	conf->kit[0].name = alloc_text("1");
	for (unsigned i = 0; i < n_wearables; i++) {
		struct wearable_conf *w = &conf->wearable[i];

		w->name = alloc_printf("w%u", i);
		snprintf(w->address, sizeof(w->address), "C0:A5:00:00:%02X:%02X", i >> 8, i & 255);
	}
	conf->n_wearables = n_wearables;
	conf_index(conf);
	return conf;
}

struct fleet_rig *fleet_rig_new(unsigned n_radios, unsigned slots, unsigned n_wearables)
{
	struct fleet_rig *rig = new0(struct fleet_rig);

	rig->conf = make_conf(n_wearables);
	rig->now_us = FLEET_RIG_START_US;
	rig->n_radios = n_radios;
	for (unsigned r = 0; r < n_radios; r++)
		rig->status[r] = (struct radio_status){.is_online = true,
			.version = "1.0",
			.protocol = RADIO_BATCH_PROTOCOL,
			.boot = 100 + r,
			.n_adapters = 1,
			.adapter = {{.address = "00:1A:7D:DA:71:13", .slots = slots}}};
	fleet_rig_restart(rig);
	return rig;
}

struct fleet_rig *fleet_rig_free(struct fleet_rig *rig)
{
	radio_fleet_free(rig->fleet);
	conf_free(rig->conf);
	free(rig);
	return NULL;
}

void fleet_rig_restart(struct fleet_rig *rig)
{
	radio_fleet_free(rig->fleet);
	rig->fleet = radio_fleet_new(rig->conf, &ops, rig);
}

void fleet_rig_start(struct fleet_rig *rig)
{
	radio_fleet_start(rig->fleet, 7, rig->now_us);
}

struct radio_heard_wearable *fleet_rig_says(
	struct fleet_rig *rig, unsigned radio, unsigned wearable)
{
	const char *address = rig->conf->wearable[wearable].address;
	struct radio_heard *heard = &rig->heard[radio];
	unsigned k = 0;

	while (k < heard->n && strcmp(heard->wearable[k].address, address) != 0)
		k++;
	if (k == heard->n) {
		heard->wearable[heard->n++] =
			(struct radio_heard_wearable){.rssi_dbm = RADIO_HEARD_NO_RSSI};
		memcpy(heard->wearable[k].address, address, ADDRESS_SIZE);
	}
	return &heard->wearable[k];
}

static void say_nothing(struct fleet_rig *rig, unsigned radio, unsigned wearable)
{
	struct radio_heard_wearable *entry = fleet_rig_says(rig, radio, wearable);

	*entry = rig->heard[radio].wearable[--rig->heard[radio].n];
}

void fleet_rig_hears(struct fleet_rig *rig, unsigned radio, unsigned wearable, int dbm)
{
	if (dbm)
		fleet_rig_says(rig, radio, wearable)->rssi_dbm = (int8_t)dbm;
	else
		say_nothing(rig, radio, wearable);
}

void fleet_rig_event(struct fleet_rig *rig, enum capture_kind kind, unsigned radio,
	unsigned wearable, int64_t ago_us)
{
	struct capture_event event = {.kind = kind,
		.t_us = rig->now_us,
		.delay_us = ago_us,
		.radio = fleet_rig_radio(radio),
		.address = rig->conf->wearable[wearable].address};

	assert(radio_fleet_serves(rig->fleet, event.radio, event.address));
	radio_fleet_event(rig->fleet, &event);
}

void fleet_rig_connect(struct fleet_rig *rig, unsigned radio, unsigned wearable)
{
	for (unsigned r = 0; r < rig->n_radios; r++)
		if (r != radio)
			say_nothing(rig, r, wearable);
	fleet_rig_says(rig, radio, wearable)->is_connected = true;
	if (!rig->is_silent[radio])
		fleet_rig_event(rig, CAPTURE_CONNECTED, radio, wearable, 0);
}

void fleet_rig_disconnect(struct fleet_rig *rig, unsigned radio, unsigned wearable)
{
	say_nothing(rig, radio, wearable);
	if (!rig->is_silent[radio])
		fleet_rig_event(rig, CAPTURE_DISCONNECTED, radio, wearable, 0);
}

static void speak(struct fleet_rig *rig)
{
	for (unsigned r = 0; r < rig->n_radios; r++) {
		if (rig->is_silent[r])
			continue;
		radio_fleet_status(
			rig->fleet, fleet_rig_radio(r), &rig->status[r], false, rig->now_us);
		radio_fleet_heard(rig->fleet, fleet_rig_radio(r), &rig->heard[r], rig->now_us);
	}
}

void fleet_rig_pass(struct fleet_rig *rig, int64_t us)
{
	for (int64_t until_us = rig->now_us + us; rig->now_us < until_us;) {
		rig->now_us += FLEET_RIG_S / 10;
		if (rig->now_us % FLEET_RIG_S == 0)
			speak(rig);
		if (radio_fleet_deadline(rig->fleet) <= rig->now_us)
			radio_fleet_advance(rig->fleet, rig->now_us);
		assert(radio_fleet_deadline(rig->fleet) > rig->now_us);
	}
}

const struct radio_list_wearable *fleet_rig_told(
	const struct fleet_rig *rig, unsigned radio, unsigned wearable)
{
	const struct radio_list *list = &rig->list[radio];

	for (unsigned k = 0; k < list->n; k++)
		if (strcmp(list->wearable[k].address, rig->conf->wearable[wearable].address) == 0)
			return &list->wearable[k];
	return NULL;
}

int fleet_rig_served(const struct fleet_rig *rig, unsigned wearable)
{
	int serving = -1;

	for (unsigned r = 0; r < rig->n_radios; r++) {
		const struct radio_list_wearable *told = fleet_rig_told(rig, r, wearable);

		if (!told || !told->is_served)
			continue;
		assert(serving == -1);
		serving = (int)r;
	}
	return serving;
}
