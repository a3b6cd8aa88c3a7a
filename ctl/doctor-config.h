// SPDX-License-Identifier: MIT
#pragma once
/* The configuration as it is written, and whether it is in force. */
#include "ctl/doctor.h"

void doctor_config_check(struct doctor *doctor);
