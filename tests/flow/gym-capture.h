// SPDX-License-Identifier: MIT
#pragma once
/* What coxad meets of a gym, for tests that replay it: the capture that the gym gives and the
 * configuration that fits its script. What cannot be made fails the test.
 */
#include "coxad/config/conf.h"
#include "gym/gym.h"

/* Path of the capture: the caller removes the file, and frees both. */
char *gym_capture_make(struct gym *gym, struct conf **ret_conf);
