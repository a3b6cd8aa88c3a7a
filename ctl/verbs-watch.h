// SPDX-License-Identifier: MIT
#pragma once
/* The verb watch. */
#include "ctl/ctl.h"

int verbs_watch_run(struct ctl *ctl, int argc, char **argv);
