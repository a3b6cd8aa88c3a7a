// SPDX-License-Identifier: MIT
#pragma once
/* Random numbers that a seed repeats. For waits, simulations and tests; nothing secret may depend
 * on them. Pure values.
 */
#include <stdint.h>

/* xorshift64*, Vigna 2016. The state is never 0. */
static inline uint64_t generator_xorshift(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * UINT64_C(0x2545f4914f6cdd1d);
}

/* splitmix64 (Steele, Lea, Flood, OOPSLA 2014, figure 16). Takes any state. */
static inline uint64_t generator_splitmix(uint64_t *state)
{
	uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* 53 of the 64 bits as a number from 0 up to, but not including, 1. */
static inline double generator_unit(uint64_t bits)
{
	return (double)(bits >> 11) * 0x1p-53;
}
