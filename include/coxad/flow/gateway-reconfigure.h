// SPDX-License-Identifier: MIT
#pragma once
/* Another configuration, taken while data flow, live and in a replay alike. What the change does not
 * concern goes on as if nothing had happened. */
#include "coxad/config/conf-merge.h"
#include "coxad/flow/gateway.h"

/* After the header, if conf_reload_refused() refuses nothing. Changes the configuration in its place;
 * `fresh` can then only be freed, *ret is to be given to conf_merge_done(), after whoever else points
 * into the configuration has followed. */
void gateway_reconfigure(
	struct gateway *gateway, int64_t now_us, struct conf *fresh, struct conf_change *ret);
