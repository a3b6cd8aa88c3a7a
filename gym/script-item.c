// SPDX-License-Identifier: MIT
#include "gym/script-item.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "coxad/base/alloc.h"

#define SET_KEY(name, field, min, max)                                                             \
	{                                                                                          \
		name, offsetof(struct script_set, field), min, max                                 \
	}
static const struct script_key set_keys[] = {
	SET_KEY("range", range_deg, 1, 120),
	SET_KEY("raise", raise_s, 0.2, 20),
	SET_KEY("top", top_s, 0, 60),
	SET_KEY("lower", lower_s, 0.2, 20),
	SET_KEY("bottom", bottom_s, 0, 600),
	SET_KEY("tilt", tilt_deg, -20, 30),
	SET_KEY("asymmetry", asymmetry_deg, -45, 45),
	SET_KEY("roll", roll_deg, -30, 30),
};

#define SOUND_KEY(name, field, min, max)                                                           \
	{                                                                                          \
		name, offsetof(struct script_sound, sound.field), min, max                         \
	}
static const struct script_key sound_keys[] = {
	SOUND_KEY("peak", peak_db, -127, 0),
	SOUND_KEY("background", background_db, -127, 0),
	SOUND_KEY("rise", rise_ms, 0.1, 100),
	SOUND_KEY("t10", t10_ms, 0.5, 2000),
	SOUND_KEY("centroid", centroid_hz, 1, 20000),
	SOUND_KEY("kurtosis", kurtosis, 0, 200),
	SOUND_KEY("high", high_share, 0, 1),
	SOUND_KEY("low", low_share, 0, 1),
	SOUND_KEY("pulses", pulses, 1, 255),
	SOUND_KEY("car", car_db, -100, 100),
	SOUND_KEY("knock", knock_g, 0, 16),
	SOUND_KEY("flatness", flatness, 0, 1),
	SOUND_KEY("clipped", clipped, 0, 1),
	{"shock", offsetof(struct script_sound, shock_g), 0, 16},
	{"arrest", offsetof(struct script_sound, arrest_ms), 0, 5000},
	{"surge", offsetof(struct script_sound, surge), 1, 10},
};

static const struct script_set set_defaults = {.count = 1,
	.range_deg = 75,
	.raise_s = 2,
	.top_s = 0.8,
	.lower_s = 4.7,
	.bottom_s = 1.4,
	.tilt_deg = 1,
	.arch_deg = NAN,
	.side = SIDE_BOTH};

/* rep 3 lower 38, rep 3 bottom: after the word `rep`. */
static int rep_instant(struct script_reader *reader, struct script_when *ret)
{
	const char *word;
	double rep = 0;
	int r = script_reader_number(reader, "rep", 1, 10000, &rep);

	if (r < 0)
		return r;
	ret->kind = SCRIPT_WHEN_REP;
	ret->rep = (unsigned)rep;
	word = script_reader_word(reader);
	if (phase_from_string(word, &ret->phase) < 0 || ret->phase < PHASE_RAISE)
		return script_reader_fail(
			reader, "the phase must be raise, top, lower or bottom, not '%s'", word);
	if (ret->phase == PHASE_TOP || ret->phase == PHASE_BOTTOM)
		return 0;
	return script_reader_number(reader, "elevation", -100, 120, &ret->elevation_deg);
}

/* 12.5, here+1, pop-2, symptom+3, or in a repetition: after the word `at`. */
static int instant(struct script_reader *reader, struct script_when *ret)
{
	static const struct {
		const char *word;
		enum script_when_kind kind;
	} anchors[] = {{"here", SCRIPT_WHEN_HERE}, {"pop", SCRIPT_WHEN_POP},
		{"symptom", SCRIPT_WHEN_SYMPTOM}};
	const char *word, *number;
	char *end;

	if (script_reader_take(reader, "rep"))
		return rep_instant(reader, ret);
	word = number = script_reader_word(reader);
	ret->kind = SCRIPT_WHEN_START;
	for (unsigned i = 0; i < ARRAY_LEN(anchors); i++) {
		size_t n = strlen(anchors[i].word);

		if (strncmp(word, anchors[i].word, n) == 0) {
			ret->kind = anchors[i].kind;
			number += n;
			break;
		}
	}
	ret->offset_s = strtod(number, &end);
	if (*end || (end == number && ret->kind == SCRIPT_WHEN_START))
		return script_reader_fail(reader, "'%s' is not a time", word);
	return 0;
}

