// SPDX-License-Identifier: MIT
#include "gym/timeline-move.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "gym/timeline-add.h"

#define HOOK_DEG     52
#define UPRIGHT_DEG  90
#define STANDING_DEG (-90)
#define RAISE_DEG    62 /* in the calibration */

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

void timeline_move_pose(struct player *p, enum pose pose, double seconds)
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

void timeline_move_tilt(struct player *p, double tilt_deg, double seconds)
{
	if (tilt_deg != p->tilt_deg)
		move(p, BODY_TILT, p->now_s, seconds, tilt_deg);
	p->tilt_deg = tilt_deg;
	p->now_s += seconds;
}

void timeline_move_walk(struct player *p, double seconds)
{
	const double hz = 0.9;

	timeline_move_pose(p, POSE_UPRIGHT, p->pose == POSE_UPRIGHT ? 0 : 4);
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

/* ---- calibration, paced like the first example recording: a person takes about a minute */

static void calibration_raise(struct player *p, enum body_track leg)
{
	p->now_s += 1.2;
	for (unsigned i = 0; i < 2; i++) {
		move(p, leg, p->now_s, 2, p->elevation_deg + RAISE_DEG);
		move(p, leg, p->now_s + 2.6, 2.4, p->elevation_deg);
		p->now_s += 6.2;
	}
	p->now_s += 1;
}

/* Where a repetition starts: hanging from a bar, with the feet on the floor, or lying flat. */
static enum pose start_pose(const struct player *p)
{
	return p->is_hanging ? POSE_UPRIGHT : p->is_bent ? POSE_HOOK : POSE_LYING;
}

static void take_position(struct player *p, enum calibration_step step)
{
	enum pose hooked = p->is_hanging ? POSE_UPRIGHT : POSE_HOOK;
	enum pose flat = p->is_hanging ? POSE_UPRIGHT : POSE_LYING;
	bool is_raise =
		step == CALIBRATION_STEP_LEG_RAISE_LEFT || step == CALIBRATION_STEP_LEG_RAISE_RIGHT;

	if (step <= CALIBRATION_STEP_PELVIC_TILTS && p->pose != hooked)
		timeline_move_pose(p, hooked, 2);
	if (is_raise && p->pose != flat)
		timeline_move_pose(p, flat, 2);
	if (step != CALIBRATION_STEP_CLAP)
		timeline_move_tilt(p,
			step == CALIBRATION_STEP_NEUTRAL ? p->script->athlete[p->athlete].span_deg
							 : 0,
			1);
}

static void pelvic_tilts(struct player *p)
{
	p->now_s += 0.5;
	for (unsigned i = 0; i < 3; i++) {
		timeline_move_tilt(p, p->script->athlete[p->athlete].span_deg, 1.5);
		timeline_move_tilt(p, 0, 1.5);
	}
	p->now_s += 1;
}

static void claps(struct player *p, const struct script_item *item)
{
	for (unsigned i = 1; i <= 3; i++)
		timeline_add_sound(p->timeline, p->now_s + i, item, SIZE_MAX);
	p->now_s += 5;
}

static void calibrate_step(
	struct player *p, const struct script_item *item, enum calibration_step step)
{
	take_position(p, step);
	p->now_s += 1;
	timeline_add_command(p->timeline, p->now_s, "calibrate",
		alloc_printf("{\"kit\":\"%s\",\"step\":\"%s\"}", p->kit ? p->kit : "",
			calibration_step_to_string(step)));
	switch (step) {
	case CALIBRATION_STEP_NEUTRAL:
	case CALIBRATION_STEP_FLAT_BACK:
		p->now_s += 4.2;
		break;
	case CALIBRATION_STEP_PELVIC_TILTS:
		pelvic_tilts(p);
		break;
	case CALIBRATION_STEP_LEG_RAISE_LEFT:
		calibration_raise(p, BODY_ELEVATION_LEFT);
		break;
	case CALIBRATION_STEP_LEG_RAISE_RIGHT:
		calibration_raise(p, BODY_ELEVATION_RIGHT);
		break;
	case CALIBRATION_STEP_CLAP:
		claps(p, item);
		break;
	case CALIBRATION_STEP_COUNT:
		break;
	}
	p->timeline->calibrated_s[p->athlete] = p->now_s;
}

void timeline_move_calibrate(struct player *p, const struct script_item *item)
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

/* The share of its time after which a minimum-jerk move has done a share of its way. */
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

/* Which half of which repetition, as the lines after its set name it. */
struct half {
	unsigned rep;
	enum phase phase;
};

static bool is_in_half(const struct script_item *item, struct half half)
{
	return item->kind == SCRIPT_SOUND && item->when.kind == SCRIPT_WHEN_REP &&
	       item->when.rep == half.rep && item->when.phase == half.phase;
}

/* What the pops of this half, further down in the script, do to its movement. */
static void add_warps(const struct player *p, const struct script_item *set, struct half half,
	double from_deg, struct body_move *move)
{
	const struct script_item *end = p->script->item + p->script->n_items;

	for (const struct script_item *i = set + 1; i < end; i++) {
		double at;

		if (i->athlete != set->athlete)
			continue;
		if (i->kind < SCRIPT_SOUND)
			break;
		if (!is_in_half(i, half) || move->n_warps == BODY_WARPS_MAX ||
			(i->sound.arrest_ms == 0 && i->sound.surge == 1))
			continue;
		at = move->duration_s *
		     min_jerk_time((i->when.elevation_deg - from_deg) / (move->to - from_deg));
		move->warp[move->n_warps++] =
			i->sound.arrest_ms > 0
				? (struct body_warp){at, 0.05, i->sound.arrest_ms / 1e3, 0.15, 0.1}
				: (struct body_warp){at, 0.1, 0.05, 0.2, i->sound.surge};
	}
	qsort(move->warp, move->n_warps, sizeof(move->warp[0]), by_instant);
}

static void arch_back(struct player *p, const struct script_set *set, enum body_track leg,
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

/* Raises and lowers one leg; fills in when. Returns the instant it is down again. */
static double raise_and_lower(struct player *p, const struct script_item *item, unsigned number,
	bool is_right, struct timeline_rep *rep)
{
	const struct script_set *set = &item->set;
	enum body_track track = is_right ? BODY_ELEVATION_RIGHT : BODY_ELEVATION_LEFT;
	struct body_move up = {
		.duration_s = set->raise_s, .start_s = rep->start_s, .to = rep->top_deg};
	struct body_move down = {.duration_s = set->lower_s,
		.to = rep->base_deg,
		.tremor_deg = set->tremor_deg,
		.hz = set->tremor_hz,
		.bulge_deg = is_right ? -set->asymmetry_deg : 0};

	add_warps(p, item, (struct half){number, PHASE_RAISE}, rep->base_deg, &up);
	rep->raised_s = body_add(p->body, track, up);
	rep->lower_s = rep->raised_s + set->top_s;
	down.start_s = rep->lower_s;
	add_warps(p, item, (struct half){number, PHASE_LOWER}, rep->top_deg, &down);
	return body_add(p->body, track, down);
}

static void one_rep(struct player *p, const struct script_item *item, unsigned number)
{
	const struct script_set *set = &item->set;
	enum side side = set->side != SIDE_UNKNOWN ? set->side
			 : number % 2              ? SIDE_LEFT
						   : SIDE_RIGHT;
	struct timeline_rep rep = {.athlete = p->athlete,
		.item = item,
		.side = side,
		.start_s = p->now_s,
		.base_deg = p->elevation_deg,
		.top_deg = p->elevation_deg + set->range_deg};

	if (side != SIDE_RIGHT)
		rep.end_s = raise_and_lower(p, item, number, false, &rep);
	if (side != SIDE_LEFT)
		rep.end_s = raise_and_lower(p, item, number, true, &rep);
	arch_back(p, set, side == SIDE_LEFT ? BODY_ELEVATION_LEFT : BODY_ELEVATION_RIGHT,
		rep.lower_s, rep.end_s);
	if (set->roll_deg != 0)
		body_add(p->body, BODY_ROLL,
			(struct body_move){.start_s = rep.lower_s,
				.duration_s = rep.end_s - rep.lower_s,
				.bulge_deg = set->roll_deg});
	rep.bottom_s = rep.end_s + set->bottom_s;
	p->now_s = rep.bottom_s;
	timeline_add_rep(p->timeline, &rep);
}

void timeline_move_start(struct player *p)
{
	if (p->pose == start_pose(p))
		return;
	timeline_move_pose(p, start_pose(p), 2);
	p->now_s += 1;
}

void timeline_move_set(struct player *p, const struct script_item *item)
{
	timeline_move_start(p);
	if (p->tilt_deg != item->set.tilt_deg)
		timeline_move_tilt(p, item->set.tilt_deg, 1);
	p->now_s += 1.5; /* READY needs 300 ms of stillness */
	p->first_rep = p->timeline->n_reps;
	for (unsigned i = 1; i <= (unsigned)item->set.count; i++)
		one_rep(p, item, i);
}

/* Both legs up to 30 degrees, then up and down in turn. */
void timeline_move_flutter(struct player *p, const struct script_item *item)
{
	const struct script_set *set = &item->set;
	double hz = 1 / (set->raise_s + set->lower_s), seconds = set->count / hz;

	timeline_move_pose(p, POSE_LYING, p->pose == POSE_LYING ? 0 : 2);
	timeline_move_tilt(p, set->tilt_deg, 1);
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
