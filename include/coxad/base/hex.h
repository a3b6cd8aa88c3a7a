// SPDX-License-Identifier: MIT
#pragma once
/* Bytes as pairs of hexadecimal digits, without separators. Reads either case, writes lower case.
 * Pure.
 */
#include <stddef.h>
#include <stdint.h>

/* 0 to 15, or -1 where c is not a hexadecimal digit. */
int hex_digit(char c);
/* Number of bytes, or -EINVAL on an odd length, another character, or more than capacity bytes;
 * ret is then partly written. */
int hex_decode(const char *text, size_t length, uint8_t *ret, size_t capacity);
/* Writes 2 * size digits and a NUL. */
void hex_encode(const uint8_t *data, size_t size, char *ret);
