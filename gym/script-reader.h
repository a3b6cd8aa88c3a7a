// SPDX-License-Identifier: MIT
#pragma once
/* One line of a script as words, for the files that read the script. What they complain about names
 * the file and the line.
 */
#include "gym/script.h"

#define SCRIPT_WORDS_MAX 80

struct script_reader {
	struct script *script;
	const char *path;
	unsigned line, depth;
	const char *rest[SCRIPT_WORDS_MAX]; /* the line as written, from each word on */
	char *word[SCRIPT_WORDS_MAX];
	unsigned n_words;
	unsigned at; /* next word */
	char *error;
	size_t error_size;
};

/* A key that is followed by a number, and where that goes. */
struct script_key {
	const char *name;
	size_t offset;
	double min, max;
};

/* Writes "path:line: ..." and returns -EINVAL. */
int script_reader_fail(struct script_reader *reader, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
bool script_reader_is_at_end(const struct script_reader *reader);
/* The next word; NULL at the end of the line. */
const char *script_reader_next(struct script_reader *reader);
/* The next word; an empty one at the end of the line. */
const char *script_reader_word(struct script_reader *reader);
/* Takes the next word if it is this one. */
bool script_reader_take(struct script_reader *reader, const char *word);
int script_reader_number(
	struct script_reader *reader, const char *what, double min, double max, double *ret);
/* Takes `name number` if the next word is one of the keys: 1 taken, 0 not one of them, -EINVAL. */
int script_reader_keyed(
	struct script_reader *reader, const struct script_key *keys, size_t n_keys, void *into);
/* The index of the next word among some names; `what` they are is for the error. */
int script_reader_choice(struct script_reader *reader, const char *what, const char *const *names,
	size_t n, unsigned *ret);
int script_reader_placement(struct script_reader *reader, enum placement *ret);
int script_reader_side(struct script_reader *reader, enum side *ret);
int script_reader_find_wearable(struct script_reader *reader, size_t *ret);
int script_reader_find_athlete(struct script_reader *reader, size_t *ret);
int script_reader_find_kit(struct script_reader *reader, size_t *ret);
/* The next word, or the rest of the line as written. What *into held before is freed. */
int script_reader_take_text(struct script_reader *reader, char **into);
int script_reader_take_rest(struct script_reader *reader, char **into);
