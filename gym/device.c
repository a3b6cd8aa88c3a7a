// SPDX-License-Identifier: MIT
#include "gym/device.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "gym/advert.h"
#include "gym/device-private.h"
#include "gym/grow.h"

struct device *device_new(const struct device_ops *ops, const struct device_config *config,
	uint64_t seed, char *error, size_t error_size)
{
	struct device *device = alloc_zero(1, ops->size);

	device->ops = ops;
	device->config = *config;
	device->random = random_of(seed, config->address);
	if (ops->open && ops->open(device, error, error_size) < 0)
		return device_free(device);
	return device;
}

struct device *device_free(struct device *device)
{
	if (!device)
		return NULL;
	if (device->ops->close)
		device->ops->close(device);
	free(device->order);
	free(device->config.sound);
	free(device->config.symptom);
	free(device);
	return NULL;
}

const struct device_epoch *device_epoch_at(const struct device *device, int64_t t_us)
{
	const struct device_epoch *epoch = &device->config.epoch[0];

	for (size_t i = 1; i < device->config.n_epochs; i++)
		if (t_us >= device->config.epoch[i].since_us)
			epoch = &device->config.epoch[i];
	return epoch;
}

double device_clock_us(const struct device *device, double t_us)
{
	const struct device_epoch *epoch = device_epoch_at(device, (int64_t)floor(t_us));

	return epoch->device_us + (t_us - (double)epoch->since_us) * device_clock_rate(device);
}

double device_clock_rate(const struct device *device)
{
	return 1 + device->config.ppm * 1e-6;
}

bool device_is_in_gap(const struct device *device, enum device_gap_kind kind, int64_t t_us)
{
	for (size_t i = 0; i < device->config.n_gaps; i++) {
		const struct device_gap *gap = &device->config.gap[i];
		if (gap->kind == kind && t_us >= gap->from_us && t_us < gap->to_us)
			return true;
	}
	return false;
}

bool device_is_still(const struct device *device, double t_us)
{
	return device_is_in_gap(device, DEVICE_GAP_OFF, (int64_t)t_us) ||
	       device_is_in_gap(device, DEVICE_GAP_SILENT, (int64_t)t_us);
}

void device_note_order(struct device *device, int64_t t_us, uint8_t opcode, uint8_t argument)
{
	device->order = grow_array(device->order, &device->n_orders, sizeof(*device->order));
	device->order[device->n_orders - 1] = (struct device_order){t_us, opcode, argument};
}

static void forget_queued(struct device *device, size_t at)
{
	for (size_t i = at; i + 1 < device->queue.n; i++)
		device->queue.pdu[(device->queue.first + i) % DEVICE_QUEUE_MAX] =
			device->queue.pdu[(device->queue.first + i + 1) % DEVICE_QUEUE_MAX];
	device->queue.n--;
}

bool device_send(struct device *device, unsigned characteristic, const uint8_t *value, size_t size)
{
	unsigned ccc = device->ccc[characteristic];
	struct device_pdu *pdu;

	if (!device->is_connected || !ccc || size > DEVICE_VALUE_MAX)
		return false;
	if (size > device->mtu - 3)
		size = device->mtu - 3;
	if (device->queue.n == DEVICE_QUEUE_MAX) {
		device->queue.first = (device->queue.first + 1) % DEVICE_QUEUE_MAX;
		device->queue.n--;
	}
	pdu = &device->queue.pdu[(device->queue.first + device->queue.n++) % DEVICE_QUEUE_MAX];
	pdu->characteristic = characteristic;
	pdu->is_indication = !(ccc & 1);
	memcpy(pdu->value, value, size);
	pdu->size = size;
	return true;
}

/* Index of the first queued value that may be sent now, or -1. An indication waits until the one
 * before it is confirmed; notifications overtake it. */
static int sendable(const struct device *device)
{
	if (!device->is_connected || device_is_in_gap(device, DEVICE_GAP_LATE, device->now_us))
		return -1;
	for (size_t i = 0; i < device->queue.n; i++) {
		const struct device_pdu *pdu =
			&device->queue.pdu[(device->queue.first + i) % DEVICE_QUEUE_MAX];
		if (!pdu->is_indication || !device->awaits_confirmation)
			return (int)i;
	}
	return -1;
}

static void advance(struct device *device, int64_t t_us)
{
	if (t_us > device->now_us)
		device->now_us = t_us;
	device->ops->advance(device, device->now_us);
}

const char *device_name(const struct device *device)
{
	return device->config.name;
}

const char *device_address(const struct device *device)
{
	return device->config.address;
}

bool device_has_random_address(const struct device *device)
{
	return device->config.has_random_address;
}

const struct device_characteristic *device_characteristics(
	const struct device *device, size_t *ret_n)
{
	*ret_n = device->ops->n_characteristics;
	return device->ops->characteristic;
}

size_t device_advert(const struct device *device, uint8_t buffer[31])
{
	return device->ops->advert(device, buffer);
}

size_t device_scan_response(const struct device *device, uint8_t buffer[31])
{
	size_t n = 0;

	if (device->ops->scan_response)
		return device->ops->scan_response(device, buffer);
	advert_name(buffer, &n, device->config.name);
	return n;
}

