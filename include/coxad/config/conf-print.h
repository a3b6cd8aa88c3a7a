// SPDX-License-Identifier: MIT
#pragma once
#include "coxad/config/conf.h"

/* The effective values as a file that reads back to the same, with comments. Returns-owned. */
char *conf_print(const struct conf *conf);
/* The same of [analysis], kits and wearables alone: what a capture tells of a change. Returns-owned. */
char *conf_print_part(const struct conf *conf);
