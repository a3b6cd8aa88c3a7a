// SPDX-License-Identifier: MIT
#pragma once
/* "Did you mean": the nearest of some words to what was written. Pure; one pass over the words. */
#include <stddef.h>

/* Begin with zeros, add each word, read `word` (NULL where none was added). Borrows the words. */
struct nearest {
	const char *word;
	unsigned distance;
};
void nearest_add(struct nearest *nearest, const char *text, const char *word);
