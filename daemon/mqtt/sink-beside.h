// SPDX-License-Identifier: MIT
#pragma once
/* Another coxad that works for the same site: both answer each command, and neither hears all that it
 * would have to, to tell a pop from noise. The broker keeps its status.
 */
#include <stdbool.h>

#include "daemon/mqtt/paho.h"

struct sink_mqtt;

/* Below the base. */
#define SINK_BESIDE_FILTER "gateway/+/status"

/* False: it is no status of a gateway. */
bool sink_beside_take(struct sink_mqtt *sink, const struct paho_arrival *arrival);
