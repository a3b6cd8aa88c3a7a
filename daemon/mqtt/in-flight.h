// SPDX-License-Identifier: MIT
#pragma once
/* The messages that Paho has and the broker has not acknowledged yet: our token for each of Paho's,
 * and when it was sent. A plain value, empty when zero.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/outbox/outbox.h"

struct in_flight {
	struct {
		uint64_t token;
		int paho_token; /* 0: free */
		int64_t sent_us;
	} message[OUTBOX_WINDOW_MAX];
};

bool in_flight_is_full(const struct in_flight *in_flight);
/* Not when full. */
void in_flight_add(struct in_flight *in_flight, uint64_t token, int paho_token, int64_t now_us);
/* Removes it. False if there is no such message. */
bool in_flight_take(struct in_flight *in_flight, int64_t paho_token, uint64_t *ret_token);
/* When the oldest was sent; T_NEVER: there is none. */
int64_t in_flight_oldest_us(const struct in_flight *in_flight);
