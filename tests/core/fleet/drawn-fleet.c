// SPDX-License-Identifier: MIT
#include "tests/core/fleet/drawn-fleet.h"

#include <string.h>

#include "coxad/base/generator.h"

unsigned drawn_fleet_roll(struct drawn_fleet *drawn, unsigned n)
{
	return (unsigned)(generator_splitmix(&drawn->dice) % n);
}

/* One in n has a radio; sometimes an index that is none. */
static int radio_or_none(struct drawn_fleet *d, unsigned n)
{
	return drawn_fleet_roll(d, n) ? FLEET_NO_RADIO
				      : (int)drawn_fleet_roll(d, d->fleet.n_radios + 1);
}

static void draw_wearable(struct drawn_fleet *d, unsigned i, unsigned deaf)
{
	struct fleet_wearable *w = &d->wearable[i];

	for (unsigned r = 0; r < d->fleet.n_radios; r++)
		d->rssi_dbm[i][r] = drawn_fleet_roll(d, deaf)
					    ? FLEET_UNHEARD_DBM
					    : (int8_t)(-100 + (int)drawn_fleet_roll(d, 60));
	*w = (struct fleet_wearable){
		.radio = radio_or_none(d, 2),
		.is_held = drawn_fleet_roll(d, 3) == 0,
		.pin = radio_or_none(d, 3),
		.bond = radio_or_none(d, 12),
		.waits_since_us = drawn_fleet_roll(d, 50),
	};
}

void drawn_fleet_draw(struct drawn_fleet *d, uint64_t seed)
{
	unsigned deaf, most;

	memset(d, 0, sizeof(*d));
	d->dice = seed;
	d->fleet = (struct fleet){.radio = d->radio,
		.n_radios = 1 + drawn_fleet_roll(d, seed % 50 ? 9 : FLEET_RADIOS_MAX),
		.wearable = d->wearable,
		.n_wearables = drawn_fleet_roll(d, seed % 50 ? 40 : FLEET_WEARABLES_MAX + 1),
		.rssi_dbm = (const int8_t(*)[FLEET_RADIOS_MAX])d->rssi_dbm};
	deaf = 1 + drawn_fleet_roll(d, 6);
	most = 2 + drawn_fleet_roll(d, 8);
	for (unsigned r = 0; r < d->fleet.n_radios; r++)
		d->radio[r] =
			(struct fleet_radio){drawn_fleet_roll(d, 5) > 0, drawn_fleet_roll(d, most)};
	for (unsigned i = 0; i < d->fleet.n_wearables; i++)
		draw_wearable(d, i, deaf);
}

void drawn_fleet_ask(const struct drawn_fleet *d, struct drawn_answer *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->n_waiting = fleet_assign(&d->fleet, ret->place, ret->waiting);
}

static bool is_alive(const struct drawn_fleet *d, int radio)
{
	return radio >= 0 && radio < (int)d->fleet.n_radios && d->radio[radio].is_alive;
}

static bool hears(const struct drawn_fleet *d, unsigned wearable, int radio)
{
	return is_alive(d, radio) && d->rssi_dbm[wearable][radio] != FLEET_UNHEARD_DBM;
}

bool drawn_fleet_can(const struct drawn_fleet *d, unsigned wearable, int radio)
{
	int bond = d->wearable[wearable].bond;

	return hears(d, wearable, radio) &&
	       (bond < 0 || bond >= (int)d->fleet.n_radios || bond == radio);
}

bool drawn_fleet_is_heard(const struct drawn_fleet *d, unsigned wearable)
{
	for (unsigned r = 0; r < d->fleet.n_radios; r++)
		if (hears(d, wearable, (int)r))
			return true;
	return false;
}

bool drawn_fleet_is_held(const struct drawn_fleet *d, unsigned wearable)
{
	const struct fleet_wearable *w = &d->wearable[wearable];

	if (!w->is_held || w->radio < 0 || w->radio >= (int)d->fleet.n_radios)
		return false;
	return d->radio[w->radio].is_alive || !drawn_fleet_is_heard(d, wearable);
}

unsigned drawn_fleet_links(const struct drawn_fleet *d, const struct drawn_answer *a, int radio)
{
	unsigned n = 0;

	for (unsigned i = 0; i < d->fleet.n_wearables; i++)
		n += a->place[i].radio == radio;
	return n;
}

struct search {
	const struct drawn_fleet *drawn;
	int at[FLEET_WEARABLES_MAX];
	bool is_tried[FLEET_RADIOS_MAX];
};

static bool seat(struct search *s, unsigned wearable);

static bool make_room(struct search *s, int radio)
{
	const struct drawn_fleet *d = s->drawn;
	unsigned used = 0;

	for (unsigned i = 0; i < d->fleet.n_wearables; i++)
		used += s->at[i] == radio;
	if (used < d->radio[radio].slots)
		return true;
	for (unsigned i = 0; i < d->fleet.n_wearables; i++)
		if (s->at[i] == radio && !drawn_fleet_is_held(d, i) && seat(s, i))
			return true;
	return false;
}

static bool seat(struct search *s, unsigned wearable)
{
	for (int r = 0; r < (int)s->drawn->fleet.n_radios; r++) {
		if (s->is_tried[r] || !drawn_fleet_can(s->drawn, wearable, r))
			continue;
		s->is_tried[r] = true;
		if (make_room(s, r)) {
			s->at[wearable] = r;
			return true;
		}
	}
	return false;
}

bool drawn_fleet_could_serve(
	const struct drawn_fleet *d, const struct drawn_answer *a, unsigned wearable)
{
	struct search s = {.drawn = d};

	for (unsigned i = 0; i < d->fleet.n_wearables; i++)
		s.at[i] = a->place[i].radio;
	return seat(&s, wearable);
}
