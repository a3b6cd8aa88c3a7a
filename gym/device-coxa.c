// SPDX-License-Identifier: MIT
/* The Coxa Wearable Profile, version 1 (doc/wearable-profile.md), played. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/list.h"
#include "coxad/base/units.h"
#include "gym/device-coxa-private.h"
#include "gym/device-sold.h"

#define COXA_UUID(x)                                                                               \
	{                                                                                          \
		{                                                                                  \
			0xc0, 0xa5, (x) >> 8, (x)&0xff, 0x9b, 0xc6, 0x48, 0x08, 0xa8, 0xbd, 0x20,  \
				0xfb, 0xe3, 0xfc, 0x7d, 0x8c                                       \
		}                                                                                  \
	}
#define SIG_UUID(x)                                                                                \
	{                                                                                          \
		{                                                                                  \
			0, 0, (x) >> 8, (x)&0xff, 0, 0, 0x10, 0, 0x80, 0, 0, 0x80, 0x5f, 0x9b,     \
				0x34, 0xfb                                                         \
		}                                                                                  \
	}

#define POP_EMIT_US     190000 /* features need the 150 ms of sub-pulses, and some work */
#define POP_DEAD_US     200000
#define MOTION_HEADER   8
#define MOTION_SAMPLE   12
#define ACOUSTIC_HEADER 12

static const struct device_characteristic table[] = {
	[CHAR_INFORMATION] = {COXA_UUID(0x0001), COXA_UUID(0x0002), DEVICE_READ, true},
	[CHAR_CONTROL] = {COXA_UUID(0x0001), COXA_UUID(0x0003), DEVICE_WRITE | DEVICE_INDICATE,
		true},
	[CHAR_MOTION] = {COXA_UUID(0x0001), COXA_UUID(0x0004), DEVICE_NOTIFY, true},
	[CHAR_POP] = {COXA_UUID(0x0001), COXA_UUID(0x0005), DEVICE_NOTIFY, true},
	[CHAR_ACOUSTIC] = {COXA_UUID(0x0001), COXA_UUID(0x0006), DEVICE_NOTIFY, true},
	[CHAR_SYMPTOM] = {COXA_UUID(0x0001), COXA_UUID(0x0007), DEVICE_INDICATE, true},
	[CHAR_BATTERY] = {SIG_UUID(0x180f), SIG_UUID(0x2a19), DEVICE_READ | DEVICE_NOTIFY, false},
	[CHAR_MANUFACTURER] = {SIG_UUID(0x180a), SIG_UUID(0x2a29), DEVICE_READ, false},
	[CHAR_MODEL] = {SIG_UUID(0x180a), SIG_UUID(0x2a24), DEVICE_READ, false},
	[CHAR_FIRMWARE] = {SIG_UUID(0x180a), SIG_UUID(0x2a26), DEVICE_READ, false},
};

/* Samples in a packet: the period shall not be a multiple of the connection interval. */
static const unsigned dither[] = {7, 8, 7, 9};

static struct coxa *coxa_of(struct device *device)
{
	return (struct coxa *)device;
}

static const struct coxa *coxa_of_const(const struct device *device)
{
	return (const struct coxa *)device;
}

static struct device *coxa_new(void)
{
	return &new0(struct coxa)->base;
}

static void coxa_free(struct device *device)
{
	free(coxa_of(device));
}

void device_coxa_put16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)value;
	at[1] = (uint8_t)(value >> 8);
}

void device_coxa_put32(uint8_t *at, uint32_t value)
{
	device_coxa_put16(at, value & 0xffff);
	device_coxa_put16(at + 2, value >> 16);
}

static uint32_t stamp(const struct coxa *coxa, double t_us)
{
	return (uint32_t)(uint64_t)floor(device_clock_us(&coxa->base, t_us));
}

