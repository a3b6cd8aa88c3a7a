// SPDX-License-Identifier: MIT
#include "coxad/base/uuid.h"

#include <errno.h>

#include "coxad/base/hex.h"

int uuid_from_string(const char *text, struct uuid *ret)
{
	struct uuid u = UUID_SIG(0);
	size_t length = strnlen(text, UUID_TEXT_SIZE);

	if (length == 4) {
		if (hex_decode(text, 4, &u.b[2], 2) < 0)
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
		if (hex_decode(text + at, 2, &u.b[i], 1) < 0)
			return -EINVAL;
	}
	*ret = u;
	return 0;
}

void uuid_to_string(const struct uuid *uuid, char ret[static UUID_TEXT_SIZE])
{
	size_t at = 0;

	for (size_t i = 0; i < sizeof(uuid->b); i++) {
		if (at == 8 || at == 13 || at == 18 || at == 23)
			ret[at++] = '-';
		hex_encode(&uuid->b[i], 1, &ret[at]);
		at += 2;
	}
}
