// SPDX-License-Identifier: MIT
#pragma once
/* Finds clicks within sound that goes on: a knee clicks while it creaks (S73). A click stands out of
 * its own surroundings, the 200 ms before it and the 100 ms after it, whatever the seconds before
 * were like. A click in the quiet is the detector's own business. Pure; a hop costs two steps of a
 * running median; memory is allocated at init.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/core/analysis.h"
#include "daemon/core/pop/noise-floor.h"
#include "daemon/core/pop/sound-memory.h"

struct transient_finder {
	double out_db, width_most_ms, floor_min_db;
	uint64_t near, gap_before, gap_after, after; /* in hops, from the peak */
	struct noise_floor before_floor, after_floor;
};

struct transient {
	uint64_t peak_hop, onset_hop;
	double peak_db, around_db; /* around: median level of the louder side */
	double before_db; /* level of what goes on before it: the median, or the mean just before */
	double busy_share; /* of the surroundings, within 15 dB of the peak, 0..1 */
};

/* memory: of the stream; only its sizes are read. */
void transient_init(struct transient_finder *finder, const struct analysis_conf *analysis,
	const struct sound_memory *memory);
void transient_done(struct transient_finder *finder);
/* Forgets the levels. */
void transient_restart(struct transient_finder *finder);
/* Once for each completed hop that was received. True: *ret peaked 125 ms ago. */
bool transient_find(
	struct transient_finder *finder, const struct sound_memory *memory, struct transient *ret);
