// SPDX-License-Identifier: MIT
#pragma once
/* The verb history. */
#include "ctl/ctl.h"

int verbs_history_run(struct ctl *ctl, int argc, char **argv);
