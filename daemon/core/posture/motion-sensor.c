// SPDX-License-Identifier: MIT
#include "daemon/core/posture/motion-sensor.h"

#include <math.h>
#include <string.h>

#include "coxad/base/units.h"

/* Faster streams are decimated to this interval. */
#define THIN_US 8000
/* High-pass of the knock, one pole: well above body motion, well below a strike. */
#define KNOCK_TAU_S 0.016
/* Mean against which a step of gravity shows, and how long it must persist. */
#define STEP_TAU_S    0.2
#define STEP_HOLD_S   0.5
#define STEP_MEMORY_S 1.5
/* Faster turns come with accelerations other than gravity. */
#define STEP_QUIET_DEG_S 90.0
#define REST_DEG_S       3.0
#define STEP_LEVEL_M_S2  0.6
/* Error of the trapezoid over a bridged gap, for a leg raised in 0.8 s with 10500 deg/s^3: grows
 * with the cube of the gap, and decays as the filter recovers. */
#define GAP_DEG_S3  900.0
#define GAP_LEAST_S 0.05
#define GAP_MOST_S  0.4 /* over a longer one the filter restarts */
#define GAP_TAU_S   4.0
/* Smoothing of gravity without a gyroscope. */
#define BARE_TAU_S     0.12
#define INTERVAL_MIN_S 0.0005
/* While the driver does not know it: the slowest stream in use, 20 Hz. */
#define INTERVAL_UNKNOWN_US 50000.0
#define INTERVAL_MAX_S      1.0

void motion_sensor_init(struct motion_sensor *sensor)
{
	memset(sensor, 0, sizeof(*sensor));
	orientation_init(&sensor->orientation);
}

void motion_sensor_forget(struct motion_sensor *sensor)
{
	sensor->problem = WEARABLE_PROBLEM_NONE;
	stuck_axes_init(&sensor->stuck);
	gravity_check_init(&sensor->gravity);
}

static struct vec3 toward(struct vec3 from, struct vec3 to, double tau_s, double step_s)
{
	return vec3_add(from, vec3_scale(vec3_sub(to, from), step_s / (tau_s + step_s)));
}

/* One sample, and what the filter made of it. */
struct reading {
	int64_t t_us;
	double gap_s, step_s; /* since the sample before; nominal */
	struct vec3 acc;
	struct orientation_output out;
	uint16_t flags;
	bool is_thin; /* the stream is decimated */
};

/* Gravity differs from the filter while nothing turns: the sensor slipped. */
static bool has_stepped(struct motion_sensor *s, const struct reading *r, double limit_deg)
{
	const struct orientation_output *out = &r->out;
	double gap_s = r->gap_s, step_s = r->step_s;
	bool is_quiet;

	s->doubt_deg -= s->doubt_deg * step_s / GAP_TAU_S;
	if (gap_s > GAP_LEAST_S)
		s->doubt_deg += GAP_DEG_S3 * pow(fmin(gap_s, GAP_MOST_S), 3);
	/* In the inertial frame of the gyroscope, so that turning does not matter. */
	s->resting_acc = toward(s->resting_acc, out->level, STEP_TAU_S, step_s);
	is_quiet = vec3_norm(out->gyr) < STEP_QUIET_DEG_S * RAD_PER_DEG &&
		   fabs(vec3_norm(s->resting_acc) - GRAVITY_MPS2) < STEP_LEVEL_M_S2 &&
		   !out->is_unsettled;
	if (out->is_unsettled) {
		s->has_held[0] = s->has_held[1] = false;
		s->held_s = STEP_MEMORY_S;
	}
	s->held_s += step_s;
	if (s->held_s >= STEP_MEMORY_S) {
		s->held_up[1] = s->held_up[0];
		s->has_held[1] = s->has_held[0];
		s->held_up[0] = quat_rotate(s->orientation.strapdown, out->up);
		s->has_held[0] = !out->is_unsettled;
		s->held_s = 0;
	}
	if (!is_quiet || !s->has_held[1] ||
		vec3_angle(s->resting_acc, s->held_up[1]) <
			(limit_deg + s->doubt_deg) * RAD_PER_DEG) {
		s->stepped_s = 0;
		return false;
	}
	s->stepped_s += step_s;
	return s->stepped_s >= STEP_HOLD_S;
}

