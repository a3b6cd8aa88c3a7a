// SPDX-License-Identifier: MIT
#include "gym/device-coxa-stream.h"

#include <math.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/list.h"
#include "coxad/base/units.h"
#include "gym/microphone.h"
#include "gym/packet.h"

#define POP_EMIT_US     190000 /* the features need 150 ms of sub-pulses and some computing */
#define POP_DEAD_US     200000
#define MOTION_HEADER   8
#define MOTION_SAMPLE   12
#define ACOUSTIC_HEADER 12

/* Samples per packet: its period must not be a multiple of the connection interval. */
static const unsigned dither[] = {7, 8, 7, 9};

static uint32_t stamp(const struct coxa *coxa, double t_us)
{
	return (uint32_t)(uint64_t)floor(device_clock_us(&coxa->base, t_us));
}

/* Microseconds of its own clock as microseconds of the gym. */
static double to_gym_us(const struct coxa *coxa, double own_us)
{
	return own_us / device_clock_rate(&coxa->base);
}

/* ---- motion */

static unsigned samples_in_packet(const struct coxa *coxa)
{
	unsigned most = (coxa->base.mtu - 3 - MOTION_HEADER) / MOTION_SAMPLE;
	unsigned wanted = dither[coxa->dither_at % ARRAY_LEN(dither)];

	return wanted < most ? wanted : most;
}

/* Starts a motion packet whose first sample is at first_us. */
static void start_motion(struct coxa *coxa, double first_us)
{
	coxa->first_us = first_us;
	coxa->n_samples = samples_in_packet(coxa);
	coxa->dither_at++;
}

void device_coxa_stream_restart_motion(struct coxa *coxa, int64_t t_us)
{
	start_motion(coxa, (double)t_us + to_gym_us(coxa, coxa->interval_us));
}

double device_coxa_stream_motion_due_us(const struct coxa *coxa)
{
	if (!coxa->base.is_connected || !(coxa->streams & COXA_STREAM_MOTION))
		return INFINITY;
	return coxa->first_us + to_gym_us(coxa, (coxa->n_samples - 1.0) * coxa->interval_us);
}

void device_coxa_stream_send_motion(struct coxa *coxa)
{
	double step_us = to_gym_us(coxa, coxa->interval_us);
	struct packet p = {.n = 0};

	packet_u16(&p, coxa->motion_sequence);
	packet_u32(&p, stamp(coxa, coxa->first_us));
	packet_u16(&p, coxa->interval_us);
	for (unsigned i = 0; i < coxa->n_samples; i++) {
		int16_t sample[6];

		sensor_sample(
			&coxa->base.config.sensor, (coxa->first_us + i * step_us) / 1e6, sample);
		for (unsigned k = 0; k < 6; k++)
			packet_i16(&p, sample[k]);
	}
	if (!device_is_in_gap(&coxa->base, DEVICE_GAP_SILENT, (int64_t)coxa->first_us)) {
		device_send(&coxa->base, COXA_MOTION, p.b, p.n);
		coxa->motion_sequence++;
	}
	start_motion(coxa, coxa->first_us + coxa->n_samples * step_us);
}

/* ---- pops */

int64_t device_coxa_stream_pop_due_us(const struct coxa *coxa)
{
	const struct device_config *config = &coxa->base.config;

	if (!(config->streams & COXA_STREAM_POP) || coxa->sound_at >= config->n_sounds)
		return T_NEVER;
	return config->sound[coxa->sound_at].t_us + POP_EMIT_US;
}

void device_coxa_stream_send_pop(struct coxa *coxa)
{
	const struct device_config *config = &coxa->base.config;
	const struct device_sound *sound = &config->sound[coxa->sound_at++];
	uint8_t packet[SOUND_PACKET_SIZE];

	if (device_is_in_gap(&coxa->base, DEVICE_GAP_OFF, sound->t_us) ||
		sound->sound.peak_db - sound->sound.background_db < coxa->trigger_db ||
		sound->t_us - coxa->last_pop_us < POP_DEAD_US)
		return;
	coxa->last_pop_us = sound->t_us;
	coxa->pop_sequence++;
	sound_to_packet(&sound->sound, coxa->pop_sequence, stamp(coxa, (double)sound->t_us),
		config->has_air_microphone, packet);
	memcpy(list_add(coxa->pop, coxa->n_pops, config->pops_kept), packet, sizeof(packet));
	if (coxa->streams & COXA_STREAM_POP)
		device_send(&coxa->base, COXA_POP, packet, sizeof(packet));
}

