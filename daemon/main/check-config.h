// SPDX-License-Identifier: MIT
#pragma once
/* --check-config, beyond the configuration's own errors. */
#include "coxad/config/conf.h"

/* Prints to standard error what was noticed, and the hash of what is usable. The exit status. */
int check_config_run(const struct conf *conf);
/* The certain notes alone, to the journal. */
void check_config_log(const struct conf *conf);
