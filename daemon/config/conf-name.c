// SPDX-License-Identifier: MIT
#include "coxad/config/conf-name.h"

#include <string.h>

#include "coxad/base/utf8.h"
#include "coxad/core/result.h"

bool conf_name_is_valid(const char *text)
{
	size_t length = strnlen(text, NAME_SIZE);

	if (length == 0 || length == NAME_SIZE || strpbrk(text, "/+#"))
		return false;
	for (const char *c = text; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			return false;
	return utf8_is_valid(text, length);
}
