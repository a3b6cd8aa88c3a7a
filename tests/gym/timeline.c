// SPDX-License-Identifier: MIT
#include "tests/gym/timeline.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "tests/gym/random.h"

#define HOOK_DEG     52
#define UPRIGHT_DEG  90
#define STANDING_DEG (-90)
#define RAISE_DEG    62 /* of the calibration */

enum pose { POSE_LYING, POSE_HOOK, POSE_UPRIGHT };

struct player {
	struct timeline *timeline;
	const struct script *script;
	size_t athlete; /* index of the body; the room's is the last */
	struct body *body;
	double now_s;
	enum pose pose;
	double elevation_deg; /* where the legs rest */
	double tilt_deg;
	bool is_bent; /* the exercise begins hook-lying */
	const char *kit;
	double last_sound_s, last_symptom_s;
	size_t first_rep; /* of the last set */
	size_t last_sound, last_symptom;
};

static void *push(void *array, size_t *n, size_t size)
{
	char *p = reallocarray(array, *n + 1, size);

	if (!p)
		abort();
	memset(p + (*n)++ * size, 0, size);
	return p;
}

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

static void take_pose(struct player *p, enum pose pose, double seconds)
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

static void take_tilt(struct player *p, double tilt_deg, double seconds)
{
	if (tilt_deg != p->tilt_deg)
		move(p, BODY_TILT, p->now_s, seconds, tilt_deg);
	p->tilt_deg = tilt_deg;
	p->now_s += seconds;
}

static void send(struct player *p, double t_s, const char *verb, char *payload)
{
	struct timeline *t = p->timeline;

	t->command = push(t->command, &t->n_commands, sizeof(*t->command));
	t->command[t->n_commands - 1] = (struct timeline_command){
		llrint(t_s * 1e6), alloc_printf("command/%s", verb), payload};
}

static void walk(struct player *p, double seconds)
{
	const double hz = 0.9;

	take_pose(p, POSE_UPRIGHT, p->pose == POSE_UPRIGHT ? 0 : 4);
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
		move(p, leg, p->now_s, 2, RAISE_DEG);
		move(p, leg, p->now_s + 2.6, 2.4, 0);
		p->now_s += 6.2;
	}
	p->now_s += 1;
}

static void add_sound(struct player *p, double t_s, const struct script_item *item, size_t rep)
{
	struct timeline *t = p->timeline;

	t->sound = push(t->sound, &t->n_sounds, sizeof(*t->sound));
	t->sound[t->n_sounds - 1] = (struct timeline_sound){t_s, item, rep};
}

static void calibrate_step(
	struct player *p, const struct script_item *item, enum calibration_step step)
{
	double span = p->script->athlete[p->athlete].span_deg;
	const char *name = calibration_step_to_string(step);

	if (step <= CALIBRATION_STEP_PELVIC_TILTS && p->pose != POSE_HOOK)
		take_pose(p, POSE_HOOK, 2);
	if ((step == CALIBRATION_STEP_LEG_RAISE_LEFT || step == CALIBRATION_STEP_LEG_RAISE_RIGHT) &&
		p->pose != POSE_LYING)
		take_pose(p, POSE_LYING, 2);
	if (step != CALIBRATION_STEP_CLAP)
		take_tilt(p, step == CALIBRATION_STEP_NEUTRAL ? span : 0, 1);
	p->now_s += 1;
	send(p, p->now_s, "calibrate",
		alloc_printf("{\"kit\":\"%s\",\"step\":\"%s\"}", p->kit ? p->kit : "", name));
	switch (step) {
	case CALIBRATION_STEP_NEUTRAL:
	case CALIBRATION_STEP_FLAT_BACK:
		p->now_s += 4.2;
		break;
	case CALIBRATION_STEP_PELVIC_TILTS:
		p->now_s += 0.5;
		for (unsigned i = 0; i < 3; i++) {
			take_tilt(p, span, 1.5);
			take_tilt(p, 0, 1.5);
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
			add_sound(p, p->now_s + i, item, SIZE_MAX);
		p->now_s += 5;
		break;
	case CALIBRATION_STEP_COUNT:
		break;
	}
	p->timeline->calibrated_s[p->athlete] = p->now_s;
}

static void calibrate(struct player *p, const struct script_item *item)
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
	t->rep = push(t->rep, &t->n_reps, sizeof(*t->rep));
	t->rep[t->n_reps - 1] = rep;
}

