// SPDX-License-Identifier: MIT
#pragma once
/* restore: what backup has kept, all of it or nothing. */
#include "ctl/ctl.h"

int verbs_restore_run(struct ctl *ctl, int argc, char **argv);
