// SPDX-License-Identifier: MIT
#pragma once
/* Is it UTF-8 as RFC 3629 has it: no overlong form, no surrogate, nothing above U+10FFFF. Pure. */
#include <stdbool.h>
#include <stddef.h>

/* A NUL byte is valid here; callers that want none look for it. */
bool utf8_is_valid(const void *data, size_t size);
