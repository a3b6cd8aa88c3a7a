// SPDX-License-Identifier: MIT
#include "tests/gym/script.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "tests/gym/script-inner.h"

#define SCRIPT_TEXT_MAX  (1u << 20)
#define SCRIPT_DEPTH_MAX 4

enum section { SECTION_TOP, SECTION_ATHLETE, SECTION_KIT, SECTION_WEARABLE, SECTION_TIMELINE };

#define ATHLETE_KEY(name, field, min, max)                                                         \
	{                                                                                          \
		name, offsetof(struct script_athlete, field), min, max                             \
	}
static const struct script_key athlete_keys[] = {
	ATHLETE_KEY("span", span_deg, 0, 30),
	ATHLETE_KEY("heading", heading_deg, -360, 360),
	ATHLETE_KEY("lordosis", lordosis, 0, 2),
};

#define WEARABLE_KEY(name, field, min, max)                                                        \
	{                                                                                          \
		name, offsetof(struct script_wearable, field), min, max                            \
	}
static const struct script_key wearable_keys[] = {
	WEARABLE_KEY("rate", rate_hz, 16, 400),
	WEARABLE_KEY("range-g", range_g, 2, 16),
	WEARABLE_KEY("range-dps", range_dps, 250, 4000),
	WEARABLE_KEY("noise-mg", noise_mg, 0, 1000),
	WEARABLE_KEY("noise-dps", noise_dps, 0, 100),
	WEARABLE_KEY("bias-mg", bias_mg, 0, 1000),
	WEARABLE_KEY("bias-dps", bias_dps, 0, 100),
	WEARABLE_KEY("ppm", ppm, -1000, 1000),
	WEARABLE_KEY("clock", clock_us, 0, 4294967295.0),
	WEARABLE_KEY("interval-ms", interval_ms, 7.5, 4000),
	WEARABLE_KEY("loss", loss, 0, 0.95),
	WEARABLE_KEY("supervision-ms", supervision_ms, 100, 32000),
	WEARABLE_KEY("jitter-ms", jitter_ms, 0, 1000),
	WEARABLE_KEY("spikes", spikes, 0, 1),
	WEARABLE_KEY("mtu", mtu, 23, 517),
	WEARABLE_KEY("rssi", rssi_dbm, -127, 20),
	WEARABLE_KEY("battery", battery, 0, 100),
	WEARABLE_KEY("advert-ms", advert_ms, 20, 10240),
	WEARABLE_KEY("pops-kept", pops_kept, 1, 256),
	WEARABLE_KEY("acoustic-hz", acoustic_hz, 0, 48000),
	WEARABLE_KEY("acoustic-noise-db", acoustic_noise_db, -120, 0),
};

int script_fail(struct script_reader *reader, const char *format, ...)
{
	int n = snprintf(
		reader->error, reader->error_size, "%s:%u: ", reader->script->path, reader->line);
	va_list args;

	if (n >= 0 && (size_t)n < reader->error_size) {
		va_start(args, format);
		vsnprintf(reader->error + n, reader->error_size - (size_t)n, format, args);
		va_end(args);
	}
	return -EINVAL;
}

const char *script_next(struct script_reader *reader)
{
	return reader->at < reader->n_words ? reader->word[reader->at++] : NULL;
}

bool script_take(struct script_reader *reader, const char *word)
{
	if (reader->at >= reader->n_words || strcmp(reader->word[reader->at], word) != 0)
		return false;
	reader->at++;
	return true;
}

int script_number(
	struct script_reader *reader, const char *what, double min, double max, double *ret)
{
	const char *word = script_next(reader);
	char *end;
	double value;

	if (!word)
		return script_fail(reader, "%s wants a number", what);
	value = strtod(word, &end);
	if (*end || end == word || !(value >= min && value <= max))
		return script_fail(
			reader, "%s %s: a number from %g to %g is allowed", what, word, min, max);
	*ret = value;
	return 0;
}

int script_keyed(
	struct script_reader *reader, const struct script_key *keys, size_t n_keys, void *into)
{
	for (size_t i = 0; i < n_keys; i++)
		if (script_take(reader, keys[i].name)) {
			int r = script_number(reader, keys[i].name, keys[i].min, keys[i].max,
				(double *)((char *)into + keys[i].offset));
			return r < 0 ? r : 1;
		}
	return 0;
}

