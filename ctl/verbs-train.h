// SPDX-License-Identifier: MIT
#pragma once
/* Verbs of trainers: what the dashboard's commands do. */
#include "ctl/ctl.h"

int verbs_train_session(struct ctl *ctl, int argc, char **argv);
int verbs_train_symptom(struct ctl *ctl, int argc, char **argv);
int verbs_train_acknowledge(struct ctl *ctl, int argc, char **argv);
int verbs_train_override(struct ctl *ctl, int argc, char **argv);
