// SPDX-License-Identifier: MIT
#include "coxad/base/uuid.h"

#include <errno.h>

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static int hex_byte(const char *text, uint8_t *ret)
{
	int high = hex_digit(text[0]);
	int low = high < 0 ? -1 : hex_digit(text[1]);

	if (low < 0)
		return -EINVAL;
	*ret = (uint8_t)(high << 4 | low);
	return 0;
}

int uuid_from_string(const char *text, struct uuid *ret)
{
	struct uuid u = UUID_SIG(0);
	size_t length = strnlen(text, UUID_TEXT_SIZE);

	if (length == 4) {
		if (hex_byte(text, &u.b[2]) < 0 || hex_byte(text + 2, &u.b[3]) < 0)
			return -EINVAL;
		*ret = u;
		return 0;
	}
	if (length != UUID_TEXT_SIZE - 1)
		return -EINVAL;
	for (size_t i = 0, at = 0; i < sizeof(u.b); i++, at += 2) {
		if (at == 8 || at == 13 || at == 18 || at == 23) {
			if (text[at] != '-')
				return -EINVAL;
			at++;
		}
		if (hex_byte(text + at, &u.b[i]) < 0)
			return -EINVAL;
	}
	*ret = u;
	return 0;
}

void uuid_to_string(const struct uuid *uuid, char ret[static UUID_TEXT_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	size_t at = 0;

	for (size_t i = 0; i < sizeof(uuid->b); i++) {
		if (at == 8 || at == 13 || at == 18 || at == 23)
			ret[at++] = '-';
		ret[at++] = digits[uuid->b[i] >> 4];
		ret[at++] = digits[uuid->b[i] & 15];
	}
	ret[at] = '\0';
}
