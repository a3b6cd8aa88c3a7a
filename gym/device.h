// SPDX-License-Identifier: MIT
#pragma once
/* One played wearable as its radio sees it: adverts, a GATT table, reads, writes, notifications.
 * The three doors (capture file, fake org.bluez, HCI on /dev/vhci) drive it through these calls
 * and nothing else, so its code is the same behind all three. Time is gym time: microseconds since
 * the script began, given on every call and never falling. One thread, no I/O.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/base/uuid.h"

#define GYM_VALUE_MAX 512

enum gym_property { /* GATT characteristic properties, Core Vol 3 Part G 3.3.1.1 */
	GYM_READ = 0x02,
	GYM_WRITE_COMMAND = 0x04,
	GYM_WRITE = 0x08,
	GYM_NOTIFY = 0x10,
	GYM_INDICATE = 0x20,
};

struct gym_characteristic {
	struct uuid service; /* characteristics of one service stand together */
	struct uuid uuid;
	unsigned properties; /* mask of enum gym_property */
	bool needs_encryption;
};

/* What a wearable wants to send. */
struct gym_pdu {
	unsigned characteristic; /* index */
	bool is_indication;
	uint8_t value[GYM_VALUE_MAX];
	size_t size;
};

struct gym_device;

const char *gym_device_name(const struct gym_device *device);    /* local name, advertised */
const char *gym_device_address(const struct gym_device *device); /* "C0:A5:00:01:33:01" */
bool gym_device_has_random_address(const struct gym_device *device);
const struct gym_characteristic *gym_device_characteristics(
	const struct gym_device *device, size_t *ret_n);
/* AD structures of the advert / the scan response, at most 31 bytes. Returns the length. */
size_t gym_device_advert(const struct gym_device *device, uint8_t buffer[31]);
size_t gym_device_scan_response(const struct gym_device *device, uint8_t buffer[31]);
int64_t gym_device_advert_interval_us(const struct gym_device *device);
int gym_device_rssi_dbm(struct gym_device *device, int64_t t_us);

/* Radio, as the script says. */
struct gym_radio {
	int64_t interval_us;    /* connection interval, 0: as the central asks */
	double loss;            /* share of packets sent again one interval later */
	int64_t supervision_us; /* link lost after this long out of range */
};
const struct gym_radio *gym_device_radio(const struct gym_device *device);
/* False while the script has it switched off or out of range: no adverts, a link is lost. */
bool gym_device_is_reachable(const struct gym_device *device, int64_t t_us);

void gym_device_connected(struct gym_device *device, int64_t t_us, unsigned mtu);
void gym_device_mtu(struct gym_device *device, int64_t t_us, unsigned mtu);
void gym_device_disconnected(struct gym_device *device, int64_t t_us);
/* ATT results: length of the value, or minus an ATT error code (Core Vol 3 Part F 3.4.1.1). */
int gym_device_read(struct gym_device *device, int64_t t_us, unsigned characteristic,
	uint8_t value[GYM_VALUE_MAX]);
int gym_device_write(struct gym_device *device, int64_t t_us, unsigned characteristic,
	const uint8_t *value, size_t size);
/* CCC value: 0 off, 1 notifications, 2 indications. */
void gym_device_subscribe(
	struct gym_device *device, int64_t t_us, unsigned characteristic, unsigned ccc);
void gym_device_confirmed(struct gym_device *device, int64_t t_us, unsigned characteristic);

/* When it next has something to send or to change: INT64_MAX never. */
int64_t gym_device_next(const struct gym_device *device);
/* Takes the oldest thing to send that is due at t; false where there is none. */
bool gym_device_take(struct gym_device *device, int64_t t_us, struct gym_pdu *ret);

/* A gym: a script loaded, with all its devices, its commands and its truth. Errors name the line.
 */
struct gym;
struct gym *gym_load(const char *path, uint64_t seed, char *ret_error, size_t error_size);
struct gym *gym_free(struct gym *gym);
size_t gym_n_devices(const struct gym *gym);
struct gym_device *gym_device(struct gym *gym, size_t index);
int64_t gym_end_us(const struct gym *gym);
/* MQTT commands of the script, in order of time: false where there are no more. */
bool gym_command(struct gym *gym, size_t index, int64_t *ret_t_us, const char **ret_topic,
	const char **ret_payload);
