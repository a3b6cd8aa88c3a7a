// SPDX-License-Identifier: MIT
#include "daemon/core/pop/sound-memory.h"

#include <math.h>

#include "coxad/base/alloc.h"
#include "daemon/core/pop/noise-floor.h"

#define HOP_MS   0.5
#define MEMORY_S 1.0
/* Of power; log2 costs half of log10, which a level of each hop is worth. */
#define DB_PER_OCTAVE 3.010299956639812

void sound_memory_init(struct sound_memory *m, double rate_hz)
{
	*m = (struct sound_memory){
		.rate_hz = rate_hz, .hop_n = (size_t)lround(rate_hz * HOP_MS / 1000)};
	m->hops = (size_t)(MEMORY_S * rate_hz / (double)m->hop_n);
	m->capacity = m->hops * m->hop_n;
	m->left = m->hop_n;
	m->raw = alloc_zero(m->capacity, sizeof(*m->raw));
	m->band = alloc_zero(m->capacity, sizeof(*m->band));
	m->hop = alloc_zero(m->hops, sizeof(*m->hop));
}

void sound_memory_done(struct sound_memory *m)
{
	free(m->hop);
	free(m->band);
	free(m->raw);
	*m = (struct sound_memory){0};
}

void sound_memory_restart(struct sound_memory *m)
{
	m->n = m->n_hops = 0;
	m->at = 0;
	m->left = m->hop_n;
	m->energy = 0;
	m->is_clipped = m->is_missing = false;
}

void sound_memory_end_hop_(struct sound_memory *m)
{
	struct sound_hop *h = &m->hop[m->n_hops % m->hops];
	uint64_t first;
	double sum = 0;

	*h = (struct sound_hop){.power = (float)(m->energy / (double)m->hop_n),
		.is_clipped = m->is_clipped,
		.is_missing = m->is_missing};
	m->n_hops++;
	first = m->n_hops > SOUND_LEVEL_HOPS ? m->n_hops - SOUND_LEVEL_HOPS : 0;
	for (uint64_t i = first; i < m->n_hops; i++)
		sum += (double)m->hop[i % m->hops].power;
	h->level_db = (float)(DB_PER_OCTAVE * log2(sum / (double)(m->n_hops - first) + 1e-12));
	h->bin = noise_floor_bin((double)h->level_db);
	m->left = m->hop_n;
	m->energy = 0;
	m->is_clipped = m->is_missing = false;
}

uint64_t sound_memory_oldest_hop(const struct sound_memory *m)
{
	return m->n_hops > m->hops ? m->n_hops - m->hops : 0;
}

const struct sound_hop *sound_memory_hop(const struct sound_memory *m, uint64_t hop)
{
	return &m->hop[hop % m->hops];
}

double sound_memory_level_db(const struct sound_memory *m, uint64_t hop)
{
	return (double)sound_memory_hop(m, hop)->level_db;
}

uint64_t sound_memory_hops_of(const struct sound_memory *m, double ms)
{
	return (uint64_t)(ms * m->rate_hz / 1000 / (double)m->hop_n);
}

double sound_memory_ms_of(const struct sound_memory *m, uint64_t hops)
{
	return (double)hops * (double)m->hop_n * 1000 / m->rate_hz;
}

double sound_memory_mean_db(const struct sound_memory *m, uint64_t from, uint64_t to)
{
	uint64_t oldest = sound_memory_oldest_hop(m);
	double sum = 0;
	unsigned n = 0;

	if (from < oldest)
		from = oldest;
	for (uint64_t h = from; h < to && h < m->n_hops; h++) {
		if (sound_memory_hop(m, h)->is_missing)
			continue;
		sum += (double)sound_memory_hop(m, h)->power;
		n++;
	}
	return n ? 10 * log10(sum / n + 1e-12) : -INFINITY;
}

void sound_memory_copy(
	const struct sound_memory *m, const float *ring, uint64_t from, size_t n, float *ret)
{
	size_t at = (size_t)(from % m->capacity);

	for (size_t i = 0; i < n; i++) {
		ret[i] = from + i < m->n ? ring[at] : 0;
		if (++at == m->capacity)
			at = 0;
	}
}
