// SPDX-License-Identifier: MIT
#pragma once
/* A live run: owns and connects loop, gateway, BlueZ source, sink, recorder and history. One
 * thread.
 */
#include "coxad/config/conf.h"
#include "daemon/main/options.h"

/* Runs until SIGTERM. Takes conf. Returns the exit status. */
int manager_run(const struct options *options, struct conf *conf);