static int optional_instant(struct script_reader *reader, struct script_when *ret)
{
	return script_reader_take(reader, "at") ? instant(reader, ret) : 0;
}

/* ---- movements */

static int seconds_item(struct script_reader *reader, struct script_item *item)
{
	if (script_reader_is_at_end(reader))
		return 0;
	return script_reader_number(reader, "seconds", 0, 1e6, &item->seconds);
}

static int tilt_item(struct script_reader *reader, struct script_item *item)
{
	int r = script_reader_number(reader, "tilt", -30, 45, &item->value);

	return r < 0 ? r : seconds_item(reader, item);
}

static int set_side(struct script_reader *reader, struct script_set *set)
{
	if (!script_reader_take(reader, "alternate"))
		return script_reader_side(reader, &set->side);
	set->side = SIDE_UNKNOWN;
	return 0;
}

/* DEG FROM TO */
static int set_arch(struct script_reader *reader, struct script_set *set)
{
	int r = script_reader_number(reader, "arch", 0, 45, &set->arch_deg);

	if (r >= 0)
		r = script_reader_number(reader, "arch", 0, 90, &set->arch_from_deg);
	if (r >= 0)
		r = script_reader_number(
			reader, "arch", -5, set->arch_from_deg - 1, &set->arch_to_deg);
	return r;
}

/* DEG HZ */
static int set_tremor(struct script_reader *reader, struct script_set *set)
{
	int r = script_reader_number(reader, "tremor", 0, 20, &set->tremor_deg);

	return r < 0 ? r : script_reader_number(reader, "tremor", 0.5, 20, &set->tremor_hz);
}

static int set_option(struct script_reader *reader, struct script_set *set)
{
	int r = script_reader_keyed(reader, set_keys, ARRAY_LEN(set_keys), set);

	if (r)
		return r;
	if (script_reader_take(reader, "side"))
		return set_side(reader, set);
	if (script_reader_take(reader, "arch"))
		return set_arch(reader, set);
	if (script_reader_take(reader, "tremor"))
		return set_tremor(reader, set);
	return script_reader_fail(
		reader, "unknown option '%s' of a set", script_reader_word(reader));
}

static int set_item(struct script_reader *reader, struct script_item *item)
{
	int r;

	item->set = set_defaults;
	r = script_reader_number(reader, "the number of repetitions", 1, 10000, &item->set.count);
	while (r >= 0 && !script_reader_is_at_end(reader))
		r = set_option(reader, &item->set);
	return r;
}

static int train_item(struct script_reader *reader, struct script_item *item)
{
	item->value = 3;
	if (script_reader_is_at_end(reader))
		return 0;
	return script_reader_number(reader, "the number of sets", 1, 1000, &item->value);
}

static int calibrate_item(struct script_reader *reader, struct script_item *item)
{
	const char *word = script_reader_word(reader);
	enum calibration_step step;

	if (strcmp(word, "all") != 0 && calibration_step_from_string(word, &step) < 0)
		return script_reader_fail(reader, "unknown calibration step '%s'", word);
	item->text = alloc_text(word);
	return 0;
}

/* ---- sounds */

static int heard(struct script_reader *reader, struct script_sound *sound)
{
	unsigned n = sound->n_heard;
	int r;

	if (n == SCRIPT_HEARD_MAX)
		return script_reader_fail(
			reader, "at most %d placements can hear a sound", SCRIPT_HEARD_MAX);
	r = script_reader_placement(reader, &sound->heard[n]);
	if (r >= 0)
		r = script_reader_number(reader, "heard", -60, 60, &sound->heard_db[n]);
	if (r >= 0)
		r = script_reader_number(reader, "heard", -50, 50, &sound->heard_ms[n]);
	sound->n_heard++;
	return r;
}

