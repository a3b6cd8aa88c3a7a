// SPDX-License-Identifier: MIT
#pragma once
/* A mosquitto of this machine, by its configuration. */
#include "ctl/doctor.h"

void doctor_broker_check(struct doctor *doctor);
