// SPDX-License-Identifier: MIT
#pragma once
/* The wearables of the gateway: their events to their intakes, their records to the pipeline, their
 * states published. */
#include "daemon/flow/gateway-private.h"

/* In this place, instead of what was there. */
void gateway_wearable_make(struct gateway *gateway, unsigned index);
void gateway_wearable_publish(struct gateway_wearable *wearable);
void gateway_wearable_event(struct gateway *gateway, const struct capture_event *event);
/* After whatever may have moved its deadline. */
void gateway_wearable_note_deadline(const struct gateway_wearable *wearable);
/* Does what is due, publishes what has changed, and finds the next deadline. */
void gateway_wearable_advance_all(struct gateway *gateway);
