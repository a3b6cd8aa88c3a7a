// SPDX-License-Identifier: MIT
#include "gym/script-reader.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"

int script_reader_fail(struct script_reader *reader, const char *format, ...)
{
	int n = snprintf(reader->error, reader->error_size, "%s:%u: ", reader->path, reader->line);
	va_list args;

	if (n >= 0 && (size_t)n < reader->error_size) {
		va_start(args, format);
		vsnprintf(reader->error + n, reader->error_size - (size_t)n, format, args);
		va_end(args);
	}
	return -EINVAL;
}

bool script_reader_is_at_end(const struct script_reader *reader)
{
	return reader->at >= reader->n_words;
}

const char *script_reader_next(struct script_reader *reader)
{
	return script_reader_is_at_end(reader) ? NULL : reader->word[reader->at++];
}

const char *script_reader_word(struct script_reader *reader)
{
	const char *word = script_reader_next(reader);

	return word ? word : "";
}

bool script_reader_take(struct script_reader *reader, const char *word)
{
	if (script_reader_is_at_end(reader) || strcmp(reader->word[reader->at], word) != 0)
		return false;
	reader->at++;
	return true;
}

int script_reader_number(
	struct script_reader *reader, const char *what, double min, double max, double *ret)
{
	const char *word = script_reader_word(reader);
	char *end;
	double value = strtod(word, &end);

	if (*end || end == word || !(value >= min && value <= max))
		return script_reader_fail(reader, "%s must be a number from %g to %g, not '%s'",
			what, min, max, word);
	*ret = value;
	return 0;
}

int script_reader_keyed(
	struct script_reader *reader, const struct script_key *keys, size_t n_keys, void *into)
{
	for (size_t i = 0; i < n_keys; i++)
		if (script_reader_take(reader, keys[i].name)) {
			int r = script_reader_number(reader, keys[i].name, keys[i].min, keys[i].max,
				(double *)((char *)into + keys[i].offset));

			return r < 0 ? r : 1;
		}
	return 0;
}

int script_reader_choice(struct script_reader *reader, const char *what, const char *const *names,
	size_t n, unsigned *ret)
{
	const char *word = script_reader_word(reader);

	for (unsigned i = 0; i < n; i++)
		if (strcmp(word, names[i]) == 0) {
			*ret = i;
			return 0;
		}
	return script_reader_fail(reader, "unknown %s '%s'", what, word);
}

int script_reader_placement(struct script_reader *reader, enum placement *ret)
{
	const char *word = script_reader_word(reader);

	if (placement_from_string(word, ret) < 0)
		return script_reader_fail(reader, "unknown placement '%s'", word);
	return 0;
}

int script_reader_side(struct script_reader *reader, enum side *ret)
{
	const char *word = script_reader_word(reader);

	if (side_from_string(word, ret) < 0)
		return script_reader_fail(reader, "unknown side '%s'", word);
	return 0;
}

/* Things of a script that have a name. */
struct named {
	const char *what;
	const void *items;
	size_t n, size, name_offset;
};

static int find(struct script_reader *reader, const struct named *in, size_t *ret)
{
	const char *word = script_reader_word(reader);

	for (size_t i = 0; i < in->n; i++) {
		const char *item = (const char *)in->items + i * in->size;

		if (strcmp(*(char *const *)(item + in->name_offset), word) == 0) {
			*ret = i;
			return 0;
		}
	}
	return script_reader_fail(reader, "no %s '%s' is defined above", in->what, word);
}

int script_reader_find_wearable(struct script_reader *reader, size_t *ret)
{
	const struct named wearables = {"wearable", reader->script->wearable,
		reader->script->n_wearables, sizeof(struct script_wearable),
		offsetof(struct script_wearable, name)};

	return find(reader, &wearables, ret);
}

int script_reader_find_athlete(struct script_reader *reader, size_t *ret)
{
	const struct named athletes = {"athlete", reader->script->athlete,
		reader->script->n_athletes, sizeof(struct script_athlete),
		offsetof(struct script_athlete, name)};

	return find(reader, &athletes, ret);
}

int script_reader_find_kit(struct script_reader *reader, size_t *ret)
{
	const struct named kits = {"kit", reader->script->kit, reader->script->n_kits,
		sizeof(struct script_kit), offsetof(struct script_kit, name)};

	return find(reader, &kits, ret);
}

static int replace(struct script_reader *reader, char **into, const char *text)
{
	if (!text)
		return script_reader_fail(
			reader, "'%s' needs a value", reader->word[reader->n_words - 1]);
	free(*into);
	*into = alloc_text(text);
	return 0;
}

int script_reader_take_text(struct script_reader *reader, char **into)
{
	return replace(reader, into, script_reader_next(reader));
}

int script_reader_take_rest(struct script_reader *reader, char **into)
{
	const char *rest = script_reader_is_at_end(reader) ? NULL : reader->rest[reader->at];

	reader->at = reader->n_words;
	return replace(reader, into, rest);
}
