// SPDX-License-Identifier: MIT
/* How a body does what a line of its timeline says. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "gym/timeline-private.h"

#define HOOK_DEG     52
#define UPRIGHT_DEG  90
#define STANDING_DEG (-90)
#define RAISE_DEG    62 /* of the calibration */

static double move(
	struct player *p, enum body_track track, double start_s, double seconds, double to)
{
	return body_add(p->body, track,
		(struct body_move){.shape = BODY_SHAPE_MOVE,
			.start_s = start_s,
			.duration_s = seconds,
			.to = to});
}

static void move_legs(struct player *p, double seconds, double to)
{
	move(p, BODY_ELEVATION_LEFT, p->now_s, seconds, to);
	move(p, BODY_ELEVATION_RIGHT, p->now_s, seconds, to);
	p->elevation_deg = to;
}

void timeline_pose(struct player *p, enum pose pose, double seconds)
{
	static const double legs[] = {0, HOOK_DEG, STANDING_DEG};
	static const double trunk[] = {0, 0, UPRIGHT_DEG};

	if (p->pose != pose) {
		move_legs(p, seconds, legs[pose]);
		move(p, BODY_TRUNK, p->now_s, seconds, trunk[pose]);
		p->pose = pose;
	}
	p->now_s += seconds;
}

void timeline_tilt(struct player *p, double tilt_deg, double seconds)
{
	if (tilt_deg != p->tilt_deg)
		move(p, BODY_TILT, p->now_s, seconds, tilt_deg);
	p->tilt_deg = tilt_deg;
	p->now_s += seconds;
}

void timeline_walk(struct player *p, double seconds)
{
	const double hz = 0.9;

	timeline_pose(p, POSE_UPRIGHT, p->pose == POSE_UPRIGHT ? 0 : 4);
	for (unsigned i = 0; i < 2; i++)
		body_add(p->body, i ? BODY_ELEVATION_RIGHT : BODY_ELEVATION_LEFT,
			(struct body_move){.shape = BODY_SHAPE_SWING,
				.start_s = p->now_s,
				.duration_s = seconds,
				.to = 25,
				.hz = hz,
				.phase_rad = i ? M_PI : 0});
	body_add_bounce(p->body, p->now_s, seconds, hz, 2);
	p->now_s += seconds;
}

/* ---- calibration: the times of the first example of this kind, a person takes about a minute */

static void calibration_raise(struct player *p, enum body_track leg)
{
	for (unsigned i = 0; i < 2; i++) {
		move(p, leg, p->now_s, 2, p->elevation_deg + RAISE_DEG);
		move(p, leg, p->now_s + 2.6, 2.4, p->elevation_deg);
		p->now_s += 6.2;
	}
	p->now_s += 1;
}

/* Where a repetition begins: feet on the floor, hanging from a bar, or flat. */
static enum pose start_pose(const struct player *p)
{
	return p->is_hanging ? POSE_UPRIGHT : p->is_bent ? POSE_HOOK : POSE_LYING;
}

static void calibrate_step(
	struct player *p, const struct script_item *item, enum calibration_step step)
{
	double span = p->script->athlete[p->athlete].span_deg;
	enum pose hooked = p->is_hanging ? POSE_UPRIGHT : POSE_HOOK;
	enum pose flat = p->is_hanging ? POSE_UPRIGHT : POSE_LYING;
	const char *name = calibration_step_to_string(step);

