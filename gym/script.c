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
#include "gym/script-private.h"

#define SCRIPT_TEXT_MAX  (1u << 20)
#define SCRIPT_DEPTH_MAX 4

enum section { SECTION_TOP, SECTION_ATHLETE, SECTION_KIT, SECTION_WEARABLE, SECTION_TIMELINE };

static void *grow(void *array, size_t n, size_t size)
{
	void *p = reallocarray(array, n + 1, size);

	if (!p)
		abort();
	memset((char *)p + n * size, 0, size);
	return p;
}

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
	return script_find_athlete(reader, script_next(reader), &place->athlete);
}

static int open_section(struct script_reader *reader, struct place *place)
{
	struct script *s = reader->script;
	const char *kind = script_next(reader);
	char *name = NULL;

	if (strcmp(kind, "timeline") == 0)
		return open_timeline(reader, place);
	if (script_take_text(reader, &name) < 0)
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
		s->wearable[s->n_wearables] = script_wearable_defaults;
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
		return script_take_text(reader, &s->name);
	if (script_take(reader, "what"))
		return script_take_rest(reader, &s->what);
	if (script_take(reader, "gateway"))
		return script_take_text(reader, &s->gateway);
	if (script_take(reader, "site"))
		return script_take_text(reader, &s->site);
	if (script_take(reader, "wall"))
		return script_take_text(reader, &s->wall);
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
			r = script_athlete_line(reader, &s->athlete[s->n_athletes - 1]);
			break;
		case SECTION_KIT:
			r = script_kit_line(reader, &s->kit[s->n_kits - 1]);
			break;
		case SECTION_WEARABLE:
			r = script_wearable_line(reader, &s->wearable[s->n_wearables - 1]);
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
		char address[ADDRESS_SIZE];

		reader->path = w->path;
		reader->line = w->line;
		if (!w->address || address_from_string(w->address, address) < 0)
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
