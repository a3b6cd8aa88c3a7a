// SPDX-License-Identifier: MIT
#include "gym/body.h"

#include <stdlib.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "gym/grow.h"

#define DIFFERENCE_S 1e-3 /* step of the central differences */
#define WALK_FADE_S  0.8

struct track {
	double initial;
	struct body_move *move;
	size_t n, size;
};

struct bounce {
	double start_s, duration_s, hz, peak_mps2;
};

struct body {
	double heading_rad, breath_deg, breath_period_s, lordosis_share;
	struct track track[BODY_TRACK_COUNT];
	struct body_shock *shock;
	size_t n_shocks;
	struct bounce *bounce;
	size_t n_bounces;
};

struct body *body_new(
	double heading_deg, double breath_deg, double breath_period_s, double lordosis_share)
{
	struct body *body = new0(struct body);

	body->heading_rad = heading_deg * RAD_PER_DEG;
	body->breath_deg = breath_deg;
	body->breath_period_s = breath_period_s;
	body->lordosis_share = lordosis_share;
	return body;
}

struct body *body_free(struct body *body)
{
	if (!body)
		return NULL;
	for (unsigned i = 0; i < BODY_TRACK_COUNT; i++)
		free(body->track[i].move);
	free(body->shock);
	free(body->bounce);
	free(body);
	return NULL;
}

static double min_jerk(double x)
{
	if (x <= 0)
		return 0;
	if (x >= 1)
		return 1;
	return x * x * x * (10 - 15 * x + 6 * x * x);
}

/* How far the movement's own time has run `u` seconds into a ramp of length `len`, if its rate goes
 * from a to b along a half cosine. */
static double ramp_integral(double u, double len, double a, double b)
{
	if (len <= 0)
		return 0;
	return (a + b) / 2 * u + (a - b) / 2 * len / M_PI * sin(M_PI * u / len);
}

/* Real seconds since the start of a move -> the movement's own seconds. Warps are in order. */
static double warped(const struct body_move *move, double real_s)
{
	double own = 0, real = 0;

	for (unsigned i = 0; i < move->n_warps; i++) {
		const struct body_warp *w = &move->warp[i];
		double until = real + (w->at_s - own), left;

		if (real_s <= until)
			return own + real_s - real;
		own = w->at_s;
		real = until;
		left = real_s - real;
		if (left <= w->in_s)
			return own + ramp_integral(left, w->in_s, 1, w->rate);
		own += ramp_integral(w->in_s, w->in_s, 1, w->rate);
		left -= w->in_s;
		if (left <= w->hold_s)
			return own + left * w->rate;
		own += w->hold_s * w->rate;
		left -= w->hold_s;
		if (left <= w->out_s)
			return own + ramp_integral(left, w->out_s, w->rate, 1);
		own += ramp_integral(w->out_s, w->out_s, w->rate, 1);
		real += w->in_s + w->hold_s + w->out_s;
	}
	return own + real_s - real;
}

static double held_back(const struct body_move *move)
{
	double sum = 0;

	for (unsigned i = 0; i < move->n_warps; i++) {
		const struct body_warp *w = &move->warp[i];
		sum += (1 - w->rate) * (w->in_s / 2 + w->hold_s + w->out_s / 2);
	}
	return sum;
}

static double move_value(const struct body *body, const struct body_move *move, double t_s)
{
	double real = t_s - move->start_s, x, leg, span;

	switch (move->shape) {
	case BODY_SHAPE_MOVE:
		x = warped(move, real) / (move->duration_s - held_back(move));
		if (x <= 0)
			return move->from;
		if (x >= 1)
			return move->to;
		span = sin(M_PI * x) * sin(M_PI * x);
		return move->from + (move->to - move->from) * min_jerk(x) + move->bulge_deg * span +
		       move->tremor_deg * span * sin(2 * M_PI * move->hz * real);
	case BODY_SHAPE_ARCH:
		leg = body_angle(body, move->follows,
			real > move->duration_s ? move->start_s + move->duration_s : t_s);
		return move->from + (move->to - move->from) *
					    min_jerk((move->arch_from_deg - leg) /
						     (move->arch_from_deg - move->arch_to_deg));
	case BODY_SHAPE_SWING:
		if (real <= 0 || real >= move->duration_s)
			return move->from;
		return move->from + move->to * min_jerk(real / WALK_FADE_S) *
					    min_jerk((move->duration_s - real) / WALK_FADE_S) *
					    sin(2 * M_PI * move->hz * real + move->phase_rad);
	}
	return 0;
}

