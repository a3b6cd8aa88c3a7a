// SPDX-License-Identifier: MIT
#pragma once
/* What coxad has told: doctor->states. */
#include "ctl/doctor.h"

void doctor_gateway_health(struct doctor *doctor);
void doctor_gateway_adapters(struct doctor *doctor);
void doctor_gateway_wearables(struct doctor *doctor);
/* Sensors that are worn otherwise than coxad was told. */
void doctor_gateway_calibrations(struct doctor *doctor);
/* One athlete with two kits: neither counts right. */
void doctor_gateway_sessions(struct doctor *doctor);
