// SPDX-License-Identifier: MIT
#include "daemon/bluez/bluez-link.h"

#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/bluez/source-bluez-scan.h"
#include "coxad/loop/clock.h"
#include "daemon/bluez/bluez-connection.h"
#include "daemon/bluez/bluez-context-private.h"

#define RSSI_EVERY_US    (10 * (int64_t)US_PER_S)
#define RSSI_STEP_DB     6
#define RSSI_MOST_DBM    20 /* HCI's range; 127 says "not available" */
#define RSSI_UNKNOWN_DBM (-127)

struct bluez_link {
	const struct bluez_context *context;
	const struct bluez_link_ops *ops;
	void *user;
	unsigned wearable;
	struct bluez_connection *connection;
	struct bluez_device *device[SLOTS_ADAPTERS_MAX]; /* as each adapter knows it; NULL: not */
	bool is_streaming;
	int64_t waits_since_us; /* for a slot */
	int rssi_dbm;           /* last reported, at rssi_us */
	int64_t rssi_us;
};

static void on_entered(void *user, enum link_state state)
{
	struct bluez_link *link = user;
	bool was_streaming = link->is_streaming;

	link->is_streaming = state == LINK_STATE_STREAMING || state == LINK_STATE_STALLED;
	if (state == LINK_STATE_SEEN)
		link->waits_since_us = clock_now_us();
	if (was_streaming && state == LINK_STATE_BACKOFF &&
		strcmp(link_reason(bluez_connection_link(link->connection)), "lost") == 0)
		link->ops->lost(link->user);
	link->ops->changed(link->user);
}

static void on_refused(void *user, const struct bluez_adapter *adapter)
{
	struct bluez_link *link = user;

	link->ops->refused(link->user, link->wearable, adapter);
}

static const struct bluez_connection_ops connection_ops = {on_entered, on_refused};

int bluez_link_new(const struct bluez_context *context, unsigned wearable,
	const struct bluez_link_ops *ops, void *user, struct bluez_link **ret)
{
	struct bluez_link *link = new0(struct bluez_link);
	int r;

	*link = (struct bluez_link){.context = context,
		.ops = ops,
		.user = user,
		.wearable = wearable,
		.rssi_us = -RSSI_EVERY_US};
	r = bluez_connection_new(context, wearable, &connection_ops, link, &link->connection);
	if (r < 0) {
		free(link);
		return r;
	}
	*ret = link;
	return 0;
}

struct bluez_link *bluez_link_free(struct bluez_link *link)
{
	if (!link)
		return NULL;
	bluez_connection_free(link->connection);
	for (size_t i = 0; i < SLOTS_ADAPTERS_MAX; i++)
		if (link->device[i])
			link->device[i]->owner = NULL;
	free(link);
	return NULL;
}

void bluez_link_configure(struct bluez_link *link)
{
	bluez_connection_configure(link->connection);
}

const char *bluez_link_address(const struct bluez_link *link)
{
	return link->context->conf->wearable[link->wearable].address;
}

enum link_state bluez_link_state(const struct bluez_link *link)
{
	return link_state(bluez_connection_link(link->connection));
}

const struct bluez_adapter *bluez_link_adapter(const struct bluez_link *link)
{
	const struct bluez_device *device = bluez_connection_device(link->connection);

	return device && link_holds_slot(bluez_connection_link(link->connection)) ? device->adapter
										  : NULL;
}

int64_t bluez_link_alive_us(const struct bluez_link *link)
{
	const struct bluez_device *device = bluez_connection_device(link->connection);

	return device ? device->alive_us : 0;
}

void bluez_link_adapter_silent(struct bluez_link *link)
{
	bluez_connection_tell(link->connection, LINK_EVENT_DISCONNECTED);
}

int64_t bluez_link_heard(const struct bluez_link *link, int *ret_rssi_dbm)
{
	int64_t heard_us = 0;

	*ret_rssi_dbm = SOURCE_BLUEZ_SCAN_RSSI_UNKNOWN;
	for (unsigned i = 0; i < SLOTS_ADAPTERS_MAX; i++) {
		const struct bluez_device *device = link->device[i];

		if (!device || device->advert_us <= heard_us)
			continue;
		heard_us = device->advert_us;
		if (device->has_rssi)
			*ret_rssi_dbm = device->rssi_dbm;
	}
	return heard_us;
}

size_t bluez_link_candidates(
	const struct bluez_link *link, struct slots_candidate *ret, size_t capacity)
{
	size_t n = 0;

	if (bluez_link_state(link) != LINK_STATE_SEEN)
		return 0;
	for (unsigned i = 0; i < SLOTS_ADAPTERS_MAX && n < capacity; i++) {
		const struct bluez_device *device = link->device[i];

		if (device && !device->adapter->is_silent)
			ret[n++] = (struct slots_candidate){.wearable = link->wearable,
				.adapter = i,
				.rssi_dbm = device->has_rssi ? device->rssi_dbm : RSSI_UNKNOWN_DBM,
				.seen_us = device->advert_us,
				.waits_since_us = link->waits_since_us,
				.failures = link_failures(bluez_connection_link(link->connection))};
	}
	return n;
}