	if (step <= CALIBRATION_STEP_PELVIC_TILTS && p->pose != hooked)
		timeline_pose(p, hooked, 2);
	if ((step == CALIBRATION_STEP_LEG_RAISE_LEFT || step == CALIBRATION_STEP_LEG_RAISE_RIGHT) &&
		p->pose != flat)
		timeline_pose(p, flat, 2);
	if (step != CALIBRATION_STEP_CLAP)
		timeline_tilt(p, step == CALIBRATION_STEP_NEUTRAL ? span : 0, 1);
	p->now_s += 1;
	timeline_send(p, p->now_s, "calibrate",
		alloc_printf("{\"kit\":\"%s\",\"step\":\"%s\"}", p->kit ? p->kit : "", name));
	switch (step) {
	case CALIBRATION_STEP_NEUTRAL:
	case CALIBRATION_STEP_FLAT_BACK:
		p->now_s += 4.2;
		break;
	case CALIBRATION_STEP_PELVIC_TILTS:
		p->now_s += 0.5;
		for (unsigned i = 0; i < 3; i++) {
			timeline_tilt(p, span, 1.5);
			timeline_tilt(p, 0, 1.5);
		}
		p->now_s += 1;
		break;
	case CALIBRATION_STEP_LEG_RAISE_LEFT:
	case CALIBRATION_STEP_LEG_RAISE_RIGHT:
		p->now_s += 1.2;
		calibration_raise(p, step == CALIBRATION_STEP_LEG_RAISE_LEFT
					     ? BODY_ELEVATION_LEFT
					     : BODY_ELEVATION_RIGHT);
		break;
	case CALIBRATION_STEP_CLAP:
		for (unsigned i = 1; i <= 3; i++)
			timeline_add_sound(p, p->now_s + i, item, SIZE_MAX);
		p->now_s += 5;
		break;
	case CALIBRATION_STEP_COUNT:
		break;
	}
	p->timeline->calibrated_s[p->athlete] = p->now_s;
}

void timeline_calibrate(struct player *p, const struct script_item *item)
{
	enum calibration_step step;

	if (strcmp(item->text, "all") != 0) {
		if (calibration_step_from_string(item->text, &step) >= 0)
			calibrate_step(p, item, step);
		return;
	}
	for (unsigned i = 0; i < CALIBRATION_STEP_CLAP; i++)
		calibrate_step(p, item, (enum calibration_step)i);
}

/* ---- sets */

/* Share of its way -> share of its time, of a minimum-jerk move. */
static double min_jerk_time(double way)
{
	double low = 0, high = 1;

	for (unsigned i = 0; i < 60; i++) {
		double x = (low + high) / 2;
		if (x * x * x * (10 - 15 * x + 6 * x * x) < way)
			low = x;
		else
			high = x;
	}
	return (low + high) / 2;
}

static int by_instant(const void *a, const void *b)
{
	const struct body_warp *x = a, *y = b;

	return x->at_s < y->at_s ? -1 : x->at_s > y->at_s;
}

/* What the pops of this repetition, further down in the script, do to the movement. */
static void add_warps(const struct player *p, const struct script_item *set, unsigned rep,
	enum phase phase, double from, struct body_move *move)
{
	const struct script_item *end = p->script->item + p->script->n_items;

	for (const struct script_item *i = set + 1; i < end; i++) {
		double at;

		if (i->athlete != set->athlete)
			continue;
		if (i->kind < SCRIPT_SOUND)
			break;
		if (i->kind != SCRIPT_SOUND || i->when.kind != SCRIPT_WHEN_REP ||
			i->when.rep != rep || i->when.phase != phase || move->n_warps == 4 ||
			(i->sound.arrest_ms == 0 && i->sound.surge == 1))
			continue;
		at = move->duration_s *
		     min_jerk_time((i->when.elevation_deg - from) / (move->to - from));
		move->warp[move->n_warps++] =
			i->sound.arrest_ms > 0
				? (struct body_warp){at, 0.05, i->sound.arrest_ms / 1e3, 0.15, 0.1}
				: (struct body_warp){at, 0.1, 0.05, 0.2, i->sound.surge};
	}
	qsort(move->warp, move->n_warps, sizeof(move->warp[0]), by_instant);
}

static void lower_back(struct player *p, const struct script_set *set, enum body_track leg,
	double start_s, double end_s)
{
	if (isnan(set->arch_deg))
		return;
	body_add(p->body, BODY_TILT,
		(struct body_move){.shape = BODY_SHAPE_ARCH,
			.start_s = start_s,
			.duration_s = end_s - start_s,
			.to = set->arch_deg,
			.arch_from_deg = set->arch_from_deg,
			.arch_to_deg = set->arch_to_deg,
			.follows = leg});
	move(p, BODY_TILT, end_s, fmin(0.8, set->bottom_s * 0.6 + 0.01), p->tilt_deg);
}

