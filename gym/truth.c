// SPDX-License-Identifier: MIT
#include "gym/truth.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "coxad/base/alloc.h"
#include "gym/gym-private.h"
#include "gym/gz.h"
#include "gym/truth-phase.h"

#define GRID_US 50000

static json_t *number(double value)
{
	return isnan(value) ? json_null() : json_real(round(value * 1e4) / 1e4);
}

static json_t *instant(int64_t base_us, double t_s)
{
	return isnan(t_s) ? json_null() : json_integer(base_us + llrint(t_s * 1e6));
}

static const char *name_of(const struct script *script, size_t athlete)
{
	return athlete < script->n_athletes ? script->athlete[athlete].name : NULL;
}

static json_t *text_or_null(const char *text)
{
	return text ? json_string(text) : json_null();
}

/* ---- bodies */

static json_t *window(int64_t base_us, struct truth_window w)
{
	return json_pack("[o,o]", instant(base_us, w.first_s), instant(base_us, w.last_s));
}

static json_t *side_of_rep(const struct timeline *t, const struct timeline_rep *rep,
	int64_t base_us, enum body_track leg)
{
	struct truth_phases p = truth_phase_of(t, rep, leg);

	return json_pack("{s:o,s:o,s:o,s:o}", "RAISE", window(base_us, p.raise), "TOP",
		window(base_us, p.top), "LOWER", window(base_us, p.lower), "BOTTOM",
		window(base_us, p.bottom));
}

static json_t *rep_truth(const struct timeline *t, const struct timeline_rep *rep, int64_t base_us)
{
	json_t *sides = json_object();
	double seconds = rep->end_s - rep->start_s, range = rep->top_deg - rep->base_deg;

	if (rep->side != SIDE_RIGHT)
		json_object_set_new(sides, "l", side_of_rep(t, rep, base_us, BODY_ELEVATION_LEFT));
	if (rep->side != SIDE_LEFT)
		json_object_set_new(sides, "r", side_of_rep(t, rep, base_us, BODY_ELEVATION_RIGHT));
	return json_pack("{s:o,s:o,s:o,s:o,s:o,s:b,s:o}", "t_us", instant(base_us, rep->start_s),
		"end_us", instant(base_us, rep->end_s), "sides", sides, "top_deg",
		number(rep->top_deg), "range_deg", number(range), "count",
		range >= 20 && seconds >= 0.8 && seconds <= 20, "theta_loss_deg",
		number(truth_phase_theta_loss(t, rep)));
}

static json_t *grid_truth(const struct timeline *t, size_t athlete)
{
	static const enum body_track column[] = {
		BODY_ELEVATION_LEFT, BODY_ELEVATION_RIGHT, BODY_TILT, BODY_TRUNK};
	json_t *grid = json_array();
	size_t n = (size_t)(t->end_s * 1e6 / GRID_US);

	for (size_t i = 0; i < n; i++) {
		json_t *row = json_array();
		for (unsigned k = 0; k < ARRAY_LEN(column); k++)
			json_array_append_new(row, number(body_angle(t->body[athlete], column[k],
							   (double)i * GRID_US / 1e6)));
		json_array_append_new(grid, row);
	}
	return grid;
}

static json_t *body_truth(const struct timeline *t, size_t athlete, int64_t base_us)
{
	json_t *reps = json_array();

	for (size_t i = 0; i < t->n_reps; i++)
		if (t->rep[i].athlete == athlete)
			json_array_append_new(reps, rep_truth(t, &t->rep[i], base_us));
	return json_pack("{s:o,s:o,s:o,s:i,s:I,s:[s,s,s,s],s:o}", "span_deg",
		number(t->script->athlete[athlete].span_deg), "calibrated_us",
		instant(base_us, t->calibrated_s[athlete]), "reps", reps, "grid_us", GRID_US,
		"grid_start_us", (json_int_t)base_us, "columns", "elev_left", "elev_right", "tilt",
		"trunk", "grid", grid_truth(t, athlete));
}

/* ---- pops, symptoms */

