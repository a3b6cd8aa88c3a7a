// SPDX-License-Identifier: MIT
#pragma once
/* Lists in an array of fixed size, oldest first, whose length is kept beside it. Full, they forget
 * their oldest item. n is any unsigned integer that can be assigned to.
 */
#include <string.h>

/* Takes out item `at`; those after it move up. */
#define list_drop(items, n, at)                                                                    \
	({                                                                                         \
		__typeof__(n) drop_ = (at);                                                        \
		(n)--;                                                                             \
		memmove(&(items)[drop_], &(items)[drop_ + 1], ((n)-drop_) * sizeof((items)[0]));   \
	})
/* Adds an item, in place of the oldest where there are `max`. The item's place, not cleared. */
#define list_add(items, n, max)                                                                    \
	({                                                                                         \
		if ((n) == (max))                                                                  \
			list_drop(items, n, 0);                                                    \
		&(items)[(n)++];                                                                   \
	})
