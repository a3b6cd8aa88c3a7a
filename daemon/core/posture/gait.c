// SPDX-License-Identifier: MIT
#include "daemon/core/posture/gait.h"

#include <math.h>
#include <string.h>

#include "coxad/base/units.h"

/* 1 - cos of 6 degrees: a swing is over when the leg has come back by so much. */
#define TURN 0.0055
/* Half a stride takes 0.45 to 0.75 s and turns the thigh by 25 to 50 degrees (Winter), at first by
 * less; here 0.2 to 0.95 s, and 1 - cos of 15 and 80 degrees. */
#define SWING_ROWS_LEAST 20
#define SWING_ROWS_MOST  95
#define SWING_LEAST      0.034
#define SWING_MOST       0.826
/* People who raise a leg fast (S72) make two of these without a rest, never three. */
#define SWINGS 3
/* And so many before another direction is believed than that of an earlier walk. */
#define SWINGS_OTHER 8
/* A thigh that walks shakes by more than 0.3 g (the full-body recordings); by this where a slow
 * sensor misses the heels, and more than a leg that pulses in the air (estimate). */
#define STEP_KNOCK_G 0.03
/* Forth and back about one axis. */
#define SAME_AXIS -0.5

/* At any instant of a stride a thigh is this near to its mean direction, which is that of standing;
 * seated and lying it is further off than that. */
#define UPRIGHT_DEG 35.0
#define LOW_DEG     55.0
#define SEAT_DEG    75.0
/* Who stands does not hold a leg up at that height for so long, but a seat does (estimate). */
#define SEAT_US 3000000
/* The axis of a turn is so near to the leg's length. */
#define LENGTH_DEG 30.0
/* So often in a row it is rather worn in another way since. */
#define REFUSED_MOST 3

void gait_init(struct gait *g)
{
	memset(g, 0, sizeof(*g));
}

static double angle_deg(struct vec3 a, struct vec3 b)
{
	return DEG_PER_RAD * vec3_angle(a, b);
}

static void begin_walk(struct gait *g)
{
	g->swings = g->knocks = 0;
	g->knock_g = 0;
	g->sum = (struct vec3){0, 0, 0};
}

static void begin_swing(struct gait *g, struct vec3 from, struct vec3 up, unsigned rows)
{
	g->swing = (struct gait_swing){from, up, 1 - vec3_dot(from, up), rows, rows};
	g->has_swing = true;
}

static bool is_half_stride(const struct gait_swing *s)
{
	return s->far_rows >= SWING_ROWS_LEAST && s->far_rows <= SWING_ROWS_MOST &&
	       s->away >= SWING_LEAST && s->away <= SWING_MOST;
}

static void learn(struct gait *g)
{
	struct vec3 upright = vec3_unit(g->sum);
	bool is_other = g->has_upright && angle_deg(upright, g->upright) > UPRIGHT_DEG;

	if (g->swings < (is_other ? SWINGS_OTHER : SWINGS) ||
		!(g->knock_g > STEP_KNOCK_G * g->knocks))
		return;
	g->upright = upright;
	g->has_upright = true;
	g->refused = 0;
}

static void end_swing(struct gait *g, struct vec3 up)
{
	struct gait_swing s = g->swing;
	struct vec3 axis = vec3_unit(vec3_cross(s.from, s.far));

	if (!is_half_stride(&s) || (g->swings && vec3_dot(axis, g->axis) > SAME_AXIS))
		begin_walk(g);
	g->axis = axis;
	if (is_half_stride(&s)) {
		g->swings++;
		g->sum = vec3_add(g->sum, vec3_add(s.from, s.far));
	}
	begin_swing(g, s.far, up, s.rows - s.far_rows);
	learn(g);
}

static void follow_swing(struct gait *g, struct vec3 up)
{
	struct gait_swing *s = &g->swing;
	double away = 1 - vec3_dot(up, s->from);

	s->rows++;
	if (away > s->away) {
		s->away = away;
		s->far = up;
		s->far_rows = s->rows;
	}
	if (s->away > TURN && 1 - vec3_dot(up, s->far) > TURN) {
		end_swing(g, up);
	} else if (s->rows - s->far_rows > SWING_ROWS_MOST) {
		begin_walk(g);
		begin_swing(g, up, up, 0);
	}
}

static void follow_way(struct gait_way *way, struct vec3 up)
{
	double away = 1 - vec3_dot(up, way->start);

	if (away <= way->reach)
		return;
	way->reach = away;
	way->top = up;
}

void gait_row(struct gait *g, const struct timeline_cell *cell)
{
	if (!cell->has) {
		g->has_swing = false;
		begin_walk(g);
		return;
	}
	if (!g->has_swing)
		begin_swing(g, cell->up, cell->up, 0);
	/* A row without a sample has no knock. */
	if (cell->knock_g > 0) {
		g->knock_g += cell->knock_g;
		g->knocks++;
	}
	follow_swing(g, cell->up);
	follow_way(&g->run, cell->up);
}

void gait_begin(struct gait *g, struct vec3 start)
{
	g->run = (struct gait_way){.start = start, .top = start};
}

void gait_end(struct gait *g, int64_t held_us)
{
	g->done = g->run;
	g->done.held_us = held_us;
	g->refused = gait_judge(g).why ? g->refused + 1 : 0;
	if (g->refused > REFUSED_MOST)
		g->has_upright = false;
}

/* From the leg's length, in either sense. */
static double axis_off_deg(const struct gait *g)
{
	double off_deg = angle_deg(vec3_cross(g->done.start, g->done.top), g->upright);

	return fmin(off_deg, 180 - off_deg);
}

struct gait_verdict gait_judge(const struct gait *g)
{
	const struct gait_way *way = &g->done;
	double from_deg, to_deg;

	if (!g->has_upright || !(way->reach > 0))
		return (struct gait_verdict){0};
	from_deg = angle_deg(way->start, g->upright);
	to_deg = angle_deg(way->top, g->upright);
	if (from_deg > LOW_DEG && to_deg < UPRIGHT_DEG)
		return (struct gait_verdict){
			"ended upright, as when walking: the body stood up", to_deg, UPRIGHT_DEG};
	if (from_deg < UPRIGHT_DEG && to_deg > SEAT_DEG && way->held_us > SEAT_US)
		return (struct gait_verdict){
			"began upright, then rested: the body sat down", to_deg, SEAT_DEG};
	if (from_deg > LOW_DEG && axis_off_deg(g) < LENGTH_DEG)
		return (struct gait_verdict){"about the leg's own length: the body turned over",
			axis_off_deg(g), LENGTH_DEG};
	return (struct gait_verdict){0};
}
