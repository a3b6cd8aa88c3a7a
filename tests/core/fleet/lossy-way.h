// SPDX-License-Identifier: MIT
#pragma once
/* A network that loses, doubles and delays messages, each by itself, so that they overtake each other.
 * Owns copies.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOSSY_WAY_BYTES 2048 /* of a message */
#define LOSSY_WAY_MAX   256  /* under way at once; beyond, they are lost */

struct lossy_way {
	uint64_t dice;
	unsigned lost_percent, doubled_percent;
	int64_t delay_us; /* at most */
	unsigned n;
	struct lossy_way_message {
		int64_t due_us;
		size_t size;
		uint8_t bytes[LOSSY_WAY_BYTES];
	} message[LOSSY_WAY_MAX];
};

unsigned lossy_way_roll(uint64_t *dice, unsigned n);
void lossy_way_send(struct lossy_way *way, int64_t now_us, const void *bytes, size_t size);
/* What has come by now; the size, or 0: nothing more. */
size_t lossy_way_take(struct lossy_way *way, int64_t now_us, uint8_t ret[static LOSSY_WAY_BYTES]);
