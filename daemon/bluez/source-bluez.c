// SPDX-License-Identifier: MIT
#include <errno.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/backoff.h"
#include "coxad/loop/clock.h"
#include "daemon/bluez/source-bluez-private.h"

#define CANDIDATES_MAX (CONF_WEARABLES_MAX * 2)
#define SYSTEM_BUS     "unix:path=/run/dbus/system_bus_socket"

static int on_schedule(sd_event_source *event, void *user)
{
	struct source_bluez *source = user;
	struct slots_adapter adapters[SLOTS_ADAPTERS_MAX] = {0};
	struct slots_candidate candidates[CANDIDATES_MAX];
	int64_t now_us = clock_now_us();
	size_t n = 0;
	int picked;

	for (unsigned i = 0; i < SLOTS_ADAPTERS_MAX; i++)
		if (source->radio[i])
			adapters[i].is_usable = bluez_radio_is_usable(source->radio[i]);
	for (size_t i = 0; i < source->n_links; i++) {
		const struct bluez_adapter *adapter = bluez_link_adapter(source->link[i]);

		if (adapter) {
			adapters[adapter->slot].in_use++;
			adapters[adapter->slot].is_connecting |=
				bluez_link_is_making(source->link[i]);
		}
		if (n < CANDIDATES_MAX && !source->is_stopping)
			n += bluez_link_candidates(
				source->link[i], &candidates[n], CANDIDATES_MAX - n);
	}
	while ((picked = slots_pick(&source->slots, now_us, source->timing.heard_us, adapters,
			candidates, n)) >= 0) {
		struct slots_candidate chosen = candidates[picked];

		adapters[chosen.adapter].is_connecting = true;
		adapters[chosen.adapter].in_use++;
		bluez_link_permit(source->link[chosen.wearable], chosen.adapter);
		for (size_t i = 0; i < n; i++)
			if (candidates[i].wearable == chosen.wearable)
				candidates[i--] = candidates[--n];
	}
	for (unsigned i = 0; i < SLOTS_ADAPTERS_MAX; i++)
		if (source->radio[i])
			bluez_radio_step(source->radio[i]);
	return 0;
}

void source_bluez_schedule(struct source_bluez *source)
{
	sd_event_source_set_enabled(source->schedule, SD_EVENT_ONESHOT);
}

/* --- what the mirror tells --- */

static struct bluez_link *link_of(const struct source_bluez *source, const char *address)
{
	for (size_t i = 0; i < source->n_links; i++)
		if (strcmp(bluez_link_address(source->link[i]), address) == 0)
			return source->link[i];
	return NULL;
}

static bool on_is_wanted(void *user, const char *address)
{
	return link_of(user, address);
}

static struct bluez_radio *radio_of(struct source_bluez *source, const char *address)
{
	for (unsigned i = 0; i < SLOTS_ADAPTERS_MAX; i++) {
		if (!source->radio[i])
			return source->radio[i] = bluez_radio_new(source, address, i);
		if (strcmp(bluez_radio_address(source->radio[i]), address) == 0)
			return source->radio[i];
	}
	return NULL;
}

static unsigned slot_of(const struct source_bluez *source, const struct bluez_radio *radio)
{
	unsigned i = 0;

	while (i < SLOTS_ADAPTERS_MAX && source->radio[i] != radio)
		i++;
	return i;
}

static void learn_version(struct source_bluez *source, unsigned version)
{
	if (!version || version == source->version)
		return;
	source->version = version;
	journal_write(LOG_NOTICE, "bluez", "BlueZ %u.%u%s", version / 100, version % 100,
		version < BLUEZ_VERSION_SAFE_ACQUIRE ? ": notifications come by signal unless told "
						       "otherwise"
						     : "");
	for (size_t i = 0; i < source->n_links; i++)
		bluez_link_configure(source->link[i], (unsigned)i);
}

static void on_adapter(void *user, struct bluez_adapter *adapter, unsigned changes)
{
	struct source_bluez *source = user;
	struct bluez_radio *radio;

	if (changes & BLUEZ_CHANGE_ADDED) {
		/* The number in the path changes over resets; the address does not. */
		radio = radio_of(source, adapter->address);
		adapter->slot = slot_of(source, radio);
		learn_version(source, adapter->version);
		if (radio)
			bluez_radio_set_object(radio, adapter);
		return;
	}
	if (adapter->slot >= SLOTS_ADAPTERS_MAX)
		return;
	radio = source->radio[adapter->slot];
	if (changes & BLUEZ_CHANGE_REMOVED) {
		if (bluez_radio_object(radio) == adapter)
			bluez_radio_set_object(radio, NULL);
		return;
	}
	bluez_radio_changed(radio);
}

static void on_device(void *user, struct bluez_device *device, unsigned changes)
{
	struct source_bluez *source = user;
	struct bluez_link *link = device->owner, *named;

	if (device->adapter->slot >= SLOTS_ADAPTERS_MAX)
		return;
	/* Pairing may tell another address: it is still the one that was paired. */
	if (!link || strcmp(bluez_link_address(link), device->address) != 0) {
		named = link_of(source, device->address);
		link = named ? named : link;
	}
	if (link)
		bluez_link_device(link, device, changes);
}

static void on_value(
	void *user, struct bluez_characteristic *characteristic, const uint8_t *value, size_t size)
{
	if (characteristic->device->owner)
		bluez_link_value(characteristic->device->owner, characteristic, value, size);
}

static void on_refetch(void *user)
{
	source_bluez_fetch(user);
}

static const struct bluez_objects_ops objects_ops = {
	on_is_wanted, on_adapter, on_device, on_value, on_refetch};

