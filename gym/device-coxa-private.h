// SPDX-License-Identifier: MIT
#pragma once
/* The state of a virtual Coxa wearable. device-coxa-stream.c is what it sends,
 * device-coxa-control.c its control point, device-coxa.c the rest. Nobody else includes this.
 */
#include "gym/adpcm.h"
#include "gym/device-private.h"

#define COXA_POPS_MAX     256
#define COXA_SYMPTOMS_MAX 16
#define COXA_SYMPTOM_SIZE 10

enum coxa_stream {
	COXA_STREAM_MOTION = 1,
	COXA_STREAM_POP = 2,
	COXA_STREAM_ACOUSTIC = 4,
	COXA_STREAM_SYMPTOM = 8,
	COXA_STREAM_HAPTIC = 16,
};

enum coxa_characteristic {
	COXA_INFORMATION,
	COXA_CONTROL,
	COXA_MOTION,
	COXA_POP,
	COXA_ACOUSTIC,
	COXA_SYMPTOM,
	COXA_BATTERY,
	COXA_MAKER,
	COXA_MODEL,
	COXA_FIRMWARE,
};

struct coxa {
	struct device base;
	const struct device_epoch *epoch;
	unsigned streams; /* mask of enum coxa_stream: started by the central */
	unsigned trigger_db;
	/* Motion: the packet being filled. */
	uint16_t motion_sequence;
	unsigned dither_at;
	double first_us; /* gym time of its first sample */
	unsigned n_samples;
	uint16_t interval_us;
	/* Pops; when full, the oldest is overwritten. */
	uint16_t pop_sequence;
	uint8_t pop[COXA_POPS_MAX][SOUND_PACKET_SIZE];
	size_t n_pops;
	size_t sound_at;
	int64_t last_pop_us;
	/* Symptoms that the gateway has not confirmed yet, oldest first. */
	uint16_t symptom_sequence;
	uint8_t symptom[COXA_SYMPTOMS_MAX][COXA_SYMPTOM_SIZE];
	size_t n_symptoms;
	size_t symptom_at;
	bool symptom_is_queued;
	/* Streamed sound. */
	uint16_t acoustic_sequence;
	double acoustic_first_us;
	struct adpcm adpcm;
	struct random noise;
};
