// SPDX-License-Identifier: MIT
#pragma once
/* The verb history. */
#include <jansson.h>

#include "ctl/ctl.h"

int verbs_history_run(struct ctl *ctl, int argc, char **argv);
/* All entries, the oldest first, as an array, returns-owned. An exit status. */
int verbs_history_fetch(struct ctl *ctl, const char *athlete, json_t **ret);