/* --- public --- */

void source_bluez_set_timing(struct source_bluez *source, const struct link_timing *timing)
{
	source->timing = *timing;
	for (size_t i = 0; i < source->n_links; i++) {
		bluez_link_free(source->link[i]);
		source->link[i] = bluez_link_new(source, (unsigned)i);
	}
}

int source_bluez_new(sd_event *loop, const char *bus_address, const struct conf *conf,
	const struct source_bluez_ops *ops, void *user, struct source_bluez **ret)
{
	struct source_bluez *source = new0(struct source_bluez);
	const char *system_bus = getenv("DBUS_SYSTEM_BUS_ADDRESS");
	int r;

	source->loop = sd_event_ref(loop);
	source->bus_address = alloc_text(bus_address  ? bus_address
					 : system_bus ? system_bus
						      : SYSTEM_BUS);
	source->conf = conf;
	source->ops = ops;
	source->user = user;
	link_timing_default(&source->timing);
	slots_init(&source->slots, conf->bluetooth.slots ? conf->bluetooth.slots : 7);
	backoff_init(&source->backoff, (uint64_t)clock_now_us());
	source->objects = bluez_objects_new(&objects_ops, source);
	r = sd_event_add_defer(loop, &source->schedule, on_schedule, source);
	if (r >= 0)
		r = sd_event_add_time(loop, &source->rebuild, CLOCK_MONOTONIC, 0, 0,
			source_bluez_on_rebuild, source);
	if (r >= 0) {
		sd_event_source_set_enabled(source->schedule, SD_EVENT_OFF);
		sd_event_source_set_enabled(source->rebuild, SD_EVENT_OFF);
		r = source_bluez_open(source);
	}
	if (r < 0) {
		source_bluez_free(source);
		return r;
	}
	for (unsigned i = 0; i < conf->n_wearables; i++)
		source->link[source->n_links++] = bluez_link_new(source, i);
	*ret = source;
	return 0;
}

struct source_bluez *source_bluez_free(struct source_bluez *source)
{
	if (!source)
		return NULL;
	for (size_t i = 0; i < source->n_links; i++)
		bluez_link_free(source->link[i]);
	source_bluez_close(source);
	bluez_objects_free(source->objects);
	for (unsigned i = 0; i < SLOTS_ADAPTERS_MAX; i++)
		bluez_radio_free(source->radio[i]);
	sd_event_source_disable_unref(source->schedule);
	sd_event_source_disable_unref(source->rebuild);
	sd_event_unref(source->loop);
	free(source->owner);
	free(source->bus_address);
	free(source);
	return NULL;
}

int source_bluez_reload(struct source_bluez *source, const struct conf *conf)
{
	struct bluez_link *old[CONF_WEARABLES_MAX];
	size_t n_old = source->n_links;

	memcpy(old, source->link, sizeof(old));
	source->conf = conf;
	source->slots.capacity = conf->bluetooth.slots ? conf->bluetooth.slots : 7;
	source->n_links = 0;
	for (unsigned i = 0; i < conf->n_wearables; i++) {
		struct bluez_link *link = NULL;

		for (size_t k = 0; k < n_old && !link; k++)
			if (old[k] &&
				strcmp(bluez_link_address(old[k]), conf->wearable[i].address) == 0)
				link = steal(old[k]);
		source->link[i] = link ? link : bluez_link_new(source, i);
		source->n_links = i + 1;
		if (link)
			bluez_link_configure(link, i);
	}
	for (size_t k = 0; k < n_old; k++)
		bluez_link_free(old[k]);
	/* Wearables that are new here may long be known there. */
	if (source->owner)
		source_bluez_fetch(source);
	source_bluez_schedule(source);
	return 0;
}

int source_bluez_write(
	struct source_bluez *source, unsigned wearable, const struct driver_step *step)
{
	return wearable < source->n_links ? bluez_link_write(source->link[wearable], step)
					  : -ENOTCONN;
}

size_t source_bluez_adapters(const struct source_bluez *source, const char **ret, size_t room)
{
	size_t n = 0;

	for (unsigned i = 0; i < SLOTS_ADAPTERS_MAX && n < room; i++)
		if (source->radio[i] && bluez_radio_is_usable(source->radio[i]))
			ret[n++] = bluez_radio_address(source->radio[i]);
	return n;
}

size_t source_bluez_services(
	const struct source_bluez *source, const struct uuid **ret, size_t room)
{
	size_t n_drivers, n = 0;
	const struct driver *const *drivers = driver_list(&n_drivers);

	for (size_t d = 0; d < n_drivers; d++) {
		bool is_used = false;

		for (unsigned i = 0; i < source->conf->n_wearables; i++) {
			const char *id = source->conf->wearable[i].driver;

			is_used = is_used || !id || strcmp(id, drivers[d]->id) == 0;
		}
		for (size_t s = 0; is_used && s < drivers[d]->match.n_services && n < room; s++)
			ret[n++] = &drivers[d]->match.services[s];
	}
	return n;
}

void source_bluez_stop(struct source_bluez *source)
{
	source->is_stopping = true;
	for (size_t i = 0; i < source->n_links; i++)
		bluez_link_stop(source->link[i]);
	source_bluez_schedule(source);
}

bool source_bluez_is_stopped(const struct source_bluez *source)
{
	for (size_t i = 0; i < source->n_links; i++)
		if (link_state(bluez_link_state(source->link[i])) != LINK_STATE_STOPPED)
			return false;
	return source->is_stopping;
}

bool source_bluez_is_alive(const struct source_bluez *source)
{
	return !source->calls || !bus_calls_are_overdue(source->calls, clock_now_us());
}
