// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/address.h"
#include "coxad/base/units.h"
#include "coxad/loop/clock.h"
#include "daemon/bluez/bluez-link-private.h"

#define RSSI_EVERY_US (10 * (int64_t)US_PER_S)
#define RSSI_STEP_DB  6

static void carry_out(struct bluez_link *link);

void bluez_link_push(struct bluez_link *link, const struct link_event *event)
{
	link_push(link->link, event);
	carry_out(link);
}

void bluez_link_tell(struct bluez_link *link, enum link_event_kind kind)
{
	bluez_link_push(link, &(struct link_event){.kind = kind, .t_us = clock_now_us()});
}

void bluez_link_emit(struct bluez_link *link, struct capture_event event)
{
	event.address = link->address;
	link->source->ops->event(link->source->user, &event);
}

struct bluez_characteristic *bluez_link_find(const struct bluez_link *link, const struct uuid *uuid)
{
	return link->device ? bluez_objects_find_characteristic(link->device, uuid) : NULL;
}

void bluez_link_emit_battery(struct bluez_link *link)
{
	uint8_t value = (uint8_t)link->device->battery;

	bluez_link_emit(link, (struct capture_event){.kind = CAPTURE_READ,
				      .t_us = clock_now_us(),
				      .characteristic = BATTERY_LEVEL,
				      .value = &value,
				      .size = 1});
}

unsigned bluez_link_mtu(const struct bluez_device *device)
{
	unsigned mtu = 0;

	for (const struct bluez_characteristic *c = device->characteristics; c; c = c->next)
		mtu = c->mtu > mtu ? c->mtu : mtu;
	return mtu;
}

/* The first of a kit's wearables of one kind, where there are several: their clocks may follow it.
 * Of a kind that is still to be found out nothing is known. */
static bool find_sync_root(const struct conf *conf, unsigned wearable, uint8_t ret[static 6])
{
	const struct wearable_conf *self = &conf->wearable[wearable], *root = NULL;
	unsigned n = 0;

	for (size_t i = 0; self->driver && i < conf->n_wearables; i++) {
		const struct wearable_conf *other = &conf->wearable[i];

		if (other->kit != self->kit || !other->driver ||
			strcmp(other->driver, self->driver) != 0)
			continue;
		root = root ? root : other;
		n++;
	}
	if (n < 2)
		return false;
	address_to_bytes(root->address, ret);
	return true;
}

/* --- questions of the pure link --- */

static int on_plan(void *user, enum driver_plan plan, unsigned index, struct driver_step *ret)
{
	struct bluez_link *link = user;
	struct uuid uuids[BLUEZ_CHARACTERISTICS_MAX + 1];
	struct driver_peer peer = {.characteristics = uuids};
	enum placement placement = link->source->conf->wearable[link->wearable].placement;
	uint8_t root[6];

	if (!link->device)
		return -ENOTCONN;
	for (const struct bluez_characteristic *c = link->device->characteristics; c; c = c->next)
		uuids[peer.n_characteristics++] = c->uuid;
	if (link->device->battery >= 0 && !bluez_link_find(link, &BATTERY_LEVEL))
		uuids[peer.n_characteristics++] = BATTERY_LEVEL;
	peer.mtu = bluez_link_mtu(link->device);
	peer.wants_acoustic = placement == PLACEMENT_ROOM;
	peer.wants_pops = placement_is_pad(placement);
	if (link->device->n_advert) {
		peer.advert = link->device->advert;
		peer.n_advert = link->device->n_advert;
	}
	if (find_sync_root(link->source->conf, link->wearable, root))
		peer.sync_root = root;
	return link->source->ops->plan(link->source->user, link->wearable, &peer, plan, index, ret);
}

int bluez_link_properties(void *user, const struct uuid *uuid)
{
	struct bluez_link *link = user;
	const struct bluez_characteristic *characteristic = bluez_link_find(link, uuid);

	if (characteristic)
		return (int)characteristic->properties;
	/* bluetoothd keeps the battery service for itself and shows Battery1 instead. */
	if (link->device && link->device->battery >= 0 && uuid_is_equal(uuid, &BATTERY_LEVEL))
		return 0x02;
	return -ENOENT;
}

