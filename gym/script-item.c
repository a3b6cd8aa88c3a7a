// SPDX-License-Identifier: MIT
/* The lines of a timeline. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "coxad/base/alloc.h"
#include "gym/script-private.h"

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

/* 12.5, here+1, pop-2, symptom+3, rep 3 lower 38, rep 3 bottom: after the word `at`. */
static int when(struct script_reader *reader, struct script_when *ret)
{
	static const struct {
		const char *word;
		enum script_when_kind kind;
	} anchor[] = {{"here", SCRIPT_WHEN_HERE}, {"pop", SCRIPT_WHEN_POP},
		{"symptom", SCRIPT_WHEN_SYMPTOM}};
	const char *word;
	char *end;
	double rep;
	int r;

	if (script_take(reader, "rep")) {
		ret->kind = SCRIPT_WHEN_REP;
		r = script_number(reader, "rep", 1, 10000, &rep);
		if (r < 0)
			return r;
		ret->rep = (unsigned)rep;
		word = script_next(reader);
		if (!word || phase_from_string(word, &ret->phase) < 0 || ret->phase < PHASE_RAISE)
			return script_fail(reader, "raise, top, lower or bottom is allowed");
		if (ret->phase == PHASE_TOP || ret->phase == PHASE_BOTTOM)
			return 0;
		return script_number(reader, "elevation", -100, 120, &ret->elevation_deg);
	}
	word = script_next(reader);
	if (!word)
		return script_fail(reader, "at wants an instant");
	ret->kind = SCRIPT_WHEN_START;
	for (unsigned i = 0; i < ARRAY_LEN(anchor); i++) {
		size_t n = strlen(anchor[i].word);
		if (strncmp(word, anchor[i].word, n) == 0) {
			ret->kind = anchor[i].kind;
			word += n;
			break;
		}
	}
	ret->offset_s = strtod(word, &end);
	if (*end || (end == word && ret->kind == SCRIPT_WHEN_START))
		return script_fail(reader, "%s is no instant", word);
	return 0;
}

static int set_item(struct script_reader *reader, struct script_item *item)
{
	const char *word;
	int r;

	item->set = set_defaults;
	r = script_number(reader, "set", 1, 10000, &item->set.count);
	while (r >= 0 && reader->at < reader->n_words) {
		r = script_keyed(reader, set_keys, ARRAY_LEN(set_keys), &item->set);
		if (r)
			continue;
		if (script_take(reader, "side")) {
			word = script_next(reader);
			if (word && strcmp(word, "alternate") == 0)
				item->set.side = SIDE_UNKNOWN;
			else if (!word || side_from_string(word, &item->set.side) < 0)
				return script_fail(
					reader, "left, right, both or alternate is allowed");
		} else if (script_take(reader, "arch")) { /* DEG FROM TO */
			r = script_number(reader, "arch", 0, 45, &item->set.arch_deg);
			if (r >= 0)
				r = script_number(reader, "arch", 0, 90, &item->set.arch_from_deg);
			if (r >= 0)
				r = script_number(reader, "arch", -5, item->set.arch_from_deg - 1,
					&item->set.arch_to_deg);
		} else if (script_take(reader, "tremor")) { /* DEG HZ */
			r = script_number(reader, "tremor", 0, 20, &item->set.tremor_deg);
			if (r >= 0)
				r = script_number(reader, "tremor", 0.5, 20, &item->set.tremor_hz);
		} else {
			return script_fail(reader, "%s is nothing of a set", script_next(reader));
		}
	}
	return r;
}

static int heard(struct script_reader *reader, struct script_sound *sound)
{
	unsigned n = sound->n_heard;
	int r;

	if (n == SCRIPT_HEARD_MAX)
		return script_fail(reader, "heard by more than %d", SCRIPT_HEARD_MAX);
	r = script_placement(reader, &sound->heard[n]);
	if (r >= 0)
		r = script_number(reader, "heard", -60, 60, &sound->heard_db[n]);
	if (r >= 0)
		r = script_number(reader, "heard", -50, 50, &sound->heard_ms[n]);
	sound->n_heard++;
	return r;
}

