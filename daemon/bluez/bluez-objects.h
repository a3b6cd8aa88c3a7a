// SPDX-License-Identifier: MIT
#pragma once
/* A mirror of what org.bluez exports: adapters, the wanted wearables, their characteristics and
 * battery. Other devices leave no trace in it, however many there are. Owns the objects and reports
 * each change through ops. Fed with messages, sends none.
 */
#include <dbus/dbus.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/base/uuid.h"
#include "coxad/config/conf.h"

#define BLUEZ_CHARACTERISTICS_MAX 64 /* of one wearable; the rest is ignored */

enum bluez_kind { BLUEZ_KIND_ADAPTER, BLUEZ_KIND_DEVICE, BLUEZ_KIND_CHARACTERISTIC };

struct bluez_node {              /* first in each object */
	struct bluez_node *next; /* in its bucket */
	enum bluez_kind kind;
	char *path;
};

struct bluez_adapter {
	struct bluez_node node;
	struct bluez_adapter *next;
	char address[ADDRESS_SIZE];
	bool is_powered, is_discovering;
	char power_state[16]; /* "on", "off", "off-blocked"...; BlueZ >= 5.65 */
	unsigned version;     /* 566 is 5.66; 0 unknown */
	unsigned slot;        /* the owner's, as is the next */
	bool is_silent;       /* its controller says nothing: what is known of its links is old */
};

struct bluez_characteristic {
	struct bluez_node node;
	struct bluez_characteristic *next;
	struct bluez_device *device;
	struct uuid uuid;
	unsigned properties; /* Core Vol 3 Part G 3.3.1.1 */
	unsigned mtu;        /* 0 unknown */
	bool is_notifying;   /* some client has subscribed to it */
};

#define BLUEZ_ADVERT_MAX 32 /* an advertisement holds 31 octets */

struct bluez_device {
	struct bluez_node node;
	struct bluez_device *next;
	struct bluez_adapter *adapter;
	char address[ADDRESS_SIZE];
	bool is_connected, is_resolved, is_bonded;
	bool has_rssi;
	int rssi_dbm;
	int battery_percent; /* -1 unknown */
	/* Manufacturer data of its advert, the company first; n_advert 0: none received. */
	uint8_t advert[BLUEZ_ADVERT_MAX];
	size_t n_advert;
	struct bluez_characteristic *characteristics;
	size_t n_characteristics;
	int64_t advert_us, alive_us; /* the owner's, as is the next */
	void *owner;
};

enum bluez_change {
	BLUEZ_CHANGE_ADDED = 1 << 0,
	BLUEZ_CHANGE_REMOVED = 1 << 1, /* freed after the call */
	BLUEZ_CHANGE_STATE = 1 << 2,   /* a property */
	BLUEZ_CHANGE_ADVERT = 1 << 3,  /* an advert */
	BLUEZ_CHANGE_CONNECTED = 1 << 4,
	BLUEZ_CHANGE_RESOLVED = 1 << 5,
	BLUEZ_CHANGE_BATTERY = 1 << 6,
	BLUEZ_CHANGE_CHARACTERISTICS = 1 << 7
};

struct bluez_objects_ops {
	bool (*is_wanted)(void *user, const char *address);
	void (*adapter)(void *user, struct bluez_adapter *adapter, unsigned changes);
	void (*device)(void *user, struct bluez_device *device, unsigned changes);
	void (*value)(void *user, struct bluez_characteristic *characteristic, const uint8_t *value,
		size_t size);
	/* Some device, perhaps a stranger, advertises: the adapter receives. */
	void (*heard)(void *user, struct bluez_adapter *adapter);
	/* A device that is not wanted: its properties, or those that changed. */
	void (*stranger)(void *user, const struct bluez_adapter *adapter, const char *path,
		const DBusMessageIter *properties);
	/* An unknown device took a wanted address: fetch everything again. */
	void (*refetch)(void *user);
};

struct bluez_objects;
struct bluez_objects *bluez_objects_new(const struct bluez_objects_ops *ops, void *user);
/* Calls nothing of ops. */
struct bluez_objects *bluez_objects_free(struct bluez_objects *objects);
/* Removes all objects and reports it. */
void bluez_objects_clear(struct bluez_objects *objects);
/* The reply of GetManagedObjects: adds and updates what it names, removes nothing. */
void bluez_objects_fill(struct bluez_objects *objects, DBusMessage *reply);
/* A signal of org.bluez: InterfacesAdded, InterfacesRemoved, PropertiesChanged. */
void bluez_objects_signal(struct bluez_objects *objects, DBusMessage *signal);
/* The reply of Properties.GetAll("org.bluez.Device1"). */
void bluez_objects_refresh(
	struct bluez_objects *objects, struct bluez_device *device, DBusMessage *reply);

/* How many properties made no sense so far. */
unsigned bluez_objects_odd(const struct bluez_objects *objects);
struct bluez_device *bluez_objects_devices(const struct bluez_objects *objects);
/* NULL: none. */
struct bluez_characteristic *bluez_objects_find_characteristic(
	const struct bluez_device *device, const struct uuid *uuid);