static void on_profile(void *user, struct link_profile *ret)
{
	struct bluez_link *link = user;
	const struct driver *driver = link->source->ops->driver(link->source->user, link->wearable);

	*ret = (struct link_profile){.has_driver = driver};
	if (!driver)
		return;
	ret->needs_bond = driver->needs_bond;
	ret->needs_signal_order = driver->needs_signal_order;
	ret->poll_us = driver->poll_interval_us;
	ret->polls_beside = driver->polls_beside;
	ret->is_periodic = driver->clock != DRIVER_CLOCK_ARRIVAL || driver->poll_interval_us > 0;
}

static const struct link_ops link_ops = {on_plan, bluez_link_properties, on_profile};

size_t bluez_link_fields(const struct bluez_link *link, struct journal_field *ret)
{
	const struct driver *driver = link->source->ops->driver(link->source->user, link->wearable);

	ret[0] = (struct journal_field){
		"WEARABLE", link->source->conf->wearable[link->wearable].name};
	ret[1] = (struct journal_field){"ADDRESS", link->address};
	ret[2] = (struct journal_field){"DRIVER", driver ? driver->id : NULL};
	ret[3] = (struct journal_field){"STATE", link_state_to_string(link_state(link->link))};
	return BLUEZ_LINK_FIELDS;
}

static void note_state(struct bluez_link *link)
{
	enum link_state state = link_state(link->link);
	struct journal_field fields[BLUEZ_LINK_FIELDS];

	if (state == link->last_state)
		return;
	if (state == LINK_STATE_HEARD)
		link->waits_since_us = clock_now_us();
	if (state == LINK_STATE_STREAMING || state == LINK_STATE_QUARANTINED ||
		link->last_state == LINK_STATE_STREAMING)
		journal_write_fields(&link->limit,
			state == LINK_STATE_QUARANTINED ? LOG_WARNING : LOG_NOTICE, "device",
			fields, bluez_link_fields(link, fields), "%s: %s%s%s", link->address,
			link_state_to_string(state), state == LINK_STATE_STREAMING ? "" : ", ",
			state == LINK_STATE_STREAMING ? "" : link_why(link->link));
	else
		journal_write(
			LOG_DEBUG, "device", "%s: %s", link->address, link_state_to_string(state));
	link->last_state = state;
	source_bluez_schedule(link->source);
}

static void arm(struct bluez_link *link)
{
	int64_t at = link_deadline(link->link);

	/* A timer that comes too early only looks again: no need to move it with each packet. */
	if (at >= link->armed_us)
		return;
	link->armed_us = at;
	sd_event_source_set_time(link->timer, (uint64_t)(at > 0 ? at : 0));
	sd_event_source_set_enabled(link->timer, SD_EVENT_ONESHOT);
}

static void carry_out(struct bluez_link *link)
{
	struct link_action action;

	if (link->is_carrying_out)
		return; /* the outer one takes what was added */
	link->is_carrying_out = true;
	while (link_take(link->link, &action))
		bluez_link_carry_out(link, &action);
	link->is_carrying_out = false;
	note_state(link);
	arm(link);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *user)
{
	struct bluez_link *link = user;

	link->armed_us = T_NEVER;
	bluez_link_tell(link, LINK_EVENT_TICK);
	return 0;
}

/* --- life --- */

static struct link_settings settings_of(const struct source_bluez *source, unsigned wearable)
{
	const struct wearable_conf *conf = &source->conf->wearable[wearable];
	enum notify_mode mode = conf->has_notify ? conf->notify : source->conf->bluetooth.notify;
	bool is_safe = source->version >= BLUEZ_VERSION_SAFE_ACQUIRE;
	struct link_settings settings = {.fd_is_safe = is_safe,
		.bond = conf->bond || source->conf->bluetooth.require_encryption,
		.may_pair = source->conf->bluetooth.pairing == PAIRING_MODE_CONFIGURED};

