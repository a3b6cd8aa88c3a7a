// SPDX-License-Identifier: MIT
#pragma once
/* What script.c and its parts share: the line under way as words (script-word.c), and the error
 * that names it; the lines of sections (script-section.c) and of timelines (script-item.c).
 */
#include "gym/script.h"

#define SCRIPT_WORDS_MAX 80

struct script_reader {
	struct script *script;
	const char *path;
	unsigned line, depth;
	char *text;                         /* the whole line, cut into words in place */
	const char *rest[SCRIPT_WORDS_MAX]; /* the uncut text from each word on */
	char *word[SCRIPT_WORDS_MAX];
	unsigned n_words;
	unsigned at; /* next word */
	char *error;
	size_t error_size;
};

/* A key that takes one number. */
struct script_key {
	const char *name;
	size_t offset;
	double min, max;
};

/* Writes "path:line: ..." and returns -EINVAL. */
int script_fail(struct script_reader *reader, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* The next word, or NULL at the end of the line. */
const char *script_next(struct script_reader *reader);
bool script_take(struct script_reader *reader, const char *word);
int script_number(
	struct script_reader *reader, const char *what, double min, double max, double *ret);
/* Takes `name number` if the next word is one of the keys: 1 taken, 0 none of them, -EINVAL. */
int script_keyed(
	struct script_reader *reader, const struct script_key *keys, size_t n_keys, void *into);
int script_placement(struct script_reader *reader, enum placement *ret);
int script_find_wearable(struct script_reader *reader, size_t *ret);
int script_find_athlete(struct script_reader *reader, const char *name, size_t *ret);
/* The next word; the rest of the line as it stands. What was there before is freed. */
int script_take_text(struct script_reader *reader, char **into);
int script_take_rest(struct script_reader *reader, char **into);
/* A line of a section. */
int script_athlete_line(struct script_reader *reader, struct script_athlete *athlete);
int script_kit_line(struct script_reader *reader, struct script_kit *kit);
int script_wearable_line(struct script_reader *reader, struct script_wearable *w);
extern const struct script_wearable script_wearable_defaults;
/* A line of a timeline. */
int script_item(struct script_reader *reader, size_t athlete);
