// SPDX-License-Identifier: MIT
#pragma once
/* What of the configuration the sink to the broker goes by. Pure. */
#include "coxad/config/conf.h"
#include "coxad/outbox/outbox.h"

struct outbox_limits connection_conf_limits(const struct conf *conf);
/* Changes exactly where a running session with the broker would have to be made anew.
 * Returns-owned. */
char *connection_conf_fingerprint(const struct conf *conf);
