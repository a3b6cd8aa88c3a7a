// SPDX-License-Identifier: MIT
#pragma once
/* backup: all that a new machine needs to carry on where this one stopped. */
#include "ctl/ctl.h"

int verbs_backup_run(struct ctl *ctl, int argc, char **argv);
