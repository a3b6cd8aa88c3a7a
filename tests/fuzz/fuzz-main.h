// SPDX-License-Identifier: MIT
#pragma once
/* What a fuzzer gives to fuzz-main.c, or to libFuzzer in its place. */
#include <stddef.h>
#include <stdint.h>

#define FUZZ_SEED_MAX 65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* Seeds that a fuzzer makes by itself, beside its corpus: the size of the seed of that index, 0 at
 * their end. A fuzzer may do without. */
__attribute__((weak)) size_t fuzz_seed(unsigned index, uint8_t ret[static FUZZ_SEED_MAX]);
/* How many times fewer prefixes and mutations a slow fuzzer has; a fuzzer may do without. */
__attribute__((weak)) extern const unsigned fuzz_slowness;
