// SPDX-License-Identifier: MIT
#pragma once
/* The service and what it stands on: its unit, the clock, the speed of a Raspberry Pi, the state directory. */
#include "ctl/doctor.h"

void doctor_machine_unit(struct doctor *doctor);
/* What `systemctl show` prints of the unit; changes the text. False: it did not do as it should. */
bool doctor_machine_take_unit(struct doctor *doctor, char *text);
/* The unit of BlueZ. */
void doctor_machine_bluez(struct doctor *doctor);
void doctor_machine_clock(struct doctor *doctor);
void doctor_machine_speed(struct doctor *doctor);
void doctor_machine_state(struct doctor *doctor);
