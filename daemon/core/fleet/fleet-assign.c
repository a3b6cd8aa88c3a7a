// SPDX-License-Identifier: MIT
/* A matching of wearables with slots, extended one by one (Kuhn 1955), so that nobody who has a place
 * loses it without getting another:
 *
 *   w hears A alone, A is full      x leaves A for B, w takes A
 *
 *      w --- A === x                   w === A --- x
 *                  |                               ‖
 *                  B (a slot is free)              B
 */
#include "coxad/core/fleet/fleet-assign.h"

#include <string.h>

#define PIN_BONUS_DB  1000 /* outweighs any loudness */
#define LOAD_MALUS_DB 3    /* for each link of a radio, to spread them */

struct matching {
	const struct fleet *fleet;
	uint64_t alive;
	uint64_t heard[FLEET_WEARABLES_MAX]; /* by which radios that are alive */
	uint64_t can[FLEET_WEARABLES_MAX];   /* which of them may serve it; 0 where it is held */
	int8_t at[FLEET_WEARABLES_MAX];
	unsigned used[FLEET_RADIOS_MAX];
	uint64_t dead_end; /* full radios that no chain of moves leads away from */
	uint16_t order[FLEET_WEARABLES_MAX];
	unsigned n;
};

static uint64_t bit(int radio)
{
	return UINT64_C(1) << radio;
}

static bool is_radio(const struct matching *m, int radio)
{
	return radio >= 0 && (unsigned)radio < m->fleet->n_radios;
}

static bool is_alive(const struct matching *m, int radio)
{
	return is_radio(m, radio) && m->alive & bit(radio);
}

static bool is_free(const struct matching *m, int radio)
{
	return m->used[radio] < m->fleet->radio[radio].slots;
}

static void put(struct matching *m, unsigned wearable, int radio)
{
	if (m->at[wearable] != FLEET_NO_RADIO)
		m->used[m->at[wearable]]--;
	m->at[wearable] = (int8_t)radio;
	m->used[radio]++;
}

/* --- what is given --- */

static void look_at_radios(struct matching *m)
{
	for (unsigned r = 0; r < m->fleet->n_radios; r++)
		if (m->fleet->radio[r].is_alive)
			m->alive |= bit((int)r);
}

static void look_at_wearable(struct matching *m, unsigned i)
{
	const struct fleet_wearable *w = &m->fleet->wearable[i];

	m->at[i] = FLEET_NO_RADIO;
	for (unsigned r = 0; r < m->fleet->n_radios; r++)
		if (m->fleet->rssi_dbm[i][r] != FLEET_UNHEARD_DBM)
			m->heard[i] |= bit((int)r) & m->alive;
	/* Nobody else hears a wearable while it is connected, so one that is heard by others has
	 * left the radio that is gone. */
	if (w->is_held && is_radio(m, w->radio) && (is_alive(m, w->radio) || !m->heard[i]))
		put(m, i, w->radio);
	else if (is_radio(m, w->bond))
		m->can[i] = m->heard[i] & bit(w->bond);
	else
		m->can[i] = m->heard[i];
}

static bool waits_longer(const struct matching *m, unsigned a, unsigned b)
{
	int64_t a_us = m->fleet->wearable[a].waits_since_us;
	int64_t b_us = m->fleet->wearable[b].waits_since_us;

	return a_us < b_us || (a_us == b_us && a < b);
}

/* By insertion: they mostly are in order already. */
static void enter(struct matching *m, unsigned wearable)
{
	unsigned at = m->n++;

	for (; at > 0 && waits_longer(m, wearable, m->order[at - 1]); at--)
		m->order[at] = m->order[at - 1];
	m->order[at] = (uint16_t)wearable;
}

/* Whoever is being connected to is not turned back for one that only waits. */
static void keep_places(struct matching *m)
{
	for (unsigned k = 0; k < m->n; k++) {
		unsigned i = m->order[k];
		int radio = m->fleet->wearable[i].radio;

		if (is_alive(m, radio) && m->can[i] & bit(radio) && is_free(m, radio))
			put(m, i, radio);
	}
}

/* --- a place for one --- */

static int score(const struct matching *m, unsigned wearable, int radio)
{
	int pin = m->fleet->wearable[wearable].pin == radio ? PIN_BONUS_DB : 0;

	return m->fleet->rssi_dbm[wearable][radio] + pin - LOAD_MALUS_DB * (int)m->used[radio];
}

static int best_free(const struct matching *m, unsigned wearable)
{
	int best = FLEET_NO_RADIO;

	for (uint64_t left = m->can[wearable]; left; left &= left - 1) {
		int radio = __builtin_ctzll(left);

		if (is_free(m, radio) &&
			(best == FLEET_NO_RADIO ||
				score(m, wearable, radio) > score(m, wearable, best)))
			best = radio;
	}
	return best;
}