/* Where the sound comes from, and how hard it shakes the body. */
static int sound_source(struct script_reader *reader, struct script_sound *sound)
{
	sound->site = PLACEMENT_COUNT;
	sound->wearable = SIZE_MAX;
	switch (sound->sound.kind) {
	case SOUND_POP:
	case SOUND_CRACK:
	case SOUND_CREAK:
		return script_reader_placement(reader, &sound->site);
	case SOUND_TAP:
	case SOUND_RUB:
	case SOUND_BURST:
		return script_reader_find_wearable(reader, &sound->wearable);
	case SOUND_HEEL:
		sound->shock_g = 0.9; /* decision-model.md 8, scenario 7 */
		return 0;
	case SOUND_DROP:
		sound->shock_g = 0.1;
		return 0;
	case SOUND_SPEECH:
	case SOUND_CLAP:
	case SOUND_KIND_COUNT:
		break;
	}
	return 0;
}

static int sound_option(struct script_reader *reader, struct script_item *item)
{
	int r = script_reader_keyed(reader, sound_keys, ARRAY_LEN(sound_keys), &item->sound);

	if (r)
		return r;
	if (script_reader_take(reader, "at"))
		return instant(reader, &item->when);
	if (script_reader_take(reader, "heard"))
		return heard(reader, &item->sound);
	return script_reader_fail(
		reader, "unknown option '%s' of a sound", script_reader_word(reader));
}

static int sound_item(struct script_reader *reader, enum sound_kind kind, struct script_item *item)
{
	int r;

	item->kind = SCRIPT_SOUND;
	item->sound.sound = sound_usual(kind);
	item->sound.surge = 1;
	r = sound_source(reader, &item->sound);
	while (r >= 0 && !script_reader_is_at_end(reader))
		r = sound_option(reader, item);
	return r;
}

/* ---- symptoms, commands, faults, expectations */

static int symptom_site(struct script_reader *reader, struct script_symptom *symptom)
{
	const char *word = script_reader_word(reader);
	enum body_site site;

	if (body_site_from_string(word, &site) < 0)
		return script_reader_fail(reader, "unknown body site '%s'", word);
	symptom->site = site;
	return 0;
}

static int symptom_source(struct script_reader *reader, struct script_symptom *symptom)
{
	int r = script_reader_take_text(reader, &symptom->source);

	symptom->is_command = r >= 0 && strcmp(symptom->source, "button") != 0;
	return r;
}

static int symptom_option(struct script_reader *reader, struct script_item *item)
{
	struct script_symptom *symptom = &item->symptom;
	enum side side = SIDE_UNKNOWN;
	double intensity = 0;
	int r;

	if (script_reader_take(reader, "at"))
		return instant(reader, &item->when);
	if (script_reader_take(reader, "site"))
		return symptom_site(reader, symptom);
	if (script_reader_take(reader, "by"))
		return symptom_source(reader, symptom);
	if (script_reader_take(reader, "intensity")) {
		r = script_reader_number(reader, "intensity", 0, 10, &intensity);
		symptom->intensity = (unsigned)intensity;
		return r;
	}
	if (script_reader_take(reader, "side")) {
		r = script_reader_side(reader, &side);
		symptom->side = side;
		return r;
	}
	return script_reader_fail(
		reader, "unknown option '%s' of a symptom", script_reader_word(reader));
}

static int symptom_item(struct script_reader *reader, struct script_item *item)
{
	const char *word = script_reader_word(reader);
	enum symptom_code code;
	int r = 0;

	if (symptom_code_from_string(word, &code) < 0)
		return script_reader_fail(reader, "unknown symptom '%s'", word);
	item->symptom.code = code;
	item->symptom.site = BODY_SITE_UNKNOWN;
	item->symptom.side = SIDE_UNKNOWN;
	item->symptom.intensity = 255;
	while (r >= 0 && !script_reader_is_at_end(reader))
		r = symptom_option(reader, item);
	return r;
}

static int send_item(struct script_reader *reader, struct script_item *item)
{
	json_error_t error;
	json_t *json;
	bool is_object;
	int r = script_reader_take_text(reader, &item->text);

	if (r >= 0)
		r = optional_instant(reader, &item->when);
	if (r >= 0)
		r = script_reader_take_rest(reader, &item->json);
	if (r < 0)
		return r;
	json = json_loads(item->json, 0, &error);
	is_object = json_is_object(json);
	json_decref(json);
	if (!is_object)
		return script_reader_fail(reader, "not a JSON object: %s", error.text);
	return 0;
}

