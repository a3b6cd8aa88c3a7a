// SPDX-License-Identifier: MIT
#pragma once
/* What no single line shows: references, duplicates, what is missing, what excludes what. */
#include "daemon/config/conf-build.h"

/* When all files have been read. Also fills in the defaults that depend on other keys. */
void conf_check(struct conf_build *build);
