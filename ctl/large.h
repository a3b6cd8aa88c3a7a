// SPDX-License-Identifier: MIT
#pragma once
/* Digits that can be read from across the room. Pure. */
#include <stddef.h>

#define LARGE_ROWS 5
#define LARGE_SIZE 256

/* One row of the digits of `text`; what is no digit is left out. */
void large_row(const char *text, size_t row, char ret[static LARGE_SIZE]);
