// SPDX-License-Identifier: MIT
#include "gym/script.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/address.h"
#include "coxad/base/alloc.h"
#include "gym/grow.h"
#include "gym/script-class.h"
#include "gym/script-item.h"
#include "gym/script-reader.h"
#include "gym/script-section.h"

#define SCRIPT_TEXT_MAX  (1u << 20)
#define SCRIPT_DEPTH_MAX 4

enum section { SECTION_NONE, SECTION_ATHLETE, SECTION_KIT, SECTION_WEARABLE, SECTION_TIMELINE };

struct place {
	enum section section;
	size_t athlete; /* whose timeline; SIZE_MAX: the room's */
};

static int open_timeline(struct script_reader *reader, struct place *place)
{
	place->section = SECTION_TIMELINE;
	place->athlete = SIZE_MAX;
	if (reader->depth)
		return script_reader_fail(reader, "an included file cannot have a timeline");
	if (script_reader_take(reader, "room"))
		return 0;
	return script_reader_find_athlete(reader, &place->athlete);
}

static int open_athlete(struct script_reader *reader, struct place *place)
{
	struct script *s = reader->script;
	struct script_athlete *athlete;

	s->athlete = grow_array(s->athlete, &s->n_athletes, sizeof(*s->athlete));
	athlete = &s->athlete[s->n_athletes - 1];
	*athlete = (struct script_athlete){.span_deg = 8.7,
		.breath_deg = 0.12,
		.breath_s = 4.2,
		.heading_deg = NAN,
		.lordosis = 1};
	place->section = SECTION_ATHLETE;
	return script_reader_take_text(reader, &athlete->name);
}

static int open_kit(struct script_reader *reader, struct place *place)
{
	struct script *s = reader->script;
	struct script_kit *kit;

	s->kit = grow_array(s->kit, &s->n_kits, sizeof(*s->kit));
	kit = &s->kit[s->n_kits - 1];
	*kit = (struct script_kit){.exercise = EXERCISE_SUPINE_STRAIGHT, .athlete = SIZE_MAX};
	place->section = SECTION_KIT;
	return script_reader_take_text(reader, &kit->name);
}

static int open_wearable(struct script_reader *reader, struct place *place)
{
	struct script *s = reader->script;
	struct script_wearable *w;

	s->wearable = grow_array(s->wearable, &s->n_wearables, sizeof(*s->wearable));
	w = &s->wearable[s->n_wearables - 1];
	*w = script_section_wearable_defaults;
	w->path = reader->path;
	w->line = reader->line;
	place->section = SECTION_WEARABLE;
	return script_reader_take_text(reader, &w->name);
}

static int include(struct script_reader *reader);

static int setting(struct script_reader *reader)
{
	struct script *s = reader->script;

	if (script_reader_take(reader, "include"))
		return include(reader);
	if (script_reader_take(reader, "class"))
		return script_class_read(reader);
	if (script_reader_take(reader, "name"))
		return script_reader_take_text(reader, &s->name);
	if (script_reader_take(reader, "what"))
		return script_reader_take_rest(reader, &s->what);
	if (script_reader_take(reader, "gateway"))
		return script_reader_take_text(reader, &s->gateway);
	if (script_reader_take(reader, "site"))
		return script_reader_take_text(reader, &s->site);
	if (script_reader_take(reader, "wall"))
		return script_reader_take_text(reader, &s->wall);
	if (script_reader_take(reader, "tail"))
		return script_reader_number(reader, "tail", 0, 1e6, &s->tail_s);
	return script_reader_fail(reader, "unknown section or setting '%s'", reader->word[0]);
}

static int margin_line(struct script_reader *reader, struct place *place)
{
	if (script_reader_take(reader, "athlete"))
		return open_athlete(reader, place);
	if (script_reader_take(reader, "kit"))
		return open_kit(reader, place);
	if (script_reader_take(reader, "wearable"))
		return open_wearable(reader, place);
	if (script_reader_take(reader, "timeline"))
		return open_timeline(reader, place);
	return setting(reader);
}

static int indented_line(struct script_reader *reader, const struct place *place)
{
	struct script *s = reader->script;

	switch (place->section) {
	case SECTION_NONE:
		break;
	case SECTION_ATHLETE:
		return script_section_athlete(reader, &s->athlete[s->n_athletes - 1]);
	case SECTION_KIT:
		return script_section_kit(reader, &s->kit[s->n_kits - 1]);
	case SECTION_WEARABLE:
		return script_section_wearable(reader, &s->wearable[s->n_wearables - 1]);
	case SECTION_TIMELINE:
		s->item = grow_array(s->item, &s->n_items, sizeof(*s->item));
		return script_item_read(reader, place->athlete);
	}
	return script_reader_fail(reader, "an indented line must be in a section");
}