static const char *phase_at(const struct timeline *t, const struct timeline_sound *sound)
{
	const struct timeline_rep *rep;
	struct truth_phases p;

	if (sound->rep == SIZE_MAX)
		return NULL;
	rep = &t->rep[sound->rep];
	p = truth_phase_of(
		t, rep, rep->side == SIDE_LEFT ? BODY_ELEVATION_LEFT : BODY_ELEVATION_RIGHT);
	if (sound->t_s >= p.bottom.first_s)
		return "BOTTOM";
	if (sound->t_s >= p.lower.first_s)
		return "LOWER";
	if (sound->t_s >= p.top.first_s)
		return "TOP";
	return sound->t_s >= p.raise.first_s ? "RAISE" : "READY";
}

static const char *wearable_at(const struct script *script, size_t athlete, enum placement site)
{
	for (size_t i = 0; i < script->n_wearables; i++)
		if (script->wearable[i].athlete == athlete && script->wearable[i].worn == site)
			return script->wearable[i].name;
	return NULL;
}

static void add_posture(json_t *pop, const struct timeline *t, const struct timeline_sound *sound)
{
	size_t athlete = sound->item->athlete;
	const struct body *body = t->body[athlete];
	double tilt = body_angle(body, BODY_TILT, sound->t_s), elevation, before;

	if (sound->rep != SIZE_MAX) {
		const struct timeline_rep *rep = &t->rep[sound->rep];
		elevation = timeline_rep_elevation(t, rep, sound->t_s);
		before = timeline_rep_elevation(t, rep, sound->t_s - 0.002);
	} else {
		elevation = body_angle(body, BODY_ELEVATION_RIGHT, sound->t_s);
		before = body_angle(body, BODY_ELEVATION_RIGHT, sound->t_s - 0.002);
	}
	json_object_set_new(pop, "elev", number(elevation));
	json_object_set_new(pop, "tilt", number(tilt));
	json_object_set_new(pop, "hip", number(elevation + tilt));
	json_object_set_new(pop, "speed", number((elevation - before) / 0.002));
}

static json_t *pop_truth(
	const struct timeline *t, const struct timeline_sound *sound, int64_t base_us)
{
	const struct script_sound *what = &sound->item->sound;
	const struct script *script = t->script;
	size_t athlete = sound->item->athlete;
	bool is_clap = sound->item->kind == SCRIPT_CALIBRATE;
	const char *site =
		is_clap || what->site == PLACEMENT_COUNT ? NULL : placement_to_string(what->site);
	const char *wearable = is_clap                      ? NULL
			       : what->wearable != SIZE_MAX ? script->wearable[what->wearable].name
			       : site ? wearable_at(script, athlete, what->site)
				      : NULL;
	json_t *pop = json_pack("{s:o,s:o,s:o,s:s,s:o,s:o}", "t_us", instant(base_us, sound->t_s),
		"athlete", text_or_null(name_of(script, athlete)), "t", number(sound->t_s), "sound",
		is_clap ? "clap" : sound_kind_to_string(what->sound.kind), "site",
		text_or_null(site), "wearable", text_or_null(wearable));

	if (athlete != SIZE_MAX)
		add_posture(pop, t, sound);
	json_object_set_new(pop, "phase", text_or_null(phase_at(t, sound)));
	json_object_set_new(pop, "arrest",
		!is_clap && what->arrest_ms > 0 ? json_real(what->arrest_ms / 1e3) : json_null());
	json_object_set_new(
		pop, "surge", !is_clap && what->surge > 1 ? json_real(what->surge) : json_null());
	return pop;
}

static json_t *symptom_truth(
	const struct timeline *t, const struct timeline_symptom *symptom, int64_t base_us)
{
	const struct script_symptom *what = &symptom->item->symptom;

	return json_pack("{s:o,s:o,s:o,s:s,s:s,s:s,s:o,s:s}", "t_us",
		instant(base_us, symptom->t_s), "athlete",
		text_or_null(name_of(t->script, symptom->item->athlete)), "t", number(symptom->t_s),
		"code", symptom_code_to_string((enum symptom_code)what->code), "site",
		body_site_to_string((enum body_site)what->site), "side",
		side_to_string((enum side)what->side), "intensity",
		what->intensity == 255 ? json_null() : json_integer(what->intensity), "by",
		what->is_command ? what->source : "button");
}

/* ---- wearables, kits */

static json_t *mount_truth(struct quat mount)
{
	struct vec3 x = quat_rotate(mount, (struct vec3){1, 0, 0});
	struct vec3 y = quat_rotate(mount, (struct vec3){0, 1, 0});
	struct vec3 z = quat_rotate(mount, (struct vec3){0, 0, 1});

	return json_pack("[[f,f,f],[f,f,f],[f,f,f]]", x.x, y.x, z.x, x.y, y.y, z.y, x.z, y.z, z.z);
}

