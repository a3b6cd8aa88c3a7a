// SPDX-License-Identifier: MIT
#pragma once
/* `coxad --replay FILE --pace`: a capture in real time, published for real. */
#include "coxad/config/conf.h"
#include "daemon/main/options.h"

/* The exit status. */
int pace_run(const struct options *options, const struct conf *conf);
