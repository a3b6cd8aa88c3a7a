// SPDX-License-Identifier: MIT
#pragma once
/* Verbs that only look: status, list, show. */
#include "ctl/ctl.h"

int verbs_look_status(struct ctl *ctl, int argc, char **argv);
int verbs_look_list(struct ctl *ctl, int argc, char **argv);
int verbs_look_show(struct ctl *ctl, int argc, char **argv);
