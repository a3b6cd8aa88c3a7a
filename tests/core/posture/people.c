// SPDX-License-Identifier: MIT
#include "tests/core/posture/people.h"

#include <math.h>
#include <string.h>

#include "coxad/core/terms.h"

double people_between(struct people *p, double low, double high)
{
	return random_between(&p->random, low, high);
}

static bool is_by_chance(struct people *p, double share)
{
	return person_happens(&p->random, share);
}

void people_open(struct people *p, enum people_kit kit, uint64_t seed)
{
	static const double rates[] = {20.8, 25, 52, 104};
	struct quat mount[3];

	memset(p, 0, sizeof(*p));
	p->kit = kit;
	p->random.state = p->play.seed = seed * 7919 + kit;
	for (unsigned i = 0; i < 3; i++)
		mount[i] = body_random_quat(&p->random.state);
	p->rate_hz = rates[(unsigned)people_between(p, 0, 4) % 4];
	body_wear(&p->play, &p->body, mount, p->rate_hz);
	if (kit == PEOPLE_LEG)
		p->play.worn[0] = p->play.worn[1];
	p->play.n_worn = kit + 1;
}

uint32_t people_placements(enum people_kit kit)
{
	return (1u << PLACEMENT_THIGH_LEFT) | (kit > PEOPLE_LEG ? 1u << PLACEMENT_PELVIS : 0) |
	       (kit > PEOPLE_PELVIS_AND_LEG ? 1u << PLACEMENT_THIGH_RIGHT : 0);
}

static struct body_track *leg_of(struct people *p)
{
	return &p->body.elevation_deg[LEG_LEFT];
}

static void raise(struct people *p, const struct person_wish *wish, unsigned kinds)
{
	struct body_track *leg = leg_of(p);
	struct person_raise r = person_raise(&p->random, wish, body_at(leg, p->t_s));

	p->rep[p->n].from_s = p->t_s;
	p->rep[p->n].kinds = kinds;
	p->rep[p->n].range_deg = wish->range_deg;
	body_move(leg, p->t_s, r.up_s, r.top_deg);
	p->t_s += r.up_s;
	if (r.hold_s > 0)
		body_move_evenly(leg, p->t_s, r.hold_s, r.held_deg);
	p->t_s += r.hold_s;
	if (r.to_halt_s > 0)
		body_move(leg, p->t_s, r.to_halt_s, r.halt_deg);
	p->t_s += r.to_halt_s + r.halt_s;
	body_move(leg, p->t_s, r.down_s, r.rest_deg);
	p->t_s += r.down_s;
	p->rep[p->n++].to_s = p->t_s;
	p->t_s += r.pause_s;
}

static void tremble(struct people *p)
{
	struct person_tremor tremor = person_tremor(&p->random);

	p->body.tremor_hz = tremor.hz;
	p->body.tremor_deg = tremor.deg;
	p->body.held_tremor_deg = tremor.held_deg;
}

/* Supine is 0, on a side 90, prone 180; the leg slides somewhat as the body turns. */
static void turn_over(struct people *p, double roll_deg)
{
	double turn_s = people_between(p, 1.2, 3), slid_deg = people_between(p, 5, 25);
	struct body_track *leg = leg_of(p);
	double home_deg = body_at(leg, p->t_s);

	body_move(&p->body.roll_deg, p->t_s, turn_s, roll_deg);
	body_move(leg, p->t_s, turn_s / 2, home_deg + slid_deg);
	body_move(leg, p->t_s + turn_s / 2, turn_s / 2, people_between(p, 0, 4));
	p->t_s += turn_s;
}

void people_lay_sets(struct people *p)
{
	static const double rolls_deg[] = {0, 90, 180, -90};
	unsigned position;

	tremble(p);
	position = (unsigned)people_between(p, 0, 4) % 4;
	body_move(&p->body.roll_deg, -1, 0.5, rolls_deg[position]);
	p->t_s = people_between(p, 1.5, 4);
	for (unsigned set = 0; set < 3; set++) {
		double home_deg = body_at(leg_of(p), p->t_s);
		struct person_set usual = person_set(&p->random, set == 0, home_deg);

		for (unsigned i = 0; i < PERSON_SET_REPS; i++) {
			struct person_wish wish = person_set_next(&p->random, &usual);

			raise(p, &wish, 0);
		}
		body_move(leg_of(p), p->t_s, 1.5, home_deg);
		p->t_s += 3;
		if (p->kit == PEOPLE_LEG) {
			body_move(&p->body.lean_deg, p->t_s, 1.5, people_between(p, -30, 30));
		} else {
			position = (position + 1 + (unsigned)people_between(p, 0, 3) % 3) % 4;
			turn_over(p, rolls_deg[position] + people_between(p, -20, 20));
		}
		p->t_s += people_between(p, 12, 20);
	}
	p->play.to_s = p->t_s;
}

