// SPDX-License-Identifier: MIT
#pragma once
/* The part of gateway-watch.c that gateway.c calls. */
#include "coxad/config/conf-merge.h"
#include "daemon/flow/gateway-private.h"

void gateway_watch_record(struct gateway_wearable *wearable, const struct record *record);
int64_t gateway_watch_deadline(const struct gateway *gateway);
void gateway_watch_advance(struct gateway *gateway);
/* Of kits that are gone: another one may get the place. */
void gateway_watch_end_removed(struct gateway *gateway, const struct conf_change *change);