static double track_value(const struct body *body, enum body_track track, double t_s)
{
	const struct track *tr = &body->track[track];
	size_t low = 0, high = tr->n;

	while (low < high) {
		size_t mid = (low + high) / 2;
		if (tr->move[mid].start_s <= t_s)
			low = mid + 1;
		else
			high = mid;
	}
	return low ? move_value(body, &tr->move[low - 1], t_s) : tr->initial;
}

void body_start(struct body *body, enum body_track track, double angle_deg)
{
	body->track[track].initial = angle_deg;
}

double body_add(struct body *body, enum body_track track, struct body_move move)
{
	struct track *tr = &body->track[track];

	move.from = track_value(body, track, move.start_s);
	if (move.shape == BODY_SHAPE_MOVE)
		move.duration_s += held_back(&move);
	if (tr->n == tr->size) {
		tr->size = tr->size ? tr->size * 2 : 64;
		tr->move = reallocarray(tr->move, tr->size, sizeof(*tr->move));
		if (!tr->move)
			abort();
	}
	tr->move[tr->n++] = move;
	return move.start_s + move.duration_s;
}

void body_add_shock(struct body *body, struct body_shock shock)
{
	body->shock = grow_array(body->shock, &body->n_shocks, sizeof(*body->shock));
	body->shock[body->n_shocks - 1] = shock;
}

void body_add_bounce(
	struct body *body, double start_s, double duration_s, double hz, double peak_mps2)
{
	body->bounce = grow_array(body->bounce, &body->n_bounces, sizeof(*body->bounce));
	body->bounce[body->n_bounces - 1] = (struct bounce){start_s, duration_s, hz, peak_mps2};
}

double body_angle(const struct body *body, enum body_track track, double t_s)
{
	double angle = track_value(body, track, t_s);

	if (track == BODY_TILT)
		angle += body->breath_deg * sin(2 * M_PI * t_s / body->breath_period_s);
	return angle;
}

double body_speed(const struct body *body, enum body_track track, double t_s)
{
	return (body_angle(body, track, t_s + DIFFERENCE_S) -
		       body_angle(body, track, t_s - DIFFERENCE_S)) /
	       (2 * DIFFERENCE_S);
}

double body_when(const struct body *body, enum body_track track, double angle_deg, double from_s,
	double to_s)
{
	double before = body_angle(body, track, from_s) - angle_deg;

	for (double t = from_s; t < to_s; t += 0.001) {
		double now = body_angle(body, track, t + 0.001) - angle_deg;

		if (before == 0)
			return t;
		if ((before < 0) != (now < 0))
			return t + 0.001 * before / (before - now);
		before = now;
	}
	return NAN;
}

enum body_segment body_segment_of(enum placement placement)
{
	switch (placement) {
	case PLACEMENT_THIGH_LEFT:
		return BODY_SEGMENT_THIGH_LEFT;
	case PLACEMENT_THIGH_RIGHT:
		return BODY_SEGMENT_THIGH_RIGHT;
	case PLACEMENT_LUMBAR:
	case PLACEMENT_LOW_BACK:
		return BODY_SEGMENT_LUMBAR;
	case PLACEMENT_PELVIS:
	case PLACEMENT_HIP_LEFT:
	case PLACEMENT_HIP_RIGHT:
		return BODY_SEGMENT_PELVIS;
	case PLACEMENT_ROOM:
	case PLACEMENT_COUNT:
		return BODY_SEGMENT_ROOM;
	}
	return BODY_SEGMENT_ROOM;
}