	switch (mode) {
	case NOTIFY_MODE_AUTO:
		settings.path = is_safe ? LINK_PATH_FD : LINK_PATH_SIGNAL;
		break;
	case NOTIFY_MODE_FD:
		settings.path = LINK_PATH_FD;
		break;
	case NOTIFY_MODE_SIGNAL:
		settings.path = LINK_PATH_SIGNAL;
		break;
	}
	return settings;
}

struct bluez_link *bluez_link_new(struct source_bluez *source, unsigned wearable)
{
	struct bluez_link *link = new0(struct bluez_link);
	struct link_settings settings = settings_of(source, wearable);

	link->source = source;
	link->wearable = wearable;
	snprintf(link->address, sizeof(link->address), "%s",
		source->conf->wearable[wearable].address);
	link->link = link_new(&settings, &source->timing, (uint64_t)clock_now_us() * 31 + wearable,
		&link_ops, link);
	link->armed_us = T_NEVER;
	link->rssi_us = INT64_MIN / 2;
	if (sd_event_add_time(
		    source->loop, &link->timer, CLOCK_MONOTONIC, 0, US_PER_MS, on_timer, link) < 0)
		abort();
	sd_event_source_set_enabled(link->timer, SD_EVENT_OFF);
	sd_event_source_set_description(link->timer, "bluez-link");
	arm(link);
	return link;
}

struct bluez_link *bluez_link_free(struct bluez_link *link)
{
	if (!link)
		return NULL;
	bluez_link_go_down(link, "stopped");
	if (link->source->calls)
		bus_calls_forget(link->source->calls, link);
	for (size_t i = 0; i < SLOTS_ADAPTERS_MAX; i++)
		if (link->heard[i])
			link->heard[i]->owner = NULL;
	sd_event_source_disable_unref(link->timer);
	link_free(link->link);
	free(link);
	return NULL;
}

void bluez_link_configure(struct bluez_link *link, unsigned wearable)
{
	struct link_settings settings = settings_of(link->source, wearable);

	link->wearable = wearable;
	link_set(link->link, &settings);
}

const char *bluez_link_address(const struct bluez_link *link)
{
	return link->address;
}

struct link *bluez_link_state(const struct bluez_link *link)
{
	return link->link;
}

struct bluez_adapter *bluez_link_adapter(const struct bluez_link *link)
{
	return link->device && link_holds_slot(link->link) ? link->device->adapter : NULL;
}

bool bluez_link_is_making(const struct bluez_link *link)
{
	return link_state(link->link) == LINK_STATE_CONNECTING;
}

size_t bluez_link_candidates(
	const struct bluez_link *link, struct slots_candidate *ret, size_t room)
{
	size_t n = 0;

	if (link_state(link->link) != LINK_STATE_HEARD)
		return 0;
	for (unsigned i = 0; i < SLOTS_ADAPTERS_MAX && n < room; i++) {
		const struct bluez_device *device = link->heard[i];

		if (device)
			ret[n++] = (struct slots_candidate){.wearable = link->wearable,
				.adapter = i,
				.rssi_dbm = device->has_rssi ? device->rssi_dbm : -127,
				.heard_us = device->heard_us,
				.waits_since_us = link->waits_since_us,
				.failures = link_failures(link->link)};
	}
	return n;
}

void bluez_link_permit(struct bluez_link *link, unsigned adapter_slot)
{
	link->device = link->heard[adapter_slot];
	bluez_link_tell(link, LINK_EVENT_PERMITTED);
}

static void tell_rssi(struct bluez_link *link, const struct bluez_device *device, int64_t now_us)
{
	int step = abs(device->rssi_dbm - link->rssi_dbm);

	/* 127 is HCI's "not available". */
	if (!device->has_rssi || device->rssi_dbm >= 20 ||
		(now_us - link->rssi_us < RSSI_EVERY_US && step <= RSSI_STEP_DB))
		return;
	link->rssi_dbm = device->rssi_dbm;
	link->rssi_us = now_us;
	bluez_link_emit(
		link, (struct capture_event){
			      .kind = CAPTURE_RSSI, .t_us = now_us, .rssi_dbm = device->rssi_dbm});
}

