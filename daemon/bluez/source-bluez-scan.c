// SPDX-License-Identifier: MIT
#include "coxad/bluez/source-bluez-scan.h"

#include <stdlib.h>

#include "coxad/base/alloc.h"
#include "coxad/loop/clock.h"
#include "daemon/bluez/bluez-bus.h"
#include "daemon/bluez/source-bluez-links.h"
#include "daemon/bluez/source-bluez-private.h"

static void look_again(struct source_bluez *source)
{
	sd_event_source_set_enabled(source->schedule, SD_EVENT_ONESHOT);
}

static int on_end(sd_event_source *timer, uint64_t usec, void *user)
{
	struct source_bluez *source = user;

	free(source->sightings);
	source->sightings = NULL;
	look_again(source);
	return 0;
}

static int arm(struct source_bluez *source, int64_t for_us)
{
	int r = 0;

	if (!source->scan_timer)
		r = sd_event_add_time(source->context.loop, &source->scan_timer, CLOCK_MONOTONIC, 0,
			0, on_end, source);
	if (r >= 0)
		r = sd_event_source_set_time_relative(source->scan_timer, (uint64_t)for_us);
	return r < 0 ? r : sd_event_source_set_enabled(source->scan_timer, SD_EVENT_ONESHOT);
}

void source_bluez_scan_start(struct source_bluez *source, int64_t for_us)
{
	if (source->context.is_stopping || arm(source, for_us) < 0 || source->sightings)
		return;
	source->sightings = new0(struct bluez_sightings);
	/* bluetoothd knows some of them already, and tells what changes alone. */
	if (bluez_bus_calls(source->context.bus))
		bluez_bus_fetch(source->context.bus);
	look_again(source);
}

size_t source_bluez_scan_found(
	const struct source_bluez *source, struct source_bluez_scan_found *ret, size_t capacity)
{
	size_t n = 0;

	for (size_t i = 0; source->sightings && i < source->sightings->n && n < capacity; i++) {
		const struct source_bluez_scan_found *seen = &source->sightings->one[i].seen;

		if (seen->heard_us && !source_bluez_links_find(source, seen->address))
			ret[n++] = *seen;
	}
	return n;
}