static json_t *orders_truth(const struct device *device, int64_t base_us)
{
	json_t *orders = json_array();

	for (size_t i = 0; i < device->n_orders; i++)
		json_array_append_new(orders,
			json_pack("{s:I,s:i,s:i}", "t_us",
				(json_int_t)(base_us + device->order[i].t_us), "opcode",
				device->order[i].opcode, "argument", device->order[i].argument));
	return orders;
}

static json_t *wearable_truth(const struct gym *gym, size_t index, int64_t base_us)
{
	const struct script_wearable *w = &gym->script->wearable[index];
	const struct device *device = gym->device[index];
	const struct device_config *config = &device->config;
	json_t *epochs = json_array();
	bool is_stepped = false;

	for (size_t i = 0; i < config->n_epochs; i++) {
		is_stepped |= i > 0 && !config->epoch[i].is_reboot;
		json_array_append_new(
			epochs, json_pack("[f,f]", (double)config->epoch[i].since_us / 1e6,
					config->epoch[i].device_us));
	}
	return json_pack("{s:s,s:s,s:s,s:s,s:o,s:f,s:f,s:o,s:b,s:b,s:f,s:o,s:o}", "name", w->name,
		"kind", w->kind ? w->kind : "coxa", "worn", placement_to_string(w->worn), "kit",
		config->kit, "body", text_or_null(config->athlete), "ppm", config->ppm,
		"interval_ms", (double)config->radio.interval_us / 1e3, "mount",
		mount_truth(config->sensor.mount), "slipped", config->sensor.n_slips > 0, "stepped",
		is_stepped, "odr", config->rate_hz, "epochs", epochs, "orders",
		orders_truth(device, base_us));
}

static json_t *kit_truth(const struct script *script, const struct script_kit *kit)
{
	const char *athlete = name_of(script, kit->athlete);

	return json_pack("{s:o,s:s,s:o}", "athlete", text_or_null(athlete), "exercise",
		exercise_to_string(kit->exercise), "body", text_or_null(athlete));
}

/* ---- expectations: words after a key, up to the next key; a word can be alternatives a|b */

struct expectation {
	const char *key;
	enum { WORDS, NUMBERS, FLAG } kind;
	const char *name; /* in the truth */
};

static const struct expectation keys[] = {
	{"class", WORDS, "class"},
	{"has", WORDS, "has"},
	{"lacks", WORDS, "lacks"},
	{"phase", WORDS, "phase"},
	{"severity", NUMBERS, "sev"},
	{"site", WORDS, "site"},
	{"cue", WORDS, "cue"},
	{"argument", NUMBERS, "argument"},
	{"pattern", WORDS, "pattern"},
	{"alert", FLAG, "alert"},
	{"none", FLAG, "none"},
};

static bool is_code(const char *word)
{
	for (unsigned i = 0; i < CODE_COUNT; i++)
		if (strcmp(word, code_to_string((enum code)i)) == 0)
			return true;
	return false;
}

static bool is_word_of(const char *name, const char *word)
{
	enum pop_class class;
	enum placement placement;
	enum pattern pattern;
	enum cue_code cue;
	enum phase phase;

	if (strcmp(name, "class") == 0)
		return pop_class_from_string(word, &class) >= 0;
	if (strcmp(name, "has") == 0 || strcmp(name, "lacks") == 0)
		return is_code(word);
	if (strcmp(name, "site") == 0)
		return placement_from_string(word, &placement) >= 0;
	if (strcmp(name, "pattern") == 0)
		return pattern_from_string(word, &pattern) >= 0;
	if (strcmp(name, "cue") == 0)
		return cue_code_from_string(word, &cue) >= 0;
	return phase_from_string(word, &phase) >= 0;
}

/* Phases are in capitals, as in the example recordings. */
static json_t *word_truth(const char *name, const char *word)
{
	char upper[32] = "";

	if (strcmp(name, "phase") != 0)
		return json_string(word);
	for (size_t i = 0; word[i] && i + 1 < sizeof(upper); i++)
		upper[i] = (char)toupper((unsigned char)word[i]);
	return json_string(upper);
}

