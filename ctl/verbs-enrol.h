// SPDX-License-Identifier: MIT
#pragma once
/* enrol: a radio gets what it needs to reach the brain, by a script that knows mosquitto. */
#include "ctl/ctl.h"

int verbs_enrol_run(struct ctl *ctl, int argc, char **argv);
