// SPDX-License-Identifier: MIT
#pragma once
/* setup: what makes a gym of a computer, by the scripts of the packages that know how. */
#include "ctl/ctl.h"

int verbs_setup_run(struct ctl *ctl, int argc, char **argv);
