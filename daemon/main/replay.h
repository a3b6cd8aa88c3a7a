// SPDX-License-Identifier: MIT
#pragma once
/* `coxad --replay`: a capture through the gateway, its messages printed. */
#include "coxad/config/conf.h"
#include "daemon/main/options.h"

/* Returns the exit status. */
int replay_run(const struct options *options, struct conf *conf);
