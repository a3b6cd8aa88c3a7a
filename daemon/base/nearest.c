// SPDX-License-Identifier: MIT
#include "coxad/base/nearest.h"

#include <stdbool.h>
#include <string.h>

#define LENGTH_MAX 63

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static unsigned smaller(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Letters to insert, delete, replace or swap to make b of a; either case. Only the first LENGTH_MAX
 * bytes count. Optimal string alignment, three rows. */
static unsigned nearest_distance(const char *a, const char *b)
{
	size_t na = strnlen(a, LENGTH_MAX), nb = strnlen(b, LENGTH_MAX);
	unsigned rows[3][LENGTH_MAX + 1];

	for (size_t j = 0; j <= nb; j++)
		rows[0][j] = (unsigned)j;
	for (size_t i = 1; i <= na; i++) {
		unsigned *now = rows[i % 3];
		const unsigned *before = rows[(i + 2) % 3], *earlier = rows[(i + 1) % 3];

		now[0] = (unsigned)i;
		for (size_t j = 1; j <= nb; j++) {
			bool same = lower(a[i - 1]) == lower(b[j - 1]);

			now[j] = smaller(before[j - 1] + !same, smaller(before[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
				lower(a[i - 2]) == lower(b[j - 1]))
				now[j] = smaller(now[j], earlier[j - 2] + 1);
		}
	}
	return rows[na % 3][nb];
}

void nearest_add(struct nearest *nearest, const char *text, const char *word)
{
	unsigned distance = nearest_distance(text, word);
	size_t length = strlen(text);

	if (length >= 3 && distance > 1 && strncasecmp(text, word, length) == 0)
		distance = 1; /* an abbreviation */
	if (!nearest->word || distance < nearest->distance) {
		nearest->word = word;
		nearest->distance = distance;
	}
}