void bluez_link_permit(struct bluez_link *link, unsigned adapter_slot)
{
	bluez_connection_set_device(link->connection, link->device[adapter_slot]);
	bluez_connection_tell(link->connection, LINK_EVENT_PERMITTED);
}

static void report_rssi(struct bluez_link *link, const struct bluez_device *device, int64_t now_us)
{
	int step_db = abs(device->rssi_dbm - link->rssi_dbm);

	if (!device->has_rssi || device->rssi_dbm >= RSSI_MOST_DBM ||
		(now_us - link->rssi_us < RSSI_EVERY_US && step_db <= RSSI_STEP_DB))
		return;
	link->rssi_dbm = device->rssi_dbm;
	link->rssi_us = now_us;
	bluez_connection_emit(link->connection,
		(struct capture_event){
			.kind = CAPTURE_RSSI, .t_us = now_us, .rssi_dbm = device->rssi_dbm});
}

static void device_gone(struct bluez_link *link, const struct bluez_device *device)
{
	if (link->device[device->adapter->slot] == device)
		link->device[device->adapter->slot] = NULL;
	if (bluez_connection_device(link->connection) != device)
		return;
	bluez_connection_set_device(link->connection, NULL);
	bluez_connection_tell(link->connection, LINK_EVENT_GONE);
}

static void advert_received(struct bluez_link *link, struct bluez_device *device)
{
	device->advert_us = clock_now_us();
	report_rssi(link, device, device->advert_us);
	bluez_connection_tell(link->connection, LINK_EVENT_SEEN);
	if (bluez_link_state(link) == LINK_STATE_SEEN)
		link->ops->changed(link->user);
}

/* True for a connection that another program made, or that outlived a restart of coxad. */
static bool is_found_connected(const struct bluez_link *link, const struct bluez_device *device)
{
	const struct bluez_device *own = bluez_connection_device(link->connection);

	return device->is_connected && !device->adapter->is_silent && own != device &&
	       (!own || !own->is_connected) && bluez_link_state(link) != LINK_STATE_CONNECTING;
}

void bluez_link_release(struct bluez_link *link, struct bluez_device *device)
{
	device->owner = NULL;
	device_gone(link, device);
}

/* One device an adapter and one owner a device. False: a connected one goes by the same address. */
static bool take(struct bluez_link *link, struct bluez_device *device)
{
	struct bluez_device *other = link->device[device->adapter->slot];

	if (other && other != device) {
		if (other->is_connected)
			return false;
		bluez_link_release(link, other);
	}
	link->device[device->adapter->slot] = device;
	device->owner = link;
	return true;
}

void bluez_link_device(struct bluez_link *link, struct bluez_device *device, unsigned changes)
{
	if (changes & BLUEZ_CHANGE_REMOVED) {
		device_gone(link, device);
		return;
	}
	if (!take(link, device))
		return;
	if (changes & BLUEZ_CHANGE_ADVERT)
		advert_received(link, device);
	if (is_found_connected(link, device)) {
		bluez_connection_set_device(link->connection, device);
		bluez_connection_review(link->connection);
	} else if (bluez_connection_device(link->connection) == device) {
		bluez_connection_changed(link->connection, changes);
	}
}

void bluez_link_value(struct bluez_link *link, const struct bluez_characteristic *characteristic,
	const uint8_t *value, size_t size)
{
	bluez_connection_value(link->connection, characteristic, value, size);
}

void bluez_link_bus_lost(struct bluez_link *link)
{
	bluez_connection_tell(link->connection, LINK_EVENT_BUS_LOST);
	bluez_connection_set_device(link->connection, NULL);
	memset(link->device, 0, sizeof(link->device));
}

void bluez_link_pair(struct bluez_link *link, bool is_asked)
{
	bluez_connection_tell(link->connection, is_asked ? LINK_EVENT_PAIR : LINK_EVENT_PAIR_END);
}

bool bluez_link_is_bonded(const struct bluez_link *link)
{
	for (size_t i = 0; i < SLOTS_ADAPTERS_MAX; i++)
		if (link->device[i] && link->device[i]->is_bonded)
			return true;
	return false;
}

void bluez_link_stop(struct bluez_link *link)
{
	bluez_connection_tell(link->connection, LINK_EVENT_STOP);
}

int bluez_link_write(struct bluez_link *link, const struct driver_step *step)
{
	return bluez_connection_write(link->connection, step);
}