static int sound_item(struct script_reader *reader, enum sound_kind kind, struct script_item *item)
{
	int r = 0;

	item->kind = SCRIPT_SOUND;
	item->sound.sound = sound_usual(kind);
	item->sound.site = PLACEMENT_COUNT;
	item->sound.wearable = SIZE_MAX;
	item->sound.surge = 1;
	switch (kind) {
	case SOUND_POP:
	case SOUND_CRACK:
		r = script_placement(reader, &item->sound.site);
		break;
	case SOUND_TAP:
	case SOUND_RUB:
	case SOUND_BURST:
		r = script_find_wearable(reader, &item->sound.wearable);
		break;
	case SOUND_HEEL:
		item->sound.shock_g = 0.9; /* decision-model.md 8, scenario 7 */
		break;
	case SOUND_DROP:
		item->sound.shock_g = 0.1;
		break;
	case SOUND_SPEECH:
	case SOUND_CLAP:
	case SOUND_KIND_COUNT:
		break;
	}
	while (r >= 0 && reader->at < reader->n_words) {
		if (script_take(reader, "at")) {
			r = when(reader, &item->when);
		} else if (script_take(reader, "heard")) {
			r = heard(reader, &item->sound);
		} else {
			r = script_keyed(reader, sound_keys, ARRAY_LEN(sound_keys), &item->sound);
			if (r == 0)
				return script_fail(
					reader, "%s is nothing of a sound", script_next(reader));
		}
	}
	return r;
}

static int symptom_item(struct script_reader *reader, struct script_item *item)
{
	const char *word = script_next(reader);
	enum symptom_code code;
	enum body_site site = BODY_SITE_UNKNOWN;
	enum side side = SIDE_UNKNOWN;
	double intensity = 255;
	int r = 0;

	if (!word || symptom_code_from_string(word, &code) < 0)
		return script_fail(reader, "%s is no symptom", word ? word : "nothing");
	while (r >= 0 && reader->at < reader->n_words) {
		if (script_take(reader, "at")) {
			r = when(reader, &item->when);
		} else if (script_take(reader, "intensity")) {
			r = script_number(reader, "intensity", 0, 10, &intensity);
		} else if (script_take(reader, "site")) {
			word = script_next(reader);
			if (!word || body_site_from_string(word, &site) < 0)
				return script_fail(reader, "no such site of a symptom");
		} else if (script_take(reader, "side")) {
			word = script_next(reader);
			if (!word || side_from_string(word, &side) < 0)
				return script_fail(reader, "no such side");
		} else if (script_take(reader, "by")) {
			word = script_next(reader);
			if (!word)
				return script_fail(reader, "by whom?");
			item->symptom.is_command = strcmp(word, "button") != 0;
			item->symptom.source = alloc_text(word);
		} else {
			return script_fail(
				reader, "%s is nothing of a symptom", script_next(reader));
		}
	}
	item->symptom.code = code;
	item->symptom.site = site;
	item->symptom.side = side;
	item->symptom.intensity = (unsigned)intensity;
	return r;
}

static int send_item(struct script_reader *reader, struct script_item *item)
{
	const char *word = script_next(reader);
	json_error_t error;
	json_t *json;

	if (!word)
		return script_fail(reader, "send wants a verb");
	item->text = alloc_text(word);
	if (script_take(reader, "at") && when(reader, &item->when) < 0)
		return -EINVAL;
	if (reader->at >= reader->n_words)
		return script_fail(reader, "send wants a JSON object");
	item->json = alloc_text(reader->rest[reader->at]);
	reader->at = reader->n_words;
	json = json_loads(item->json, 0, &error);
	if (!json_is_object(json)) {
		json_decref(json);
		return script_fail(reader, "no JSON object: %s", error.text);
	}
	json_decref(json);
	return 0;
}

static int fault_item(struct script_reader *reader, struct script_item *item)
{
	static const struct {
		const char *word;
		enum script_fault_kind kind;
		double min, max; /* of its number; equal: none */
	} kind[] = {{"off", SCRIPT_FAULT_OFF, 0, 0}, {"away", SCRIPT_FAULT_AWAY, 0, 0},
		{"silent", SCRIPT_FAULT_SILENT, 0, 0}, {"loose", SCRIPT_FAULT_LOOSE, 0, 0},
		{"reboot", SCRIPT_FAULT_REBOOT, 0, 0}, {"shift", SCRIPT_FAULT_SHIFT, -180, 180},
		{"clock", SCRIPT_FAULT_CLOCK, -1e6, 1e6}};
	const char *word;
	unsigned i = 0;
	int r = script_find_wearable(reader, &item->wearable);

	if (r < 0)
		return r;
	word = script_next(reader);
	while (word && i < ARRAY_LEN(kind) && strcmp(word, kind[i].word) != 0)
		i++;
	if (!word || i == ARRAY_LEN(kind))
		return script_fail(reader, "%s is no fault", word ? word : "nothing");
	item->fault = kind[i].kind;
	item->seconds = 1e9;
	if (kind[i].min < kind[i].max)
		r = script_number(reader, word, kind[i].min, kind[i].max, &item->value);
	if (r >= 0 && script_take(reader, "for"))
		r = script_number(reader, "for", 0, 1e6, &item->seconds);
	if (r >= 0 && script_take(reader, "at"))
		r = when(reader, &item->when);
	return r;
}

