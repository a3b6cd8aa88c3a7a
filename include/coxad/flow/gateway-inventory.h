// SPDX-License-Identifier: MIT
#pragma once
/* What the gateway serves, for gateway/<name>/inventory: published when it changes, at most once a
 * second. Pure.
 */
#include <stdint.h>

struct gateway;

/* The configuration, or what is known of a wearable, may be another one. gateway_advance publishes the
 * inventory if it is. */
void gateway_inventory_changed(struct gateway *gateway);

/* For gateway.c. */
void gateway_inventory_advance(struct gateway *gateway);
int64_t gateway_inventory_deadline(const struct gateway *gateway);
/* After what the wearable told: notes whether it is news. */
void gateway_inventory_look(struct gateway *gateway, unsigned wearable);
