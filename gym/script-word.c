// SPDX-License-Identifier: MIT
/* A line as words: what the sections and the timelines read with. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "gym/script-private.h"

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

int script_find_athlete(struct script_reader *reader, const char *name, size_t *ret)
{
	for (size_t i = 0; name && i < reader->script->n_athletes; i++)
		if (strcmp(reader->script->athlete[i].name, name) == 0) {
			*ret = i;
			return 0;
		}
	return script_fail(reader, "no athlete %s above", name ? name : "");
}

int script_take_text(struct script_reader *reader, char **into)
{
	const char *word = script_next(reader);

	if (!word)
		return script_fail(reader, "a word is missing");
	free(*into);
	*into = alloc_text(word);
	return 0;
}

/* The rest of the line, as it stands. */
int script_take_rest(struct script_reader *reader, char **into)
{
	if (reader->at >= reader->n_words)
		return script_fail(reader, "a text is missing");
	free(*into);
	*into = alloc_text(reader->rest[reader->at]);
	reader->at = reader->n_words;
	return 0;
}
