// SPDX-License-Identifier: MIT
#pragma once
/* The figures of gateway/<name>/stats. */
#include "daemon/flow/gateway-private.h"

void gateway_stats_publish(struct gateway *gateway);
