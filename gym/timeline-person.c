// SPDX-License-Identifier: MIT
#include "gym/timeline-person.h"

#include <math.h>

#include "gym/person.h"
#include "gym/timeline-add.h"
#include "gym/timeline-move.h"

#define TILT_DEG 1 /* the back is about flat */
#define SETTLE_S 3

/* Seconds 0: none. */
struct stretch {
	double seconds, to_deg;
	double tremor_deg;
};

static double move(struct player *p, enum side side, double hz, const struct stretch *stretch)
{
	static const enum body_track tracks[] = {BODY_ELEVATION_LEFT, BODY_ELEVATION_RIGHT};
	static const enum side other[] = {SIDE_RIGHT, SIDE_LEFT};

	for (unsigned i = 0; i < 2 && stretch->seconds > 0; i++)
		if (side != other[i])
			body_add(p->body, tracks[i],
				(struct body_move){.shape = BODY_SHAPE_MOVE,
					.start_s = p->now_s,
					.duration_s = stretch->seconds,
					.to = stretch->to_deg,
					.tremor_deg = stretch->tremor_deg,
					.hz = hz});
	p->now_s += stretch->seconds;
	return p->now_s;
}

static void raise(struct player *p, const struct person_raise *r, enum side side,
	const struct person_tremor *tremor, struct timeline_rep *rep)
{
	rep->start_s = p->now_s;
	rep->top_deg = r->top_deg;
	rep->raised_s = move(p, side, tremor->hz, &(struct stretch){r->up_s, r->top_deg, 0});
	rep->lower_s = move(
		p, side, tremor->hz, &(struct stretch){r->hold_s, r->held_deg, tremor->held_deg});
	move(p, side, tremor->hz, &(struct stretch){r->to_halt_s, r->halt_deg, tremor->deg});
	p->now_s += r->halt_s;
	rep->end_s =
		move(p, side, tremor->hz, &(struct stretch){r->down_s, r->rest_deg, tremor->deg});
	p->now_s += r->pause_s;
	rep->bottom_s = p->now_s;
}

static void one_set(struct player *p, const struct script_item *item, bool is_first, enum side side,
	const struct person_tremor *tremor)
{
	struct person_set set = person_set(&p->random, is_first, p->elevation_deg);
	double from_deg = p->elevation_deg;

	for (unsigned i = 0; i < PERSON_SET_REPS; i++) {
		struct person_wish wish = person_set_next(&p->random, &set);
		struct person_raise r = person_raise(&p->random, &wish, from_deg);
		struct timeline_rep rep = {
			.athlete = p->athlete, .item = item, .side = side, .base_deg = from_deg};

		raise(p, &r, side, tremor, &rep);
		timeline_add_rep(p->timeline, &rep);
		from_deg = r.rest_deg;
	}
	move(p, side, 0, &(struct stretch){1.5, set.home_deg, 0});
	p->now_s += SETTLE_S;
}

void timeline_person_train(struct player *p, const struct script_item *item)
{
	struct person_tremor tremor = person_tremor(&p->random);

	timeline_move_start(p);
	timeline_move_tilt(p, TILT_DEG, 1);
	p->now_s += random_between(&p->random, 1.5, 4);
	p->first_rep = p->timeline->n_reps;
	for (unsigned i = 0; i < (unsigned)item->value; i++) {
		enum side one = i % 2 ? SIDE_RIGHT : SIDE_LEFT;

		if (i)
			p->now_s += random_between(&p->random, 12, 20);
		one_set(p, item, i == 0, p->is_single ? one : SIDE_BOTH, &tremor);
	}
}
