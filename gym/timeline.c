// SPDX-License-Identifier: MIT
#include "gym/timeline.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "gym/random.h"
#include "gym/timeline-add.h"
#include "gym/timeline-move.h"
#include "gym/timeline-person.h"
#include "gym/timeline-private.h"

#define SEARCH_STEP_S 0.0005
#define KNOCK_S       0.03 /* how long a knock is felt */

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
	for (double s = from; s < to; s += SEARCH_STEP_S) {
		double a = timeline_rep_elevation(t, rep, s) - when->elevation_deg;
		double b = timeline_rep_elevation(t, rep, s + SEARCH_STEP_S) - when->elevation_deg;

		if (a == 0 || (a < 0) != (b < 0))
			return s;
	}
	return NAN;
}

static double instant_s(const struct player *p, const struct script_when *when, size_t *ret_rep)
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

static void feel_knock(struct body *body, enum body_segment segment, double t_s, double shock_g)
{
	body_add_shock(body, (struct body_shock){t_s, KNOCK_S, segment, shock_g * GRAVITY_MPS2});
}

static void happen_sound(struct player *p, const struct script_item *item, double t_s, size_t rep)
{
	const struct script_sound *sound = &item->sound;
	const struct timeline *t = p->timeline;

	timeline_add_sound(p->timeline, t_s, item, rep);
	p->last_sound_s = t_s;
	p->last_sound = t->n_sounds - 1;
	p->last_symptom = SIZE_MAX;
	if (sound->shock_g == 0 || sound->wearable != SIZE_MAX)
		return;
	if (sound->sound.kind == SOUND_HEEL) {
		feel_knock(p->body, BODY_SEGMENT_THIGH_LEFT, t_s, sound->shock_g);
		feel_knock(p->body, BODY_SEGMENT_THIGH_RIGHT, t_s, sound->shock_g);
		return;
	}
	for (size_t b = 0; b < p->script->n_athletes; b++)
		for (unsigned s = 0; s < BODY_SEGMENT_ROOM; s++)
			feel_knock(t->body[b], (enum body_segment)s, t_s, sound->shock_g);
}

static char *symptom_payload(const struct player *p, const struct script_symptom *symptom)
{
	_auto_free_ char *intensity =
		symptom->intensity == 255 ? alloc_text("")
					  : alloc_printf(",\"intensity\":%u", symptom->intensity);

	return alloc_printf("{\"athlete\":\"%s\",\"code\":\"%s\",\"site\":\"%s\",\"side\":\"%s\"%s,"
			    "\"source\":\"%s\"}",
		p->script->athlete[p->athlete].name,
		symptom_code_to_string((enum symptom_code)symptom->code),
		body_site_to_string((enum body_site)symptom->site),
		side_to_string((enum side)symptom->side), intensity, symptom->source);
}

static void happen_symptom(struct player *p, const struct script_item *item, double t_s)
{
	timeline_add_symptom(p->timeline, t_s, item);
	p->last_symptom_s = t_s;
	p->last_symptom = p->timeline->n_symptoms - 1;
	p->last_sound = SIZE_MAX;
	if (item->symptom.is_command)
		timeline_add_command(
			p->timeline, t_s, "symptom", symptom_payload(p, &item->symptom));
}

static bool is_movement(enum script_item_kind kind)
{
	return kind != SCRIPT_WAIT && kind < SCRIPT_SOUND;
}

static void play_movement(struct player *p, const struct script_item *item)
{
	switch (item->kind) {
	case SCRIPT_LIE:
		timeline_move_pose(p, POSE_LYING, item->seconds);
		break;
	case SCRIPT_HOOK:
		timeline_move_pose(p, POSE_HOOK, item->seconds);
		break;
	case SCRIPT_STAND:
		timeline_move_pose(p, POSE_UPRIGHT, item->seconds);
		break;
	case SCRIPT_WALK:
		timeline_move_walk(p, item->seconds);
		break;
	case SCRIPT_TILT:
		timeline_move_tilt(p, item->value, item->seconds);
		break;
	case SCRIPT_CALIBRATE:
		timeline_move_calibrate(p, item);
		break;
	case SCRIPT_SET:
		timeline_move_set(p, item);
		break;
	case SCRIPT_FLUTTER:
		timeline_move_flutter(p, item);
		break;
	case SCRIPT_TRAIN:
		timeline_person_train(p, item);
		break;
	case SCRIPT_WAIT:
	case SCRIPT_SOUND:
	case SCRIPT_SYMPTOM:
	case SCRIPT_SEND:
	case SCRIPT_FAULT:
	case SCRIPT_EXPECT:
		break;
	}
}

static int play_event(struct player *p, const struct script_item *item)
{
	size_t rep;
	double t_s = instant_s(p, &item->when, &rep);

	if (!(t_s >= 0))
		return -EINVAL;
	if (item->kind == SCRIPT_SOUND)
		happen_sound(p, item, t_s, rep);
	else if (item->kind == SCRIPT_SYMPTOM)
		happen_symptom(p, item, t_s);
	else if (item->kind == SCRIPT_SEND)
		timeline_add_command(p->timeline, t_s, item->text, alloc_text(item->json));
	else
		timeline_add_fault(p->timeline, t_s, item);
	return 0;
}

static int play(struct player *p, const struct script_item *item)
{
	bool needs_athlete = is_movement(item->kind) || item->kind == SCRIPT_SYMPTOM;

	if (needs_athlete && item->athlete == SIZE_MAX)
		return -ENODEV;
	if (item->kind == SCRIPT_WAIT) {
		p->now_s += item->seconds;
	} else if (item->kind == SCRIPT_EXPECT) {
		timeline_add_expect(p->timeline, p->last_sound, p->last_symptom, item);
	} else if (is_movement(item->kind)) {
		play_movement(p, item);
	} else {
		return play_event(p, item);
	}
	return 0;
}

/* By time; those of one instant keep the order of the script. */
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

static struct random random_of_training(uint64_t seed, const char *athlete)
{
	_auto_free_ char *stream = alloc_printf("train %s", athlete);

	return random_of(seed, stream);
}

static void begin(struct player *p, struct timeline *timeline, size_t athlete, uint64_t seed)
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
	p->random = random_of_training(seed, script->athlete[athlete].name);
	p->tilt_deg = script->athlete[athlete].span_deg;
	body_start(p->body, BODY_TILT, p->tilt_deg);
	for (size_t i = 0; i < script->n_kits; i++)
		if (script->kit[i].athlete == athlete) {
			p->kit = script->kit[i].name;
			p->is_bent = script->kit[i].exercise == EXERCISE_SUPINE_BENT;
			p->is_single = script->kit[i].exercise == EXERCISE_SINGLE;
			p->is_hanging = script->kit[i].exercise == EXERCISE_HANG;
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
		begin(&player[i], timeline, i, seed);
	for (size_t i = 0; i < script->n_items && r >= 0; i++) {
		const struct script_item *item = &script->item[i];
		size_t who = item->athlete == SIZE_MAX ? script->n_athletes : item->athlete;

		r = play(&player[who], item);
		if (r < 0)
			snprintf(ret_error, error_size, "%s:%u: %s", script->path, item->line,
				r == -ENODEV ? "only an athlete's timeline can have this"
					     : "the script never reaches this time");
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
