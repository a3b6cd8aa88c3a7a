// SPDX-License-Identifier: MIT
#pragma once
/* gateway/<gateway>/inventory: what the configuration names and what it can do, and the limits that
 * posture and form are judged by. No addresses.
 */
#include "coxad/wire/message.h"

#define MESSAGE_INVENTORY_ORDERS_MAX 2

/* What the configuration does not say about a wearable. */
struct message_inventory_wearable {
	const char *driver; /* id, NULL while not known */
	uint32_t streams;   /* mask of enum stream */
	const char *orders[MESSAGE_INVENTORY_ORDERS_MAX];
	unsigned n_orders;
	const char *radio; /* that serves it; NULL: this gateway itself */
};

/* One for each wearable of the encoder's configuration. */
int message_inventory_encode(struct message_encoder *encoder, int64_t now_us,
	const struct message_inventory_wearable *wearables, struct message *ret);
