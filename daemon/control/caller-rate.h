// SPDX-License-Identifier: MIT
#pragma once
/* How much each caller may ask for. A call costs one share and one more for each
 * CALLER_RATE_BYTES of its answer. Callers are known by their unique name on the bus; of too many the
 * one that was quiet longest is forgotten. Pure values.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/base/rate.h"

#define CALLER_RATE_MAX   32
#define CALLER_RATE_BYTES 8192
#define CALLER_NAME_SIZE  256 /* D-Bus specification: 255 bytes */

struct caller_rate {
	struct caller_rate_one {
		char name[CALLER_NAME_SIZE];
		struct rate rate;
	} caller[CALLER_RATE_MAX];
};

/* Zero is a fresh one. False: the caller has to wait. */
bool caller_rate_take(struct caller_rate *rate, const char *name, int64_t now_us);
/* For an answer of so many bytes. */
void caller_rate_charge(struct caller_rate *rate, const char *name, int64_t now_us, size_t bytes);
