// SPDX-License-Identifier: MIT
#pragma once
/* What is wrong with the parts that the live run itself owns. */
#include "coxad/core/health.h"

struct manager;

/* Tells what is and what is not, now. user of report is the manager. */
void manager_health_check(
	struct manager *m, void (*report)(void *user, const struct health_report *report));
