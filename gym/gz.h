// SPDX-License-Identifier: MIT
#pragma once
/* Output files that are gzipped if their name ends in .gz. */
#include <zlib.h>

/* NULL and errno (0: out of memory) if the file cannot be opened. */
gzFile gz_open(const char *path);
