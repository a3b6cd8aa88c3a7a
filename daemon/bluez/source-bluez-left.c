// SPDX-License-Identifier: MIT
#include "daemon/bluez/source-bluez-left.h"

#include <stdio.h>
#include <string.h>

#include "coxad/base/units.h"
#include "daemon/bluez/bluez-bus.h"
#include "daemon/bluez/bluez-request.h"

#define AGAIN_US (5 * (int64_t)US_PER_S)

static struct source_bluez_left_one *find(const struct source_bluez_left *left, const char *address)
{
	for (size_t i = 0; i < SOURCE_BLUEZ_TRIAL_MARKS_MAX; i++)
		if (strcmp(left->one[i].mark.address, address) == 0)
			return (struct source_bluez_left_one *)&left->one[i];
	return NULL;
}

bool source_bluez_left_hold(struct source_bluez_left *left, const char *address, bool was_bonded)
{
	struct source_bluez_left_one *one = find(left, address);

	/* One that is not taken away yet: a bond may be of its own trial. */
	if (!one && (one = find(left, ""))) {
		snprintf(one->mark.address, ADDRESS_SIZE, "%s", address);
		one->mark.was_bonded = was_bonded;
	}
	if (one)
		one->is_held = true;
	return one;
}

void source_bluez_left_let_go(struct source_bluez_left *left, const char *address)
{
	struct source_bluez_left_one *one = find(left, address);

	if (!one)
		return;
	one->is_held = false;
	one->asked_us = 0;
}

void source_bluez_left_drop(struct source_bluez_left *left, const char *address)
{
	struct source_bluez_left_one *one = find(left, address);

	if (one)
		*one = (struct source_bluez_left_one){0};
}

void source_bluez_left_keep_bond(struct source_bluez_left *left, const char *address)
{
	struct source_bluez_left_one *one = find(left, address);

	if (one)
		one->mark.was_bonded = true;
}

bool source_bluez_left_has(const struct source_bluez_left *left, const char *address)
{
	return find(left, address);
}

bool source_bluez_left_is_clear(const struct source_bluez_left *left)
{
	for (size_t i = 0; i < SOURCE_BLUEZ_TRIAL_MARKS_MAX; i++)
		if (left->one[i].mark.address[0] && left->is_mirrored)
			return false;
	return true;
}

static bool is_dirty(const struct source_bluez_left_one *one, const struct bluez_device *device)
{
	return strcmp(device->address, one->mark.address) == 0 &&
	       (device->is_connected || !one->mark.was_bonded);
}

/* Removed with its cached services and its bond. Returns how many adapters still know it. */
static unsigned clear(const struct source_bluez_left_one *one, const struct bluez_bus *bus,
	const struct bluez_objects *objects, bool may_ask)
{
	const struct link_action action = {
		.kind = one->mark.was_bonded ? LINK_ACTION_DISCONNECT : LINK_ACTION_FORGET,
		.timeout_us = AGAIN_US};
	unsigned n = 0;

	for (const struct bluez_device *d = bluez_objects_devices(objects); d; d = d->next) {
		if (!is_dirty(one, d))
			continue;
		n++;
		if (may_ask && bluez_bus_calls(bus))
			bluez_request_send(
				bus, &(struct bluez_request){.action = &action, .device = d});
	}
	return n;
}

static void look_later(struct source_bluez_left *left)
{
	sd_event_source_set_time_relative(left->timer, (uint64_t)AGAIN_US);
	sd_event_source_set_enabled(left->timer, SD_EVENT_ONESHOT);
}

bool source_bluez_left_tend(struct source_bluez_left *left, const struct bluez_bus *bus,
	const struct bluez_objects *objects, int64_t now_us)
{
	bool is_changed = false;

	for (size_t i = 0; i < SOURCE_BLUEZ_TRIAL_MARKS_MAX && left->is_mirrored; i++) {
		struct source_bluez_left_one *one = &left->one[i];
		bool is_due = !one->asked_us || now_us - one->asked_us >= AGAIN_US;

		if (!one->mark.address[0] || one->is_held)
			continue;
		if (clear(one, bus, objects, is_due) == 0) {
			*one = (struct source_bluez_left_one){0};
			is_changed = true;
		} else if (is_due) {
			one->asked_us = now_us;
			look_later(left);
		}
	}
	return is_changed;
}
