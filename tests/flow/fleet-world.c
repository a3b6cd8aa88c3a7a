// SPDX-License-Identifier: MIT
#include "tests/flow/fleet-world.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/generator.h"
#include "coxad/base/hash.h"
#include "coxad/base/units.h"
#include "coxad/wire/radio-batch.h"

static unsigned roll(struct fleet_world *world, unsigned n)
{
	return (unsigned)(generator_splitmix(&world->dice) % n);
}

static bool is_due(struct fleet_world *world, unsigned one_in)
{
	return !world->is_calm && roll(world, one_in) == 0;
}

static const char *name_of(int radio)
{
	static char name[NAME_SIZE];

	snprintf(name, sizeof(name), "mat-%d", radio);
	return name;
}

static int index_of(const char *name)
{
	return name ? atoi(name + strlen("mat-")) : FLEET_WORLD_NO_RADIO;
}

bool fleet_world_is_heard(const struct fleet_world *world, int radio)
{
	return world->radio[radio].is_up && !world->radio[radio].is_cut;
}

const struct radio_list_wearable *fleet_world_entry(
	const struct radio_list *list, const struct fleet_world *world, unsigned wearable)
{
	const struct radio_list_wearable *entry = &list->wearable[wearable];

	/* In the order of the configuration, of which nothing is removed. */
	if (!list->n)
		return NULL;
	assert(strcmp(entry->address, world->conf->wearable[wearable].address) == 0);
	return entry;
}

/* --- the brain's side --- */

static void on_list(void *user, const char *radio, const struct radio_list *list)
{
	struct fleet_world *world = user;
	static char text[RADIO_LIST_MAX];
	size_t size = radio_list_write(list, text);

	world->hash = hash_text(hash_bytes(world->hash, text, size), radio);
	world->n_lists++;
	world->radio[index_of(radio)].n_told++;
	memcpy(&world->list[index_of(radio)], list, sizeof(*list));
}

static void on_health(void *user, const struct health_report *report)
{
	struct fleet_world *world = user;

	world->hash = hash_text(world->hash, report->text ? report->text : report->subject);
}

static const struct radio_fleet_ops ops = {on_list, on_health};

/* --- events --- */

static void send(struct fleet_world *world, int radio, const struct fleet_world_event *event)
{
	struct capture_event sent = {.kind = event->kind,
		.t_us = world->now_us,
		.delay_us = world->now_us - event->t_us,
		.radio = name_of(radio),
		.address = world->conf->wearable[event->wearable].address};

	assert(radio_fleet_serves(world->fleet, sent.radio, sent.address));
	radio_fleet_alive(world->fleet, sent.radio, world->now_us);
	radio_fleet_event(world->fleet, &sent);
}

static void note_known(struct fleet_world *world, int radio, unsigned wearable)
{
	world->wearable[wearable].known = radio;
	world->wearable[wearable].known_us = world->now_us;
}

static void happen(struct fleet_world *world, enum capture_kind kind, int radio, unsigned wearable)
{
	struct fleet_world_event event = {kind, wearable, world->now_us};
	struct fleet_world_radio *r = &world->radio[radio];

	if (fleet_world_is_heard(world, radio)) {
		note_known(world, radio, wearable);
		send(world, radio, &event);
		return;
	}
	assert(r->n_kept < FLEET_WORLD_EVENTS);
	r->kept[r->n_kept++] = event;
}

/* --- links --- */

static void unlink_(struct fleet_world *world, unsigned wearable)
{
	struct fleet_world_wearable *w = &world->wearable[wearable];
	int radio = w->link;

	w->link = FLEET_WORLD_NO_RADIO;
	w->free_us = world->now_us;
	if (world->radio[radio].is_up)
		happen(world, CAPTURE_DISCONNECTED, radio, wearable);
}

static unsigned links_of(const struct fleet_world *world, int radio)
{
	unsigned n = 0;

	for (unsigned i = 0; i < world->n_wearables; i++)
		n += world->wearable[i].link == radio;
	return n;
}

