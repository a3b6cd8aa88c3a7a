// SPDX-License-Identifier: MIT
#pragma once
/* `coxad --replay FILE --pace`: a capture in real time, published to the broker. */
#include "coxad/config/conf.h"
#include "daemon/main/options.h"

/* Returns the exit status. */
int pace_run(const struct options *options, struct conf *conf);