int64_t device_advert_interval_us(const struct device *device)
{
	return device->config.advert_interval_us;
}

int device_rssi_dbm(struct device *device, int64_t t_us)
{
	return device->config.rssi_dbm + (int)lrint(2 * random_normal(&device->random));
}

const struct device_radio *device_radio(const struct device *device)
{
	return &device->config.radio;
}

bool device_is_reachable(const struct device *device, int64_t t_us)
{
	return !device_is_in_gap(device, DEVICE_GAP_OFF, t_us) &&
	       !device_is_in_gap(device, DEVICE_GAP_AWAY, t_us);
}

void device_connected(struct device *device, int64_t t_us, unsigned mtu)
{
	advance(device, t_us);
	device->is_connected = true;
	device->awaits_confirmation = false;
	device->queue.n = 0;
	memset(device->ccc, 0, sizeof(device->ccc));
	device_set_mtu(device, t_us, mtu);
	if (device->ops->link)
		device->ops->link(device, t_us, true);
}

void device_set_mtu(struct device *device, int64_t t_us, unsigned mtu)
{
	device->mtu = mtu < 23 ? 23 : mtu < device->config.mtu_max ? mtu : device->config.mtu_max;
}

void device_disconnected(struct device *device, int64_t t_us)
{
	advance(device, t_us);
	device->is_connected = false;
	device->awaits_confirmation = false;
	device->queue.n = 0;
	if (device->ops->link)
		device->ops->link(device, t_us, false);
}

static int read_text(const char *text, uint8_t value[DEVICE_VALUE_MAX])
{
	return snprintf((char *)value, DEVICE_VALUE_MAX, "%s", text ? text : "");
}

int device_read(struct device *device, int64_t t_us, unsigned characteristic,
	uint8_t value[DEVICE_VALUE_MAX])
{
	const struct device_ops *ops = device->ops;
	const struct uuid *uuid;

	if (characteristic >= ops->n_characteristics)
		return -ATT_ERROR_INVALID_HANDLE;
	uuid = &ops->characteristic[characteristic].uuid;
	if (!(ops->characteristic[characteristic].properties & DEVICE_READ))
		return -ATT_ERROR_READ_NOT_PERMITTED;
	advance(device, t_us);
	if (uuid_is_equal(uuid, &UUID_SIG(0x2a19))) { /* Assigned Numbers 3.8 */
		value[0] = device->config.battery_percent;
		return 1;
	}
	if (uuid_is_equal(uuid, &UUID_SIG(0x2a29)))
		return read_text(ops->maker, value);
	if (uuid_is_equal(uuid, &UUID_SIG(0x2a24)))
		return read_text(ops->model, value);
	if (uuid_is_equal(uuid, &UUID_SIG(0x2a26)))
		return read_text(ops->firmware, value);
	return ops->read ? ops->read(device, t_us, characteristic, value)
			 : -ATT_ERROR_READ_NOT_PERMITTED;
}

int device_write(struct device *device, int64_t t_us, unsigned characteristic, const uint8_t *value,
	size_t size)
{
	const struct device_ops *ops = device->ops;

	if (characteristic >= ops->n_characteristics)
		return -ATT_ERROR_INVALID_HANDLE;
	if (!ops->write || !(ops->characteristic[characteristic].properties &
				   (DEVICE_WRITE | DEVICE_WRITE_COMMAND)))
		return -ATT_ERROR_WRITE_NOT_PERMITTED;
	advance(device, t_us);
	return ops->write(device, t_us, characteristic, value, size);
}

void device_subscribe(struct device *device, int64_t t_us, unsigned characteristic, unsigned ccc)
{
	unsigned properties, allowed;

	if (characteristic >= device->ops->n_characteristics)
		return;
	properties = device->ops->characteristic[characteristic].properties;
	allowed = (properties & DEVICE_NOTIFY ? 1u : 0u) | (properties & DEVICE_INDICATE ? 2u : 0u);
	advance(device, t_us);
	device->ccc[characteristic] = (uint8_t)(ccc & allowed);
	device->ops->advance(device, device->now_us);
}

void device_confirmed(struct device *device, int64_t t_us, unsigned characteristic)
{
	advance(device, t_us);
	device->awaits_confirmation = false;
	if (device->ops->confirmed)
		device->ops->confirmed(device, t_us, characteristic);
	device->ops->advance(device, device->now_us);
}

void device_shake(struct device *device, int64_t t_us, double seconds)
{
	sensor_shake(&device->config.sensor, (double)t_us / 1e6, seconds);
}

int64_t device_next(const struct device *device)
{
	int64_t next;

	if (sendable(device) >= 0)
		return device->now_us;
	next = device->ops->next(device);
	return next < device->now_us ? device->now_us : next;
}

bool device_take(struct device *device, int64_t t_us, struct device_pdu *ret)
{
	int at;

	advance(device, t_us);
	at = sendable(device);
	if (at < 0)
		return false;
	*ret = device->queue.pdu[(device->queue.first + (size_t)at) % DEVICE_QUEUE_MAX];
	forget_queued(device, (size_t)at);
	if (ret->is_indication)
		device->awaits_confirmation = true;
	return true;
}
