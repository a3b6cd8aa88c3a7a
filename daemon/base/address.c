// SPDX-License-Identifier: MIT
#include "coxad/base/address.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "coxad/base/hex.h"

int address_from_string(const char *text, char ret[static ADDRESS_SIZE])
{
	char address[ADDRESS_SIZE] = "";

	if (strnlen(text, ADDRESS_SIZE) != ADDRESS_SIZE - 1)
		return -EINVAL;
	for (unsigned i = 0; i < ADDRESS_SIZE - 1; i++) {
		char c = text[i];

		if (i % 3 == 2 ? c != ':' : hex_digit(c) < 0)
			return -EINVAL;
		address[i] = c >= 'a' && c <= 'f' ? (char)(c - 'a' + 'A') : c;
	}
	memcpy(ret, address, sizeof(address));
	return 0;
}

void address_to_bytes(const char *address, uint8_t ret[static 6])
{
	for (unsigned i = 0; i < 6; i++)
		hex_decode(address + 3 * i, 2, &ret[i], 1);
}

void address_shorten(const char *address, char ret[static ADDRESS_SHORT_SIZE])
{
	size_t length = strlen(address);

	ret[0] = '\0';
	if (length >= 5)
		snprintf(ret, ADDRESS_SHORT_SIZE, "%.2s%.2s", address + length - 5,
			address + length - 2);
}
