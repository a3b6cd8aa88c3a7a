// SPDX-License-Identifier: MIT
#pragma once
/* What the files behind source-bluez.h share: the source itself, an adapter's radio, a wearable's
 * link on the bus. Tests also set the link's durations here, to fail and recover in milliseconds.
 */
#include <stdbool.h>

#include "coxad/base/backoff.h"
#include "coxad/flow/link.h"
#include "coxad/flow/slots.h"
#include "coxad/loop/journal.h"
#include "coxad/bluez/source-bluez.h"
#include "daemon/bluez/bluez-objects.h"
#include "daemon/bluez/bus-calls.h"
#include "daemon/bluez/bus-loop.h"

#define BLUEZ_VERSION_SAFE_ACQUIRE 584 /* commit 476ae809a: a failed one is answered */

struct bluez_link;
struct bluez_radio;

struct source_bluez {
	sd_event *loop;
	char *bus_address;
	const struct conf *conf;
	const struct source_bluez_ops *ops;
	void *user;
	struct link_timing timing;

	DBusConnection *connection; /* NULL: no bus */
	struct bus_loop *bus_loop;
	struct bus_calls *calls;
	char *owner;         /* unique name of org.bluez; NULL: absent */
	unsigned generation; /* of org.bluez: answers of an earlier one are old */
	bool is_filled;      /* its objects were fetched */
	bool is_lost;        /* the bus went; rebuilt by the timer */
	bool is_stopping;
	sd_event_source *rebuild, *schedule;
	struct backoff backoff;

	struct bluez_objects *objects;
	struct slots slots;
	struct bluez_radio *radio[SLOTS_ADAPTERS_MAX];
	struct bluez_link *link[CONF_WEARABLES_MAX]; /* in the order of the configuration */
	size_t n_links;
	unsigned version; /* of BlueZ, 0 unknown */
	struct journal_limit limit;
};

/* In force for links made from now on: before the loop turns. */
void source_bluez_set_timing(struct source_bluez *source, const struct link_timing *timing);
/* Has links looked at for a free slot, and scanning for need, once the loop turns. */
void source_bluez_schedule(struct source_bluez *source);
/* Which services are looked for; 0: any. */
size_t source_bluez_services(
	const struct source_bluez *source, const struct uuid **ret, size_t room);

/* bluez-bus.c: the connection. Only the socket's connect blocks, which is local. */
int source_bluez_open(struct source_bluez *source);
void source_bluez_close(struct source_bluez *source);
/* Asks for all objects; what comes is merged into the mirror. */
void source_bluez_fetch(struct source_bluez *source);
int source_bluez_on_rebuild(sd_event_source *event, uint64_t usec, void *user);

/* bluez-adapter.c: one adapter's power, discovery, recovery. Lives as long as the source, keyed by
 * address, while the object behind it comes and goes. */
struct bluez_radio *bluez_radio_new(
	struct source_bluez *source, const char *address, unsigned slot);
struct bluez_radio *bluez_radio_free(struct bluez_radio *radio);
const char *bluez_radio_address(const struct bluez_radio *radio);
/* NULL: the adapter left. */
void bluez_radio_set_object(struct bluez_radio *radio, struct bluez_adapter *adapter);
void bluez_radio_changed(struct bluez_radio *radio);
void bluez_radio_heard(struct bluez_radio *radio, int64_t now_us);
/* Does what is due: power, discovery. Called when something it depends on changed. */
void bluez_radio_step(struct bluez_radio *radio);
bool bluez_radio_is_usable(const struct bluez_radio *radio);
struct bluez_adapter *bluez_radio_object(const struct bluez_radio *radio);

/* bluez-link.c: one wearable's link: carries out actions, turns what comes into events. */
struct bluez_link *bluez_link_new(struct source_bluez *source, unsigned wearable);
struct bluez_link *bluez_link_free(struct bluez_link *link);
/* The configuration was read again: its index, its settings. */
void bluez_link_configure(struct bluez_link *link, unsigned wearable);
const char *bluez_link_address(const struct bluez_link *link);
struct link *bluez_link_state(const struct bluez_link *link);
/* The adapter whose slot it takes up; NULL: none. */
struct bluez_adapter *bluez_link_adapter(const struct bluez_link *link);
bool bluez_link_is_making(const struct bluez_link *link);
size_t bluez_link_candidates(
	const struct bluez_link *link, struct slots_candidate *ret, size_t room);
void bluez_link_permit(struct bluez_link *link, unsigned adapter_slot);
void bluez_link_device(struct bluez_link *link, struct bluez_device *device, unsigned changes);
void bluez_link_value(struct bluez_link *link, const struct bluez_characteristic *characteristic,
	const uint8_t *value, size_t size);
/* org.bluez is gone: what was asked has no answer. */
void bluez_link_bus_lost(struct bluez_link *link);
void bluez_link_stop(struct bluez_link *link);
int bluez_link_write(struct bluez_link *link, const struct driver_step *step);

/* bluez-agent.c: answers bluetoothd's questions while pairing. */
void bluez_agent_export(struct source_bluez *source);
void bluez_agent_register(struct source_bluez *source);
