// SPDX-License-Identifier: MIT
#pragma once
/* Repeatable chance for the gym: a stream a name, so that another wearable in the script changes
 * nothing for the rest. splitmix64 (Steele, Lea, Flood, OOPSLA 2014, figure 16). Pure values.
 */
#include <math.h>
#include <stdint.h>

struct random {
	uint64_t state;
};

static inline uint64_t random_u64(struct random *r)
{
	uint64_t z = (r->state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* A stream of its own for a name under a seed; the name is hashed by FNV-1a. */
static inline struct random random_of(uint64_t seed, const char *name)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	struct random r;

	for (; *name; name++)
		hash = (hash ^ (uint8_t)*name) * UINT64_C(0x100000001b3);
	r.state = seed ^ hash;
	r.state = random_u64(&r);
	return r;
}

/* 0 <= x < 1 */
static inline double random_unit(struct random *r)
{
	return (double)(random_u64(r) >> 11) * 0x1p-53;
}

static inline double random_between(struct random *r, double low, double high)
{
	return low + (high - low) * random_unit(r);
}

/* Standard normal, by Box and Muller. */
static inline double random_normal(struct random *r)
{
	double u = 1 - random_unit(r);

	return sqrt(-2 * log(u)) * cos(2 * M_PI * random_unit(r));
}

/* Exponential of a mean. */
static inline double random_exponential(struct random *r, double mean)
{
	return -mean * log(1 - random_unit(r));
}
