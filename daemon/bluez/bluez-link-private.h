// SPDX-License-Identifier: MIT
#pragma once
/* What bluez-link.c (life, and events from outside) and bluez-action.c (actions, and their answers)
 * share. Nobody else includes it. */
#include "coxad/base/units.h"
#include "daemon/bluez/gatt-stream.h"
#include "daemon/bluez/source-bluez-private.h"

#define STREAMS_MAX       16
#define BLUEZ_LINK_FIELDS 4
#define BATTERY_LEVEL     UUID_SIG(0x2a19)

struct subscription {
	struct bluez_link *link;
	struct gatt_stream *socket; /* NULL: free */
	struct uuid characteristic;
	unsigned epoch;
};

struct bluez_link {
	struct source_bluez *source;
	unsigned wearable;
	char address[ADDRESS_SIZE];
	struct link *link;
	struct bluez_device *device; /* it is, or is being, connected through this one */
	struct bluez_device *heard[SLOTS_ADAPTERS_MAX];
	sd_event_source *timer;
	int64_t armed_us;
	bool is_up, is_carrying_out;
	enum link_state last_state;
	int64_t waits_since_us;
	struct subscription stream[STREAMS_MAX];
	int rssi_dbm; /* last told */
	int64_t rssi_us;
	struct journal_limit limit;
};

void bluez_link_push(struct bluez_link *link, const struct link_event *event);
void bluez_link_tell(struct bluez_link *link, enum link_event_kind kind);
void bluez_link_emit(struct bluez_link *link, struct capture_event event);
void bluez_link_emit_battery(struct bluez_link *link);
struct bluez_characteristic *bluez_link_find(
	const struct bluez_link *link, const struct uuid *uuid);
unsigned bluez_link_mtu(const struct bluez_device *device);
/* Wearable, address, driver and state, for the journal; their number. */
size_t bluez_link_fields(const struct bluez_link *link, struct journal_field *ret);
/* The characteristic's properties, also where bluetoothd keeps it for itself; -ENOENT. */
int bluez_link_properties(void *user, const struct uuid *uuid);

/* bluez-action.c */
void bluez_link_carry_out(struct bluez_link *link, const struct link_action *action);
void bluez_link_go_down(struct bluez_link *link, const char *why);
/* What the mirror knows of the device, as events. */
void bluez_link_push_events(struct bluez_link *link);
