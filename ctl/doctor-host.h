// SPDX-License-Identifier: MIT
#pragma once
/* What the kernel says about the machine. */
#include "ctl/doctor.h"

/* Radios that are switched off. Fixes those that a program has switched off. */
void doctor_host_rfkill(struct doctor *doctor);
/* The supply of a Raspberry Pi. */
void doctor_host_voltage(struct doctor *doctor);
/* Wi-Fi in the band of Bluetooth, by a chip that does both. */
void doctor_host_wifi(struct doctor *doctor);
