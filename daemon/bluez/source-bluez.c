// SPDX-License-Identifier: MIT
#include "coxad/bluez/source-bluez.h"

#include <errno.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/loop/clock.h"
#include "coxad/loop/journal.h"
#include "daemon/bluez/bluez-agent.h"
#include "daemon/bluez/bluez-bus.h"
#include "daemon/bluez/bluez-health.h"
#include "daemon/bluez/bluez-silence.h"
#include "daemon/bluez/bus-calls.h"
#include "daemon/bluez/source-bluez-links.h"
#include "daemon/bluez/source-bluez-pairing.h"
#include "daemon/bluez/source-bluez-private.h"
#include "daemon/bluez/source-bluez-trials.h"

#define SLOTS_DEFAULT 7

/* --- slots --- */

static size_t without(struct slots_candidate *candidates, size_t n, unsigned wearable)
{
	for (size_t i = 0; i < n; i++)
		if (candidates[i].wearable == wearable)
			candidates[i--] = candidates[--n];
	return n;
}

static void permit(struct source_bluez *source)
{
	struct slots_adapter adapters[SLOTS_ADAPTERS_MAX];
	struct slots_candidate candidates[SOURCE_BLUEZ_CANDIDATES_MAX];
	int64_t now_us = clock_now_us();
	size_t n = source_bluez_links_candidates(source, candidates);
	int picked;

	source_bluez_links_adapters(source, adapters);
	while ((picked = slots_pick(&source->slots, now_us, source->context.timing.seen_us,
			adapters, candidates, n)) >= 0) {
		struct slots_candidate chosen = candidates[picked];

		adapters[chosen.adapter].is_connecting = true;
		adapters[chosen.adapter].in_use++;
		bluez_link_permit(source->link[chosen.wearable], chosen.adapter);
		n = without(candidates, n, chosen.wearable);
	}
}

/* Devices that gave up their address to another one, or could not have the one that they took. */
static void adopt_orphans(struct source_bluez *source)
{
	struct bluez_device *device = bluez_objects_devices(source->context.objects);

	for (; device; device = device->next) {
		struct bluez_link *link =
			device->owner ? NULL : source_bluez_links_find(source, device->address);

		if (link && device->adapter->slot < SLOTS_ADAPTERS_MAX)
			bluez_link_device(link, device, BLUEZ_CHANGE_STATE);
	}
}

static int on_schedule(sd_event_source *event, void *user)
{
	struct source_bluez *source = user;

	source_bluez_links_sweep(source);
	source_bluez_trials_sweep(source);
	source_bluez_trials_tend(source);
	source_bluez_pairing_look(source);
	adopt_orphans(source);
	bluez_silence_check(source);
	permit(source);
	for (unsigned i = 0; i < SLOTS_ADAPTERS_MAX; i++)
		if (source->radio[i])
			bluez_radio_step(source->radio[i]);
	return 0;
}

static void schedule(struct source_bluez *source)
{
	sd_event_source_set_enabled(source->schedule, SD_EVENT_ONESHOT);
}

/* --- what links and radios ask --- */

static void on_link_changed(void *user)
{
	schedule(user);
}

static void on_link_refused(void *user, unsigned wearable, const struct bluez_adapter *adapter)
{
	struct source_bluez *source = user;
	unsigned in_use = source_bluez_links_count(source, adapter, wearable);

	slots_refused(&source->slots, clock_now_us(), adapter->slot, in_use);
}

static void on_link_lost(void *user)
{
	struct source_bluez *source = user;

	bluez_le_conf_report_loss(&source->losses, source->le_conf_path, clock_now_us());
}

static const struct bluez_link_ops link_ops = {on_link_lost, on_link_changed, on_link_refused};

static void on_demand(
	void *user, const struct bluez_adapter *adapter, struct bluez_radio_demand *ret)
{
	source_bluez_links_demand(user, adapter, ret);
}

static void on_usable_changed(void *user)
{
	const struct source_bluez *source = user;

	if (source->context.ops->adapters_changed)
		source->context.ops->adapters_changed(source->context.user);
}

