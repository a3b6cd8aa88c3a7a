// SPDX-License-Identifier: MIT
#pragma once
#include "ctl/ctl.h"

int verbs_scan_run(struct ctl *ctl, int argc, char **argv);