int script_placement(struct script_reader *reader, enum placement *ret)
{
	const char *word = script_next(reader);

	if (!word || placement_from_string(word, ret) < 0)
		return script_fail(reader, "%s is no placement", word ? word : "nothing");
	return 0;
}

int script_find_wearable(struct script_reader *reader, size_t *ret)
{
	const char *word = script_next(reader);

	for (size_t i = 0; word && i < reader->script->n_wearables; i++)
		if (strcmp(reader->script->wearable[i].name, word) == 0) {
			*ret = i;
			return 0;
		}
	return script_fail(reader, "no wearable %s above", word ? word : "");
}

static int find_athlete(struct script_reader *reader, const char *name, size_t *ret)
{
	for (size_t i = 0; name && i < reader->script->n_athletes; i++)
		if (strcmp(reader->script->athlete[i].name, name) == 0) {
			*ret = i;
			return 0;
		}
	return script_fail(reader, "no athlete %s above", name ? name : "");
}

static void *grow(void *array, size_t n, size_t size)
{
	void *p = reallocarray(array, n + 1, size);

	if (!p)
		abort();
	memset((char *)p + n * size, 0, size);
	return p;
}

static int take_text(struct script_reader *reader, char **into)
{
	const char *word = script_next(reader);

	if (!word)
		return script_fail(reader, "a word is missing");
	free(*into);
	*into = alloc_text(word);
	return 0;
}

/* The rest of the line, as it stands. */
static int take_rest(struct script_reader *reader, char **into)
{
	if (reader->at >= reader->n_words)
		return script_fail(reader, "a text is missing");
	free(*into);
	*into = alloc_text(reader->rest[reader->at]);
	reader->at = reader->n_words;
	return 0;
}

static int athlete_line(struct script_reader *reader, struct script_athlete *athlete)
{
	int r = script_keyed(reader, athlete_keys, ARRAY_LEN(athlete_keys), athlete);

	if (r)
		return r;
	if (script_take(reader, "breath")) {
		r = script_number(reader, "breath", 0, 10, &athlete->breath_deg);
		return r < 0 ? r : script_number(reader, "breath", 1, 20, &athlete->breath_s);
	}
	return script_fail(reader, "%s is nothing of an athlete", reader->word[0]);
}

static int kit_line(struct script_reader *reader, struct script_kit *kit)
{
	const char *word;

	if (script_take(reader, "athlete"))
		return find_athlete(reader, script_next(reader), &kit->athlete);
	if (script_take(reader, "exercise")) {
		word = script_next(reader);
		if (!word || exercise_from_string(word, &kit->exercise) < 0)
			return script_fail(reader, "%s is no exercise", word ? word : "nothing");
		return 0;
	}
	return script_fail(reader, "%s is nothing of a kit", reader->word[0]);
}

static int mount_line(struct script_reader *reader, struct script_wearable *w)
{
	if (script_take(reader, "any")) {
		w->mount = SCRIPT_MOUNT_ANY;
		return 0;
	}
	if (script_take(reader, "default")) {
		w->mount = SCRIPT_MOUNT_DEFAULT;
		return 0;
	}
	w->mount = SCRIPT_MOUNT_TURNED;
	for (unsigned i = 0; i < 3; i++) {
		int r = script_number(reader, "mount", -1, 1, &w->mount_axis[i]);
		if (r < 0)
			return r;
	}
	return script_number(reader, "mount", -360, 360, &w->mount_deg);
}

static int streams_line(struct script_reader *reader, struct script_wearable *w)
{
	static const char *const name[] = {"motion", "pop", "acoustic", "symptom", "haptic"};
	const char *word;

	w->has_streams = true;
	w->streams = 0;
	while ((word = script_next(reader))) {
		unsigned i = 0;
		while (i < ARRAY_LEN(name) && strcmp(word, name[i]) != 0)
			i++;
		if (i == ARRAY_LEN(name))
			return script_fail(reader, "%s is no stream", word);
		w->streams |= 1u << i;
	}
	return 0;
}

static int acoustic_line(struct script_reader *reader, struct script_wearable *w)
{
	static const char *const name[] = {"none", "air", "contact", "accelerometer"};
	const char *word = script_next(reader);

	for (unsigned i = 0; word && i < ARRAY_LEN(name); i++)
		if (strcmp(word, name[i]) == 0) {
			w->acoustic_sensor = i;
			return 0;
		}
	return script_fail(reader, "%s is no acoustic sensor", word ? word : "nothing");
}