void people_lay_kinds(struct people *p)
{
	double usual_deg = people_between(p, 20, 80), deg_s = people_between(p, 12, 25);

	tremble(p);
	p->t_s = people_between(p, 1.5, 4);
	for (unsigned i = 0; i < 18; i++) {
		bool is_odd = i >= 6 && is_by_chance(p, 0.4), is_low = is_by_chance(p, 0.5);
		unsigned kinds = 0;
		struct person_wish r = {.rest_deg = people_between(p, 0, 0.1) * usual_deg,
			.range_deg = usual_deg * people_between(p, 0.85, 1.15),
			.deg_s = {0.9 * deg_s, 1.1 * deg_s},
			.is_plain = true};

		if (is_odd && is_low) {
			/* As long, but low. */
			r.range_deg = usual_deg * people_between(p, 0.35, 0.5);
			r.deg_s[0] = r.deg_s[1] = deg_s * r.range_deg / usual_deg;
			kinds = REP_KIND_BIT(REP_KIND_LOW_AMPLITUDE);
		} else if (is_odd) {
			r.deg_s[0] = 2.2 * deg_s;
			r.deg_s[1] = 3 * deg_s;
			kinds = REP_KIND_BIT(REP_KIND_FAST);
		}
		r.range_deg -= body_at(leg_of(p), p->t_s);
		raise(p, &r, kinds);
	}
	p->play.to_s = p->t_s;
}

void people_lay_shifts(struct people *p)
{
	static const struct person_wish raises = {
		.range_deg = 12, .deg_s = {8, 12}, .is_plain = true};
	struct body_track *leg = leg_of(p);

	p->t_s = 3;
	for (unsigned i = 0; i < 2; i++) {
		double home_deg = body_at(leg, p->t_s);
		struct person_wish r = raises;

		body_move(leg, p->t_s, 0.6, home_deg + 4.6);
		body_move(leg, p->t_s + 0.6, 0.6, home_deg);
		body_move(leg, p->t_s + 1.2, 0.6, home_deg + 2.4);
		p->t_s += people_between(p, 18, 24);
		r.rest_deg = body_at(leg, p->t_s);
		raise(p, &r, 0);
		p->t_s += 3;
	}
	p->play.to_s = p->t_s;
}

void people_lay_turns(struct people *p)
{
	static const struct person_wish raises = {
		.range_deg = 40, .deg_s = {20, 40}, .is_plain = true};

	tremble(p);
	p->t_s = people_between(p, 8, 12);
	for (unsigned turn = 1; turn <= 3; turn++) {
		turn_over(p, (turn & 1) * (is_by_chance(p, 0.5) ? 180 : 90));
		p->t_s += people_between(p, 2.5, 3.5);
		for (unsigned i = 0; i < 2; i++) {
			struct person_wish r = raises;

			r.rest_deg = body_at(leg_of(p), p->t_s);
			raise(p, &r, 0);
		}
		p->t_s += people_between(p, 3, 12);
	}
	p->play.to_s = p->t_s;
}

void people_lay_holds(struct people *p)
{
	struct body_track *leg = leg_of(p);

	p->body.tremor_hz = people_between(p, 5, 9);
	p->body.held_tremor_deg = people_between(p, 0.1, 0.3);
	p->t_s = people_between(p, 3, 6);
	for (unsigned i = 0; i < 6; i++) {
		struct people_rep *rep = &p->rep[p->n++];

		rep->from_s = p->t_s;
		rep->range_deg = people_between(p, 60, 85);
		body_move(leg, p->t_s, 2, rep->range_deg);
		p->t_s += 2 + people_between(p, 5, 10);
		body_move(leg, p->t_s, 2, 0);
		p->t_s += 2;
		rep->to_s = p->t_s;
		p->t_s += people_between(p, 1, 3);
	}
	p->play.to_s = p->t_s;
}

static void both_legs(struct people *p, double move_s, double deg)
{
	for (unsigned side = 0; side < LEGS; side++)
		body_move(&p->body.elevation_deg[side], p->t_s, move_s, deg);
}

static void walk(struct people *p, unsigned strides)
{
	bool right_first = is_by_chance(p, 0.5);
	double step_s = people_between(p, 0.45, 0.65), forth = people_between(p, 18, 28);
	double back = people_between(p, 10, 18), t_s = p->t_s;

	p->body.step_s = step_s;
	p->body.bounce_mps2 = people_between(p, 1.5, 4);
	p->body.strike_mps2 = people_between(p, 2, 8);
	if (p->body.walk_to_s <= 0)
		p->body.walk_from_s = t_s;
	for (unsigned i = 0; i < strides; i++, t_s += 2 * step_s)
		for (unsigned side = 0; side < LEGS; side++) {
			struct body_track *leg = &p->body.elevation_deg[side];
			double at_s = t_s + step_s * (side != right_first);

			body_move(leg, at_s, step_s, -90 + forth);
			body_move(leg, at_s + step_s, step_s, -90 - back);
		}
	p->t_s = p->body.walk_to_s = t_s + step_s;
	both_legs(p, 0.6, -90);
}

void people_lay_walks(struct people *p)
{
	unsigned walks = 3 + (unsigned)people_between(p, 0, 4);

	body_move(&p->body.trunk_deg, -1, 0.5, 90);
	p->t_s = -1;
	both_legs(p, 0.5, -90);
	p->t_s = people_between(p, 2, 5);
	for (unsigned i = 0; i < walks; i++) {
		walk(p, 1 + (unsigned)people_between(p, 0, 5));
		p->t_s += people_between(p, 2, 12);
	}
	p->play.to_s = p->t_s;
}

