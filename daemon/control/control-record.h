// SPDX-License-Identifier: MIT
#pragma once
/* The one recording that somebody asked for: it ends with its time or its caller, who is answered when the
 * file is complete. Owns the call, not the file.
 */
#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-bus.h>

struct control_record {
	sd_event_source *timer;
	sd_bus_message *call; /* NULL: none */
	sd_bus_track *caller;
	bool is_ending; /* the file is being completed */
	void (*end)(void *user);
	void *user;
};

int control_record_start(
	struct control_record *record, sd_event *loop, void (*end)(void *user), void *user);
void control_record_stop(struct control_record *record);
/* As control_recorded. */
void control_record_ended(struct control_record *record, const char *why);
/* Nobody is there any more to answer. */
void control_record_clear(struct control_record *record);
bool control_record_is_busy(const struct control_record *record);
/* A recording has begun for this call; seconds 0: until the caller goes. -errno. */
int control_record_begin(struct control_record *record, sd_bus_message *call, unsigned seconds);