static int fault_item(struct script_reader *reader, struct script_item *item)
{
	static const char *const names[] = {"off", "away", "silent", "loose", "frozen", "reboot",
		"shift", "clock", "late", "shaken", "gyro-dead", "gyro-whirls", "gyro-mirrored",
		"gyro-scale", "acc-weak", "acc-scale", "acc-offset", "acc-limit"};
	unsigned kind = 0;
	int r = script_reader_find_wearable(reader, &item->wearable);

	if (r >= 0)
		r = script_reader_choice(reader, "fault", names, ARRAY_LEN(names), &kind);
	item->fault = (enum script_fault_kind)kind;
	item->seconds = 1e9;
	if (r >= 0 && item->fault == SCRIPT_FAULT_SHIFT)
		r = script_reader_number(reader, "shift", -180, 180, &item->value);
	if (r >= 0 && item->fault == SCRIPT_FAULT_CLOCK)
		r = script_reader_number(reader, "clock", -1e6, 1e6, &item->value);
	if (r >= 0 &&
		(item->fault == SCRIPT_FAULT_GYRO_SCALE || item->fault >= SCRIPT_FAULT_ACC_SCALE))
		r = script_reader_number(reader, "defect", -1000, 1000, &item->value);
	if (r >= 0 && script_reader_take(reader, "for"))
		r = script_reader_number(reader, "for", 0, 1e6, &item->seconds);
	return r < 0 ? r : optional_instant(reader, &item->when);
}

/* truth.c checks the words that follow, when it uses them; here only the first one is checked. */
static int expect_item(struct script_reader *reader, struct script_item *item)
{
	static const char *const names[] = {"class", "has", "lacks", "phase", "severity", "site",
		"cue", "argument", "alert", "pattern", "none"};
	unsigned name;
	int r = script_reader_choice(reader, "expectation", names, ARRAY_LEN(names), &name);

	if (r < 0)
		return r;
	reader->at--;
	return script_reader_take_rest(reader, &item->text);
}

static const struct {
	const char *word;
	enum script_item_kind kind;
	double seconds; /* if the line gives none */
	int (*read)(struct script_reader *reader, struct script_item *item);
} statements[] = {
	{"wait", SCRIPT_WAIT, 1, seconds_item},
	{"lie", SCRIPT_LIE, 2, seconds_item},
	{"hook", SCRIPT_HOOK, 2, seconds_item},
	{"stand", SCRIPT_STAND, 4, seconds_item},
	{"walk", SCRIPT_WALK, 10, seconds_item},
	{"tilt", SCRIPT_TILT, 1, tilt_item},
	{"calibrate", SCRIPT_CALIBRATE, 0, calibrate_item},
	{"set", SCRIPT_SET, 0, set_item},
	{"flutter", SCRIPT_FLUTTER, 0, set_item},
	{"train", SCRIPT_TRAIN, 0, train_item},
	{"symptom", SCRIPT_SYMPTOM, 0, symptom_item},
	{"send", SCRIPT_SEND, 0, send_item},
	{"fault", SCRIPT_FAULT, 0, fault_item},
	{"expect", SCRIPT_EXPECT, 0, expect_item},
};

int script_item_read(struct script_reader *reader, size_t athlete)
{
	struct script_item *item = &reader->script->item[reader->script->n_items - 1];
	const char *word = script_reader_word(reader);
	enum sound_kind sound;

	item->line = reader->line;
	item->athlete = athlete;
	if (sound_kind_from_string(word, &sound) >= 0)
		return sound_item(reader, sound, item);
	for (unsigned i = 0; i < ARRAY_LEN(statements); i++)
		if (strcmp(word, statements[i].word) == 0) {
			item->kind = statements[i].kind;
			item->seconds = statements[i].seconds;
			return statements[i].read(reader, item);
		}
	return script_reader_fail(reader, "unknown statement '%s'", word);
}