static int calibrate_item(struct script_reader *reader, struct script_item *item)
{
	const char *word = script_next(reader);
	enum calibration_step step;

	if (!word || (strcmp(word, "all") != 0 && calibration_step_from_string(word, &step) < 0))
		return script_fail(
			reader, "%s is no step of the calibration", word ? word : "nothing");
	item->text = alloc_text(word);
	return 0;
}

/* The words of an expectation are checked where they are used, in truth.c; here only the keys. */
static int expect_item(struct script_reader *reader, struct script_item *item)
{
	static const char *const key[] = {"class", "has", "lacks", "phase", "severity", "site",
		"cue", "argument", "alert", "pattern", "none"};
	unsigned first = reader->at;

	if (first >= reader->n_words)
		return script_fail(reader, "expect what?");
	for (unsigned i = 0; i < ARRAY_LEN(key); i++)
		if (strcmp(reader->word[first], key[i]) == 0) {
			item->text = alloc_text(reader->rest[first]);
			reader->at = reader->n_words;
			return 0;
		}
	return script_fail(reader, "%s cannot be expected", reader->word[first]);
}

static int optional_seconds(struct script_reader *reader, double *ret)
{
	return reader->at < reader->n_words ? script_number(reader, "seconds", 0, 1e6, ret) : 0;
}

int script_item(struct script_reader *reader, size_t athlete)
{
	static const struct {
		const char *word;
		enum script_item_kind kind;
		double seconds;
	} plain[] = {{"wait", SCRIPT_WAIT, 1}, {"lie", SCRIPT_LIE, 2}, {"hook", SCRIPT_HOOK, 2},
		{"stand", SCRIPT_STAND, 4}, {"walk", SCRIPT_WALK, 10}};
	struct script_item *item = &reader->script->item[reader->script->n_items - 1];
	const char *word = script_next(reader);
	enum sound_kind sound;
	int r;

	item->line = reader->line;
	item->athlete = athlete;
	for (unsigned i = 0; i < ARRAY_LEN(plain); i++)
		if (strcmp(word, plain[i].word) == 0) {
			item->kind = plain[i].kind;
			item->seconds = plain[i].seconds;
			return optional_seconds(reader, &item->seconds);
		}
	if (strcmp(word, "tilt") == 0) {
		item->kind = SCRIPT_TILT;
		item->seconds = 1;
		r = script_number(reader, "tilt", -30, 45, &item->value);
		return r < 0 ? r : optional_seconds(reader, &item->seconds);
	}
	if (strcmp(word, "set") == 0 || strcmp(word, "flutter") == 0) {
		item->kind = *word == 's' ? SCRIPT_SET : SCRIPT_FLUTTER;
		return set_item(reader, item);
	}
	if (sound_kind_from_string(word, &sound) >= 0)
		return sound_item(reader, sound, item);
	if (strcmp(word, "calibrate") == 0) {
		item->kind = SCRIPT_CALIBRATE;
		return calibrate_item(reader, item);
	}
	if (strcmp(word, "symptom") == 0) {
		item->kind = SCRIPT_SYMPTOM;
		return symptom_item(reader, item);
	}
	if (strcmp(word, "send") == 0) {
		item->kind = SCRIPT_SEND;
		return send_item(reader, item);
	}
	if (strcmp(word, "fault") == 0) {
		item->kind = SCRIPT_FAULT;
		return fault_item(reader, item);
	}
	if (strcmp(word, "expect") == 0) {
		item->kind = SCRIPT_EXPECT;
		return expect_item(reader, item);
	}
	return script_fail(reader, "%s is nothing that can happen", word);
}
