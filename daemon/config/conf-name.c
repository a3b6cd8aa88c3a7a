// SPDX-License-Identifier: MIT
#include "coxad/config/conf-name.h"

#include <string.h>

#include "coxad/base/text.h"
#include "coxad/core/result.h"

bool conf_name_is_valid(const char *text)
{
	size_t length = strnlen(text, NAME_SIZE);

	if (length == 0 || length == NAME_SIZE || strpbrk(text, "/+#"))
		return false;
	if (text[0] == ' ' || text[length - 1] == ' ')
		return false;
	return text_is_clean(text, length);
}