static void on_silence_changed(void *user, const char *address, enum source_bluez_silence silence)
{
	const struct source_bluez *source = user;

	if (source->context.ops->adapter_silence)
		source->context.ops->adapter_silence(source->context.user, address, silence);
}

static const struct bluez_radio_ops radio_ops = {on_demand, on_usable_changed, on_silence_changed};

/* --- changes in the mirror --- */

static bool on_is_wanted(void *user, const char *address)
{
	const struct source_bluez *source = user;

	return source_bluez_links_find(source, address) ||
	       source_bluez_left_has(&source->left, address);
}

/* The radio of an adapter, made where it is new; SLOTS_ADAPTERS_MAX: there are too many. */
static unsigned find_slot(struct source_bluez *source, const char *address)
{
	int r;

	for (unsigned i = 0; i < SLOTS_ADAPTERS_MAX; i++) {
		if (source->radio[i] && strcmp(bluez_radio_address(source->radio[i]), address) == 0)
			return i;
		if (source->radio[i])
			continue;
		r = bluez_radio_new(
			&source->context, address, &radio_ops, source, &source->radio[i]);
		if (r >= 0)
			return i;
		journal_write(LOG_ERR, "coxad", "cannot use adapter %s: %s", address, strerror(-r));
		break;
	}
	return SLOTS_ADAPTERS_MAX;
}

static void learn_version(struct source_bluez *source, unsigned version)
{
	if (!version || version == source->context.version)
		return;
	source->context.version = version;
	journal_write(LOG_NOTICE, "bluez", "BlueZ %u.%u%s", version / 100, version % 100,
		version < BLUEZ_VERSION_SAFE_ACQUIRE
			? ": with notify = auto, notifications use D-Bus signals"
			: "");
	source_bluez_links_configure(source);
}

static void set_adapter(struct source_bluez *source, unsigned slot, struct bluez_adapter *adapter)
{
	slots_reset(&source->slots, slot);
	bluez_radio_set_adapter(source->radio[slot], adapter);
	schedule(source);
}

static void on_adapter(void *user, struct bluez_adapter *adapter, unsigned changes)
{
	struct source_bluez *source = user;
	struct bluez_radio *radio;

	if (changes & BLUEZ_CHANGE_ADDED) {
		/* Over resets the number in the path changes; the address does not. */
		adapter->slot = find_slot(source, adapter->address);
		learn_version(source, adapter->version);
		if (adapter->slot < SLOTS_ADAPTERS_MAX)
			set_adapter(source, adapter->slot, adapter);
		return;
	}
	if (adapter->slot >= SLOTS_ADAPTERS_MAX)
		return;
	radio = source->radio[adapter->slot];
	if (changes & BLUEZ_CHANGE_REMOVED) {
		if (bluez_radio_adapter(radio) == adapter)
			set_adapter(source, adapter->slot, NULL);
		return;
	}
	bluez_radio_changed(radio);
	schedule(source);
}

static void on_device(void *user, struct bluez_device *device, unsigned changes)
{
	struct source_bluez *source = user;
	struct bluez_link *link = device->owner, *named;

	if (device->adapter->slot >= SLOTS_ADAPTERS_MAX)
		return;
	/* Pairing may reveal another address: it is still the wearable that was paired. */
	if (!link || strcmp(bluez_link_address(link), device->address) != 0) {
		named = source_bluez_links_find(source, device->address);
		if (link && named)
			bluez_link_release(link, device);
		link = named ? named : link;
	}
	/* Perhaps what a trial left. */
	if (!link)
		schedule(source);
	if (!link)
		return;
	if (changes & BLUEZ_CHANGE_ADVERT)
		bluez_radio_received(source->radio[device->adapter->slot], clock_now_us());
	bluez_link_device(link, device, changes);
}

static void on_value(
	void *user, struct bluez_characteristic *characteristic, const uint8_t *value, size_t size)
{
	if (characteristic->device->owner)
		bluez_link_value(characteristic->device->owner, characteristic, value, size);
}

static void on_heard(void *user, struct bluez_adapter *adapter)
{
	struct source_bluez *source = user;

	if (adapter->slot < SLOTS_ADAPTERS_MAX && source->radio[adapter->slot])
		bluez_radio_heard(source->radio[adapter->slot], clock_now_us());
}

