// SPDX-License-Identifier: MIT
#pragma once
/* Which sensor is it? */
#include "ctl/ctl.h"

int verbs_identify_run(struct ctl *ctl, int argc, char **argv);
