// SPDX-License-Identifier: MIT
#pragma once
/* Messages that are not to reach the broker any more. */
#include "coxad/mqtt/sink-mqtt.h"

/* Borrowed during the call. */
typedef bool (*sink_erase_fn)(void *user, const char *topic, const void *payload, size_t size);

/* Gives up all that is chosen, also what is on its way. How many messages that is. */
size_t sink_erase(struct sink_mqtt *sink, sink_erase_fn is_chosen, void *user);
