// SPDX-License-Identifier: MIT
#include "ctl/printed.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"

char *printed_value(const char *printed, const char *section, const char *key)
{
	_auto_free_ char *copy = alloc_text(printed), *title = alloc_printf("[%s]", section);
	_auto_free_ char *begin = alloc_printf("%s = ", key);
	char *rest = copy, *line;
	bool is_inside = false;

	while ((line = strsep(&rest, "\n"))) {
		if (line[0] == '[')
			is_inside = strcmp(line, title) == 0;
		if (is_inside && strncmp(line, begin, strlen(begin)) == 0)
			return alloc_text(line + strlen(begin));
	}
	return NULL;
}
