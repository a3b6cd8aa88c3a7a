// SPDX-License-Identifier: MIT
#include "daemon/main/manager-fleet-gauges.h"

#include "daemon/main/manager-fleet-private.h"

static size_t add(
	struct stat_entry *entries, size_t n, size_t capacity, const char *name, uint64_t value)
{
	if (n < capacity)
		entries[n++] = (struct stat_entry){
			.name = name, .value = (double)value, .is_integer = true};
	return n;
}

size_t manager_fleet_gauges(const struct manager *m, struct stat_entry *entries, size_t capacity)
{
	static const char *const names[RADIO_REASON_COUNT] = {
#define RADIO_NAME_(id, name) "radio_refused_" name,
		RADIO_REASON_LIST(RADIO_NAME_)
#undef RADIO_NAME_
	};
	const struct manager_fleet *f = m->fleet;
	struct radio_hub_status one, all = {0};
	uint64_t count[RADIO_REASON_COUNT] = {0};
	unsigned n_radios = 0;
	size_t n = 0;

	if (!f)
		return 0;
	for (; radio_hub_status(f->hub, n_radios, &one); n_radios++) {
		all.events += one.events;
		all.lost += one.lost;
		all.undated += one.undated;
		all.restarts += one.restarts;
		all.clock_steps += one.clock_steps;
		all.clock_refused += one.clock_refused;
		for (unsigned i = 0; i < RADIO_REASON_COUNT; i++)
			count[i] += one.count[i];
	}
	n = add(entries, n, capacity, "radios", n_radios);
	n = add(entries, n, capacity, "radio_events", all.events);
	n = add(entries, n, capacity, "radio_events_lost", all.lost);
	n = add(entries, n, capacity, "radio_batches_undated", all.undated);
	n = add(entries, n, capacity, "radio_restarts", all.restarts);
	n = add(entries, n, capacity, "radio_clock_steps", all.clock_steps);
	n = add(entries, n, capacity, "radio_clock_refused", all.clock_refused);
	for (unsigned i = RADIO_REASON_NONE + 1; i < RADIO_REASON_COUNT; i++)
		n = add(entries, n, capacity, names[i], count[i]);
	n = add(entries, n, capacity, "radio_refused_message", f->refused);
	n = add(entries, n, capacity, "radio_refused_more",
		radio_hub_refused(f->hub) + radio_fleet_refused(f->radios));
	n = add(entries, n, capacity, "radio_orders_failed", f->orders_failed);
	return n + fleet_mqtt_gauges(f->mqtt, entries + n, capacity - n);
}
