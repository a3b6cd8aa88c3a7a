// SPDX-License-Identifier: MIT
#include "daemon/main/state-directory.h"

#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"

char *state_directory_of(const struct conf *conf)
{
	const char *list = getenv("STATE_DIRECTORY");
	char *first;

	if (conf->gateway.state_directory)
		return alloc_text(conf->gateway.state_directory);
	if (!list || !list[0])
		return NULL;
	first = alloc_text(list);
	first[strcspn(first, ":")] = '\0';
	return first;
}
