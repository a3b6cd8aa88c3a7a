// SPDX-License-Identifier: MIT
#pragma once
/* The one pairing that an administrator asked for: what the wearable demands is told to that caller alone, and
 * the call is answered when it has ended. It ends with the caller's connection. Owns the call.
 */
#include <systemd/sd-bus.h>

struct control;

struct control_pair {
	sd_bus_message *call; /* NULL: none waits */
	sd_bus_track *caller;
};

/* Methods of sd-bus; the user is the struct control. */
int control_pair_method(sd_bus_message *call, void *user, sd_bus_error *error);
int control_pair_answer_method(sd_bus_message *call, void *user, sd_bus_error *error);
/* As control_pair_asks and control_paired. */
void control_pair_tell(const struct control_pair *pair, const char *what, const char *value);
void control_pair_done(struct control_pair *pair, const char *document, const char *why);
/* Nobody is there any more to answer. */
void control_pair_clear(struct control *control);
