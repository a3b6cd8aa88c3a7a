// SPDX-License-Identifier: MIT
#pragma once
/* The verb calibrate. */
#include "ctl/ctl.h"

int verbs_calibrate_run(struct ctl *ctl, int argc, char **argv);
