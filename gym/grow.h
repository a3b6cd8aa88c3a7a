// SPDX-License-Identifier: MIT
#pragma once
/* Arrays that grow by one element at a time while a script is loaded. */
#include <stddef.h>

/* Adds one zeroed element at the end and counts it in *n. Returns-owned, never NULL. */
void *grow_array(void *array, size_t *n, size_t size);
