// SPDX-License-Identifier: MIT
#pragma once
/* What script.c (sections) and script-item.c (timelines) share: the line under way as words, and
 * the error that names it.
 */
#include "tests/gym/script.h"

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
/* A line of a timeline. */
int script_item(struct script_reader *reader, size_t athlete);