static void gather(
	struct motion_sensor *s, const struct reading *r, motion_sensor_fn emit, void *user)
{
	struct timeline_sample sample;

	if (s->gathered == 0) {
		s->gyr_sum = (struct vec3){0, 0, 0};
		s->flags = MOTION_REST;
	}
	s->gathered++;
	s->gyr_sum = vec3_add(s->gyr_sum, r->out.gyr);
	s->flags = (uint16_t)((s->flags | r->flags) &
			      (uint16_t) ~(r->out.is_rest ? 0u : (unsigned)MOTION_REST));
	if (r->is_thin && r->t_us - s->emitted_us < THIN_US)
		return;
	sample = (struct timeline_sample){.t_us = r->t_us,
		.up = r->out.up,
		.gyr = vec3_scale(s->gyr_sum, 1.0 / s->gathered),
		.knock_g = s->knock_g,
		.flags = s->flags};
	s->gathered = 0;
	s->emitted_us = r->t_us;
	s->knock_g = 0;
	emit(&sample, user);
}

/* Without a gyroscope: up is gravity, smoothed; the rate is what turns the old up to the new one,
 * seen from the sensor. */
static struct orientation_output without_gyr(struct motion_sensor *s, struct vec3 acc, double gap_s)
{
	struct orientation_output out = {0};

	s->resting_acc = s->is_started ? toward(s->resting_acc, acc, BARE_TAU_S, gap_s) : acc;
	out.up = vec3_unit(s->resting_acc);
	if (s->is_started)
		out.gyr = vec3_scale(vec3_cross(out.up, s->last_up), 1 / gap_s);
	s->last_up = out.up;
	return out;
}

static void check_gravity(struct motion_sensor *s, const struct reading *r, bool has_gyr)
{
	struct gravity_sample sample = {.acc = r->acc,
		.level = r->out.level,
		.rate_square = vec3_dot(r->out.gyr, r->out.gyr),
		.gap_s = r->gap_s,
		.step_s = r->step_s,
		.flags = (uint8_t)r->flags,
		.is_doubtful = r->out.is_learning};

	if (has_gyr)
		gravity_check_push(&s->gravity, &sample, &s->orientation.strapdown);
	else
		gravity_check_push_bare(&s->gravity, &sample);
	if (s->gravity.is_defective)
		s->problem = WEARABLE_PROBLEM_SENSOR_DEFECTIVE;
	else if (s->problem == WEARABLE_PROBLEM_SENSOR_DEFECTIVE)
		s->problem = WEARABLE_PROBLEM_NONE;
}

static void read_motion(struct motion_sensor *s, const struct motion_sample *sample, bool has_gyr,
	double step_limit_deg, struct reading *r)
{
	if (has_gyr) {
		orientation_update(&s->orientation, sample, r->step_s, r->gap_s, &r->out);
		if (has_stepped(s, r, step_limit_deg)) {
			r->flags |= MOTION_STEPPED;
			s->stepped_s = 0;
			orientation_settle(&s->orientation);
		}
	} else {
		r->out = without_gyr(s, r->acc, r->gap_s);
	}
	check_gravity(s, r, has_gyr);
	s->smooth_acc = toward(s->smooth_acc, r->acc, KNOCK_TAU_S, fmin(r->gap_s, INTERVAL_MAX_S));
	s->knock_g = fmaxf(
		s->knock_g, (float)(vec3_norm(vec3_sub(r->acc, s->smooth_acc)) / GRAVITY_MPS2));
	if (r->out.is_unsettled)
		r->flags |= MOTION_UNSETTLED;
}

