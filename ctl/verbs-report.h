// SPDX-License-Identifier: MIT
#pragma once
/* report: one file to attach to a bug report. */
#include "ctl/ctl.h"

int verbs_report_run(struct ctl *ctl, int argc, char **argv);