double device_coxa_to_gym(const struct coxa *coxa, double own_us)
{
	return own_us / (1 + coxa->base.config.ppm * 1e-6);
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

	device->characteristic = table;
	device->n_characteristics = ARRAY_LEN(table);
	if (device->config.pops_kept > POPS_KEPT_MAX)
		device->config.pops_kept = POPS_KEPT_MAX;
	coxa->interval_us = (uint16_t)lrint(1e6 / device->config.rate_hz);
	coxa->noise = device->random;
	coxa->noise.state ^= 0x50554e44;
	boot(coxa, &device->config.epoch[0]);
	return 0;
}

static size_t coxa_advert(const struct device *device, uint8_t buffer[31])
{
	buffer[0] = 2;
	buffer[1] = 0x01; /* flags: general discoverable, LE only */
	buffer[2] = 0x06;
	buffer[3] = 17;
	buffer[4] = 0x07; /* complete list of 128-bit service UUIDs, little-endian */
	for (unsigned i = 0; i < 16; i++)
		buffer[5 + i] = table[CHAR_INFORMATION].service.b[15 - i];
	return 21;
}

/* ---- motion */

static unsigned samples_in_packet(const struct coxa *coxa)
{
	unsigned room = (coxa->base.mtu - 3 - MOTION_HEADER) / MOTION_SAMPLE;
	unsigned wish = dither[coxa->dither_at % ARRAY_LEN(dither)];

	return wish < room ? wish : room;
}

void device_coxa_begin_motion(struct coxa *coxa, double first_us)
{
	coxa->first_us = first_us;
	coxa->n_samples = samples_in_packet(coxa);
	coxa->dither_at++;
}

static double motion_due_us(const struct coxa *coxa)
{
	if (!coxa->base.is_connected || !(coxa->streams & STREAM_BIT_MOTION))
		return INFINITY;
	return coxa->first_us +
	       device_coxa_to_gym(coxa, (coxa->n_samples - 1.0) * coxa->interval_us);
}

static void build_motion(struct coxa *coxa)
{
	double step_us = device_coxa_to_gym(coxa, coxa->interval_us);
	uint8_t packet[MOTION_HEADER + 9 * MOTION_SAMPLE];
	int16_t sample[6];

	device_coxa_put16(packet, coxa->motion_sequence);
	device_coxa_put32(packet + 2, stamp(coxa, coxa->first_us));
	device_coxa_put16(packet + 6, coxa->interval_us);
	for (unsigned i = 0; i < coxa->n_samples; i++) {
		uint8_t *at = packet + MOTION_HEADER + i * MOTION_SAMPLE;
		sensor_sample(
			&coxa->base.config.sensor, (coxa->first_us + i * step_us) / 1e6, sample);
		for (unsigned k = 0; k < 6; k++)
			device_coxa_put16(at + 2 * k, (uint16_t)sample[k]);
	}
	if (!device_is_in_gap(&coxa->base, DEVICE_GAP_SILENT, (int64_t)coxa->first_us)) {
		device_send(&coxa->base, CHAR_MOTION, packet,
			MOTION_HEADER + coxa->n_samples * MOTION_SAMPLE);
		coxa->motion_sequence++;
	}
	device_coxa_begin_motion(coxa, coxa->first_us + coxa->n_samples * step_us);
}

/* ---- pops */

static int64_t pop_due_us(const struct coxa *coxa)
{
	const struct device_config *config = &coxa->base.config;

	if (!(config->streams & STREAM_BIT_POP) || coxa->sound_at >= config->n_sounds)
		return T_NEVER;
	return config->sound[coxa->sound_at].t_us + POP_EMIT_US;
}

static void hear(struct coxa *coxa, const struct device_sound *heard)
{
	const struct device_config *config = &coxa->base.config;
	const struct sound *sound = &heard->sound;
	uint8_t packet[SOUND_PACKET_SIZE];

	if (device_is_in_gap(&coxa->base, DEVICE_GAP_OFF, heard->t_us) ||
		sound->peak_db - sound->background_db < coxa->trigger_db ||
		heard->t_us - coxa->last_pop_us < POP_DEAD_US)
		return;
	coxa->last_pop_us = heard->t_us;
	coxa->pop_sequence++;
	sound_to_packet(sound, coxa->pop_sequence, stamp(coxa, (double)heard->t_us),
		config->has_air_microphone, packet);
	memcpy(list_add(coxa->pop, coxa->n_pops, config->pops_kept), packet, sizeof(packet));
	if (coxa->streams & STREAM_BIT_POP)
		device_send(&coxa->base, CHAR_POP, packet, sizeof(packet));
}

