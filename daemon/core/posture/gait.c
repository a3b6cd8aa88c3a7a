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

/* A raised leg comes back beside the way it went by 20 degrees at most (S72), what is in the hands by 50
 * and more. */
#define BESIDE_DEG 30.0
/* It turns back about the vertical as well, but for 12 degrees (S72) and a gyroscope's offset. */
#define YAW_DEG   20.0
#define YAW_DEG_S 2.0
/* Turned by more and lying still there for longer: the body turned onto a side. Of S72, legs that are
 * held up for 4.4 to 5.3 s shake by 2.6 times their quietest second before and more. */
#define TURNED_DEG  60.0
#define LAIN_US     4500000
#define LAIN_S      3
#define STILL_SHARE 1.3
#define SECOND_ROWS (US_PER_S / TIMELINE_STEP_US)

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

static void follow_quiet(struct gait *g, double knock_g)
{
	struct gait_quiet *q = &g->quiet;
	double mean_g;

	/* A row without a sample has no knock. */
	if (knock_g > 0) {
		q->sum_g += knock_g;
		q->knocks++;
	}
	if (++q->rows < SECOND_ROWS)
		return;
	mean_g = q->sum_g / fmax(q->knocks, 1);
	g->run.still_s = mean_g < STILL_SHARE * g->run.quiet_g ? g->run.still_s + 1 : 0;
	if (g->run.still_s > g->run.lain_s)
		g->run.lain_s = g->run.still_s;
	if (mean_g > 0 && (!(q->least_g > 0) || mean_g < q->least_g))
		q->least_g = mean_g;
	*q = (struct gait_quiet){.least_g = q->least_g};
}

static void follow_way(struct gait_way *way, struct vec3 up, struct vec3 gyr)
{
	double away = 1 - vec3_dot(up, way->start);

	way->rows++;
	way->yaw_deg += DEG_PER_RAD * vec3_dot(gyr, up) / SECOND_ROWS;
	way->arcs = vec3_add(way->arcs, vec3_cross(way->last, up));
	way->last = up;
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
	follow_quiet(g, cell->knock_g);
	follow_swing(g, cell->up);
	follow_way(&g->run, cell->up, cell->gyr);
}

void gait_begin(struct gait *g, struct vec3 start)
{
	g->run = (struct gait_way){
		.start = start, .top = start, .last = start, .quiet_g = g->quiet.least_g};
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

/* By how much the way back went beside the way there, in the mean. */
static double beside_deg(const struct gait_way *way)
{
	struct vec3 direct = vec3_scale(
		vec3_unit(vec3_cross(way->start, way->last)), vec3_angle(way->start, way->last));

	return DEG_PER_RAD * vec3_norm(vec3_sub(way->arcs, direct)) /
	       vec3_angle(way->start, way->top);
}

struct gait_verdict gait_judge_alone(const struct gait *g)
{
	struct gait_verdict verdict = gait_judge(g);
	const struct gait_way *way = &g->done;
	double yaw_limit_deg = YAW_DEG + YAW_DEG_S * way->rows / SECOND_ROWS;

	if (verdict.why || !(way->reach > 0))
		return verdict;
	if (beside_deg(way) > BESIDE_DEG)
		return (struct gait_verdict){
			"came back another way, as in the hands", beside_deg(way), BESIDE_DEG};
	if (fabs(way->yaw_deg) > yaw_limit_deg)
		return (struct gait_verdict){"came back turned about the vertical, as in the hands",
			fabs(way->yaw_deg), yaw_limit_deg};
	if (angle_deg(way->start, way->top) > TURNED_DEG && way->held_us > LAIN_US &&
		way->lain_s >= LAIN_S)
		return (struct gait_verdict){"lay still there: the body turned over",
			angle_deg(way->start, way->top), TURNED_DEG};
	return verdict;
}
