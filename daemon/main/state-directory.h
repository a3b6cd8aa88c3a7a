// SPDX-License-Identifier: MIT
#pragma once
/* Where coxad stores what outlives a restart. */
#include "coxad/config/conf.h"

/* From the configuration, else the first of STATE_DIRECTORY; NULL: none. Returns-owned. */
char *state_directory_of(const struct conf *conf);
