// SPDX-License-Identifier: MIT
#pragma once
/* What really happened, beside a capture or a live run, as JSON: repetitions with the window in
 * which the onset of each phase lies, joint angles each 50 ms, pops and symptoms on the gateway's
 * clock, each wearable's mounting and clock, what the script expects of the verdicts, and what
 * the gateway had the wearables do. Says nothing of how coxad works it out.
 */
#include <stdint.h>

#include "gym/gym.h"

/* base_us: the gateway's monotonic clock at the gym's start. -errno. */
int truth_write(const struct gym *gym, int64_t base_us, const char *path);
/* Only the expectations, for a first look: -EINVAL and a text that names the line where one of
 * them says nothing that can be checked. */
int truth_check(const struct gym *gym, char *ret_error, size_t error_size);
