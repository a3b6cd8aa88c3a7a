// SPDX-License-Identifier: MIT
#pragma once
/* Memory for start-up and control. Running out of it ends the process, so no caller needs an error
 * path that no test can reach. The sample path allocates nothing.
 */
#include <stddef.h>
#include <stdlib.h>

/* Zeroed. Never NULL. */
void *alloc_zero(size_t count, size_t size);
/* Returns-owned, never NULL; NULL text gives NULL. */
char *alloc_text(const char *text);
/* printf into fresh memory. Returns-owned. */
char *alloc_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A longer or shorter array, whose new elements are undefined. Takes `array`; returns-owned, never NULL. */
void *alloc_resize(void *array, size_t count, size_t size);
/* Room for one more of n elements: doubles *capacity where it is used up. As alloc_resize. */
void *alloc_grow(void *array, size_t n, size_t *capacity, size_t size);

static inline void cleanup_free(void *p)
{
	free(*(void **)p);
}
/* A local that is freed at the end of its scope. */
#define _auto_free_ __attribute__((cleanup(cleanup_free)))
/* Hands a local's pointer out of its scope. */
#define steal(p)                                                                                   \
	({                                                                                         \
		__typeof__(p) stolen_ = (p);                                                       \
		(p) = NULL;                                                                        \
		stolen_;                                                                           \
	})
#define new0(type)   ((type *)alloc_zero(1, sizeof(type)))
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