static void play_set(struct player *p, const struct script_item *item)
{
	if (p->pose != (p->is_bent ? POSE_HOOK : POSE_LYING)) {
		take_pose(p, p->is_bent ? POSE_HOOK : POSE_LYING, 2);
		p->now_s += 1;
	}
	if (p->tilt_deg != item->set.tilt_deg)
		take_tilt(p, item->set.tilt_deg, 1);
	p->now_s += 1.5; /* READY needs 300 ms of stillness */
	p->first_rep = p->timeline->n_reps;
	for (unsigned i = 1; i <= (unsigned)item->set.count; i++)
		one_rep(p, item, i);
}

/* Legs up to 30 degrees, then in turn, up and down. */
static void play_flutter(struct player *p, const struct script_item *item)
{
	const struct script_set *set = &item->set;
	double hz = 1 / (set->raise_s + set->lower_s), seconds = set->count / hz;

	take_pose(p, POSE_LYING, p->pose == POSE_LYING ? 0 : 2);
	take_tilt(p, set->tilt_deg, 1);
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

/* ---- instants */

double timeline_rep_elevation(
	const struct timeline *timeline, const struct timeline_rep *rep, double t_s)
{
	const struct body *body = timeline->body[rep->athlete];
	double left = body_angle(body, BODY_ELEVATION_LEFT, t_s);
	double right = body_angle(body, BODY_ELEVATION_RIGHT, t_s);

	return rep->side == SIDE_LEFT ? left : rep->side == SIDE_RIGHT ? right : (left + right) / 2;
}

static double in_rep(const struct player *p, const struct script_when *when, size_t *ret_rep)
{
	const struct timeline *t = p->timeline;
	size_t index = p->first_rep + when->rep - 1;
	const struct timeline_rep *rep;
	double from, to;

	if (index >= t->n_reps || t->rep[index].athlete != p->athlete)
		return NAN;
	rep = &t->rep[index];
	*ret_rep = index;
	if (when->phase == PHASE_TOP)
		return (rep->raised_s + rep->lower_s) / 2;
	if (when->phase == PHASE_BOTTOM)
		return rep->end_s - 0.1;
	from = when->phase == PHASE_RAISE ? rep->start_s : rep->lower_s;
	to = when->phase == PHASE_RAISE ? rep->raised_s : rep->end_s;
	for (double s = from; s < to; s += 0.0005) {
		double a = timeline_rep_elevation(t, rep, s) - when->elevation_deg;
		double b = timeline_rep_elevation(t, rep, s + 0.0005) - when->elevation_deg;
		if (a == 0 || (a < 0) != (b < 0))
			return s;
	}
	return NAN;
}

static double instant(const struct player *p, const struct script_when *when, size_t *ret_rep)
{
	*ret_rep = SIZE_MAX;
	switch (when->kind) {
	case SCRIPT_WHEN_HERE:
		return p->now_s + when->offset_s;
	case SCRIPT_WHEN_START:
		return when->offset_s;
	case SCRIPT_WHEN_POP:
		return p->last_sound_s + when->offset_s;
	case SCRIPT_WHEN_SYMPTOM:
		return p->last_symptom_s + when->offset_s;
	case SCRIPT_WHEN_REP:
		return in_rep(p, when, ret_rep);
	}
	return NAN;
}

/* ---- what happens */

static void happen_sound(struct player *p, const struct script_item *item, double t_s, size_t rep)
{
	const struct script_sound *sound = &item->sound;
	const struct timeline *t = p->timeline;

	add_sound(p, t_s, item, rep);
	p->last_sound_s = t_s;
	p->last_sound = p->timeline->n_sounds - 1;
	p->last_symptom = SIZE_MAX;
	if (sound->shock_g == 0 || sound->wearable != SIZE_MAX)
		return;
	if (sound->sound.kind == SOUND_HEEL) {
		for (unsigned i = 0; i < 2; i++)
			body_add_shock(p->body,
				(struct body_shock){t_s, 0.03,
					i ? BODY_SEGMENT_THIGH_RIGHT : BODY_SEGMENT_THIGH_LEFT,
					sound->shock_g * GRAVITY_MPS2});
		return;
	}
	for (size_t b = 0; b < p->script->n_athletes; b++)
		for (unsigned s = 0; s < BODY_SEGMENT_ROOM; s++)
			body_add_shock(
				t->body[b], (struct body_shock){t_s, 0.03, (enum body_segment)s,
						    sound->shock_g * GRAVITY_MPS2});
}

static void happen_symptom(struct player *p, const struct script_item *item, double t_s)
{
	const struct script_symptom *symptom = &item->symptom;
	struct timeline *t = p->timeline;
	char *intensity;

	t->symptom = push(t->symptom, &t->n_symptoms, sizeof(*t->symptom));
	t->symptom[t->n_symptoms - 1] = (struct timeline_symptom){t_s, item};
	p->last_symptom_s = t_s;
	p->last_symptom = t->n_symptoms - 1;
	p->last_sound = SIZE_MAX;
	if (!symptom->is_command)
		return;
	intensity = symptom->intensity == 255
			    ? alloc_text("")
			    : alloc_printf(",\"intensity\":%u", symptom->intensity);
	send(p, t_s, "symptom",
		alloc_printf(
			"{\"athlete\":\"%s\",\"code\":\"%s\",\"site\":\"%s\",\"side\":\"%s\"%s,"
			"\"source\":\"%s\"}",
			p->script->athlete[p->athlete].name,
			symptom_code_to_string((enum symptom_code)symptom->code),
			body_site_to_string((enum body_site)symptom->site),
			side_to_string((enum side)symptom->side), intensity, symptom->source));
	free(intensity);
}

static void happen_expect(struct player *p, const struct script_item *item)
{
	struct timeline *t = p->timeline;
	struct timeline_expect *last = t->n_expects ? &t->expect[t->n_expects - 1] : NULL;
	char *joined;

	if (last && last->sound == p->last_sound && last->symptom == p->last_symptom) {
		joined = alloc_printf("%s %s", last->text, item->text);
		free(last->text);
		last->text = joined;
		return;
	}
	t->expect = push(t->expect, &t->n_expects, sizeof(*t->expect));
	t->expect[t->n_expects - 1] = (struct timeline_expect){
		p->last_sound, p->last_symptom, alloc_text(item->text), item->line};
}

static void happen_fault(struct player *p, const struct script_item *item, double t_s)
{
	struct timeline *t = p->timeline;

	t->fault = push(t->fault, &t->n_faults, sizeof(*t->fault));
	t->fault[t->n_faults - 1] = (struct timeline_fault){t_s, item};
}

static bool moves_a_body(enum script_item_kind kind)
{
	return kind != SCRIPT_WAIT && kind < SCRIPT_SOUND;
}

static int play(struct player *p, const struct script_item *item)
{
	size_t rep;
	double t_s;

	if (moves_a_body(item->kind) && item->athlete == SIZE_MAX)
		return -EINVAL;
	switch (item->kind) {
	case SCRIPT_WAIT:
		p->now_s += item->seconds;
		return 0;
	case SCRIPT_LIE:
		take_pose(p, POSE_LYING, item->seconds);
		return 0;
	case SCRIPT_HOOK:
		take_pose(p, POSE_HOOK, item->seconds);
		return 0;
	case SCRIPT_STAND:
		take_pose(p, POSE_UPRIGHT, item->seconds);
		return 0;
	case SCRIPT_WALK:
		walk(p, item->seconds);
		return 0;
	case SCRIPT_TILT:
		take_tilt(p, item->value, item->seconds);
		return 0;
	case SCRIPT_CALIBRATE:
		calibrate(p, item);
		return 0;
	case SCRIPT_SET:
		play_set(p, item);
		return 0;
	case SCRIPT_FLUTTER:
		play_flutter(p, item);
		return 0;
	case SCRIPT_EXPECT:
		happen_expect(p, item);
		return 0;
	case SCRIPT_SOUND:
	case SCRIPT_SYMPTOM:
	case SCRIPT_SEND:
	case SCRIPT_FAULT:
		break;
	}
	t_s = instant(p, &item->when, &rep);
	if (!(t_s >= 0))
		return -EINVAL;
	if (item->kind == SCRIPT_SOUND)
		happen_sound(p, item, t_s, rep);
	else if (item->kind == SCRIPT_SYMPTOM)
		happen_symptom(p, item, t_s);
	else if (item->kind == SCRIPT_SEND)
		send(p, t_s, item->text, alloc_text(item->json));
	else
		happen_fault(p, item, t_s);
	return 0;
}

/* Those of one instant stay in the order of the script. */
static void sort_commands(struct timeline *timeline)
{
	for (size_t i = 1; i < timeline->n_commands; i++) {
		struct timeline_command command = timeline->command[i];
		size_t at = i;

		for (; at > 0 && timeline->command[at - 1].t_us > command.t_us; at--)
			timeline->command[at] = timeline->command[at - 1];
		timeline->command[at] = command;
	}
}

static void begin(struct player *p, struct timeline *timeline, size_t athlete)
{
	const struct script *script = timeline->script;

	*p = (struct player){.timeline = timeline,
		.script = script,
		.athlete = athlete,
		.body = timeline->body[athlete],
		.last_sound_s = NAN,
		.last_symptom_s = NAN,
		.last_sound = SIZE_MAX,
		.last_symptom = SIZE_MAX};
	if (athlete == script->n_athletes)
		return;
	p->tilt_deg = script->athlete[athlete].span_deg;
	body_start(p->body, BODY_TILT, p->tilt_deg);
	for (size_t i = 0; i < script->n_kits; i++)
		if (script->kit[i].athlete == athlete) {
			p->kit = script->kit[i].name;
			p->is_bent = script->kit[i].exercise == EXERCISE_SUPINE_BENT;
		}
}

static void make_bodies(struct timeline *timeline, uint64_t seed)
{
	const struct script *script = timeline->script;

	timeline->body = alloc_zero(script->n_athletes + 1, sizeof(*timeline->body));
	timeline->calibrated_s = alloc_zero(script->n_athletes + 1, sizeof(double));
	for (size_t i = 0; i < script->n_athletes; i++) {
		const struct script_athlete *a = &script->athlete[i];
		struct random random = random_of(seed, a->name);
		double heading = random_between(&random, 0, 360);

		timeline->calibrated_s[i] = NAN;
		timeline->body[i] = body_new(isnan(a->heading_deg) ? heading : a->heading_deg,
			a->breath_deg, a->breath_s, a->lordosis);
	}
	timeline->body[script->n_athletes] = body_new(0, 0, 1, 0);
}

struct timeline *timeline_new(
	const struct script *script, uint64_t seed, char *ret_error, size_t error_size)
{
	struct timeline *timeline = new0(struct timeline);
	struct player *player = alloc_zero(script->n_athletes + 1, sizeof(*player));
	int r = 0;

	timeline->script = script;
	make_bodies(timeline, seed);
	for (size_t i = 0; i <= script->n_athletes; i++)
		begin(&player[i], timeline, i);
	for (size_t i = 0; i < script->n_items && r >= 0; i++) {
		const struct script_item *item = &script->item[i];
		size_t who = item->athlete == SIZE_MAX ? script->n_athletes : item->athlete;

		r = play(&player[who], item);
		if (r < 0)
			snprintf(ret_error, error_size, "%s:%u: this cannot happen then",
				script->path, item->line);
		timeline->end_s = fmax(timeline->end_s, player[who].now_s);
	}
	free(player);
	if (r < 0)
		return timeline_free(timeline);
	timeline->end_s += script->tail_s;
	sort_commands(timeline);
	return timeline;
}

struct timeline *timeline_free(struct timeline *timeline)
{
	if (!timeline)
		return NULL;
	for (size_t i = 0; i <= timeline->script->n_athletes; i++)
		body_free(timeline->body[i]);
	for (size_t i = 0; i < timeline->n_commands; i++) {
		free(timeline->command[i].topic);
		free(timeline->command[i].payload);
	}
	for (size_t i = 0; i < timeline->n_expects; i++)
		free(timeline->expect[i].text);
	free(timeline->body);
	free(timeline->calibrated_s);
	free(timeline->rep);
	free(timeline->sound);
	free(timeline->symptom);
	free(timeline->command);
	free(timeline->fault);
	free(timeline->expect);
	free(timeline);
	return NULL;
}
