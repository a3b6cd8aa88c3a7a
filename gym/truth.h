// SPDX-License-Identifier: MIT
#pragma once
/* What really happened, beside a capture or a live run, as JSON: repetitions with the window in
 * which the onset of each phase lies, joint angles every 50 ms, pops and symptoms on the gateway's
 * clock, the mounting and clock of each wearable, what verdicts the script expects, and what the
 * gateway ordered the wearables to do. It says nothing about how coxad works it out.
 */
#include <stdint.h>

#include "gym/gym.h"

/* base_us: the gateway's monotonic clock when the gym started. -errno. */
int truth_write(const struct gym *gym, int64_t base_us, const char *path);
/* Checks the script's expectations before anything is played: -EINVAL, and a message that names the
 * line, if one of them cannot be checked against a verdict. */
int truth_check(const struct gym *gym, char *ret_error, size_t error_size);
