// SPDX-License-Identifier: MIT
#pragma once
/* What the gateway says of itself, and how Home Assistant finds its wearables. */
#include "daemon/flow/gateway-private.h"

void gateway_status_publish(struct gateway *gateway, bool is_online);
/* Of every wearable, where it is switched on. */
void gateway_status_publish_discovery(struct gateway *gateway);
