// SPDX-License-Identifier: MIT
#include "coxad/bluez/source-bluez-look.h"

#include <stdio.h>
#include <string.h>

#include "coxad/loop/clock.h"
#include "daemon/bluez/source-bluez-links.h"
#include "daemon/bluez/source-bluez-private.h"

size_t source_bluez_look_slots(
	const struct source_bluez *source, struct source_bluez_look_slots *ret, size_t capacity)
{
	struct slots_adapter adapters[SLOTS_ADAPTERS_MAX];
	size_t n = 0;

	source_bluez_links_adapters(source, adapters);
	for (unsigned i = 0; i < SLOTS_ADAPTERS_MAX && n < capacity; i++) {
		unsigned limit = slots_limit(&source->slots, clock_now_us(), i);

		if (!adapters[i].is_usable)
			continue;
		ret[n] = (struct source_bluez_look_slots){.slots = source->slots.capacity,
			.used = adapters[i].in_use,
			.limit = limit < source->slots.capacity ? limit : 0};
		snprintf(ret[n++].address, ADDRESS_SIZE, "%s",
			bluez_radio_address(source->radio[i]));
	}
	return n;
}

static bool find_stranger(const struct source_bluez *source, const char *address,
	struct source_bluez_look_signal *ret)
{
	for (size_t i = 0; source->sightings && i < source->sightings->n; i++) {
		const struct source_bluez_scan_found *seen = &source->sightings->one[i].seen;

		if (!seen->heard_us || strcmp(seen->address, address) != 0)
			continue;
		*ret = (struct source_bluez_look_signal){
			seen->driver, seen->rssi_dbm, seen->heard_us, seen->is_bonded};
		return true;
	}
	return false;
}

bool source_bluez_look_signal(const struct source_bluez *source, const char *address,
	struct source_bluez_look_signal *ret)
{
	const struct bluez_link *link = source_bluez_links_find(source, address);

	if (!link)
		return find_stranger(source, address, ret);
	*ret = (struct source_bluez_look_signal){.is_bonded = bluez_link_is_bonded(link)};
	ret->heard_us = bluez_link_heard(link, &ret->rssi_dbm);
	return ret->heard_us != 0;
}
