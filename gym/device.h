// SPDX-License-Identifier: MIT
#pragma once
/* One virtual wearable as its radio sees it: adverts, a GATT table, reads, writes, notifications.
 * The three doors (capture file, fake org.bluez, HCI on /dev/vhci) use these calls and nothing
 * else, so the same wearable is behind all three. Time is gym time: microseconds since the script
 * began, given with each call and never decreasing. One thread, no I/O.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/base/uuid.h"

#define DEVICE_VALUE_MAX 512

enum device_property { /* GATT characteristic properties, Core Vol 3 Part G 3.3.1.1 */
	DEVICE_READ = 0x02,
	DEVICE_WRITE_COMMAND = 0x04,
	DEVICE_WRITE = 0x08,
	DEVICE_NOTIFY = 0x10,
	DEVICE_INDICATE = 0x20,
};

struct device_characteristic {
	struct uuid service; /* characteristics of one service are adjacent */
	struct uuid uuid;
	unsigned properties; /* mask of enum device_property */
	bool needs_encryption;
};

/* A notification or indication that a wearable wants to send. */
struct device_pdu {
	unsigned characteristic; /* index */
	bool is_indication;
	uint8_t value[DEVICE_VALUE_MAX];
	size_t size;
};

/* Error codes of the Attribute Protocol (Core Vol 3 Part F 3.4.1.1, and Core Supplement Part B 1.2
 * for the last). Functions that return one return it negated. */
enum att_error {
	ATT_ERROR_INVALID_HANDLE = 0x01,
	ATT_ERROR_READ_NOT_PERMITTED = 0x02,
	ATT_ERROR_WRITE_NOT_PERMITTED = 0x03,
	ATT_ERROR_INVALID_PDU = 0x04,
	ATT_ERROR_AUTHENTICATION = 0x05,
	ATT_ERROR_NOT_SUPPORTED = 0x06,
	ATT_ERROR_INVALID_OFFSET = 0x07,
	ATT_ERROR_NOT_FOUND = 0x0a,
	ATT_ERROR_INVALID_LENGTH = 0x0d,
	ATT_ERROR_ENCRYPTION = 0x0f,
	ATT_ERROR_UNSUPPORTED_GROUP = 0x10,
	ATT_ERROR_VALUE_NOT_ALLOWED = 0x13,
	ATT_ERROR_CCC_NOT_CONFIGURED = 0xfd,
};

struct device;

const char *device_name(const struct device *device);    /* local name, as advertised */
const char *device_address(const struct device *device); /* "C0:A5:00:01:33:01" */
bool device_has_random_address(const struct device *device);
const struct device_characteristic *device_characteristics(
	const struct device *device, size_t *ret_n);
/* AD structures of the advert and of the scan response. Both return the length, at most 31. */
size_t device_advert(const struct device *device, uint8_t buffer[31]);
size_t device_scan_response(const struct device *device, uint8_t buffer[31]);
int64_t device_advert_interval_us(const struct device *device);
int device_rssi_dbm(struct device *device, int64_t t_us);

/* The radio link, as the script describes it. */
struct device_radio {
	int64_t interval_us;    /* connection interval, 0: as the central asks */
	double loss;            /* share of packets that are repeated one interval later */
	int64_t supervision_us; /* the link is lost after this long out of range */
};
const struct device_radio *device_radio(const struct device *device);
/* False while the script has it switched off or out of range: it sends no adverts, and its link
 * times out. */
bool device_is_reachable(const struct device *device, int64_t t_us);

void device_connected(struct device *device, int64_t t_us, unsigned mtu);
void device_set_mtu(struct device *device, int64_t t_us, unsigned mtu);
void device_disconnected(struct device *device, int64_t t_us);
/* Length of the value, or a negative ATT error. */
int device_read(struct device *device, int64_t t_us, unsigned characteristic,
	uint8_t value[DEVICE_VALUE_MAX]);
/* 0 or a negative ATT error. */
int device_write(struct device *device, int64_t t_us, unsigned characteristic, const uint8_t *value,
	size_t size);
/* CCC value: 0 off, 1 notifications, 2 indications. */
void device_subscribe(struct device *device, int64_t t_us, unsigned characteristic, unsigned ccc);
void device_confirmed(struct device *device, int64_t t_us, unsigned characteristic);

/* Somebody shakes it from now on. */
void device_shake(struct device *device, int64_t t_us, double seconds);
/* When it next has something to send or to do: INT64_MAX never. */
int64_t device_next(const struct device *device);
/* Takes the oldest PDU that is due at t; false if there is none. */
bool device_take(struct device *device, int64_t t_us, struct device_pdu *ret);
