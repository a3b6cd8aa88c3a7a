// SPDX-License-Identifier: MIT
#include "coxad/base/alloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define CAPACITY_MIN 16

void *alloc_zero(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size ? size : 1);

	if (!p)
		abort();
	return p;
}

void *alloc_resize(void *array, size_t count, size_t size)
{
	void *p = reallocarray(array, count ? count : 1, size ? size : 1);

	if (!p)
		abort();
	return p;
}

void *alloc_grow(void *array, size_t n, size_t *capacity, size_t size)
{
	if (n < *capacity)
		return array;
	*capacity = *capacity ? 2 * *capacity : CAPACITY_MIN;
	return alloc_resize(array, *capacity, size);
}

char *alloc_text(const char *text)
{
	char *copy = text ? strdup(text) : NULL;

	if (text && !copy)
		abort();
	return copy;
}

char *alloc_printf(const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		abort();
	va_end(args);
	return text;
}