static bool hears(const struct fleet_world *world, int radio, unsigned wearable)
{
	const struct fleet_world_wearable *w = &world->wearable[wearable];

	return world->radio[radio].is_up && w->is_on && w->link == FLEET_WORLD_NO_RADIO &&
	       w->dbm[radio];
}

/* As its list says, it connects to one that it hears. */
static void connect(struct fleet_world *world, int radio)
{
	unsigned i = roll(world, world->n_wearables);
	const struct radio_list_wearable *told =
		fleet_world_entry(&world->radio[radio].told, world, i);

	if (!told || !told->is_served || !hears(world, radio, i) ||
		world->wearable[i].is_hopeless[radio] ||
		links_of(world, radio) >= world->radio[radio].slots)
		return;
	world->wearable[i].link = radio;
	world->wearable[i].link_us = world->now_us;
	world->n_links++;
	happen(world, CAPTURE_CONNECTED, radio, i);
}

/* --- radios --- */

static void say(struct fleet_world *world, int radio)
{
	struct fleet_world_radio *r = &world->radio[radio];
	static struct radio_heard heard;
	struct radio_status status = {.is_online = true,
		.protocol = RADIO_BATCH_PROTOCOL,
		.boot = r->boot,
		.n_adapters = 1,
		.adapter = {{.slots = r->slots}}};

	heard.n = 0;
	for (unsigned i = 0; i < world->n_wearables; i++) {
		struct radio_heard_wearable *w = &heard.wearable[heard.n];

		if (world->wearable[i].link == radio)
			note_known(world, radio, i);
		else if (!hears(world, radio, i))
			continue;
		*w = (struct radio_heard_wearable){.rssi_dbm = world->wearable[i].dbm[radio],
			.is_connected = world->wearable[i].link == radio};
		memcpy(w->address, world->conf->wearable[i].address, sizeof(w->address));
		heard.n++;
	}
	radio_fleet_status(world->fleet, name_of(radio), &status, false, world->now_us);
	radio_fleet_heard(world->fleet, name_of(radio), &heard, world->now_us);
}

static void come_back(struct fleet_world *world, int radio)
{
	struct fleet_world_radio *r = &world->radio[radio];

	r->up_us = world->now_us;
	for (unsigned k = 0; k < r->n_kept; k++)
		send(world, radio, &r->kept[k]);
	r->n_kept = 0;
	say(world, radio);
}

static void die(struct fleet_world *world, int radio)
{
	struct fleet_world_radio *r = &world->radio[radio];

	r->is_up = r->is_cut = false;
	r->n_kept = 0;
	for (unsigned i = 0; i < world->n_wearables; i++)
		if (world->wearable[i].link == radio)
			unlink_(world, i);
}

/* A radio that dies has its last list on disk. */
static void disturb_radio(struct fleet_world *world, int radio)
{
	struct fleet_world_radio *r = &world->radio[radio];

	if (r->is_up && is_due(world, 1500))
		die(world, radio);
	else if (!r->is_up && (world->is_calm || roll(world, 60) == 0)) {
		r->is_up = true;
		r->boot++;
		come_back(world, radio);
	} else if (r->is_cut && (world->is_calm || roll(world, 80) == 0)) {
		r->is_cut = false;
		come_back(world, radio);
	} else if (r->is_up && !r->is_cut && is_due(world, 1000))
		r->is_cut = true;
}

static void take_list(struct fleet_world *world, int radio)
{
	struct fleet_world_radio *r = &world->radio[radio];

	if (r->n_taken == r->n_told)
		return;
	r->n_taken = r->n_told;
	memcpy(&r->told, &world->list[radio], sizeof(r->told));
}

static void run_radio(struct fleet_world *world, int radio)
{
	disturb_radio(world, radio);
	if (!world->radio[radio].is_up)
		return;
	if (fleet_world_is_heard(world, radio)) {
		take_list(world, radio);
		if ((world->now_us / FLEET_WORLD_STEP_US + radio) % 10 == 0)
			say(world, radio);
	}
	connect(world, radio);
}