unsigned device_coxa_resend(struct coxa *coxa, uint16_t after, bool is_dry)
{
	unsigned n = 0;

	for (size_t i = 0; i < coxa->n_pops; i++) {
		uint8_t packet[SOUND_PACKET_SIZE];
		uint16_t sequence = (uint16_t)(coxa->pop[i][0] | coxa->pop[i][1] << 8);

		if ((int16_t)(uint16_t)(sequence - after) <= 0)
			continue;
		n++;
		memcpy(packet, coxa->pop[i], sizeof(packet));
		packet[19] |= 0x80;
		if (!is_dry)
			device_send(&coxa->base, CHAR_POP, packet, sizeof(packet));
	}
	return n;
}

/* ---- symptoms */

static int64_t symptom_due_us(const struct coxa *coxa)
{
	const struct device_config *config = &coxa->base.config;

	if (!(config->streams & STREAM_BIT_SYMPTOM) || coxa->symptom_at >= config->n_symptoms)
		return T_NEVER;
	return config->symptom[coxa->symptom_at].t_us;
}

/* The oldest that is not confirmed goes out, again on each new link. */
void device_coxa_offer_symptom(struct coxa *coxa)
{
	if (!coxa->n_symptoms || coxa->symptom_is_queued || !(coxa->streams & STREAM_BIT_SYMPTOM))
		return;
	coxa->symptom_is_queued =
		device_send(&coxa->base, CHAR_SYMPTOM, coxa->symptom[0], sizeof(coxa->symptom[0]));
}

static void press(struct coxa *coxa, const struct device_symptom *symptom)
{
	uint8_t *packet = coxa->symptom[coxa->n_symptoms];

	if (device_is_in_gap(&coxa->base, DEVICE_GAP_OFF, symptom->t_us) ||
		coxa->n_symptoms == SYMPTOMS_MAX)
		return;
	device_coxa_put16(packet, ++coxa->symptom_sequence);
	device_coxa_put32(packet + 2, stamp(coxa, (double)symptom->t_us));
	packet[6] = symptom->code;
	packet[7] = symptom->site;
	packet[8] = symptom->side;
	packet[9] = symptom->intensity;
	coxa->n_symptoms++;
	device_coxa_offer_symptom(coxa);
}

static void coxa_confirmed(struct device *device, int64_t t_us, unsigned characteristic)
{
	struct coxa *coxa = coxa_of(device);

	if (characteristic != CHAR_SYMPTOM || !coxa->symptom_is_queued)
		return;
	coxa->symptom_is_queued = false;
	list_drop(coxa->symptom, coxa->n_symptoms, 0);
	device_coxa_offer_symptom(coxa);
}

/* ---- acoustic stream */

static unsigned acoustic_samples(const struct coxa *coxa)
{
	return 2 * (coxa->base.mtu - 3 - ACOUSTIC_HEADER);
}

static double acoustic_due_us(const struct coxa *coxa)
{
	if (!coxa->base.is_connected || !(coxa->streams & STREAM_BIT_ACOUSTIC))
		return INFINITY;
	return coxa->acoustic_first_us +
	       device_coxa_to_gym(
		       coxa, acoustic_samples(coxa) * 1e6 / coxa->base.config.acoustic_rate_hz);
}

