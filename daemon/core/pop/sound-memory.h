// SPDX-License-Identifier: MIT
#pragma once
/* The last second of one stream: the samples, those in the detector's band, and their level on a
 * hop of half a millisecond. Samples and hops are counted since the beginning of the stream; what
 * is older than the memory is the caller's mistake where `oldest` is asked first. All memory is
 * taken at init; a sample costs a few operations.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A level is the mean of so many hops. At 2 kHz of bandwidth 2 ms are 8 degrees of freedom at every
 * rate: 6 MAD of noise are then below the 12 dB that an onset needs anyway; of 0.5 ms they are 20.
 */
#define SOUND_LEVEL_HOPS 4

struct sound_hop {
	float power; /* mean square in the band */
	float level; /* of the last SOUND_LEVEL_HOPS, dB */
	bool is_clipped, is_missing;
};

struct sound_memory {
	double rate_hz;
	size_t hop_n;          /* samples a hop */
	size_t room;           /* samples kept, a multiple of hop_n */
	size_t hops;           /* hops kept */
	float *raw;            /* ring of room samples, full scale 1; owned */
	float *band;           /* the same within the band; owned */
	struct sound_hop *hop; /* ring of hops; owned */
	uint64_t n;            /* samples, holes included */
	uint64_t n_hops;
	size_t at;     /* where the next sample goes */
	size_t left;   /* samples missing in the hop under way */
	double energy; /* of the hop under way */
	bool is_clipped, is_missing;
};

void sound_memory_init(struct sound_memory *memory, double rate_hz);
void sound_memory_done(struct sound_memory *memory);
/* Begins anew: nothing was heard. */
void sound_memory_restart(struct sound_memory *memory);
/* One more sample; true where it ended a hop. */
static inline bool sound_memory_put(struct sound_memory *memory, double raw, double band);
/* Of the hop under way. */
static inline void sound_memory_mark(struct sound_memory *memory, bool clipped, bool missing);

uint64_t sound_memory_oldest_hop(const struct sound_memory *memory);
const struct sound_hop *sound_memory_hop(const struct sound_memory *memory, uint64_t hop);
double sound_memory_level_db(const struct sound_memory *memory, uint64_t hop);
uint64_t sound_memory_hops_of(const struct sound_memory *memory, double ms);
double sound_memory_ms_of(const struct sound_memory *memory, uint64_t hops);
/* Mean level of what was heard between the hops, dB; -INFINITY where nothing was. */
double sound_memory_mean_db(const struct sound_memory *memory, uint64_t from, uint64_t to);
/* n samples out of a ring, raw or band; 0 where there are none yet. */
void sound_memory_copy(
	const struct sound_memory *memory, const float *ring, uint64_t from, size_t n, float *ret);

void sound_memory_end_hop_(struct sound_memory *memory);

static inline bool sound_memory_put(struct sound_memory *m, double raw, double band)
{
	m->raw[m->at] = (float)raw;
	m->band[m->at] = (float)band;
	m->energy += band * band;
	m->n++;
	if (++m->at == m->room)
		m->at = 0;
	if (--m->left)
		return false;
	sound_memory_end_hop_(m);
	return true;
}

static inline void sound_memory_mark(struct sound_memory *m, bool clipped, bool missing)
{
	m->is_clipped |= clipped;
	m->is_missing |= missing;
}
