// SPDX-License-Identifier: MIT
#include "coxad/base/text.h"

#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/utf8.h"

/* MQTT 5.0, 1.5.4: a length is two bytes. */
#define TOPIC_BYTES_MAX 65535

/* Unicode 15: controls (Cc) from U+0080, format characters (Cf) and default ignorables that are drawn
 * as nothing, blanks other than the space. */
static const struct {
	uint32_t first, last;
} hidden[] = {{0x80, 0xa0}, {0xad, 0xad}, {0x34f, 0x34f}, {0x61c, 0x61c}, {0x115f, 0x1160},
	{0x1680, 0x1680}, {0x17b4, 0x17b5}, {0x180b, 0x180f}, {0x2000, 0x200f}, {0x2028, 0x202f},
	{0x205f, 0x206f}, {0x2800, 0x2800}, {0x3000, 0x3000}, {0x3164, 0x3164}, {0xfdd0, 0xfdef},
	{0xfe00, 0xfe0f}, {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff0, 0xfffb}, {0x13430, 0x13455},
	{0x1bca0, 0x1bca3}, {0x1d159, 0x1d159}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff}};

static bool is_noncharacter(uint32_t c)
{
	return (c & 0xfffe) == 0xfffe;
}

bool text_is_hidden(uint32_t character)
{
	for (size_t i = 0; i < ARRAY_LEN(hidden); i++)
		if (character >= hidden[i].first && character <= hidden[i].last)
			return true;
	return is_noncharacter(character);
}

static enum text_fault fault_of(uint32_t c)
{
	if (c < 0x20 || c == 0x7f)
		return TEXT_FAULT_CONTROL;
	return text_is_hidden(c) ? TEXT_FAULT_HIDDEN : TEXT_FAULT_NONE;
}

enum text_fault text_check(const void *data, size_t size, uint32_t *ret_character)
{
	const uint8_t *p = data;
	size_t n;

	for (size_t at = 0; at < size; at += n) {
		enum text_fault fault;

		n = utf8_next(p + at, size - at, ret_character);
		if (n == 0) {
			*ret_character = p[at];
			return TEXT_FAULT_UTF8;
		}
		fault = fault_of(*ret_character);
		if (fault != TEXT_FAULT_NONE)
			return fault;
	}
	return TEXT_FAULT_NONE;
}

bool text_is_clean(const void *data, size_t size)
{
	uint32_t unused;

	return text_check(data, size, &unused) == TEXT_FAULT_NONE;
}

void text_explain(enum text_fault fault, uint32_t character, char ret[static TEXT_FAULT_SIZE])
{
	switch (fault) {
	case TEXT_FAULT_NONE:
		ret[0] = '\0';
		break;
	case TEXT_FAULT_UTF8:
		snprintf(ret, TEXT_FAULT_SIZE, "contains a byte that is not UTF-8 (0x%02x)",
			(unsigned)character);
		break;
	case TEXT_FAULT_CONTROL:
		snprintf(ret, TEXT_FAULT_SIZE, "contains a control character (0x%02x)",
			(unsigned)character);
		break;
	case TEXT_FAULT_HIDDEN:
		snprintf(ret, TEXT_FAULT_SIZE, "contains a character that cannot be seen (U+%04X)",
			(unsigned)character);
		break;
	}
}

bool text_is_topic(const char *text)
{
	size_t length = strlen(text);

	return length > 0 && length <= TOPIC_BYTES_MAX && !strpbrk(text, "+#") &&
	       text_is_clean(text, length);
}