struct chain {
	uint64_t seen;
	int8_t radio[FLEET_RADIOS_MAX]; /* in the order in which they were found */
	unsigned n;
	uint16_t comes[FLEET_RADIOS_MAX]; /* who would come to each of them */
};

static void reach(struct chain *chain, uint64_t radios, unsigned wearable)
{
	for (uint64_t left = radios & ~chain->seen; left; left &= left - 1) {
		int radio = __builtin_ctzll(left);

		chain->radio[chain->n++] = (int8_t)radio;
		chain->comes[radio] = (uint16_t)wearable;
	}
	chain->seen |= radios;
}

static void reach_from(const struct matching *m, struct chain *chain, int radio)
{
	for (unsigned k = 0; k < m->n; k++)
		if (m->at[m->order[k]] == radio)
			reach(chain, m->can[m->order[k]] & ~m->dead_end, m->order[k]);
}

/* From the free radio back to the one whose place was sought. */
static void carry_out(struct matching *m, const struct chain *chain, int radio)
{
	while (radio != FLEET_NO_RADIO) {
		unsigned wearable = chain->comes[radio];
		int left = m->at[wearable];

		put(m, wearable, radio);
		radio = left;
	}
}

static void place_by_moving(struct matching *m, unsigned wearable)
{
	struct chain chain = {0};

	reach(&chain, m->can[wearable] & ~m->dead_end, wearable);
	for (unsigned k = 0; k < chain.n; k++) {
		if (is_free(m, chain.radio[k])) {
			carry_out(m, &chain, chain.radio[k]);
			return;
		}
		reach_from(m, &chain, chain.radio[k]);
	}
	m->dead_end |= chain.seen;
}

static void place(struct matching *m, unsigned wearable)
{
	int radio = best_free(m, wearable);

	if (radio == FLEET_NO_RADIO)
		place_by_moving(m, wearable);
	else
		put(m, wearable, radio);
}

/* --- pins --- */

/* Whether x can make room at the pin, by itself or by taking the other's place. */
static bool makes_room(struct matching *m, unsigned x, int left)
{
	int pin = m->at[x], radio = best_free(m, x);

	if (m->fleet->wearable[x].pin == pin)
		return false;
	if (radio == FLEET_NO_RADIO && m->can[x] & bit(left))
		radio = left;
	if (radio == FLEET_NO_RADIO)
		return false;
	put(m, x, radio);
	return true;
}

static bool move_to_pin(struct matching *m, unsigned wearable)
{
	int pin = m->fleet->wearable[wearable].pin, left = m->at[wearable];
	bool is_room;

	if (left == FLEET_NO_RADIO || left == pin || !is_radio(m, pin) ||
		!(m->can[wearable] & bit(pin)))
		return false;
	is_room = is_free(m, pin);
	for (unsigned k = 0; k < m->n && !is_room; k++)
		is_room = m->at[m->order[k]] == pin && makes_room(m, m->order[k], left);
	if (is_room)
		put(m, wearable, pin);
	return is_room;
}

/* Each round brings at least one more to its pin and takes none from it. */
static void move_to_pins(struct matching *m)
{
	bool is_moved;

	do {
		is_moved = false;
		for (unsigned k = 0; k < m->n; k++)
			is_moved |= move_to_pin(m, m->order[k]);
	} while (is_moved);
}

/* --- the answer --- */

static enum fleet_reason reason_of(const struct matching *m, unsigned wearable)
{
	if (m->at[wearable] != FLEET_NO_RADIO)
		return m->can[wearable] ? FLEET_PLACED : FLEET_HELD;
	if (m->can[wearable])
		return FLEET_FULL;
	return m->heard[wearable] ? FLEET_BOND_ABSENT : FLEET_UNHEARD;
}

unsigned fleet_assign(const struct fleet *fleet,
	struct fleet_place ret_place[static FLEET_WEARABLES_MAX],
	uint16_t ret_waiting[static FLEET_WEARABLES_MAX])
{
	struct matching m = {.fleet = fleet};
	unsigned n_waiting = 0;

	look_at_radios(&m);
	for (unsigned i = 0; i < fleet->n_wearables; i++) {
		look_at_wearable(&m, i);
		enter(&m, i);
	}
	keep_places(&m);
	for (unsigned k = 0; k < m.n; k++)
		if (m.can[m.order[k]] && m.at[m.order[k]] == FLEET_NO_RADIO)
			place(&m, m.order[k]);
	move_to_pins(&m);
	for (unsigned k = 0; k < m.n; k++) {
		unsigned i = m.order[k];

		ret_place[i] = (struct fleet_place){m.at[i], reason_of(&m, i)};
		if (ret_place[i].reason == FLEET_FULL || ret_place[i].reason == FLEET_BOND_ABSENT)
			ret_waiting[n_waiting++] = (uint16_t)i;
	}
	return n_waiting;
}
