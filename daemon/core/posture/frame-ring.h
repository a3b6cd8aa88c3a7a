// SPDX-License-Identifier: MIT
#pragma once
/* The frames of the last POSTURE_RING_S, each with data that is not published: the motion that
 * repetitions are measured on, even while angles are hidden, and the knock of each wearable. A
 * phase that turns out to have begun earlier is written back (decision-model.md, ruling 11).
 * Allocates at init only.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/core/posture/kit-posture.h"

#define FRAME_RING_SIZE (POSTURE_RING_S * 1000000 / POSTURE_FRAME_US)

struct frame_motion {
	float elevation_deg[LEGS], speed_deg_s[LEGS], tilt_deg;
	float knock_g[PLACEMENT_COUNT]; /* NAN: unknown */
};

struct frame_ring {
	unsigned head, n; /* head: slot of the next one */
	struct posture_frame *frame;
	struct frame_motion *motion;
};

void frame_ring_init(struct frame_ring *ring);
void frame_ring_done(struct frame_ring *ring);
void frame_ring_push(struct frame_ring *ring, const struct posture_frame *frame,
	const struct frame_motion *motion);
/* Forgets all but the newest n. */
void frame_ring_keep(struct frame_ring *ring, unsigned n);
/* i = 0: the oldest. */
struct posture_frame *frame_ring_at(const struct frame_ring *ring, unsigned i);
const struct frame_motion *frame_ring_motion(const struct frame_ring *ring, unsigned i);
/* Fills in the motion of a leg at an instant at which it was unknown when the frame was made. */
void frame_ring_fill(struct frame_ring *ring, unsigned leg, int64_t t_us, double elevation_deg,
	double speed_deg_s);
/* Adds to the elevation of a leg in all of them, not to what was published. */
void frame_ring_rebase(struct frame_ring *ring, unsigned leg, double by_deg);
/* Index of the first frame at or after t_us; ring->n if there is none. */
unsigned frame_ring_find(const struct frame_ring *ring, int64_t t_us);
/* Writes back the phase and repetition of a leg from onset_us on. */
void frame_ring_redate(
	struct frame_ring *ring, unsigned leg, int64_t onset_us, enum phase phase, unsigned rep);
/* Sets quality marks from from_us on. */
void frame_ring_mark(struct frame_ring *ring, int64_t from_us, uint64_t quality);
/* Maximum in [from, to]; NAN without a frame. */
double frame_ring_knock_g(
	const struct frame_ring *ring, enum placement placement, int64_t from_us, int64_t to_us);
/* The kit's phase and moving leg(s) from those of its legs. */
void frame_ring_join_sides(struct posture_frame *frame);