static void on_stranger(void *user, const struct bluez_adapter *adapter, const char *path,
	const DBusMessageIter *properties)
{
	struct source_bluez *source = user;

	if (source->sightings)
		bluez_sightings_take(
			source->sightings, adapter->address, path, properties, clock_now_us());
}

static void on_refetch(void *user)
{
	const struct source_bluez *source = user;

	bluez_bus_fetch(source->context.bus);
}

static const struct bluez_objects_ops objects_ops = {
	on_is_wanted, on_adapter, on_device, on_value, on_heard, on_stranger, on_refetch};

/* --- the bus --- */

static void on_opened(void *user, DBusConnection *connection)
{
	struct source_bluez *source = user;

	bluez_agent_export(&source->context, connection);
}

static void enroll_agent(struct source_bluez *source)
{
	bluez_agent_register(&source->context);
	if (source_bluez_trials_are_held(source))
		bluez_agent_offer(&source->context);
}

static void on_came(void *user)
{
	struct source_bluez *source = user;

	enroll_agent(source);
	bluez_le_conf_report_misfit(source->le_conf_path);
}

static void on_gone(void *user)
{
	struct source_bluez *source = user;

	source->context.version = 0;
	bluez_agent_forget(&source->context);
	source->left.is_mirrored = false;
	source_bluez_pairing_end(source, SOURCE_BLUEZ_PAIR_END_BLUEZ);
	source_bluez_links_bus_lost(source);
	bluez_objects_clear(source->context.objects);
	schedule(source);
}

static void report_odd(struct source_bluez *source)
{
	unsigned odd = bluez_objects_odd(source->context.objects);

	if (odd != source->odd)
		journal_write_limited(&source->odd_limit, LOG_WARNING, "bluez",
			"bluetoothd sent properties of a wrong type or value, %u so far; ignored",
			odd);
	source->odd = odd;
}

static void on_objects(void *user, DBusMessage *reply)
{
	struct source_bluez *source = user;

	bluez_objects_fill(source->context.objects, reply);
	source->left.is_mirrored = true;
	report_odd(source);
	schedule(source);
}

static void on_signal(void *user, DBusMessage *signal)
{
	struct source_bluez *source = user;

	bluez_objects_signal(source->context.objects, signal);
	report_odd(source);
}

static const struct bluez_bus_ops bus_ops = {on_opened, on_came, on_gone, on_objects, on_signal};

/* --- public --- */

static int on_left_timer(sd_event_source *timer, uint64_t usec, void *user)
{
	schedule(user);
	return 0;
}

static int start(struct source_bluez *source, const char *bus_address)
{
	struct bluez_context *context = &source->context;
	int r = sd_event_add_defer(context->loop, &source->schedule, on_schedule, source);

	if (r >= 0)
		r = sd_event_source_set_enabled(source->schedule, SD_EVENT_OFF);
	if (r >= 0)
		r = sd_event_add_time(context->loop, &source->left.timer, CLOCK_MONOTONIC,
			UINT64_MAX, 0, on_left_timer, source);
	if (r >= 0)
		r = bluez_bus_new(context->loop, bus_address, &bus_ops, source, &context->bus);
	if (r >= 0)
		r = bluez_health_start(source);
	for (unsigned i = 0; r >= 0 && i < context->conf->n_wearables; i++)
		if (!context->conf->wearable[i].is_gone)
			r = source_bluez_links_add(source, i, &link_ops);
	return r;
}

static void configure_slots(struct source_bluez *source)
{
	unsigned slots = source->context.conf->bluetooth.slots;

	source->slots.capacity = slots ? slots : SLOTS_DEFAULT;
}