static void one_rep(struct player *p, const struct script_item *item, unsigned number)
{
	const struct script_set *set = &item->set;
	struct timeline *t = p->timeline;
	enum side side = set->side != SIDE_UNKNOWN ? set->side
			 : number % 2              ? SIDE_LEFT
						   : SIDE_RIGHT;
	double base = p->elevation_deg, top = base + set->range_deg, end = 0;
	struct timeline_rep rep = {.athlete = p->athlete,
		.item = item,
		.side = side,
		.start_s = p->now_s,
		.base_deg = base,
		.top_deg = top};

	for (unsigned leg = 0; leg < 2; leg++) {
		enum body_track track = leg ? BODY_ELEVATION_RIGHT : BODY_ELEVATION_LEFT;
		struct body_move up = {.duration_s = set->raise_s, .start_s = p->now_s, .to = top};
		struct body_move down = {.duration_s = set->lower_s,
			.to = base,
			.tremor_deg = set->tremor_deg,
			.hz = set->tremor_hz,
			.bulge_deg = leg ? -set->asymmetry_deg : 0};

		if (side == (leg ? SIDE_LEFT : SIDE_RIGHT))
			continue;
		add_warps(p, item, number, PHASE_RAISE, base, &up);
		rep.raised_s = body_add(p->body, track, up);
		rep.lower_s = rep.raised_s + set->top_s;
		down.start_s = rep.lower_s;
		add_warps(p, item, number, PHASE_LOWER, top, &down);
		end = body_add(p->body, track, down);
	}
	lower_back(p, set, side == SIDE_LEFT ? BODY_ELEVATION_LEFT : BODY_ELEVATION_RIGHT,
		rep.lower_s, end);
	if (set->roll_deg != 0)
		body_add(p->body, BODY_ROLL,
			(struct body_move){.start_s = rep.lower_s,
				.duration_s = end - rep.lower_s,
				.bulge_deg = set->roll_deg});
	rep.end_s = end;
	rep.bottom_s = end + set->bottom_s;
	p->now_s = rep.bottom_s;
	t->rep = timeline_grow(t->rep, &t->n_reps, sizeof(*t->rep));
	t->rep[t->n_reps - 1] = rep;
}

void timeline_set(struct player *p, const struct script_item *item)
{
	if (p->pose != start_pose(p)) {
		timeline_pose(p, start_pose(p), 2);
		p->now_s += 1;
	}
	if (p->tilt_deg != item->set.tilt_deg)
		timeline_tilt(p, item->set.tilt_deg, 1);
	p->now_s += 1.5; /* READY needs 300 ms of stillness */
	p->first_rep = p->timeline->n_reps;
	for (unsigned i = 1; i <= (unsigned)item->set.count; i++)
		one_rep(p, item, i);
}

/* Legs up to 30 degrees, then in turn, up and down. */
void timeline_flutter(struct player *p, const struct script_item *item)
{
	const struct script_set *set = &item->set;
	double hz = 1 / (set->raise_s + set->lower_s), seconds = set->count / hz;

	timeline_pose(p, POSE_LYING, p->pose == POSE_LYING ? 0 : 2);
	timeline_tilt(p, set->tilt_deg, 1);
	p->now_s += 1;
	move_legs(p, 1.5, 30);
	p->now_s += 1.8;
	for (unsigned i = 0; i < 2; i++)
		body_add(p->body, i ? BODY_ELEVATION_RIGHT : BODY_ELEVATION_LEFT,
			(struct body_move){.shape = BODY_SHAPE_SWING,
				.start_s = p->now_s,
				.duration_s = seconds,
				.to = set->range_deg / 2,
				.hz = hz,
				.phase_rad = i ? M_PI : 0});
	p->now_s += seconds;
	move_legs(p, 2, 0);
	p->now_s += 2 + set->bottom_s;
}
