// SPDX-License-Identifier: MIT
#pragma once
/* For "did you mean": which of some words is nearest to what was written. Pure. */
#include <stddef.h>

/* Zero it, add each word, read `word` (NULL if none was added). Borrows the words. */
struct nearest {
	const char *word;
	unsigned distance;
};
void nearest_add(struct nearest *nearest, const char *text, const char *word);