int source_bluez_new(const struct source_bluez_options *options, const struct source_bluez_ops *ops,
	void *user, struct source_bluez **ret)
{
	struct source_bluez *source = new0(struct source_bluez);
	int r;

	source->context = (struct bluez_context){.loop = sd_event_ref(options->loop),
		.conf = options->conf,
		.tracer = options->tracer,
		.ops = ops,
		.user = user,
		.objects = bluez_objects_new(&objects_ops, source)};
	source->le_conf_path =
		options->bluetooth_conf ? options->bluetooth_conf : BLUEZ_LE_CONF_PATH;
	if (options->timing)
		source->context.timing = *options->timing;
	else
		link_timing_default(&source->context.timing);
	slots_init(&source->slots, SLOTS_DEFAULT);
	configure_slots(source);
	r = start(source, options->bus_address);
	if (r < 0) {
		source_bluez_free(source);
		return r;
	}
	*ret = source;
	return 0;
}

struct source_bluez *source_bluez_free(struct source_bluez *source)
{
	if (!source)
		return NULL;
	source_bluez_pairing_free(source);
	source_bluez_trials_free(source);
	source_bluez_links_free(source);
	bluez_bus_free(source->context.bus);
	bluez_objects_free(source->context.objects);
	for (unsigned i = 0; i < SLOTS_ADAPTERS_MAX; i++)
		bluez_radio_free(source->radio[i]);
	sd_event_source_disable_unref(source->schedule);
	sd_event_source_disable_unref(source->silence_timer);
	sd_event_source_disable_unref(source->scan_timer);
	bluez_health_stop(source);
	sd_event_source_disable_unref(source->left.timer);
	free(source->sightings);
	sd_event_unref(source->context.loop);
	free(source);
	return NULL;
}

static void follow_wearables(struct source_bluez *source, const struct conf_change *change)
{
	unsigned added = 0;

	for (unsigned i = 0; i < source->context.conf->n_wearables; i++) {
		int r = 0;

		if (change->wearable[i] == CONF_FATE_REMOVED)
			source_bluez_links_remove(source, i);
		else if (change->wearable[i] == CONF_FATE_ADDED)
			r = source_bluez_links_add(source, i, &link_ops);
		if (r < 0)
			journal_write(LOG_ERR, "coxad", "cannot use wearable %s: %s",
				source->context.conf->wearable[i].name, strerror(-r));
		added += change->wearable[i] == CONF_FATE_ADDED;
	}
	/* bluetoothd may know them already: so far nobody asked. As little of those that a scan may find. */
	if ((added || source->sightings) && bluez_bus_calls(source->context.bus))
		bluez_bus_fetch(source->context.bus);
}

void source_bluez_reload(struct source_bluez *source, const struct conf_change *change)
{
	source_bluez_trials_yield(source);
	follow_wearables(source, change);
	configure_slots(source);
	source_bluez_links_configure(source);
	for (unsigned i = 0; i < SLOTS_ADAPTERS_MAX; i++)
		if (source->radio[i])
			bluez_radio_configure(source->radio[i]);
	if (bluez_bus_calls(source->context.bus))
		enroll_agent(source);
	schedule(source);
}

int source_bluez_write(
	struct source_bluez *source, unsigned wearable, const struct driver_step *step)
{
	return wearable < source->n_links && source->link[wearable]
		       ? bluez_link_write(source->link[wearable], step)
		       : -ENOTCONN;
}

size_t source_bluez_adapters(const struct source_bluez *source, const char **ret, size_t capacity)
{
	size_t n = 0;

	for (unsigned i = 0; i < SLOTS_ADAPTERS_MAX && n < capacity; i++)
		if (source->radio[i] && bluez_radio_is_usable(source->radio[i]))
			ret[n++] = bluez_radio_address(source->radio[i]);
	return n;
}

void source_bluez_stop(struct source_bluez *source)
{
	source->context.is_stopping = true;
	source_bluez_pairing_end(source, SOURCE_BLUEZ_PAIR_END_REMOVED);
	bluez_bus_stop(source->context.bus);
	source_bluez_trials_stop(source);
	source_bluez_links_stop(source);
	schedule(source);
}

bool source_bluez_is_stopped(const struct source_bluez *source)
{
	return source->context.is_stopping && source_bluez_links_are_stopped(source) &&
	       source_bluez_left_is_clear(&source->left);
}

bool source_bluez_is_alive(const struct source_bluez *source)
{
	const struct bus_calls *calls = bluez_bus_calls(source->context.bus);

	return !calls || !bus_calls_are_overdue(calls, clock_now_us());
}
