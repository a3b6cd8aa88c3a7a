// SPDX-License-Identifier: MIT
#include "daemon/config/conf-signs.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/text.h"
#include "coxad/base/utf8.h"
#include "daemon/config/conf-value.h"

/* What an error can show of a line. */
#define SHOWN_MAX 220

struct range {
	uint32_t first, last;
};

/* Of what cannot be seen: a blank stays when it is replaced. */
static const struct range blank[] = {{0xa0, 0xa0}, {0x1680, 0x1680}, {0x2000, 0x200a},
	{0x2028, 0x2029}, {0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000}};
static const struct range double_quote[] = {{'"', '"'}, {0xab, 0xab}, {0xbb, 0xbb},
	{0x201c, 0x201f}, {0x2033, 0x2033}, {0x2036, 0x2036}, {0x275d, 0x275e}, {0x300c, 0x300f},
	{0x301d, 0x301f}, {0xff02, 0xff02}};
/* Apostrophes too; inside a name any of them may stand. */
static const struct range single_quote[] = {{'\'', '\''}, {'`', '`'}, {0xb4, 0xb4},
	{0x2018, 0x201b}, {0x2032, 0x2032}, {0x2035, 0x2035}, {0x2039, 0x203a}, {0x275b, 0x275c},
	{0xff07, 0xff07}};

static bool is_in(const struct range *ranges, size_t n, uint32_t c)
{
	for (size_t i = 0; i < n; i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	return false;
}

#define IS(ranges, c) is_in(ranges, ARRAY_LEN(ranges), c)

static bool is_border(char c)
{
	return c == ' ' || c == '\t' || c == '=' || c == ':' || c == '[' || c == ']';
}

/* At an end of a key, a value or the name of a section. */
static bool is_outer(const char *line, size_t size, size_t at, size_t n)
{
	size_t separator = 0, before = at, after = at + n;

	while (separator < size && line[separator] != '=' && line[separator] != ':')
		separator++;
	while (before > 0 && (line[before - 1] == ' ' || line[before - 1] == '\t'))
		before--;
	while (after < size && (line[after] == ' ' || line[after] == '\t'))
		after++;
	if (before == 0 || after == size || line[after] == ']')
		return true;
	if (before == separator + 1 || after == separator)
		return true;
	/* [kit 'a'] */
	return line[0] == '[' && is_border(line[at - 1]);
}

static bool is_quote(const char *line, size_t size, size_t at, size_t n, uint32_t c)
{
	return (IS(double_quote, c) || IS(single_quote, c)) && is_outer(line, size, at, n);
}

/* The line as it should be; blanks at the end do not matter. */
static void clean(const char *line, size_t size, char ret[static SHOWN_MAX])
{
	size_t length = 0, n;

	for (size_t at = 0; at < size; at += n) {
		uint32_t c;

		n = utf8_next(line + at, size - at, &c);
		if (length + n >= SHOWN_MAX)
			break;
		if (IS(blank, c)) {
			ret[length++] = ' ';
		} else if (!text_is_hidden(c) && !is_quote(line, size, at, n, c)) {
			memcpy(ret + length, line + at, n);
			length += n;
		}
	}
	while (length > 0 && ret[length - 1] == ' ')
		length--;
	ret[length] = '\0';
}

int conf_signs_check(const char *line, size_t size, char *error)
{
	char shown[SHOWN_MAX];
	const char *from = shown;
	size_t n;

	for (size_t at = 0; at < size; at += n) {
		uint32_t c;
		bool is_hidden;

		n = utf8_next(line + at, size - at, &c);
		is_hidden = text_is_hidden(c);
		if (!is_hidden && !is_quote(line, size, at, n, c))
			continue;
		if (memchr(line, '@', size)) /* may hold a password */
			strcpy(shown, "the line without it");
		else
			clean(line, size, shown);
		from += strspn(from, " ");
		if (is_hidden)
			snprintf(error, CONF_ERROR_SIZE,
				"contains a character that cannot be seen (U+%04X); write: %s",
				(unsigned)c, from);
		else
			snprintf(error, CONF_ERROR_SIZE, "quotes are not needed; write: %s", from);
		return -EINVAL;
	}
	return 0;
}
