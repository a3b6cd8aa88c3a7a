// SPDX-License-Identifier: MIT
#pragma once
/* Verbs for administrators. */
#include "ctl/ctl.h"

int verbs_admin_reload(struct ctl *ctl, int argc, char **argv);
int verbs_admin_requeue(struct ctl *ctl, int argc, char **argv);
int verbs_admin_log_level(struct ctl *ctl, int argc, char **argv);
int verbs_admin_trace(struct ctl *ctl, int argc, char **argv);
int verbs_admin_export(struct ctl *ctl, int argc, char **argv);
int verbs_admin_record(struct ctl *ctl, int argc, char **argv);