static bool follow_stuck(struct motion_sensor *s, const struct record *record, double interval_s)
{
	bool is_stuck = stuck_axes_push(&s->stuck, record, interval_s);

	s->problem = is_stuck                  ? WEARABLE_PROBLEM_SENSOR_STUCK
		     : s->gravity.is_defective ? WEARABLE_PROBLEM_SENSOR_DEFECTIVE
					       : WEARABLE_PROBLEM_NONE;
	return is_stuck;
}

static void push_motion(struct motion_sensor *s, const struct record *record, double step_limit_deg,
	motion_sensor_fn emit, void *user)
{
	const struct motion_block *block = &record->motion;
	double interval_us = record->interval_host_us > 0 ? record->interval_host_us
			     : block->interval_us > 0     ? block->interval_us
							  : INTERVAL_UNKNOWN_US;
	double interval_s = fmin(fmax(interval_us / US_PER_S, INTERVAL_MIN_S), INTERVAL_MAX_S);

	if (follow_stuck(s, record, interval_s))
		return;
	for (unsigned i = 0; i < block->n; i++) {
		const struct motion_sample *sample = &block->samples[i];
		struct reading r = {.t_us = record->t_us + (int64_t)llround(i * interval_us),
			.step_s = interval_s,
			.acc = {sample->acc_mps2[0], sample->acc_mps2[1], sample->acc_mps2[2]},
			.flags = sample->flags,
			.is_thin = interval_us < THIN_US};

		if (s->is_started && r.t_us <= s->last_us)
			continue;
		r.gap_s = s->is_started ? (double)(r.t_us - s->last_us) / US_PER_S : interval_s;
		if (!s->is_started)
			s->smooth_acc = s->resting_acc = r.acc;
		read_motion(s, sample, block->has_gyr, step_limit_deg, &r);
		s->last_us = r.t_us;
		s->is_started = true;
		if (s->problem)
			s->gathered = 0;
		else
			gather(s, &r, emit, user);
	}
}

double motion_sensor_doubt_s(const struct motion_sensor *s)
{
	return s->problem == WEARABLE_PROBLEM_SENSOR_DEFECTIVE
		       ? s->gravity.wrong_s + GRAVITY_CHECK_S
		       : STUCK_AXES_S;
}

static void push_orientation(
	struct motion_sensor *s, const struct record *record, motion_sensor_fn emit, void *user)
{
	const struct orientation_block *block = &record->orientation;
	double interval_us =
		record->interval_host_us > 0 ? record->interval_host_us : block->interval_us;

	if (follow_stuck(s, record, interval_us / US_PER_S))
		return;
	for (unsigned i = 0; i < block->n; i++) {
		const float *w = block->quat_wxyz[i];
		struct quat q = quat_unit((struct quat){w[0], w[1], w[2], w[3]});
		struct reading r = {.t_us = record->t_us + (int64_t)llround(i * interval_us),
			.flags = block->flags,
			.is_thin = interval_us < THIN_US};

		if (s->is_started && r.t_us <= s->last_us)
			continue;
		r.out.up = quat_rotate(quat_conj(q), (struct vec3){0, 0, 1});
		if (s->is_started) {
			struct quat turn = quat_mul(quat_conj(s->last_quat), q);
			double k; /* small turns: twice the vector part */

			if (turn.w < 0)
				turn = (struct quat){-turn.w, -turn.x, -turn.y, -turn.z};
			k = 2.0 * US_PER_S / (double)(r.t_us - s->last_us);
			r.out.gyr = vec3_scale((struct vec3){turn.x, turn.y, turn.z}, k);
		}
		r.out.is_rest = vec3_norm(r.out.gyr) < REST_DEG_S * RAD_PER_DEG;
		s->last_quat = q;
		s->last_us = r.t_us;
		s->is_started = true;
		gather(s, &r, emit, user);
	}
}

void motion_sensor_push(struct motion_sensor *sensor, const struct record *record,
	double step_limit_deg, motion_sensor_fn emit, void *user)
{
	if (record->kind == RECORD_MOTION)
		push_motion(sensor, record, step_limit_deg, emit, user);
	else if (record->kind == RECORD_ORIENTATION)
		push_orientation(sensor, record, emit, user);
}
