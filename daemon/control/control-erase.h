// SPDX-License-Identifier: MIT
#pragma once
/* The call that waits for an athlete to be erased. Owns the call. */
#include <systemd/sd-bus.h>

#include "coxad/control/control.h"

struct control_erase {
	sd_bus_message *call; /* NULL: none waits */
};

/* A method of sd-bus. */
int control_erase_method(struct control *control, sd_bus_message *call, sd_bus_error *error);
/* As control_erased. */
void control_erase_answer(struct control_erase *erase, const char *text, const char *why);
void control_erase_clear(struct control_erase *erase);
