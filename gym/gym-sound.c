// SPDX-License-Identifier: MIT
#include "gym/gym-sound.h"

#include <math.h>
#include <stdlib.h>

#include "coxad/base/units.h"
#include "gym/grow.h"

#define ROOM_LOSS_DB 39   /* from skin to 1 m of air, decision-model.md 1.1 */
#define TAP_S        0.03 /* how long a tap is felt */

struct listener {
	const struct gym *gym;
	const struct script_wearable *w;
	size_t wearable;
	struct device_config *config;
};

/* In order of time. */
static void add_sound(struct device_config *config, double t_s, struct sound sound)
{
	size_t at = config->n_sounds;

	config->sound = grow_array(config->sound, &config->n_sounds, sizeof(*config->sound));
	for (; at > 0 && (double)config->sound[at - 1].t_us > t_s * 1e6; at--)
		config->sound[at] = config->sound[at - 1];
	config->sound[at] = (struct device_sound){llrint(t_s * 1e6), sound};
}

/* A sound in the room comes through the air: it is earlier and louder for a microphone than for a
 * pad. */
static void hear_room(const struct listener *l, size_t index, double t_s, struct sound sound)
{
	struct random random = random_of(l->gym->seed ^ index, l->w->address);

	if (l->w->placement == PLACEMENT_ROOM) {
		sound.peak_db = fmin(0, sound.peak_db - sound.car_db);
		sound.car_db = 0;
		sound.knock_g = 0;
		add_sound(l->config, t_s + 0.001, sound);
		return;
	}
	add_sound(l->config, t_s + random_between(&random, 0.003, 0.006), sound);
}

/* A sound of the body, at its site or at another placement that the script says can hear it. */
static void hear_body(const struct listener *l, const struct script_sound *what, double t_s)
{
	struct sound sound = what->sound;

	if (l->w->worn == what->site) {
		add_sound(l->config, t_s, sound);
		return;
	}
	for (unsigned i = 0; i < what->n_heard; i++)
		if (what->heard[i] == l->w->worn) {
			sound.peak_db += what->heard_db[i];
			add_sound(l->config, t_s + what->heard_ms[i] / 1e3, sound);
		}
}

/* The same, as a microphone in the room hears it. */
static void hear_body_from_afar(const struct listener *l, struct sound sound, double t_s)
{
	sound.peak_db -= ROOM_LOSS_DB;
	sound.knock_g = 0;
	add_sound(l->config, t_s + 0.003, sound);
}

static bool is_in_room(enum sound_kind kind)
{
	return kind == SOUND_DROP || kind == SOUND_SPEECH || kind == SOUND_CLAP;
}

static void hear(const struct listener *l, size_t index)
{
	const struct timeline_sound *s = &l->gym->timeline->sound[index];
	const struct script_sound *what = &s->item->sound;
	bool is_own = l->w->athlete == s->item->athlete && l->w->athlete != SIZE_MAX;
	bool is_far = l->w->placement == PLACEMENT_ROOM;

	if (s->item->kind == SCRIPT_CALIBRATE) {
		if (is_own || is_far)
			hear_room(l, index, s->t_s, sound_usual(SOUND_CLAP));
	} else if (what->wearable != SIZE_MAX) {
		if (what->wearable == l->wearable)
			add_sound(l->config, s->t_s, what->sound);
	} else if (is_in_room(what->sound.kind)) {
		hear_room(l, index, s->t_s, what->sound);
	} else if (what->sound.kind == SOUND_HEEL) {
		if (is_own && placement_is_pad(l->w->worn))
			add_sound(l->config, s->t_s, what->sound);
	} else {
		if (is_own)
			hear_body(l, what, s->t_s);
		if (is_far)
			hear_body_from_afar(l, what->sound, s->t_s);
	}
}

static void feel_tap(const struct listener *l, size_t index)
{
	const struct timeline_sound *s = &l->gym->timeline->sound[index];
	const struct script_sound *what = &s->item->sound;
	struct sensor *sensor = &l->config->sensor;

	if (s->item->kind != SCRIPT_SOUND || what->wearable != l->wearable ||
		what->sound.knock_g == 0 || sensor->n_taps == SENSOR_TAPS_MAX)
		return;
	sensor->tap[sensor->n_taps].at_s = s->t_s;
	sensor->tap[sensor->n_taps].width_s = TAP_S;
	sensor->tap[sensor->n_taps++].peak_mps2 = what->sound.knock_g * GRAVITY_MPS2;
}

void gym_sound_add_all(struct device_config *config, const struct gym *gym, size_t wearable)
{
	struct listener l = {gym, &gym->script->wearable[wearable], wearable, config};

	for (size_t i = 0; i < gym->timeline->n_sounds; i++) {
		if (config->acoustic_sensor)
			hear(&l, i);
		feel_tap(&l, i);
	}
}
