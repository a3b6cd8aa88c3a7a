// SPDX-License-Identifier: MIT
#pragma once
/* Where coxad keeps what it remembers. */
#include "coxad/config/conf.h"

/* What the configuration says, else the first of STATE_DIRECTORY; NULL: nowhere. Returns-owned. */
char *state_directory_of(const struct conf *conf);