static void device_gone(struct bluez_link *link, struct bluez_device *device)
{
	link->heard[device->adapter->slot] = NULL;
	if (link->device != device)
		return;
	link->device = NULL;
	bluez_link_tell(link, LINK_EVENT_GONE);
}

static void device_heard(struct bluez_link *link, struct bluez_device *device)
{
	int64_t now_us = clock_now_us();

	device->heard_us = now_us;
	if (link->source->radio[device->adapter->slot])
		bluez_radio_heard(link->source->radio[device->adapter->slot], now_us);
	tell_rssi(link, device, now_us);
	bluez_link_tell(link, LINK_EVENT_SEEN);
	if (link_state(link->link) == LINK_STATE_HEARD)
		source_bluez_schedule(link->source);
}

void bluez_link_device(struct bluez_link *link, struct bluez_device *device, unsigned changes)
{
	link->heard[device->adapter->slot] = device;
	device->owner = link;
	if (changes & BLUEZ_CHANGE_REMOVED) {
		device_gone(link, device);
		return;
	}
	if (changes & BLUEZ_CHANGE_HEARD)
		device_heard(link, device);
	/* A link that somebody else made, or that outlived our restart. */
	if (device->is_connected && link->device != device &&
		(!link->device || !link->device->is_connected) &&
		link_state(link->link) != LINK_STATE_CONNECTING) {
		link->device = device;
		bluez_link_push_events(link);
		return;
	}
	if (link->device != device)
		return;
	if (device->is_bonded)
		bluez_link_tell(link, LINK_EVENT_BONDED);
	if (changes & BLUEZ_CHANGE_CONNECTED && !device->is_connected) {
		bluez_link_tell(link, LINK_EVENT_DISCONNECTED);
		return;
	}
	if (changes & BLUEZ_CHANGE_CONNECTED)
		bluez_link_tell(link, LINK_EVENT_CONNECTED);
	if (changes & BLUEZ_CHANGE_RESOLVED && device->is_resolved)
		bluez_link_tell(link, LINK_EVENT_RESOLVED);
	if (changes & BLUEZ_CHANGE_CHARACTERISTICS)
		bluez_link_tell(link, LINK_EVENT_CHARACTERISTICS);
	if (changes & BLUEZ_CHANGE_BATTERY && link->is_up && link->device &&
		!bluez_link_find(link, &BATTERY_LEVEL))
		bluez_link_emit_battery(link);
}

void bluez_link_value(struct bluez_link *link, const struct bluez_characteristic *characteristic,
	const uint8_t *value, size_t size)
{
	int64_t now_us = clock_now_us();

	/* ReadValue changes Value too: reads have their own event. */
	if (!link->is_up || characteristic->device != link->device || size > CAPTURE_VALUE_MAX ||
		!link_hears(link->link, &characteristic->uuid))
		return;
	bluez_link_emit(link, (struct capture_event){.kind = CAPTURE_NOTIFY,
				      .t_us = now_us,
				      .characteristic = characteristic->uuid,
				      .value = value,
				      .size = size});
	bluez_link_push(link,
		&(struct link_event){
			.kind = LINK_EVENT_BYTES, .t_us = now_us, .epoch = link_epoch(link->link)});
}

void bluez_link_bus_lost(struct bluez_link *link)
{
	bluez_link_tell(link, LINK_EVENT_BUS_LOST);
	link->device = NULL;
	memset(link->heard, 0, sizeof(link->heard));
}

void bluez_link_stop(struct bluez_link *link)
{
	bluez_link_tell(link, LINK_EVENT_STOP);
}

int bluez_link_write(struct bluez_link *link, const struct driver_step *step)
{
	int r = link_write(link->link, step);

	carry_out(link);
	return r;
}
