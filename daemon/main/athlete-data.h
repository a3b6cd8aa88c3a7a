// SPDX-License-Identifier: MIT
#pragma once
/* --export-athlete, --erase-athlete: what is stored about an athlete, shown or deleted. */
#include "coxad/config/conf.h"

/* Both return the exit status. */
int athlete_data_export(const struct conf *conf, const char *athlete);
int athlete_data_erase(const struct conf *conf, const char *athlete);
