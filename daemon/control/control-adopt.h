// SPDX-License-Identifier: MIT
#pragma once
/* The methods of org.coxad.Gateway1.Admin by which new wearables are found. */
#include <stdint.h>
#include <systemd/sd-bus.h>

/* Who adopts at the moment; others are told so. */
struct control_adopt {
	char *who; /* the unique name on the bus; NULL: nobody */
	int64_t until_us;
};

void control_adopt_done(struct control_adopt *adopt);

/* The user is the struct control. */
int control_adopt_scan(sd_bus_message *call, void *user, sd_bus_error *error);
int control_adopt_try(sd_bus_message *call, void *user, sd_bus_error *error);
int control_adopt_identify(sd_bus_message *call, void *user, sd_bus_error *error);