static int worn_line(struct script_reader *reader, struct script_wearable *w)
{
	int r = script_placement(reader, &w->worn);

	if (r < 0 || !script_take(reader, "by"))
		return r;
	return find_athlete(reader, script_next(reader), &w->athlete);
}

static int kit_of_line(struct script_reader *reader, struct script_wearable *w)
{
	const char *word = script_next(reader);

	for (size_t i = 0; word && i < reader->script->n_kits; i++)
		if (strcmp(reader->script->kit[i].name, word) == 0) {
			w->kit = i;
			return 0;
		}
	return script_fail(reader, "no kit %s above", word ? word : "");
}

static int wearable_line(struct script_reader *reader, struct script_wearable *w)
{
	int r = script_keyed(reader, wearable_keys, ARRAY_LEN(wearable_keys), w);

	if (r)
		return r;
	if (script_take(reader, "kind"))
		return take_text(reader, &w->kind);
	if (script_take(reader, "address"))
		return take_text(reader, &w->address);
	if (script_take(reader, "local-name"))
		return take_text(reader, &w->local_name);
	if (script_take(reader, "playback"))
		return take_text(reader, &w->playback);
	if (script_take(reader, "kit"))
		return kit_of_line(reader, w);
	if (script_take(reader, "mount"))
		return mount_line(reader, w);
	if (script_take(reader, "streams"))
		return streams_line(reader, w);
	if (script_take(reader, "acoustic"))
		return acoustic_line(reader, w);
	if (script_take(reader, "worn"))
		return worn_line(reader, w);
	if (script_take(reader, "public")) {
		w->has_public_address = true;
		return 0;
	}
	if (script_take(reader, "placement")) {
		r = script_placement(reader, &w->placement);
		if (w->worn == PLACEMENT_COUNT)
			w->worn = w->placement;
		return r;
	}
	return script_fail(reader, "%s is nothing of a wearable", reader->word[0]);
}

static const struct script_wearable wearable_defaults = {.kit = SIZE_MAX,
	.athlete = SIZE_MAX,
	.placement = PLACEMENT_COUNT,
	.worn = PLACEMENT_COUNT,
	.rate_hz = 104,
	.range_g = 8,
	.range_dps = 1000,
	.noise_mg = 0.7,
	.noise_dps = 0.04,
	.bias_mg = 8,
	.bias_dps = 0.6,
	.ppm = NAN,
	.clock_us = NAN,
	.interval_ms = NAN,
	.loss = 0.03,
	.supervision_ms = 2000,
	.jitter_ms = 2,
	.spikes = 0.02,
	.mtu = 247,
	.rssi_dbm = -65,
	.battery = 87,
	.advert_ms = 100,
	.pops_kept = 64,
	.acoustic_noise_db = -60};

struct place {
	enum section section;
	size_t athlete; /* whose timeline; SIZE_MAX: the room's */
};

static int open_timeline(struct script_reader *reader, struct place *place)
{
	place->section = SECTION_TIMELINE;
	place->athlete = SIZE_MAX;
	if (reader->depth)
		return script_fail(reader, "a timeline stands in the script itself");
	if (script_take(reader, "room"))
		return 0;
	return find_athlete(reader, script_next(reader), &place->athlete);
}

static int open_section(struct script_reader *reader, struct place *place)
{
	struct script *s = reader->script;
	const char *kind = script_next(reader);
	char *name = NULL;

	if (strcmp(kind, "timeline") == 0)
		return open_timeline(reader, place);
	if (take_text(reader, &name) < 0)
		return -EINVAL;
	if (strcmp(kind, "athlete") == 0) {
		s->athlete = grow(s->athlete, s->n_athletes, sizeof(*s->athlete));
		s->athlete[s->n_athletes++] = (struct script_athlete){.name = name,
			.span_deg = 8.7,
			.breath_deg = 0.12,
			.breath_s = 4.2,
			.heading_deg = NAN,
			.lordosis = 1};
		place->section = SECTION_ATHLETE;
	} else if (strcmp(kind, "kit") == 0) {
		s->kit = grow(s->kit, s->n_kits, sizeof(*s->kit));
		s->kit[s->n_kits++] = (struct script_kit){name, EXERCISE_SUPINE_STRAIGHT, SIZE_MAX};
		place->section = SECTION_KIT;
	} else {
		s->wearable = grow(s->wearable, s->n_wearables, sizeof(*s->wearable));
		s->wearable[s->n_wearables] = wearable_defaults;
		s->wearable[s->n_wearables].path = reader->path;
		s->wearable[s->n_wearables].line = reader->line;
		s->wearable[s->n_wearables++].name = name;
		place->section = SECTION_WEARABLE;
	}
	return 0;
}

