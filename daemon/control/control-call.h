// SPDX-License-Identifier: MIT
#pragma once
/* What every method does: admit the caller, run a command, answer. -errno with *error filled, as
 * sd-bus wants it.
 */
#include <systemd/sd-bus.h>

#include "daemon/control/control-private.h"

#define CONTROL_CALL_BUSY    "org.coxad.Error.Busy"
#define CONTROL_CALL_FAILED  "org.coxad.Error.Failed"
#define CONTROL_CALL_INVALID "org.coxad.Error.Invalid"

/* Negative: too many calls. */
int control_call_admit(struct control *control, sd_bus_message *call, sd_bus_error *error);
/* Answers with a text, which may be long. Takes the text. */
int control_call_answer(struct control *control, sd_bus_message *call, char *text);
/* As over MQTT, and answered with what would have been published. */
int control_call_command(struct control *control, sd_bus_message *call, const char *verb,
	const char *payload, sd_bus_error *error);
