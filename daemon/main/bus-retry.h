// SPDX-License-Identifier: MIT
#pragma once
/* Opens the source of a live run. The system bus may start later than we do: then it is tried again and again. */
#include <systemd/sd-event.h>

#include "coxad/bluez/source-bluez.h"

struct bus_retry {
	struct source_bluez_options options;
	const struct source_bluez_ops *ops;
	void *user;
	struct source_bluez **source; /* where it goes; NULL there: no bus yet */
	void (*opened)(void *user);   /* NULL: not told */
	sd_event_source *timer;
};

/* What `retry` says is borrowed until the end. -errno: there is no descriptor left. */
int bus_retry_start(struct bus_retry *retry);
void bus_retry_stop(struct bus_retry *retry);
