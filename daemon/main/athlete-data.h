// SPDX-License-Identifier: MIT
#pragma once
/* What is remembered of an athlete, shown or forgotten at the athlete's wish. */
#include "coxad/config/conf.h"

/* Both return the exit status. */
int athlete_data_export(const struct conf *conf, const char *athlete);
int athlete_data_erase(const struct conf *conf, const char *athlete);