/* An included file is read as the script itself is, line by line. */
static int include(struct script_reader *reader);

static int top_line(struct script_reader *reader)
{
	struct script *s = reader->script;

	if (script_take(reader, "include"))
		return include(reader);
	if (script_take(reader, "name"))
		return take_text(reader, &s->name);
	if (script_take(reader, "what"))
		return take_rest(reader, &s->what);
	if (script_take(reader, "gateway"))
		return take_text(reader, &s->gateway);
	if (script_take(reader, "site"))
		return take_text(reader, &s->site);
	if (script_take(reader, "wall"))
		return take_text(reader, &s->wall);
	if (script_take(reader, "tail"))
		return script_number(reader, "tail", 0, 1e6, &s->tail_s);
	return script_fail(reader, "%s is no section and nothing of the gym", reader->word[0]);
}

static bool is_section(const char *word)
{
	return strcmp(word, "athlete") == 0 || strcmp(word, "kit") == 0 ||
	       strcmp(word, "wearable") == 0 || strcmp(word, "timeline") == 0;
}

static int one_line(struct script_reader *reader, bool is_indented, struct place *place)
{
	struct script *s = reader->script;
	int r = 0;

	if (!is_indented)
		r = is_section(reader->word[0]) ? open_section(reader, place) : top_line(reader);
	else
		switch (place->section) {
		case SECTION_TOP:
			return script_fail(reader, "an indented line belongs to a section");
		case SECTION_ATHLETE:
			r = athlete_line(reader, &s->athlete[s->n_athletes - 1]);
			break;
		case SECTION_KIT:
			r = kit_line(reader, &s->kit[s->n_kits - 1]);
			break;
		case SECTION_WEARABLE:
			r = wearable_line(reader, &s->wearable[s->n_wearables - 1]);
			break;
		case SECTION_TIMELINE:
			s->item = grow(s->item, s->n_items, sizeof(*s->item));
			s->n_items++;
			r = script_item(reader, place->athlete);
			break;
		}
	if (r >= 0 && reader->at < reader->n_words)
		return script_fail(reader, "%s is one too many", reader->word[reader->at]);
	return r;
}

/* Words of a line; `#` at the start of a word begins a comment. The uncut line is kept. */
static int cut(struct script_reader *reader, char *line, const char *uncut)
{
	reader->n_words = 0;
	reader->at = 0;
	for (char *p = line; *p;) {
		if (isspace((unsigned char)*p)) {
			p++;
			continue;
		}
		if (*p == '#')
			break;
		if (reader->n_words == SCRIPT_WORDS_MAX)
			return script_fail(reader, "more than %d words", SCRIPT_WORDS_MAX);
		reader->rest[reader->n_words] = uncut + (p - line);
		reader->word[reader->n_words++] = p;
		while (*p && !isspace((unsigned char)*p))
			p++;
		if (*p)
			*p++ = 0;
	}
	return 0;
}

static int check_wearables(struct script_reader *reader)
{
	struct script *s = reader->script;

	for (size_t i = 0; i < s->n_wearables; i++) {
		struct script_wearable *w = &s->wearable[i];

		reader->path = w->path;
		reader->line = w->line;
		if (!w->address || strlen(w->address) != 17)
			return script_fail(
				reader, "wearable %s: address missing or no address", w->name);
		if (w->kit == SIZE_MAX || w->placement == PLACEMENT_COUNT)
			return script_fail(
				reader, "wearable %s: kit or placement missing", w->name);
		if (w->worn == PLACEMENT_COUNT)
			w->worn = w->placement;
		if (w->athlete == SIZE_MAX)
			w->athlete = s->kit[w->kit].athlete;
		for (size_t k = 0; k < i; k++)
			if (strcasecmp(s->wearable[k].address, w->address) == 0)
				return script_fail(reader, "address %s is %s's already", w->address,
					s->wearable[k].name);
	}
	return 0;
}

