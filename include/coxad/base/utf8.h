// SPDX-License-Identifier: MIT
#pragma once
/* UTF-8 as defined by RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. Pure. */
#include <stdbool.h>
#include <stddef.h>

/* A NUL byte is valid here; callers that want none must look for it. */
bool utf8_is_valid(const void *data, size_t size);
