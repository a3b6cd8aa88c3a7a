// SPDX-License-Identifier: MIT
#pragma once
/* The call that waits for a backup to begin: it is answered with the end of a socket from which the files can
 * be read one after another, and with their names and sizes. Owns the call.
 */
#include <systemd/sd-bus.h>

#include "coxad/control/control.h"

struct control_backup {
	sd_bus_message *call; /* NULL: none waits */
};

/* A method of sd-bus. */
int control_backup_method(struct control *control, sd_bus_message *call, sd_bus_error *error);
void control_backup_answer(struct control_backup *backup, const struct control_backup_begun *begun);
void control_backup_clear(struct control_backup *backup);
