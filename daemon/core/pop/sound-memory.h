// SPDX-License-Identifier: MIT
#pragma once
/* The last second of one stream: the samples, the samples within the detector's band, and their
 * level on a hop of half a millisecond. Samples and hops are numbered from the start of the stream;
 * a caller asks for the oldest hop first and never for an older one. All memory is allocated at
 * init; a sample costs a few operations.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A level is the mean of this many hops. At 2 kHz of bandwidth, 2 ms are 8 degrees of freedom at
 * every rate: 6 MAD of noise are then below the 12 dB that an onset needs anyway; for 0.5 ms they
 * are 20.
 */
#define SOUND_LEVEL_HOPS 4

struct sound_hop {
	float power;    /* mean square in the band */
	float level_db; /* over the last SOUND_LEVEL_HOPS */
	uint8_t bin;    /* of the level, for the floors */
	bool is_clipped, is_missing;
};

struct sound_memory {
	double rate_hz;
	size_t hop_n;          /* samples a hop */
	size_t capacity;       /* samples kept, a multiple of hop_n */
	size_t hops;           /* hops kept */
	float *raw;            /* ring of `capacity` samples, full scale 1; owned */
	float *band;           /* the same within the band; owned */
	struct sound_hop *hop; /* ring of hops; owned */
	uint64_t n;            /* samples, holes included */
	uint64_t n_hops;
	size_t at;     /* slot of the next sample */
	size_t left;   /* samples still to come in the current hop */
	double energy; /* of the current hop */
	bool is_clipped, is_missing;
};

void sound_memory_init(struct sound_memory *memory, double rate_hz);
void sound_memory_done(struct sound_memory *memory);
/* Restarts the stream. */
void sound_memory_restart(struct sound_memory *memory);
/* One more sample; true if it completed a hop. */
static inline bool sound_memory_put(struct sound_memory *memory, double raw, double band);
/* Marks the current hop. */
static inline void sound_memory_mark(struct sound_memory *memory, bool clipped, bool missing);

uint64_t sound_memory_oldest_hop(const struct sound_memory *memory);
const struct sound_hop *sound_memory_hop(const struct sound_memory *memory, uint64_t hop);
double sound_memory_level_db(const struct sound_memory *memory, uint64_t hop);
uint64_t sound_memory_hops_of(const struct sound_memory *memory, double ms);
double sound_memory_ms_of(const struct sound_memory *memory, uint64_t hops);
/* Mean level of what was received in [from, to), dB; -INFINITY if nothing was. */
double sound_memory_mean_db(const struct sound_memory *memory, uint64_t from, uint64_t to);
/* Copies n samples from a ring, raw or band; 0 where there are none yet. */
void sound_memory_copy(
	const struct sound_memory *memory, const float *ring, uint64_t from, size_t n, float *ret);

void sound_memory_end_hop_(struct sound_memory *memory);

static inline bool sound_memory_put(struct sound_memory *m, double raw, double band)
{
	m->raw[m->at] = (float)raw;
	m->band[m->at] = (float)band;
	m->energy += band * band;
	m->n++;
	if (++m->at == m->capacity)
		m->at = 0;
	if (--m->left)
		return false;
	sound_memory_end_hop_(m);
	return true;
}

static inline void sound_memory_mark(struct sound_memory *m, bool clipped, bool missing)
{
	if (clipped)
		m->is_clipped = true;
	if (missing)
		m->is_missing = true;
}
