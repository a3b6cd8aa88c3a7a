// SPDX-License-Identifier: MIT
#include "daemon/core/posture/frame-ring.h"

#include <math.h>
#include <stdlib.h>

#include "coxad/base/alloc.h"
#include "daemon/core/posture/posture.h"

void frame_ring_init(struct frame_ring *ring)
{
	ring->head = ring->n = 0;
	ring->frame = alloc_zero(FRAME_RING_SIZE, sizeof(*ring->frame));
	ring->motion = alloc_zero(FRAME_RING_SIZE, sizeof(*ring->motion));
}

void frame_ring_done(struct frame_ring *ring)
{
	free(ring->frame);
	free(ring->motion);
}

static unsigned slot(const struct frame_ring *ring, unsigned i)
{
	return (ring->head + FRAME_RING_SIZE - ring->n + i) % FRAME_RING_SIZE;
}

void frame_ring_push(struct frame_ring *ring, const struct posture_frame *frame,
	const struct frame_motion *motion)
{
	ring->frame[ring->head] = *frame;
	ring->motion[ring->head] = *motion;
	ring->head = (ring->head + 1) % FRAME_RING_SIZE;
	if (ring->n < FRAME_RING_SIZE)
		ring->n++;
}

struct posture_frame *frame_ring_at(const struct frame_ring *ring, unsigned i)
{
	return &ring->frame[slot(ring, i)];
}

const struct frame_motion *frame_ring_motion(const struct frame_ring *ring, unsigned i)
{
	return &ring->motion[slot(ring, i)];
}

unsigned frame_ring_find(const struct frame_ring *ring, int64_t t_us)
{
	unsigned low = 0, high = ring->n;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;

		if (frame_ring_at(ring, middle)->t_us < t_us)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void frame_ring_fill(struct frame_ring *ring, unsigned leg, int64_t t_us, double elevation_deg,
	double speed_deg_s)
{
	unsigned i = frame_ring_find(ring, t_us);
	struct frame_motion *motion;

	if (i == ring->n || frame_ring_at(ring, i)->t_us != t_us)
		return;
	motion = &ring->motion[slot(ring, i)];
	motion->elevation_deg[leg] = (float)elevation_deg;
	motion->speed_deg_s[leg] = (float)speed_deg_s;
}

void frame_ring_rebase(struct frame_ring *ring, unsigned leg, double by_deg)
{
	for (unsigned i = 0; i < ring->n; i++)
		ring->motion[slot(ring, i)].elevation_deg[leg] += (float)by_deg;
}

/* Which leg's phase represents the kit: the moving one; if both move, the one that lowers. */
static unsigned weight(enum phase phase)
{
	switch (phase) {
	case PHASE_LOWER:
		return 8;
	case PHASE_RAISE:
		return 7;
	case PHASE_TOP:
		return 6;
	case PHASE_BOTTOM:
		return 5;
	case PHASE_READY:
		return 4;
	case PHASE_REST:
		return 3;
	case PHASE_OTHER:
		return 2;
	case PHASE_UNCAL:
		return 1;
	case PHASE_OFFLINE:
	case PHASE_COUNT:
		break;
	}
	return 0;
}

void frame_ring_join_sides(struct posture_frame *frame)
{
	enum phase left = frame->phase[LEG_LEFT], right = frame->phase[LEG_RIGHT];
	unsigned l = weight(left), r = weight(right),
		 least = posture_is_moving(left) || posture_is_moving(right) ? weight(PHASE_TOP)
									     : weight(PHASE_BOTTOM);

	frame->phase_kit = l >= r ? left : right;
	frame->side = l >= least && r >= least ? SIDE_BOTH
		      : l >= least             ? SIDE_LEFT
		      : r >= least             ? SIDE_RIGHT
					       : SIDE_UNKNOWN;
}

void frame_ring_redate(
	struct frame_ring *ring, unsigned leg, int64_t onset_us, enum phase phase, unsigned rep)
{
	for (unsigned i = ring->n; i-- > 0;) {
		struct posture_frame *frame = frame_ring_at(ring, i);

		if (frame->t_us < onset_us)
			return;
		if (frame->phase[leg] == PHASE_UNCAL || frame->phase[leg] == PHASE_OFFLINE)
			continue;
		frame->phase[leg] = phase;
		frame->rep = rep;
		frame_ring_join_sides(frame);
	}
}

void frame_ring_mark(struct frame_ring *ring, int64_t from_us, uint64_t quality)
{
	for (unsigned i = frame_ring_find(ring, from_us); i < ring->n; i++)
		frame_ring_at(ring, i)->quality |= quality;
}

void frame_ring_keep(struct frame_ring *ring, unsigned n)
{
	if (ring->n > n)
		ring->n = n;
}

double frame_ring_knock_g(
	const struct frame_ring *ring, enum placement placement, int64_t from_us, int64_t to_us)
{
	double greatest = NAN;

	for (unsigned i = frame_ring_find(ring, from_us); i < ring->n; i++) {
		double knock = frame_ring_motion(ring, i)->knock_g[placement];

		if (frame_ring_at(ring, i)->t_us > to_us)
			break;
		greatest = fmax(greatest, knock); /* fmax ignores NAN */
	}
	return greatest;
}
