// SPDX-License-Identifier: MIT
#pragma once
/* Repeatable random numbers for the gym: one stream per name, so that another wearable in the
 * script does not change the others. Pure values.
 */
#include <math.h>
#include <stdint.h>

#include "coxad/base/generator.h"
#include "coxad/base/hash.h"

struct random {
	uint64_t state;
};

static inline uint64_t random_u64(struct random *r)
{
	return generator_splitmix(&r->state);
}

/* The stream of a name under a seed. */
static inline struct random random_of(uint64_t seed, const char *name)
{
	struct random r = {seed ^ hash_text(HASH_START, name)};

	r.state = random_u64(&r);
	return r;
}

/* 0 <= x < 1 */
static inline double random_unit(struct random *r)
{
	return generator_unit(random_u64(r));
}

static inline double random_between(struct random *r, double low, double high)
{
	return low + (high - low) * random_unit(r);
}

/* Standard normal (Box and Muller). */
static inline double random_normal(struct random *r)
{
	double u = 1 - random_unit(r);

	return sqrt(-2 * log(u)) * cos(2 * M_PI * random_unit(r));
}

/* Exponential with this mean. */
static inline double random_exponential(struct random *r, double mean)
{
	return -mean * log(1 - random_unit(r));
}