static void build_acoustic(struct coxa *coxa)
{
	double step_us = device_coxa_to_gym(coxa, 1e6 / coxa->base.config.acoustic_rate_hz);
	unsigned n = acoustic_samples(coxa);
	uint8_t packet[DEVICE_VALUE_MAX] = {0};

	device_coxa_put16(packet, coxa->acoustic_sequence++);
	device_coxa_put32(packet + 2, stamp(coxa, coxa->acoustic_first_us));
	device_coxa_put16(packet + 6, (uint16_t)coxa->adpcm.predictor);
	packet[8] = (uint8_t)coxa->adpcm.index;
	packet[9] = 0;
	device_coxa_put16(packet + 10, n);
	for (unsigned i = 0; i < n; i++) {
		int16_t sample = device_hear(
			&coxa->base.config, &coxa->noise, coxa->acoustic_first_us + i * step_us);
		packet[ACOUSTIC_HEADER + i / 2] |=
			(uint8_t)(adpcm_encode(&coxa->adpcm, sample) << (i % 2 ? 4 : 0));
	}
	device_send(&coxa->base, CHAR_ACOUSTIC, packet, ACOUSTIC_HEADER + n / 2);
	coxa->acoustic_first_us += n * step_us;
}

/* ---- the rest of the table */

static int read_information(const struct coxa *coxa, uint8_t value[20])
{
	const struct device_config *config = &coxa->base.config;

	value[0] = 1;
	value[1] = (uint8_t)config->streams;
	value[2] = (uint8_t)config->acc_range_g;
	value[3] = (uint8_t)config->acoustic_sensor;
	device_coxa_put16(value + 4, config->gyr_range_dps);
	device_coxa_put16(value + 6, (unsigned)lrint(config->rate_hz));
	device_coxa_put32(value + 8, (uint32_t)lrint(config->acoustic_rate_hz));
	device_coxa_put32(value + 12, coxa->epoch->boot);
	device_coxa_put16(value + 16, config->pops_kept);
	device_coxa_put16(value + 18, coxa->pop_sequence);
	return 20;
}

static int coxa_read(struct device *device, int64_t t_us, unsigned characteristic,
	uint8_t value[DEVICE_VALUE_MAX])
{
	switch ((enum characteristic)characteristic) {
	case CHAR_INFORMATION:
		return read_information(coxa_of(device), value);
	case CHAR_BATTERY:
		value[0] = device->config.battery_percent;
		return 1;
	case CHAR_MANUFACTURER:
		return snprintf((char *)value, DEVICE_VALUE_MAX, "coxa-gym");
	case CHAR_MODEL:
		return snprintf((char *)value, DEVICE_VALUE_MAX, "played wearable");
	case CHAR_FIRMWARE:
		return snprintf((char *)value, DEVICE_VALUE_MAX, "1");
	case CHAR_CONTROL:
	case CHAR_MOTION:
	case CHAR_POP:
	case CHAR_ACOUSTIC:
	case CHAR_SYMPTOM:
		break;
	}
	return -0x02;
}

/* Streams end with the link: each central starts what it wants. */
static void coxa_link(struct device *device, int64_t t_us, bool is_up)
{
	struct coxa *coxa = coxa_of(device);

	coxa->streams = 0;
	coxa->symptom_is_queued = false;
}

static int64_t coxa_next(const struct device *device)
{
	const struct coxa *coxa = coxa_of_const(device);
	double periodic = fmin(motion_due_us(coxa), acoustic_due_us(coxa));
	int64_t next = periodic < 9e18 ? (int64_t)ceil(periodic) : T_NEVER;

	if (pop_due_us(coxa) < next)
		next = pop_due_us(coxa);
	if (symptom_due_us(coxa) < next)
		next = symptom_due_us(coxa);
	return next;
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
		if (due == pop_due_us(coxa))
			hear(coxa, &device->config.sound[coxa->sound_at++]);
		else if (due == symptom_due_us(coxa))
			press(coxa, &device->config.symptom[coxa->symptom_at++]);
		else if (motion_due_us(coxa) <= (double)due)
			build_motion(coxa);
		else if (acoustic_due_us(coxa) <= (double)due)
			build_acoustic(coxa);
	}
	follow_clock(coxa, t_us);
	device_coxa_offer_symptom(coxa);
}

const struct device_ops device_coxa_ops = {
	.new = coxa_new,
	.free = coxa_free,
	.open = coxa_open,
	.advert = coxa_advert,
	.link = coxa_link,
	.read = coxa_read,
	.write = device_coxa_write,
	.confirmed = coxa_confirmed,
	.next = coxa_next,
	.advance = coxa_advance,
};
