// SPDX-License-Identifier: MIT
#pragma once
/* UTF-8 as defined by RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. Pure. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the character at `data`, of which `left` > 0 bytes are there; 0: not a character. */
size_t utf8_next(const void *data, size_t left, uint32_t *ret_character);
/* A NUL byte is valid here; callers that want none must look for it. */
bool utf8_is_valid(const void *data, size_t size);
