// SPDX-License-Identifier: MIT
#pragma once
/* The half of the sink that brings the outbox to the broker and records what became of it. */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/outbox/outbox.h"
#include "daemon/mqtt/mqtt.h"

struct sink_mqtt;

/* Writes to disk what was pushed, then sends as much as the window allows. */
void sink_delivery_pump(struct sink_mqtt *sink);
/* Something may be published from now on. */
void sink_delivery_begin(struct sink_mqtt *sink);
/* Callbacks of the outbox and of the connection; user is the sink. */
void sink_delivery_gone(void *user, const struct outbox_entry *entry, enum outbox_gone reason);
void sink_delivery_up(void *user, unsigned window);
void sink_delivery_down(void *user, bool is_stopped, int64_t reason);
void sink_delivery_acked(void *user, uint64_t token);
void sink_delivery_refused(void *user, uint64_t token, int reason);
