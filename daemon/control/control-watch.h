// SPDX-License-Identifier: MIT
#pragma once
/* Who watches what: signals `Message(topic, payload)` to those who asked, each to one caller alone.
 * A watch ends with its time, its bytes or its caller; whoever goes on reading asks again. What the
 * bus does not take in time is left out, samples first. Owns the watches, not the connection.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-bus.h>

#include "coxad/config/conf.h"
#include "coxad/wire/message.h"

#define CONTROL_WATCH_MAX   16
#define CONTROL_WATCH_S_MAX 300
/* A caller who reads nothing fills the bus daemon's memory no further than this. */
#define CONTROL_WATCH_BYTES_MAX (8 << 20)

struct control_watch_one {
	sd_bus_track *caller; /* NULL: free */
	char kit[NAME_SIZE];  /* empty: all */
	int64_t until_us;
	size_t bytes_left;
};

struct control_watch {
	const struct conf *conf; /* borrowed for life */
	sd_bus *bus;             /* NULL: none */
	uint64_t left_out;
	struct control_watch_one one[CONTROL_WATCH_MAX];
	struct control_watch_one *fresh; /* knows no states yet; NULL: none */
	/* By the kit's number: who wears it, from what is published. A number may get another kit. */
	struct control_watch_wearer {
		char kit[NAME_SIZE], athlete[NAME_SIZE];
	} wearer[CONF_KITS_MAX];
};

void control_watch_clear(struct control_watch *watch);
/* For the sender of the call. seconds 0: ends it. -EBUSY: too many watch. */
int control_watch_start(
	struct control_watch *watch, sd_bus_message *call, const char *kit, unsigned seconds);
/* What is retained, to the one who just started; a control_visit_fn whose visitor is the watch. */
void control_watch_tell_state(void *watch, const struct message *message);
void control_watch_message(struct control_watch *watch, const struct message *message);
