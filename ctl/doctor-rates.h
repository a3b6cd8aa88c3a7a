// SPDX-License-Identifier: MIT
#pragma once
/* Whether wearables send as many samples as their driver asks for. */
#include "ctl/doctor.h"

void doctor_rates_check(struct doctor *doctor);
/* The same with what `coxad --list-drivers` prints. */
void doctor_rates_compare(struct doctor *doctor, const char *drivers);
