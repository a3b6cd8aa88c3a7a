// SPDX-License-Identifier: MIT
#pragma once
/* A capture of a virtual gym, and the configuration that fits its script, for tests that replay it.
 * Failures fail the test.
 */
#include "coxad/config/conf.h"
#include "gym/gym-private.h"

/* The path of the capture; the caller removes the file and frees both. */
char *gym_capture_make(struct gym *gym, struct conf **ret_conf);
