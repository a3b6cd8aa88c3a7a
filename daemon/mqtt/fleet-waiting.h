// SPDX-License-Identifier: MIT
#pragma once
/* Messages with QoS 1 from when they are to be sent until the broker has them, in their order. Bounded
 * in bytes. A plain value, to be initialised; owns copies.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/mqtt/paho.h"

struct fleet_message {
	struct fleet_message *next;
	uint64_t token;
	bool is_sent;
	struct paho_publish publish; /* of this block of memory */
};

struct fleet_waiting {
	struct fleet_message *first, **end;
	uint64_t last_token;
	size_t bytes, bytes_max;
};

void fleet_waiting_init(struct fleet_waiting *waiting, size_t bytes_max);
/* Copies. -EAGAIN: there is no space. */
int fleet_waiting_add(struct fleet_waiting *waiting, const struct paho_publish *publish);
/* The oldest that is not sent; NULL: none. */
struct fleet_message *fleet_waiting_next(const struct fleet_waiting *waiting);
/* Over and done with. */
void fleet_waiting_gone(struct fleet_waiting *waiting, uint64_t token);
void fleet_waiting_clear(struct fleet_waiting *waiting);