/* --- wearables --- */

static void draw_hearing(struct fleet_world *world, struct fleet_world_wearable *w)
{
	w->dbm_us = world->now_us;
	for (unsigned r = 0; r < world->n_radios; r++) {
		w->dbm[r] = roll(world, 3) ? (int8_t)(-95 + (int)roll(world, 60)) : 0;
		w->is_hopeless[r] = world->may_refuse && roll(world, 5) == 0;
	}
}

static void run_wearable(struct fleet_world *world, unsigned i)
{
	struct fleet_world_wearable *w = &world->wearable[i];

	if (w->link != FLEET_WORLD_NO_RADIO && is_due(world, 600))
		unlink_(world, i);
	if (w->link == FLEET_WORLD_NO_RADIO && is_due(world, 300))
		draw_hearing(world, w);
	if (w->is_on && is_due(world, 2000)) {
		if (w->link != FLEET_WORLD_NO_RADIO)
			unlink_(world, i);
		w->is_on = false;
	} else if (!w->is_on && (world->is_calm || roll(world, 200) == 0)) {
		w->is_on = true;
		w->free_us = world->now_us;
	}
}

/* --- life --- */

static void draw(struct fleet_world *world)
{
	world->n_radios = 1 + roll(world, FLEET_WORLD_RADIOS);
	world->n_wearables = 1 + roll(world, FLEET_WORLD_WEARABLES);
	for (unsigned r = 0; r < world->n_radios; r++)
		world->radio[r] = (struct fleet_world_radio){.is_up = true,
			.slots = 1 + roll(world, 7),
			.boot = 1,
			.up_us = world->now_us};
	for (unsigned i = 0; i < world->n_wearables; i++) {
		struct wearable_conf *w = &world->conf->wearable[i];

		w->name = alloc_printf("w%u", i);
		snprintf(w->address, sizeof(w->address), "C0:A5:00:00:00:%02X", i);
		world->wearable[i].link = world->where[i] = FLEET_WORLD_NO_RADIO;
		world->wearable[i].known = FLEET_WORLD_NO_RADIO;
		draw_hearing(world, &world->wearable[i]);
	}
	world->conf->n_kits = 1;
	world->conf->kit[0].name = alloc_text("1");
	world->conf->n_wearables = world->n_wearables;
	conf_index(world->conf);
}

struct fleet_world *fleet_world_new(uint64_t seed, bool may_refuse)
{
	struct fleet_world *world = new0(struct fleet_world);

	world->dice = seed;
	world->may_refuse = may_refuse;
	world->conf = new0(struct conf);
	world->now_us = 1000 * (int64_t)US_PER_S;
	world->hash = HASH_START;
	draw(world);
	world->fleet = radio_fleet_new(world->conf, &ops, world);
	radio_fleet_start(world->fleet, 1, world->now_us);
	return world;
}

struct fleet_world *fleet_world_free(struct fleet_world *world)
{
	radio_fleet_free(world->fleet);
	conf_free(world->conf);
	free(world);
	return NULL;
}

static void look_for_moves(struct fleet_world *world)
{
	for (unsigned i = 0; i < world->n_wearables; i++) {
		int where = index_of(radio_fleet_where(world->fleet, i)), before = world->where[i];

		world->where[i] = where;
		if (where == before || before == FLEET_WORLD_NO_RADIO)
			continue;
		world->n_moves++;
		world->moved(world, i, before, where);
	}
}

void fleet_world_step(struct fleet_world *world)
{
	world->now_us += FLEET_WORLD_STEP_US;
	for (unsigned i = 0; i < world->n_wearables; i++)
		run_wearable(world, i);
	for (unsigned r = 0; r < world->n_radios; r++)
		run_radio(world, (int)r);
	if (radio_fleet_deadline(world->fleet) <= world->now_us)
		radio_fleet_advance(world->fleet, world->now_us);
	assert(radio_fleet_deadline(world->fleet) > world->now_us);
	look_for_moves(world);
}
