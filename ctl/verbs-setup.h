// SPDX-License-Identifier: MIT
#pragma once
/* setup: what makes a gym of a computer; the dashboard by the script of its package, which knows how. */
#include "ctl/ctl.h"

int verbs_setup_run(struct ctl *ctl, int argc, char **argv);
