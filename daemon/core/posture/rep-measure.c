// SPDX-License-Identifier: MIT
#include "daemon/core/posture/rep-measure.h"

#include <math.h>

#include "coxad/base/units.h"

/* Length of the mean tilt before a repetition (decision-model.md 7.5 F7). */
#define PRESET_US 300000

static double of_sides(const float value[LEGS], enum side side)
{
	return side == SIDE_LEFT    ? value[LEG_LEFT]
	       : side == SIDE_RIGHT ? value[LEG_RIGHT]
				    : ((double)value[LEG_LEFT] + value[LEG_RIGHT]) / 2;
}

static void measure_loss(struct rep_measure *m, int64_t t_us, double tilt_deg, double elevation,
	const struct repetition_context *context)
{
	if (!(tilt_deg > context->tilt_limit_deg)) {
		m->loss_since_us = T_NEVER;
		return;
	}
	if (m->loss_since_us == T_NEVER) {
		m->loss_since_us = t_us;
		m->loss_candidate_deg = elevation;
	}
	if (isnan(m->loss_deg) &&
		(double)(t_us - m->loss_since_us) >= context->conf->loss_hold_ms * US_PER_MS)
		m->loss_deg = m->loss_candidate_deg;
}

static void measure_curve(struct rep_curve_sum *sum, double elevation_deg, double tilt_deg)
{
	double at = round((elevation_deg - TILT_CURVE_LOW_DEG) / TILT_CURVE_STEP_DEG);

	if (isnan(tilt_deg) || !(at >= 0 && at < TILT_CURVE_MAX))
		return;
	sum->tilt_deg[(unsigned)at] += (float)tilt_deg;
	sum->n[(unsigned)at]++;
}

void rep_measure_curve(const struct rep_curve_sum *sum, float ret[static TILT_CURVE_MAX])
{
	for (unsigned i = 0; i < TILT_CURVE_MAX; i++)
		ret[i] = sum->n[i] ? sum->tilt_deg[i] / sum->n[i] : NAN;
}

static void measure_frame(struct rep_measure *m, const struct posture_frame *frame,
	const struct frame_motion *motion, const struct repetition_context *context)
{
	const struct repetition_leg *leg = m->leg;
	enum side side = m->side;
	double elevation = of_sides(motion->elevation_deg, side);
	double l = motion->elevation_deg[LEG_LEFT], r = motion->elevation_deg[LEG_RIGHT];

	if (frame->t_us < leg->start_us) {
		if (!isnan(motion->tilt_deg)) {
			m->tilt_sum += motion->tilt_deg;
			m->tilts++;
		}
		return;
	}
	m->quality |= frame->quality;
	for (unsigned i = 0; i < LEGS; i++)
		m->leg_low_deg[i] = fmin(m->leg_low_deg[i], motion->elevation_deg[i]);
	m->low_deg = fmin(m->low_deg, elevation);
	m->high_deg = fmax(m->high_deg, elevation);
	if (side == SIDE_BOTH) {
		m->asymmetry_deg = fmax(m->asymmetry_deg,
			fabs(motion->elevation_deg[LEG_LEFT] - motion->elevation_deg[LEG_RIGHT]));
		if (!isnan(l + r)) {
			m->sx += l;
			m->sy += r;
			m->sxx += l * l;
			m->syy += r * r;
			m->sxy += l * r;
			m->pairs++;
		}
	}
	measure_curve(frame->t_us < leg->lower_us ? &m->raising : &m->lowering, elevation,
		motion->tilt_deg);
	if (frame->t_us < leg->lower_us)
		return;
	measure_loss(m, frame->t_us, motion->tilt_deg, elevation, context);
	if (m->n < SMOOTHNESS_MAX && !isnan(of_sides(motion->speed_deg_s, side)))
		m->speed[m->n++] = (float)-of_sides(motion->speed_deg_s, side);
}

double rep_measure_correlation(const struct rep_measure *m)
{
	double n = m->pairs, x = m->sxx - m->sx * m->sx / n, y = m->syy - m->sy * m->sy / n;

	return m->pairs > 1 ? (m->sxy - m->sx * m->sy / n) / sqrt(x * y) : NAN;
}

void rep_measure_take(struct rep_measure *m, const struct repetition_context *context)
{
	for (unsigned i = frame_ring_find(context->ring, m->leg->start_us - PRESET_US);
		i < context->ring->n; i++) {
		const struct posture_frame *frame = frame_ring_at(context->ring, i);

		if (frame->t_us > m->leg->end_us)
			break;
		measure_frame(m, frame, frame_ring_motion(context->ring, i), context);
	}
}
