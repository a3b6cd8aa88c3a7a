// SPDX-License-Identifier: MIT
#pragma once
/* A live run: owns and wires loop, gateway, BlueZ source, sink, recorder, history; ends with them.
 * One thread.
 */
#include "coxad/config/conf.h"
#include "daemon/main/options.h"

/* Runs until SIGTERM. Takes conf. The exit status. */
int manager_run(const struct options *options, struct conf *conf);
