// SPDX-License-Identifier: MIT
#pragma once
/* Signs that editors and web pages put into a line and nobody means: quotes around a value, and
 * characters that cannot be seen. Two names that look alike would differ. Pure.
 */
#include <stddef.h>

/* A line without its comment, valid UTF-8 and without control characters. -EINVAL: `error`
 * (CONF_ERROR_SIZE bytes) says what to write instead. */
int conf_signs_check(const char *line, size_t size, char *error);
