// SPDX-License-Identifier: MIT
#include "gym/grow.h"

#include <stdlib.h>
#include <string.h>

void *grow_array(void *array, size_t *n, size_t size)
{
	char *p = reallocarray(array, *n + 1, size);

	if (!p)
		abort();
	memset(p + (*n)++ * size, 0, size);
	return p;
}
