// SPDX-License-Identifier: MIT
#pragma once
/* Sensors join a kit, leave it, and take each other's place. */
#include "ctl/ctl.h"

int verbs_adopt_run(struct ctl *ctl, int argc, char **argv);
int verbs_adopt_release(struct ctl *ctl, int argc, char **argv);
int verbs_adopt_replace(struct ctl *ctl, int argc, char **argv);