/* A leg that goes up turns about +y (seen from the hip, x sinks below the floor); a pelvis that
 * tilts forward, or a trunk that sits up, turns about -y. */
struct quat body_orientation(const struct body *body, enum body_segment segment, double t_s)
{
	double pitch = 0, roll = 0;

	switch (segment) {
	case BODY_SEGMENT_PELVIS:
		pitch = -body_angle(body, BODY_TRUNK, t_s) - body_angle(body, BODY_TILT, t_s);
		roll = body_angle(body, BODY_ROLL, t_s);
		break;
	case BODY_SEGMENT_LUMBAR:
		pitch = -body_angle(body, BODY_TRUNK, t_s) -
			(1 - body->lordosis_share) * body_angle(body, BODY_TILT, t_s);
		break;
	case BODY_SEGMENT_THIGH_LEFT:
		pitch = body_angle(body, BODY_ELEVATION_LEFT, t_s);
		break;
	case BODY_SEGMENT_THIGH_RIGHT:
		pitch = body_angle(body, BODY_ELEVATION_RIGHT, t_s);
		break;
	case BODY_SEGMENT_ROOM:
		return QUAT_IDENTITY;
	}
	return quat_mul(quat_from_axis_angle((struct vec3){0, 0, 1}, body->heading_rad),
		quat_mul(quat_from_axis_angle((struct vec3){0, 1, 0}, pitch * RAD_PER_DEG),
			quat_from_axis_angle((struct vec3){1, 0, 0}, roll * RAD_PER_DEG)));
}

struct vec3 body_rate(const struct body *body, enum body_segment segment, double t_s)
{
	struct quat a = body_orientation(body, segment, t_s - DIFFERENCE_S);
	struct quat b = body_orientation(body, segment, t_s + DIFFERENCE_S);
	struct quat d = quat_mul(quat_conj(a), b);
	struct vec3 v = {d.x, d.y, d.z};
	double n = vec3_norm(v);

	if (d.w < 0)
		v = vec3_scale(v, -1);
	return vec3_scale(v, n > 1e-12 ? 2 * atan2(n, fabs(d.w)) / n / (2 * DIFFERENCE_S) : 0);
}

static double pushed(const struct body *body, enum body_segment segment, double t_s)
{
	double sum = 0;

	for (size_t i = 0; i < body->n_shocks; i++) {
		const struct body_shock *s = &body->shock[i];
		double x = (t_s - s->at_s) / s->width_s;
		if (s->segment == segment && x > 0 && x < 1)
			sum += s->peak_mps2 * (1 - cos(2 * M_PI * x)) / 2;
	}
	return sum;
}

static double bounced(const struct body *body, double t_s)
{
	double sum = 0;

	for (size_t i = 0; i < body->n_bounces; i++) {
		const struct bounce *b = &body->bounce[i];
		double real = t_s - b->start_s;
		if (real > 0 && real < b->duration_s)
			sum += b->peak_mps2 * min_jerk(real / WALK_FADE_S) *
			       min_jerk((b->duration_s - real) / WALK_FADE_S) *
			       sin(4 * M_PI * b->hz * real);
	}
	return sum;
}

struct vec3 body_force(
	const struct body *body, enum body_segment segment, struct vec3 lever_m, double t_s)
{
	struct quat now = body_orientation(body, segment, t_s);
	struct vec3 p = quat_rotate(now, lever_m);
	struct vec3 before =
		quat_rotate(body_orientation(body, segment, t_s - DIFFERENCE_S), lever_m);
	struct vec3 after =
		quat_rotate(body_orientation(body, segment, t_s + DIFFERENCE_S), lever_m);
	struct vec3 f = vec3_scale(vec3_sub(vec3_add(before, after), vec3_scale(p, 2)),
		1 / (DIFFERENCE_S * DIFFERENCE_S));

	f.z += GRAVITY_MPS2 + pushed(body, segment, t_s);
	if (segment != BODY_SEGMENT_ROOM)
		f.z += bounced(body, t_s);
	return quat_rotate(quat_conj(now), f);
}