static int add_word(json_t *into, const struct expectation *e, const char *word)
{
	json_t *list = json_object_get(into, e->name);
	char *end;
	double value;

	if (!list) {
		list = json_array();
		json_object_set_new(into, e->name, list);
	}
	if (e->kind == NUMBERS) {
		value = strtod(word, &end);
		if (*end)
			return -EINVAL;
		return json_array_append_new(list, json_integer(lrint(value)));
	}
	return is_word_of(e->name, word) ? json_array_append_new(list, word_truth(e->name, word))
					 : -EINVAL;
}

static int parse(const char *text, json_t *into)
{
	_auto_free_ char *copy = alloc_text(text);
	const struct expectation *e = NULL;
	char *rest = NULL;

	for (char *word = strtok_r(copy, " \t|", &rest); word;
		word = strtok_r(NULL, " \t|", &rest)) {
		const struct expectation *key = NULL;

		for (unsigned i = 0; i < ARRAY_LEN(keys); i++)
			if (strcmp(keys[i].key, word) == 0)
				key = &keys[i];
		if (key) {
			e = key;
			if (e->kind == FLAG)
				json_object_set_new(into, e->name, json_true());
		} else if (!e || e->kind == FLAG || add_word(into, e, word) < 0) {
			return -EINVAL;
		}
	}
	return 0;
}

static json_t *expect_truth(const struct timeline_expect *expect)
{
	json_t *json = json_object();

	if (expect->sound != SIZE_MAX)
		json_object_set_new(json, "pop", json_integer((json_int_t)expect->sound));
	else if (expect->symptom != SIZE_MAX)
		json_object_set_new(json, "symptom", json_integer((json_int_t)expect->symptom));
	if (parse(expect->text, json) < 0) {
		json_decref(json);
		return NULL;
	}
	return json;
}

int truth_check(const struct gym *gym, char *ret_error, size_t error_size)
{
	for (size_t i = 0; i < gym->timeline->n_expects; i++) {
		json_t *json = expect_truth(&gym->timeline->expect[i]);
		if (!json) {
			snprintf(ret_error, error_size, "%s:%u: not a valid expectation: %s",
				gym->script->path, gym->timeline->expect[i].line,
				gym->timeline->expect[i].text);
			return -EINVAL;
		}
		json_decref(json);
	}
	return 0;
}

static json_t *truth_of(const struct gym *gym, int64_t base_us)
{
	const struct script *script = gym->script;
	const struct timeline *t = gym->timeline;
	json_t *bodies = json_object(), *pops = json_array(), *symptoms = json_array();
	json_t *wearables = json_object(), *kits = json_object(), *expects = json_array();

	for (size_t i = 0; i < script->n_athletes; i++)
		json_object_set_new(bodies, script->athlete[i].name, body_truth(t, i, base_us));
	for (size_t i = 0; i < t->n_sounds; i++)
		json_array_append_new(pops, pop_truth(t, &t->sound[i], base_us));
	for (size_t i = 0; i < t->n_symptoms; i++)
		json_array_append_new(symptoms, symptom_truth(t, &t->symptom[i], base_us));
	for (size_t i = 0; i < gym->n_devices; i++)
		json_object_set_new(
			wearables, device_address(gym->device[i]), wearable_truth(gym, i, base_us));
	for (size_t i = 0; i < script->n_kits; i++)
		json_object_set_new(kits, script->kit[i].name, kit_truth(script, &script->kit[i]));
	for (size_t i = 0; i < t->n_expects; i++)
		json_array_append_new(expects, expect_truth(&t->expect[i]));
	return json_pack("{s:s,s:I,s:s,s:I,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "name", script->name,
		"base_us", (json_int_t)base_us, "wall", script->wall, "end_us",
		(json_int_t)(base_us + gym->end_us), "bodies", bodies, "pops", pops, "symptoms",
		symptoms, "wearables", wearables, "kits", kits, "expect", expects, "what",
		text_or_null(script->what));
}

int truth_write(const struct gym *gym, int64_t base_us, const char *path)
{
	json_t *json = truth_of(gym, base_us);
	char *text = json_dumps(json, JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(12));
	gzFile file;
	int r = 0;

	json_decref(json);
	if (!text)
		return -EINVAL;
	file = gz_open(path);
	if (!file) {
		r = errno ? -errno : -EIO;
	} else {
		if (gzputs(file, text) < 0)
			r = -EIO;
		if (gzclose(file) != Z_OK)
			r = -EIO;
	}
	free(text);
	return r;
}
