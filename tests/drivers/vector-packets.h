// SPDX-License-Identifier: MIT
#pragma once
/* The packets of tests/vectors/<driver>/<file>.txt, which vectors.h describes, without what they
 * mean: for test-drivers, the fuzzers and the benchmark.
 */
#include <stddef.h>
#include <stdint.h>

#include "coxad/base/uuid.h"

#define VECTOR_DATA_MAX 600

struct vector_packet {
	struct uuid characteristic;
	uint8_t data[VECTOR_DATA_MAX];
	size_t size;
};

/* Bytes in hexadecimal; spaces, hyphens and a line end may stand between them. How many, or -EINVAL
 * where text is something else or has more than capacity bytes. */
int vector_packets_from_hex(const char *text, uint8_t *ret, size_t capacity);
/* Those of a driver, in the order of its files: how many, 0 where it has no vectors, -EINVAL on a
 * packet that cannot be read. */
int vector_packets_read(const char *driver, struct vector_packet *ret, size_t capacity);
