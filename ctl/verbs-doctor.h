// SPDX-License-Identifier: MIT
#pragma once
/* The verb doctor. */
#include "ctl/ctl.h"

/* Its exit status is of its own: 0 nothing is wrong, 1 warnings, 2 failures. */
int verbs_doctor_run(struct ctl *ctl, int argc, char **argv);
