// SPDX-License-Identifier: MIT
#include "gym/gz.h"

#include <string.h>

gzFile gz_open(const char *path)
{
	size_t n = strlen(path);

	return gzopen(path, n > 3 && strcmp(path + n - 3, ".gz") == 0 ? "wb" : "wbT");
}
