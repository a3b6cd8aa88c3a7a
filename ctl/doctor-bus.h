// SPDX-License-Identifier: MIT
#pragma once
/* Who is on the system bus, and whether coxad answers. */
#include "ctl/doctor.h"

/* Fetches doctor->states. */
void doctor_bus_coxad(struct doctor *doctor);
void doctor_bus_bluez(struct doctor *doctor);
