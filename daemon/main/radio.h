// SPDX-License-Identifier: MIT
#pragma once
/* A live run with role = radio: owns and connects loop, BlueZ source, station, uplink, broker connection and
 * what is kept on disk. Judges nothing. One thread.
 */
#include "coxad/config/conf.h"
#include "daemon/main/options.h"

/* Runs until SIGTERM. Takes conf. Returns the exit status. */
int radio_run(const struct options *options, struct conf *conf);
