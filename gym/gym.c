// SPDX-License-Identifier: MIT
#include "gym/gym.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "gym/grow.h"
#include "gym/gym-config.h"
#include "gym/gym-fault.h"
#include "gym/gym-private.h"
#include "gym/gym-sound.h"
#include "gym/kind.h"

/* Bit of Sensor Information (wearable-profile.md). */
#define STREAM_SYMPTOM 8

/* A gym being put together, and where its error goes. */
struct maker {
	struct gym *gym;
	struct device_config *config; /* one per wearable */
	char *error;
	size_t error_size;
};

static int fail(const struct maker *m, unsigned line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int fail(const struct maker *m, unsigned line, const char *format, ...)
{
	int n = snprintf(m->error, m->error_size, "%s:%u: ", m->gym->script->path, line);
	va_list args;

	if (n >= 0 && (size_t)n < m->error_size) {
		va_start(args, format);
		vsnprintf(m->error + n, m->error_size - (size_t)n, format, args);
		va_end(args);
	}
	return -1;
}

/* The wearable whose button an athlete presses. */
static size_t button_of(const struct script *script, size_t athlete)
{
	for (size_t i = 0; i < script->n_wearables; i++)
		if (script->wearable[i].athlete == athlete &&
			gym_config_streams(&script->wearable[i]) & STREAM_SYMPTOM)
			return i;
	return SIZE_MAX;
}

static void add_press(struct device_config *c, double t_s, const struct script_symptom *what)
{
	size_t n = c->n_symptoms;

	c->symptom = grow_array(c->symptom, &c->n_symptoms, sizeof(*c->symptom));
	for (; n > 0 && (double)c->symptom[n - 1].t_us > t_s * 1e6; n--)
		c->symptom[n] = c->symptom[n - 1];
	c->symptom[n] = (struct device_symptom){llrint(t_s * 1e6), (uint8_t)what->code,
		(uint8_t)what->site, (uint8_t)what->side, (uint8_t)what->intensity};
}

static int add_symptom(const struct maker *m, const struct timeline_symptom *s)
{
	const struct script *script = m->gym->script;
	const struct script_symptom *what = &s->item->symptom;
	const struct script_wearable *w;
	size_t button;

	if (what->is_command)
		return 0;
	button = button_of(script, s->item->athlete);
	if (button == SIZE_MAX)
		return fail(m, s->item->line, "%s wears nothing with a button",
			script->athlete[s->item->athlete].name);
	w = &script->wearable[button];
	if (kind_by_name(w->kind)->has_one_button &&
		(what->code != SYMPTOM_DISCOMFORT || what->intensity != 255))
		return fail(m, s->item->line,
			"the only button of %s reports discomfort, without an intensity", w->name);
	add_press(&m->config[button], s->t_s, what);
	return 0;
}

static int make_config(const struct maker *m, size_t index)
{
	struct script_wearable *w = &m->gym->script->wearable[index];
	const struct timeline_fault *excess;

	if (!kind_by_name(w->kind))
		return fail(m, w->line, "the kind of %s must be %s", w->name, kind_names());
	gym_config_init(&m->config[index], m->gym, w);
	gym_sound_add_all(&m->config[index], m->gym, index);
	excess = gym_fault_add_all(&m->config[index], m->gym, index);
	return excess ? fail(m, excess->item->line, "too many faults of %s", w->name) : 0;
}

static int make_device(const struct maker *m, size_t index)
{
	const struct script_wearable *w = &m->gym->script->wearable[index];
	char why[256] = "";

	m->gym->device[index] = device_new(
		kind_by_name(w->kind)->ops, &m->config[index], m->gym->seed, why, sizeof(why));
	if (!m->gym->device[index])
		return fail(m, w->line, "wearable %s: %s", w->name, why);
	m->gym->n_devices++;
	return 0;
}

static int make_devices(const struct maker *m)
{
	const struct timeline *timeline = m->gym->timeline;
	size_t n = m->gym->script->n_wearables;

	for (size_t i = 0; i < n; i++)
		if (make_config(m, i) < 0)
			return -1;
	for (size_t i = 0; i < timeline->n_symptoms; i++)
		if (add_symptom(m, &timeline->symptom[i]) < 0)
			return -1;
	for (size_t i = 0; i < n; i++)
		if (make_device(m, i) < 0)
			return -1;
	return 0;
}

/* Takes the script. */
static struct gym *gym_of(struct script *script, uint64_t seed, char *ret_error, size_t error_size)
{
	struct gym *gym = new0(struct gym);
	_auto_free_ struct device_config *config =
		alloc_zero(script->n_wearables + 1, sizeof(*config));
	struct maker maker = {gym, config, ret_error, error_size};

	gym->script = script;
	gym->seed = seed;
	gym->device = alloc_zero(script->n_wearables + 1, sizeof(struct device *));
	gym->timeline = timeline_new(script, seed, ret_error, error_size);
	if (!gym->timeline)
		return gym_free(gym);
	gym->end_us = llrint(gym->timeline->end_s * 1e6);
	return make_devices(&maker) < 0 ? gym_free(gym) : gym;
}

struct gym *gym_load(const char *path, uint64_t seed, char *ret_error, size_t error_size)
{
	struct script *script = script_read(path, ret_error, error_size);

	return script ? gym_of(script, seed, ret_error, error_size) : NULL;
}

struct gym *gym_from_text(
	const char *path, const char *text, uint64_t seed, char *ret_error, size_t error_size)
{
	struct script *script = script_parse(path, text, ret_error, error_size);

	return script ? gym_of(script, seed, ret_error, error_size) : NULL;
}

struct gym *gym_free(struct gym *gym)
{
	if (!gym)
		return NULL;
	for (size_t i = 0; i < gym->n_devices; i++)
		device_free(gym->device[i]);
	free(gym->device);
	timeline_free(gym->timeline);
	script_free(gym->script);
	free(gym);
	return NULL;
}

size_t gym_n_devices(const struct gym *gym)
{
	return gym->n_devices;
}

struct device *gym_get_device(struct gym *gym, size_t index)
{
	return index < gym->n_devices ? gym->device[index] : NULL;
}

int64_t gym_end_us(const struct gym *gym)
{
	return gym->end_us;
}

bool gym_get_command(const struct gym *gym, size_t index, struct gym_command *ret)
{
	const struct timeline *timeline = gym->timeline;

	if (index >= timeline->n_commands)
		return false;
	*ret = (struct gym_command){timeline->command[index].t_us, timeline->command[index].topic,
		timeline->command[index].payload};
	return true;
}
