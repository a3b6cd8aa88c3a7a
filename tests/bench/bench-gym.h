// SPDX-License-Identifier: MIT
#pragma once
/* A gym for the benches of the pure core: kits 0, 1 ... with an athlete each, and the same
 * placements in all of them.
 */
#include "coxad/config/conf.h"

/* Wearable W of kit K has the address C0:A5:00:00:KK:WW. Ends the program where it cannot. */
struct conf *bench_gym_conf(unsigned kits, const char *const *placements, unsigned worn);
