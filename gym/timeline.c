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
#include "gym/timeline-private.h"

void *timeline_grow(void *array, size_t *n, size_t size)
{
	char *p = reallocarray(array, *n + 1, size);

	if (!p)
		abort();
	memset(p + (*n)++ * size, 0, size);
	return p;
}

void timeline_send(struct player *p, double t_s, const char *verb, char *payload)
{
	struct timeline *t = p->timeline;

	t->command = timeline_grow(t->command, &t->n_commands, sizeof(*t->command));
	t->command[t->n_commands - 1] = (struct timeline_command){
		llrint(t_s * 1e6), alloc_printf("command/%s", verb), payload};
}

void timeline_add_sound(struct player *p, double t_s, const struct script_item *item, size_t rep)
{
	struct timeline *t = p->timeline;

	t->sound = timeline_grow(t->sound, &t->n_sounds, sizeof(*t->sound));
	t->sound[t->n_sounds - 1] = (struct timeline_sound){t_s, item, rep};
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

	timeline_add_sound(p, t_s, item, rep);
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

	t->symptom = timeline_grow(t->symptom, &t->n_symptoms, sizeof(*t->symptom));
	t->symptom[t->n_symptoms - 1] = (struct timeline_symptom){t_s, item};
	p->last_symptom_s = t_s;
	p->last_symptom = t->n_symptoms - 1;
	p->last_sound = SIZE_MAX;
	if (!symptom->is_command)
		return;
	intensity = symptom->intensity == 255
			    ? alloc_text("")
			    : alloc_printf(",\"intensity\":%u", symptom->intensity);
	timeline_send(p, t_s, "symptom",
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
	t->expect = timeline_grow(t->expect, &t->n_expects, sizeof(*t->expect));
	t->expect[t->n_expects - 1] = (struct timeline_expect){
		p->last_sound, p->last_symptom, alloc_text(item->text), item->line};
}

static void happen_fault(struct player *p, const struct script_item *item, double t_s)
{
	struct timeline *t = p->timeline;

	t->fault = timeline_grow(t->fault, &t->n_faults, sizeof(*t->fault));
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
		timeline_pose(p, POSE_LYING, item->seconds);
		return 0;
	case SCRIPT_HOOK:
		timeline_pose(p, POSE_HOOK, item->seconds);
		return 0;
	case SCRIPT_STAND:
		timeline_pose(p, POSE_UPRIGHT, item->seconds);
		return 0;
	case SCRIPT_WALK:
		timeline_walk(p, item->seconds);
		return 0;
	case SCRIPT_TILT:
		timeline_tilt(p, item->value, item->seconds);
		return 0;
	case SCRIPT_CALIBRATE:
		timeline_calibrate(p, item);
		return 0;
	case SCRIPT_SET:
		timeline_set(p, item);
		return 0;
	case SCRIPT_FLUTTER:
		timeline_flutter(p, item);
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
		timeline_send(p, t_s, item->text, alloc_text(item->json));
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
