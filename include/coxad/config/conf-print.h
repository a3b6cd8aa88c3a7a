// SPDX-License-Identifier: MIT
#pragma once
#include "coxad/config/conf.h"

/* The effective values as a file that reads back to the same, with comments. Returns-owned. */
char *conf_print(const struct conf *conf);