static int one_line(struct script_reader *reader, bool is_indented, struct place *place)
{
	int r = is_indented ? indented_line(reader, place) : margin_line(reader, place);

	if (r >= 0 && !script_reader_is_at_end(reader))
		return script_reader_fail(reader, "unexpected '%s'", reader->word[reader->at]);
	return r;
}

/* Cuts a line into words; `#` at the start of a word begins a comment. */
static int cut_words(struct script_reader *reader, char *line, const char *uncut)
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
			return script_reader_fail(
				reader, "more than %d words in a line", SCRIPT_WORDS_MAX);
		reader->rest[reader->n_words] = uncut + (p - line);
		reader->word[reader->n_words++] = p;
		while (*p && !isspace((unsigned char)*p))
			p++;
		if (*p)
			*p++ = 0;
	}
	return 0;
}

static int check_wearable(struct script_reader *reader, const struct script_wearable *w)
{
	const struct script *s = reader->script;
	char address[ADDRESS_SIZE];

	reader->path = w->path;
	reader->line = w->line;
	if (!w->address || address_from_string(w->address, address) < 0)
		return script_reader_fail(
			reader, "wearable %s needs an address like C0:A5:00:00:03:01", w->name);
	if (w->kit == SIZE_MAX || w->placement == PLACEMENT_COUNT)
		return script_reader_fail(
			reader, "wearable %s needs a kit and a placement", w->name);
	for (const struct script_wearable *other = s->wearable; other < w; other++)
		if (strcasecmp(other->address, w->address) == 0)
			return script_reader_fail(reader, "address %s already belongs to %s",
				w->address, other->name);
	return 0;
}

static int finish_wearables(struct script_reader *reader)
{
	struct script *s = reader->script;

	for (size_t i = 0; i < s->n_wearables; i++) {
		struct script_wearable *w = &s->wearable[i];

		if (check_wearable(reader, w) < 0)
			return -EINVAL;
		if (w->worn == PLACEMENT_COUNT)
			w->worn = w->placement;
		if (w->athlete == SIZE_MAX)
			w->athlete = s->kit[w->kit].athlete;
	}
	return 0;
}

static int parse_text(struct script_reader *reader, const char *text)
{
	struct place place = {SECTION_NONE, SIZE_MAX};
	int r = 0;

	while (*text && r >= 0) {
		size_t n = strcspn(text, "\n");
		char *line = strndup(text, n), *uncut = strndup(text, n);

		if (!line || !uncut)
			abort();
		reader->line++;
		r = cut_words(reader, line, uncut);
		if (r >= 0 && reader->n_words)
			r = one_line(reader, isspace((unsigned char)uncut[0]), &place);
		free(line);
		free(uncut);
		text += n + (text[n] == '\n');
	}
	return r;
}

/* Keeps the path for as long as the script lives. */
static const char *keep_path(struct script *script, char *path)
{
	script->file = grow_array(script->file, &script->n_files, sizeof(*script->file));
	script->file[script->n_files - 1] = path;
	return path;
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

/* Of a path relative to the file that includes it. */
static int include(struct script_reader *reader)
{
	const char *word = script_reader_next(reader), *slash = strrchr(reader->path, '/');
	struct script_reader inner = *reader;
	char *text;
	int r;

	if (!word)
		return script_reader_fail(reader, "include needs a file");
	if (reader->depth == SCRIPT_DEPTH_MAX)
		return script_reader_fail(
			reader, "files include each other more than %d deep", SCRIPT_DEPTH_MAX);
	inner.path = keep_path(reader->script,
		alloc_printf("%.*s%s", slash && *word != '/' ? (int)(slash - reader->path + 1) : 0,
			reader->path, word));
	inner.line = 0;
	inner.depth++;
	text = read_text(inner.path);
	if (!text)
		return script_reader_fail(reader, "%s: %s", inner.path, strerror(errno));
	r = parse_text(&inner, text);
	free(text);
	return r;
}

static void set_default(char **text, const char *value)
{
	if (!*text)
		*text = alloc_text(value);
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
		r = finish_wearables(&reader);
	if (r < 0)
		return script_free(script);
	set_default(&script->name, "gym");
	set_default(&script->gateway, "pi-mat-1");
	set_default(&script->site, "north-gym");
	set_default(&script->wall, "2026-11-22T17:30:00.000Z");
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
