// SPDX-License-Identifier: MIT
#pragma once
/* The methods of org.coxad.Gateway1.Admin by which new wearables are found. */
#include <systemd/sd-bus.h>

int control_adopt_scan(sd_bus_message *call, void *user, sd_bus_error *error);