unsigned device_coxa_stream_resend_pops(struct coxa *coxa, uint16_t after, bool is_dry_run)
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
		if (!is_dry_run)
			device_send(&coxa->base, COXA_POP, packet, sizeof(packet));
	}
	return n;
}

/* ---- symptoms */

int64_t device_coxa_stream_symptom_due_us(const struct coxa *coxa)
{
	const struct device_config *config = &coxa->base.config;

	if (!(config->streams & COXA_STREAM_SYMPTOM) || coxa->symptom_at >= config->n_symptoms)
		return T_NEVER;
	return config->symptom[coxa->symptom_at].t_us;
}

void device_coxa_stream_offer_symptom(struct coxa *coxa)
{
	if (!coxa->n_symptoms || coxa->symptom_is_queued || !(coxa->streams & COXA_STREAM_SYMPTOM))
		return;
	coxa->symptom_is_queued =
		device_send(&coxa->base, COXA_SYMPTOM, coxa->symptom[0], COXA_SYMPTOM_SIZE);
}

void device_coxa_stream_press(struct coxa *coxa)
{
	const struct device_symptom *symptom = &coxa->base.config.symptom[coxa->symptom_at++];
	struct packet p = {.n = 0};

	if (device_is_in_gap(&coxa->base, DEVICE_GAP_OFF, symptom->t_us) ||
		coxa->n_symptoms == COXA_SYMPTOMS_MAX)
		return;
	packet_u16(&p, ++coxa->symptom_sequence);
	packet_u32(&p, stamp(coxa, (double)symptom->t_us));
	packet_u8(&p, symptom->code);
	packet_u8(&p, symptom->site);
	packet_u8(&p, symptom->side);
	packet_u8(&p, symptom->intensity);
	memcpy(coxa->symptom[coxa->n_symptoms++], p.b, COXA_SYMPTOM_SIZE);
	device_coxa_stream_offer_symptom(coxa);
}

void device_coxa_stream_forget_symptom(struct coxa *coxa)
{
	if (!coxa->symptom_is_queued)
		return;
	coxa->symptom_is_queued = false;
	list_drop(coxa->symptom, coxa->n_symptoms, 0);
	device_coxa_stream_offer_symptom(coxa);
}

/* ---- sound */

static unsigned acoustic_samples(const struct coxa *coxa)
{
	return 2 * (coxa->base.mtu - 3 - ACOUSTIC_HEADER);
}

double device_coxa_stream_acoustic_due_us(const struct coxa *coxa)
{
	if (!coxa->base.is_connected || !(coxa->streams & COXA_STREAM_ACOUSTIC))
		return INFINITY;
	return coxa->acoustic_first_us +
	       to_gym_us(coxa, acoustic_samples(coxa) * 1e6 / coxa->base.config.acoustic_rate_hz);
}

void device_coxa_stream_send_acoustic(struct coxa *coxa)
{
	double step_us = to_gym_us(coxa, 1e6 / coxa->base.config.acoustic_rate_hz);
	unsigned n = acoustic_samples(coxa);
	struct packet p = {.n = 0};

	packet_u16(&p, coxa->acoustic_sequence++);
	packet_u32(&p, stamp(coxa, coxa->acoustic_first_us));
	packet_u16(&p, (uint16_t)coxa->adpcm.predictor);
	packet_u8(&p, (unsigned)coxa->adpcm.index);
	packet_u8(&p, 0);
	packet_u16(&p, n);
	for (unsigned i = 0; i < n; i += 2) {
		unsigned nibble[2];

		for (unsigned k = 0; k < 2; k++)
			nibble[k] = adpcm_encode(
				&coxa->adpcm, microphone_sample(&coxa->base.config, &coxa->noise,
						      coxa->acoustic_first_us + (i + k) * step_us));
		packet_u8(&p, nibble[0] | nibble[1] << 4);
	}
	device_send(&coxa->base, COXA_ACOUSTIC, p.b, p.n);
	coxa->acoustic_first_us += n * step_us;
}
