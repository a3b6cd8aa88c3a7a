// SPDX-License-Identifier: MIT
#include "gym/truth-phase.h"

#include <math.h>

#define STEP_S 0.001

static const struct truth_window never = {NAN, NAN};

/* Moving: faster than 5 deg/s in the direction of `sign` for 150 ms, and by at least 5 degrees. */
static struct truth_window moving(
	const struct body *body, enum body_track leg, double from_s, double to_s, int sign)
{
	double onset = NAN, start_deg = body_angle(body, leg, from_s);

	for (double t = from_s; t < to_s; t += STEP_S) {
		if (sign * body_speed(body, leg, t) <= 5) {
			onset = NAN;
			continue;
		}
		if (isnan(onset))
			onset = t;
		if (t - onset >= 0.15 && sign * (body_angle(body, leg, t) - start_deg) >= 5)
			return (struct truth_window){onset, t};
	}
	return never;
}

/* Where and for how long the leg has to be still. */
struct stillness {
	double hold_s, start_deg; /* at least 20 degrees from start_deg */
};

/* Still: slower than 2.5 deg/s. */
static struct truth_window still(const struct body *body, enum body_track leg, double from_s,
	double to_s, struct stillness s)
{
	double onset = NAN;

	for (double t = from_s; t < to_s; t += STEP_S) {
		if (fabs(body_speed(body, leg, t)) >= 2.5 ||
			fabs(body_angle(body, leg, t) - s.start_deg) < 20) {
			onset = NAN;
			continue;
		}
		if (isnan(onset))
			onset = t;
		if (t - onset >= s.hold_s)
			return (struct truth_window){onset, t};
	}
	return never;
}

struct truth_phases truth_phase_of(
	const struct timeline *timeline, const struct timeline_rep *rep, enum body_track leg)
{
	const struct body *body = timeline->body[rep->athlete];
	struct truth_phases p = {never, never, never, never};
	double after = rep->end_s + fmax(rep->bottom_s - rep->end_s, 0.2);

	p.raise = moving(body, leg, rep->start_s - 0.1, rep->end_s, 1);
	if (isnan(p.raise.first_s))
		return p;
	p.top = still(body, leg, p.raise.last_s, rep->end_s,
		(struct stillness){0.12, body_angle(body, leg, rep->start_s)});
	p.lower = moving(
		body, leg, isnan(p.top.first_s) ? rep->raised_s : p.top.first_s, rep->end_s, -1);
	if (isnan(p.lower.first_s))
		return p;
	p.bottom = still(body, leg, p.lower.last_s, after,
		(struct stillness){0.15, body_angle(body, leg, p.lower.first_s)});
	return p;
}

double truth_phase_theta_loss(const struct timeline *timeline, const struct timeline_rep *rep)
{
	const struct body *body = timeline->body[rep->athlete];
	double limit = 0.45 * timeline->script->athlete[rep->athlete].span_deg;
	double since = NAN, at = NAN;

	for (double t = rep->lower_s; t < rep->end_s; t += STEP_S) {
		if (body_angle(body, BODY_TILT, t) <= limit) {
			since = NAN;
			continue;
		}
		if (isnan(since)) {
			since = t;
			at = timeline_rep_elevation(timeline, rep, t);
		}
		if (t - since >= 0.1)
			return at;
	}
	return NAN;
}
