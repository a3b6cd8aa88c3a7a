// SPDX-License-Identifier: MIT
#pragma once
/* How the input of the driver and intake fuzzers is cut into packets: one byte to choose the
 * characteristic, one for the time since the packet before (in 4 ms), one for the length, the
 * bytes. Characteristics are those of the drivers' vectors and start plans, and one that no driver
 * claims.
 */
#include <stddef.h>
#include <stdint.h>

#include "coxad/base/bytes.h"
#include "coxad/drivers/driver.h"

#define FUZZ_PACKETS_CHARACTERISTICS_MAX 255
#define FUZZ_PACKETS_SEED_MAX            4128 /* 16 packets of any length */

struct fuzz_packets_table {
	struct uuid uuid[FUZZ_PACKETS_CHARACTERISTICS_MAX];
	size_t n;
};

struct fuzz_packet {
	const struct uuid *characteristic; /* in the table */
	int64_t t_us;                      /* goes on from the packet before */
	uint8_t *data; /* a copy of its exact size, so that reading past it is seen */
	size_t size;
};

/* driver NULL: those of all drivers, and of the services that any wearable may have. */
void fuzz_packets_init(struct fuzz_packets_table *table, const struct driver *driver);
/* Takes the next packet off input and frees the one before. False, and nothing to free, at the
 * end. */
bool fuzz_packets_next(
	const struct fuzz_packets_table *table, struct bytes *input, struct fuzz_packet *packet);
/* Some packets of the driver's vectors as an input; without vectors, one seed of a packet of zeros
 * on each characteristic. Size of the seed, 0 past the last. */
size_t fuzz_packets_seed(const struct fuzz_packets_table *table, const struct driver *driver,
	unsigned index, uint8_t ret[static FUZZ_PACKETS_SEED_MAX]);