static int parse_text(struct script_reader *reader, const char *text)
{
	struct place place = {SECTION_TOP, SIZE_MAX};
	int r = 0;

	while (*text && r >= 0) {
		size_t n = strcspn(text, "\n");
		char *line = strndup(text, n), *uncut = strndup(text, n);

		if (!line || !uncut)
			abort();
		reader->line++;
		r = cut(reader, line, uncut);
		if (r >= 0 && reader->n_words)
			r = one_line(reader, isspace((unsigned char)uncut[0]), &place);
		free(line);
		free(uncut);
		text += n + (text[n] == '\n');
	}
	return r;
}

/* Keeps the path as long as the script lives. */
static const char *keep_path(struct script *script, char *path)
{
	script->file = grow(script->file, script->n_files, sizeof(*script->file));
	script->file[script->n_files] = path;
	return script->file[script->n_files++];
}

static char *read_text(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = alloc_zero(SCRIPT_TEXT_MAX + 1, 1);
	size_t n;

	if (!file) {
		free(text);
		return NULL;
	}
	n = fread(text, 1, SCRIPT_TEXT_MAX, file);
	fclose(file);
	if (n < SCRIPT_TEXT_MAX && strlen(text) == n)
		return text;
	free(text);
	errno = EINVAL;
	return NULL;
}

/* Of a path beside the file under way. */
static int include(struct script_reader *reader)
{
	const char *word = script_next(reader), *slash = strrchr(reader->path, '/');
	struct script_reader inner = *reader;
	char *text;
	int r;

	if (!word || reader->depth == SCRIPT_DEPTH_MAX)
		return script_fail(
			reader, "include what, and not deeper than %d", SCRIPT_DEPTH_MAX);
	inner.path = keep_path(reader->script,
		alloc_printf("%.*s%s", slash && *word != '/' ? (int)(slash - reader->path + 1) : 0,
			reader->path, word));
	inner.line = 0;
	inner.depth++;
	text = read_text(inner.path);
	if (!text)
		return script_fail(reader, "%s: %s", inner.path, strerror(errno));
	r = parse_text(&inner, text);
	free(text);
	return r;
}

struct script *script_parse(const char *path, const char *text, char *ret_error, size_t error_size)
{
	struct script *script = new0(struct script);
	struct script_reader reader = {
		.script = script, .error = ret_error, .error_size = error_size};
	int r;

	script->path = alloc_text(path);
	script->tail_s = 35;
	reader.path = script->path;
	r = parse_text(&reader, text);
	if (r >= 0)
		r = check_wearables(&reader);
	if (r < 0)
		return script_free(script);
	if (!script->name)
		script->name = alloc_text("gym");
	if (!script->gateway)
		script->gateway = alloc_text("pi-mat-1");
	if (!script->site)
		script->site = alloc_text("north-gym");
	if (!script->wall)
		script->wall = alloc_text("2026-11-22T17:30:00.000Z");
	return script;
}

struct script *script_read(const char *path, char *ret_error, size_t error_size)
{
	_auto_free_ char *text = read_text(path);

	if (!text) {
		snprintf(ret_error, error_size, "%s: %s", path, strerror(errno));
		return NULL;
	}
	return script_parse(path, text, ret_error, error_size);
}

struct script *script_free(struct script *script)
{
	if (!script)
		return NULL;
	for (size_t i = 0; i < script->n_athletes; i++)
		free(script->athlete[i].name);
	for (size_t i = 0; i < script->n_kits; i++)
		free(script->kit[i].name);
	for (size_t i = 0; i < script->n_wearables; i++) {
		free(script->wearable[i].name);
		free(script->wearable[i].address);
		free(script->wearable[i].kind);
		free(script->wearable[i].local_name);
		free(script->wearable[i].playback);
	}
	for (size_t i = 0; i < script->n_items; i++) {
		free(script->item[i].text);
		free(script->item[i].json);
		free(script->item[i].symptom.source);
	}
	free(script->athlete);
	free(script->kit);
	free(script->wearable);
	free(script->item);
	for (size_t i = 0; i < script->n_files; i++)
		free(script->file[i]);
	free(script->file);
	free(script->path);
	free(script->name);
	free(script->what);
	free(script->gateway);
	free(script->site);
	free(script->wall);
	free(script);
	return NULL;
}
