// SPDX-License-Identifier: MIT
/* A virtual wearable of the Coxa Wearable Profile, version 1 (doc/wearable-profile.md). */
#include "gym/device-coxa.h"

#include <math.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "gym/advert.h"
#include "gym/beat.h"
#include "gym/device-coxa-control.h"
#include "gym/device-coxa-private.h"
#include "gym/device-coxa-stream.h"
#include "gym/packet.h"

#define COXA_UUID(x)                                                                               \
	((struct uuid){{0xc0, 0xa5, 0, x, 0x9b, 0xc6, 0x48, 0x08, 0xa8, 0xbd, 0x20, 0xfb, 0xe3,    \
		0xfc, 0x7d, 0x8c}})

static const struct device_characteristic table[] = {
	[COXA_INFORMATION] = {COXA_UUID(1), COXA_UUID(2), DEVICE_READ, true},
	[COXA_CONTROL] = {COXA_UUID(1), COXA_UUID(3), DEVICE_WRITE | DEVICE_INDICATE, true},
	[COXA_MOTION] = {COXA_UUID(1), COXA_UUID(4), DEVICE_NOTIFY, true},
	[COXA_POP] = {COXA_UUID(1), COXA_UUID(5), DEVICE_NOTIFY, true},
	[COXA_ACOUSTIC] = {COXA_UUID(1), COXA_UUID(6), DEVICE_NOTIFY, true},
	[COXA_SYMPTOM] = {COXA_UUID(1), COXA_UUID(7), DEVICE_INDICATE, true},
	[COXA_BATTERY] = {UUID_SIG(0x180f), UUID_SIG(0x2a19), DEVICE_READ | DEVICE_NOTIFY, false},
	[COXA_MAKER] = {UUID_SIG(0x180a), UUID_SIG(0x2a29), DEVICE_READ, false},
	[COXA_MODEL] = {UUID_SIG(0x180a), UUID_SIG(0x2a24), DEVICE_READ, false},
	[COXA_FIRMWARE] = {UUID_SIG(0x180a), UUID_SIG(0x2a26), DEVICE_READ, false},
};

static struct coxa *coxa_of(struct device *device)
{
	return (struct coxa *)device;
}

/* All that a restart loses. */
static void boot(struct coxa *coxa, const struct device_epoch *epoch)
{
	coxa->epoch = epoch;
	coxa->streams = 0;
	coxa->trigger_db = 8;
	coxa->motion_sequence = (uint16_t)random_u64(&coxa->base.random);
	coxa->pop_sequence = 0;
	coxa->n_pops = 0;
	coxa->last_pop_us = INT64_MIN / 2;
	coxa->symptom_sequence = 0;
	coxa->n_symptoms = 0;
	coxa->symptom_is_queued = false;
	coxa->base.queue.n = 0;
}

static int coxa_open(struct device *device, char *error, size_t error_size)
{
	struct coxa *coxa = coxa_of(device);

	if (device->config.pops_kept > COXA_POPS_MAX)
		device->config.pops_kept = COXA_POPS_MAX;
	coxa->interval_us = (uint16_t)lrint(1e6 / device->config.rate_hz);
	coxa->noise = device->random;
	coxa->noise.state ^= 0x50554e44;
	boot(coxa, &device->config.epoch[0]);
	return 0;
}

static size_t coxa_advert(const struct device *device, uint8_t buffer[31])
{
	size_t n = 0;

	advert_flags(buffer, &n);
	advert_uuid(buffer, &n, ADVERT_ALL_UUIDS_128, &table[COXA_INFORMATION].service);
	return n;
}

static int coxa_read(struct device *device, int64_t t_us, unsigned characteristic,
	uint8_t value[DEVICE_VALUE_MAX])
{
	const struct coxa *coxa = coxa_of(device);
	const struct device_config *config = &device->config;
	struct packet p = {.n = 0};

	if (characteristic != COXA_INFORMATION)
		return -ATT_ERROR_READ_NOT_PERMITTED;
	packet_u8(&p, 1);
	packet_u8(&p, config->streams);
	packet_u8(&p, config->acc_range_g);
	packet_u8(&p, config->acoustic_sensor);
	packet_u16(&p, config->gyr_range_dps);
	packet_u16(&p, (unsigned)lrint(config->rate_hz));
	packet_u32(&p, (uint32_t)lrint(config->acoustic_rate_hz));
	packet_u32(&p, coxa->epoch->boot);
	packet_u16(&p, config->pops_kept);
	packet_u16(&p, coxa->pop_sequence);
	return packet_copy(&p, value);
}

/* Streams end with the link: each central starts what it wants. */
static void coxa_link(struct device *device, int64_t t_us, bool is_up)
{
	coxa_of(device)->streams = 0;
	coxa_of(device)->symptom_is_queued = false;
}

static void coxa_confirmed(struct device *device, int64_t t_us, unsigned characteristic)
{
	if (characteristic == COXA_SYMPTOM)
		device_coxa_stream_forget_symptom(coxa_of(device));
}

static int64_t coxa_next(const struct device *device)
{
	const struct coxa *coxa = (const struct coxa *)device;
	int64_t next = beat_instant_us(fmin(
		device_coxa_stream_motion_due_us(coxa), device_coxa_stream_acoustic_due_us(coxa)));
	int64_t pop = device_coxa_stream_pop_due_us(coxa);
	int64_t symptom = device_coxa_stream_symptom_due_us(coxa);

	next = pop < next ? pop : next;
	return symptom < next ? symptom : next;
}

static void follow_clock(struct coxa *coxa, int64_t t_us)
{
	const struct device_epoch *epoch = device_epoch_at(&coxa->base, t_us);

	if (epoch->boot != coxa->epoch->boot)
		boot(coxa, epoch);
	coxa->epoch = epoch;
	if (device_is_in_gap(&coxa->base, DEVICE_GAP_OFF, t_us))
		coxa->streams = 0;
}

static void coxa_advance(struct device *device, int64_t t_us)
{
	struct coxa *coxa = coxa_of(device);

	for (int64_t due = coxa_next(device); due <= t_us; due = coxa_next(device)) {
		follow_clock(coxa, due);
		if (due == device_coxa_stream_pop_due_us(coxa))
			device_coxa_stream_send_pop(coxa);
		else if (due == device_coxa_stream_symptom_due_us(coxa))
			device_coxa_stream_press(coxa);
		else if (device_coxa_stream_motion_due_us(coxa) <= (double)due)
			device_coxa_stream_send_motion(coxa);
		else if (device_coxa_stream_acoustic_due_us(coxa) <= (double)due)
			device_coxa_stream_send_acoustic(coxa);
	}
	follow_clock(coxa, t_us);
	device_coxa_stream_offer_symptom(coxa);
}

const struct device_ops device_coxa_ops = {
	.size = sizeof(struct coxa),
	.characteristic = table,
	.n_characteristics = ARRAY_LEN(table),
	.maker = "coxa-gym",
	.model = "virtual wearable",
	.firmware = "1",
	.open = coxa_open,
	.advert = coxa_advert,
	.link = coxa_link,
	.read = coxa_read,
	.write = device_coxa_control_write,
	.confirmed = coxa_confirmed,
	.next = coxa_next,
	.advance = coxa_advance,
};
