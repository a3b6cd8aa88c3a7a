// SPDX-License-Identifier: MIT
#include "gym/device-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"

struct device *device_new(const struct device_ops *ops, const struct device_config *config,
	uint64_t seed, char *error, size_t error_size)
{
	struct device *device = ops->new ();

	device->ops = ops;
	device->config = *config;
	device->random = random_of(seed, config->address);
	if (ops->open(device, error, error_size) < 0)
		return device_free(device);
	return device;
}

struct device *device_free(struct device *device)
{
	if (!device)
		return NULL;
	free(device->order);
	free(device->config.sound);
	free(device->config.symptom);
	device->ops->free(device);
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

	return epoch->device_us +
	       (t_us - (double)epoch->since_us) * (1 + device->config.ppm * 1e-6);
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

void device_note_order(struct device *device, int64_t t_us, uint8_t opcode, uint8_t argument)
{
	device->order = reallocarray(device->order, device->n_orders + 1, sizeof(*device->order));
	if (!device->order)
		abort();
	device->order[device->n_orders++] = (struct device_order){t_us, opcode, argument};
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
		device->queue.dropped++;
	}
	pdu = &device->queue.pdu[(device->queue.first + device->queue.n++) % DEVICE_QUEUE_MAX];
	pdu->characteristic = characteristic;
	pdu->is_indication = !(ccc & 1);
	memcpy(pdu->value, value, size);
	pdu->size = size;
	return true;
}

/* Index of the first queued value that may go now, or -1. An indication waits for the
 * confirmation of the one before; notifications pass it. */
static int sendable(const struct device *device)
{
	if (!device->is_connected)
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
	*ret_n = device->n_characteristics;
	return device->characteristic;
}

size_t device_advert(const struct device *device, uint8_t buffer[31])
{
	return device->ops->advert(device, buffer);
}

size_t device_scan_response(const struct device *device, uint8_t buffer[31])
{
	size_t n = strlen(device->config.name);

	if (device->ops->scan_response)
		return device->ops->scan_response(device, buffer);
	if (n > 29)
		n = 29;
	buffer[0] = (uint8_t)(n + 1);
	buffer[1] = 0x09; /* complete local name, Core Supplement Part A 1.2 */
	memcpy(buffer + 2, device->config.name, n);
	return n + 2;
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
	device->ops->link(device, t_us, false);
}

int device_read(struct device *device, int64_t t_us, unsigned characteristic,
	uint8_t value[DEVICE_VALUE_MAX])
{
	if (characteristic >= device->n_characteristics)
		return -0x01; /* invalid handle */
	if (!(device->characteristic[characteristic].properties & DEVICE_READ))
		return -0x02; /* read not permitted */
	advance(device, t_us);
	return device->ops->read(device, t_us, characteristic, value);
}

int device_write(struct device *device, int64_t t_us, unsigned characteristic, const uint8_t *value,
	size_t size)
{
	if (characteristic >= device->n_characteristics)
		return -0x01;
	if (!(device->characteristic[characteristic].properties &
		    (DEVICE_WRITE | DEVICE_WRITE_COMMAND)))
		return -0x03; /* write not permitted */
	advance(device, t_us);
	return device->ops->write(device, t_us, characteristic, value, size);
}

void device_subscribe(struct device *device, int64_t t_us, unsigned characteristic, unsigned ccc)
{
	unsigned can;

	if (characteristic >= device->n_characteristics)
		return;
	can = device->characteristic[characteristic].properties;
	advance(device, t_us);
	device->ccc[characteristic] = (uint8_t)(ccc & ((can & DEVICE_NOTIFY ? 1u : 0u) |
							      (can & DEVICE_INDICATE ? 2u : 0u)));
	device->ops->advance(device, device->now_us);
}

void device_confirmed(struct device *device, int64_t t_us, unsigned characteristic)
{
	advance(device, t_us);
	device->awaits_confirmation = false;
	device->ops->confirmed(device, t_us, characteristic);
	device->ops->advance(device, device->now_us);
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

void device_no_link(struct device *device, int64_t t_us, bool is_up)
{
}

int device_no_read(struct device *device, int64_t t_us, unsigned characteristic,
	uint8_t value[DEVICE_VALUE_MAX])
{
	return -0x02;
}

int device_no_write(struct device *device, int64_t t_us, unsigned characteristic,
	const uint8_t *value, size_t size)
{
	return -0x03;
}

void device_no_confirmed(struct device *device, int64_t t_us, unsigned characteristic)
{
}
