// SPDX-License-Identifier: MIT
#include "coxad/base/utf8.h"

static bool is_continuation(uint8_t c)
{
	return (c & 0xc0) == 0x80;
}

/* Bytes of the character at p, 0 if it is not one. */
static size_t character(const uint8_t *p, size_t left)
{
	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xc2 || p[0] > 0xf4 || left < 2 || !is_continuation(p[1]))
		return 0;
	if (p[0] < 0xe0)
		return 2;
	if (left < 3 || !is_continuation(p[2]))
		return 0;
	if (p[0] < 0xf0)
		return (p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ? 0 : 3;
	if (left < 4 || !is_continuation(p[3]))
		return 0;
	return (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f) ? 0 : 4;
}

size_t utf8_next(const void *data, size_t left, uint32_t *ret_character)
{
	static const uint8_t first_bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	const uint8_t *p = data;
	size_t n = character(p, left);

	if (n == 0)
		return 0;
	*ret_character = p[0] & first_bits[n];
	for (size_t i = 1; i < n; i++)
		*ret_character = *ret_character << 6 | (p[i] & 0x3fu);
	return n;
}

bool utf8_is_valid(const void *data, size_t size)
{
	const uint8_t *p = data;
	uint32_t unused;

	for (size_t at = 0; at < size;) {
		size_t n = utf8_next(p + at, size - at, &unused);

		if (n == 0)
			return false;
		at += n;
	}
	return true;
}
