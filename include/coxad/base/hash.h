// SPDX-License-Identifier: MIT
#pragma once
/* FNV-1a, 64 bits (draft-eastlake-fnv): a number for a text that is the same in every run and on
 * every machine. Not for anything an attacker may choose. Pure values.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define HASH_START UINT64_C(0xcbf29ce484222325)
#define HASH_PRIME UINT64_C(0x100000001b3)

/* Goes on from an earlier hash, or from HASH_START. */
static inline uint64_t hash_bytes(uint64_t hash, const void *data, size_t size)
{
	const uint8_t *p = data;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ p[i]) * HASH_PRIME;
	return hash;
}

static inline uint64_t hash_text(uint64_t hash, const char *text)
{
	return hash_bytes(hash, text, strlen(text));
}