/* The sensor in the hands, turned this way and that, then put on. */
static void strap_on(struct people *p)
{
	double until_s = p->t_s + people_between(p, 4, 9);

	for (unsigned i = 0; i < p->play.n_worn; i++)
		for (unsigned axis = 0; axis < 2; axis++)
			p->play.worn[i].handled_deg[axis] = &p->handled_deg[axis];
	while (p->t_s < until_s) {
		double move_s = people_between(p, 0.4, 1.2);

		for (unsigned axis = 0; axis < 2; axis++)
			body_move(&p->handled_deg[axis], p->t_s, move_s,
				body_at(&p->handled_deg[axis], p->t_s) +
					people_between(p, -80, 80));
		p->t_s += move_s + people_between(p, 0, 0.8);
	}
}

/* Leans forward to stand up or sit down. */
static void lean(struct people *p, double seconds)
{
	body_move(&p->body.trunk_deg, p->t_s, seconds / 2, people_between(p, 115, 135));
	body_move(&p->body.trunk_deg, p->t_s + seconds / 2, seconds / 2, 90);
}

static void stand_up(struct people *p)
{
	double seconds = people_between(p, 1, 2);

	lean(p, seconds);
	both_legs(p, seconds, -90);
	p->t_s += seconds;
}

static void sit_down(struct people *p)
{
	double seconds = people_between(p, 1, 2);

	lean(p, seconds);
	both_legs(p, seconds, people_between(p, -8, 5));
	p->t_s += seconds;
}

void people_lay_about(struct people *p)
{
	double seconds;

	p->t_s = people_between(p, 1, 3);
	strap_on(p);
	p->t_s += people_between(p, 3, 8);
	turn_over(p, is_by_chance(p, 0.5) ? 90 : -90);
	p->t_s += people_between(p, 4, 10);
	turn_over(p, 0);
	p->t_s += people_between(p, 3, 8);
	p->up_s = p->t_s;
	seconds = people_between(p, 1, 2);
	body_move(&p->body.trunk_deg, p->t_s, seconds, 90);
	p->t_s += seconds + people_between(p, 2, 20);
	stand_up(p);
	p->t_s += people_between(p, 0.5, 4);
	walk(p, 2 + (unsigned)people_between(p, 0, 5));
	p->t_s += people_between(p, 2, 6);
	sit_down(p);
	p->t_s += people_between(p, 5, 40);
	stand_up(p);
	p->t_s += people_between(p, 1, 5);
	sit_down(p);
	p->t_s += people_between(p, 2, 6);
	seconds = people_between(p, 1.5, 3);
	body_move(&p->body.trunk_deg, p->t_s, seconds, 0);
	both_legs(p, seconds, 0);
	p->t_s += seconds + people_between(p, 5, 10);
	p->play.to_s = p->t_s;
}

static void raise_six(struct people *p, double low_deg, double high_deg)
{
	double usual_deg = people_between(p, low_deg, high_deg),
	       home_deg = body_at(leg_of(p), p->t_s);

	for (unsigned i = 0; i < 6; i++)
		raise(p,
			&(struct person_wish){.deg_s = {12, 50},
				.range_deg = usual_deg * people_between(p, 0.8, 1.2),
				.rest_deg = home_deg + people_between(p, 0, 0.1) * usual_deg},
			0);
	body_move(leg_of(p), p->t_s, 1, home_deg);
	p->t_s += 1;
}

static void lie_down(struct people *p)
{
	double seconds = people_between(p, 2, 4);

	body_move(&p->body.trunk_deg, p->t_s, seconds, 0);
	both_legs(p, seconds, 0);
	p->t_s += seconds;
}

void people_lay_visit(struct people *p)
{
	tremble(p);
	body_move(&p->body.trunk_deg, -1, 0.5, 90);
	p->t_s = -1;
	both_legs(p, 0.5, -90);
	p->t_s = people_between(p, 2, 5);
	walk(p, 3 + (unsigned)people_between(p, 0, 6));
	p->t_s += people_between(p, 3, 6);
	raise_six(p, 15, 60);
	p->t_s += people_between(p, 12, 15);
	lie_down(p);
	p->t_s += people_between(p, 21, 25);
	turn_over(p, is_by_chance(p, 0.5) ? 90 : -90);
	p->t_s += people_between(p, 4, 10);
	turn_over(p, 0);
	p->t_s += people_between(p, 11, 15);
	raise_six(p, 10, 90);
	p->t_s += people_between(p, 4, 20);
	p->up_s = p->t_s;
	body_move(&p->body.trunk_deg, p->t_s, 1.5, 90);
	p->t_s += people_between(p, 3, 8);
	stand_up(p);
	p->t_s += people_between(p, 1, 3);
	sit_down(p);
	p->t_s += people_between(p, 5, 12);
	stand_up(p);
	p->play.to_s = p->t_s + 5;
}
