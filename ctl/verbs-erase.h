// SPDX-License-Identifier: MIT
#pragma once
#include "ctl/ctl.h"

int verbs_erase_run(struct ctl *ctl, int argc, char **argv);
