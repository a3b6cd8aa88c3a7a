// SPDX-License-Identifier: MIT
#pragma once
/* What device-coxa.c (the wearable) and device-coxa-control.c (its control point) share. */
#include "coxad/base/bytes.h"
#include "gym/adpcm.h"
#include "gym/device-private.h"

#define POPS_KEPT_MAX 256
#define SYMPTOMS_MAX  16

enum stream_bit {
	STREAM_BIT_MOTION = 1,
	STREAM_BIT_POP = 2,
	STREAM_BIT_ACOUSTIC = 4,
	STREAM_BIT_SYMPTOM = 8,
	STREAM_BIT_HAPTIC = 16,
};

enum characteristic {
	CHAR_INFORMATION,
	CHAR_CONTROL,
	CHAR_MOTION,
	CHAR_POP,
	CHAR_ACOUSTIC,
	CHAR_SYMPTOM,
	CHAR_BATTERY,
	CHAR_MANUFACTURER,
	CHAR_MODEL,
	CHAR_FIRMWARE,
};

struct coxa {
	struct device base;
	const struct device_epoch *epoch;
	unsigned streams; /* started */
	unsigned trigger_db;
	/* Motion: the packet under way. */
	uint16_t motion_sequence;
	unsigned dither_at;
	double first_us; /* gym time of its first sample */
	unsigned n_samples;
	uint16_t interval_us;
	/* Pops, the oldest overwritten first. */
	uint16_t pop_sequence;
	uint8_t pop[POPS_KEPT_MAX][SOUND_PACKET_SIZE];
	size_t n_pops;
	size_t sound_at;
	int64_t last_pop_us;
	/* Symptoms that the gateway has not confirmed, oldest first. */
	uint16_t symptom_sequence;
	uint8_t symptom[SYMPTOMS_MAX][10];
	size_t n_symptoms;
	size_t symptom_at;
	bool symptom_is_queued;
	/* Acoustic stream. */
	uint16_t acoustic_sequence;
	double acoustic_first_us;
	struct adpcm adpcm;
	struct random noise;
};

void device_coxa_put16(uint8_t *at, unsigned value);
void device_coxa_put32(uint8_t *at, uint32_t value);
/* Microseconds of its own clock as microseconds of the gym. */
double device_coxa_to_gym(const struct coxa *coxa, double own_us);
void device_coxa_begin_motion(struct coxa *coxa, double first_us);
/* How many pops came after one; sends them again unless dry. */
unsigned device_coxa_resend(struct coxa *coxa, uint16_t after, bool is_dry);
void device_coxa_offer_symptom(struct coxa *coxa);

/* ATT's answer to a write. */
int device_coxa_write(struct device *device, int64_t t_us, unsigned characteristic,
	const uint8_t *value, size_t size);
