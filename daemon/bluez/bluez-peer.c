// SPDX-License-Identifier: MIT
#include "daemon/bluez/bluez-peer.h"

#include <errno.h>
#include <string.h>

#include "coxad/base/address.h"
#include "daemon/bluez/bluez-context-private.h"

#define PROPERTY_READ 0x02

struct link_settings bluez_peer_settings(const struct bluez_context *context, unsigned wearable)
{
	const struct conf *conf = context->conf;
	const struct wearable_conf *own = &conf->wearable[wearable];
	bool is_safe = context->version >= BLUEZ_VERSION_SAFE_ACQUIRE;
	struct link_settings settings = {.fd_is_safe = is_safe,
		.bond = own->bond,
		.must_encrypt = conf->bluetooth.require_encryption,
		.may_pair = conf->bluetooth.pairing == PAIRING_MODE_CONFIGURED};

	switch (own->has_notify ? own->notify : conf->bluetooth.notify) {
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

struct link_profile bluez_peer_profile(const struct driver *driver)
{
	if (!driver)
		return (struct link_profile){0};
	return (struct link_profile){.has_driver = true,
		.needs_bond = driver->needs_bond,
		.needs_signal_order = driver->needs_signal_order,
		.poll_us = driver->poll_interval_us,
		.polls_beside = driver->polls_beside,
		.is_periodic =
			driver->clock != DRIVER_CLOCK_ARRIVAL || driver->poll_interval_us > 0};
}

/* The first of the kit's wearables with the same driver, if there are several: their clocks may
 * follow it. Without a configured driver there is none. */
static bool find_sync_root(const struct conf *conf, unsigned wearable, uint8_t ret[static 6])
{
	const struct wearable_conf *self = &conf->wearable[wearable], *root = NULL;
	unsigned n = 0;

	if (!self->driver || self->kit == CONF_NO_KIT)
		return false;
	for (size_t i = 0; i < conf->n_wearables; i++) {
		const struct wearable_conf *other = &conf->wearable[i];

		if (other->is_gone || other->kit != self->kit || !other->driver ||
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

bool bluez_peer_hides_battery(const struct bluez_device *device)
{
	return device->battery_percent >= 0 &&
	       !bluez_objects_find_characteristic(device, &BLUEZ_PEER_BATTERY_LEVEL);
}

unsigned bluez_peer_mtu(const struct bluez_device *device)
{
	unsigned mtu = 0;

	for (const struct bluez_characteristic *c = device->characteristics; c; c = c->next)
		mtu = c->mtu > mtu ? c->mtu : mtu;
	return mtu;
}

enum wearable_bond bluez_peer_bond(const struct bluez_device *device)
{
	return device->is_bonded ? WEARABLE_BOND_KEPT : WEARABLE_BOND_NONE;
}

void bluez_peer_describe(struct bluez_peer *ret, const struct conf *conf, unsigned wearable,
	const struct bluez_device *device)
{
	enum placement placement = conf->wearable[wearable].placement;
	struct driver_peer *peer = &ret->driver;

	*peer = (struct driver_peer){.characteristics = ret->characteristics,
		.mtu = bluez_peer_mtu(device),
		.wants_acoustic = placement == PLACEMENT_ROOM,
		.wants_pops = placement_is_pad(placement)};
	for (const struct bluez_characteristic *c = device->characteristics; c; c = c->next)
		ret->characteristics[peer->n_characteristics++] = c->uuid;
	if (bluez_peer_hides_battery(device))
		ret->characteristics[peer->n_characteristics++] = BLUEZ_PEER_BATTERY_LEVEL;
	if (device->n_advert) {
		peer->advert = device->advert;
		peer->n_advert = device->n_advert;
	}
	if (find_sync_root(conf, wearable, ret->sync_root))
		peer->sync_root = ret->sync_root;
}

int bluez_peer_properties(const struct bluez_device *device, const struct uuid *uuid)
{
	const struct bluez_characteristic *characteristic =
		bluez_objects_find_characteristic(device, uuid);

	if (characteristic)
		return (int)characteristic->properties;
	return uuid_is_equal(uuid, &BLUEZ_PEER_BATTERY_LEVEL) && bluez_peer_hides_battery(device)
		       ? PROPERTY_READ
		       : -ENOENT;
}

bool bluez_peer_is_trusted(const struct bluez_context *context, const struct bluez_device *device)
{
	return !context->conf->bluetooth.require_encryption || (device && device->is_bonded);
}

bool bluez_peer_is_notifying(const struct bluez_device *device, const struct uuid *uuid)
{
	const struct bluez_characteristic *characteristic =
		device ? bluez_objects_find_characteristic(device, uuid) : NULL;

	return characteristic && characteristic->is_notifying;
}
