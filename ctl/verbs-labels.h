// SPDX-License-Identifier: MIT
#pragma once
/* labels: what to print and stick on wearables. */
#include "ctl/ctl.h"

int verbs_labels_run(struct ctl *ctl, int argc, char **argv);
