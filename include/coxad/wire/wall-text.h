// SPDX-License-Identifier: MIT
#pragma once
/* Wall time as text and back: RFC 3339, UTC, with milliseconds ("2026-11-22T17:30:00.000Z"). Pure.
 */
#include <stdint.h>

#define WALL_TEXT_SIZE 32

void wall_text_write(int64_t wall_us, char ret[static WALL_TEXT_SIZE]);
/* Accepts 0 to 9 fraction digits, and Z or an offset. -EINVAL otherwise. */
int wall_text_read(const char *text, int64_t *ret_wall_us);
