// SPDX-License-Identifier: MIT
#include "daemon/core/posture/motion-sensor.h"

#include <math.h>
#include <string.h>

#include "coxad/base/units.h"

/* Streams faster than this are thinned out; what is between is gathered. */
#define THIN_US 8000
/* High-pass of the knock, one pole: well above body motion, well below a strike. */
#define KNOCK_TAU_S 0.016
/* Mean against which a step of gravity shows, and how long it must stand. */
#define STEP_TAU_S    0.2
#define STEP_HOLD_S   0.5
#define STEP_MEMORY_S 1.5
/* Faster turns come with accelerations that are no gravity. */
#define STEP_QUIET_DPS  90.0
#define REST_DPS        3.0
#define STEP_LEVEL_MPS2 0.6
/* What a bridged gap hides of a leg raised in 0.8 s, whose rate is bent by 10500 deg/s^3 (error of
 * the trapezoid): it grows with the cube of the gap, and goes as fast as the filter finds back. */
#define GAP_DEG_S3  900.0
#define GAP_LEAST_S 0.05
#define GAP_MOST_S  0.4 /* over a longer one the filter begins anew */
#define GAP_TAU_S   4.0
/* Without a gyroscope gravity is smoothed so long. */
#define BARE_TAU_S     0.12
#define INTERVAL_MIN_S 0.0005
/* Where the driver does not know it yet: of the slowest stream in use, 20 Hz. */
#define INTERVAL_UNKNOWN_US 50000.0
#define INTERVAL_MAX_S      1.0

void motion_sensor_init(struct motion_sensor *sensor)
{
	memset(sensor, 0, sizeof(*sensor));
	orientation_init(&sensor->orientation);
}

static struct vec3 toward(struct vec3 from, struct vec3 to, double tau_s, double step_s)
{
	return vec3_add(from, vec3_scale(vec3_sub(to, from), step_s / (tau_s + step_s)));
}

/* Gravity elsewhere than the filter holds it, while nothing turns: the sensor slipped unseen. */
static bool has_stepped(struct motion_sensor *s, struct vec3 acc,
	const struct orientation_output *out, double gap_s, double step_s, double limit_deg)
{
	struct quat level = s->orientation.strapdown;
	bool is_quiet;

	s->doubt_deg -= s->doubt_deg * step_s / GAP_TAU_S;
	if (gap_s > GAP_LEAST_S)
		s->doubt_deg += GAP_DEG_S3 * pow(fmin(gap_s, GAP_MOST_S), 3);
	/* Seen from the frame that the gyroscope holds still, so that turning does not matter. */
	s->resting_acc = toward(s->resting_acc, quat_rotate(level, acc), STEP_TAU_S, step_s);
	is_quiet = vec3_norm(out->gyr) < STEP_QUIET_DPS * RAD_PER_DEG &&
		   fabs(vec3_norm(s->resting_acc) - GRAVITY_MPS2) < STEP_LEVEL_MPS2 &&
		   !out->is_unsettled;
	if (out->is_unsettled) {
		s->has_held[0] = s->has_held[1] = false;
		s->held_s = STEP_MEMORY_S;
	}
	s->held_s += step_s;
	if (s->held_s >= STEP_MEMORY_S) {
		s->held_up[1] = s->held_up[0];
		s->has_held[1] = s->has_held[0];
		s->held_up[0] = quat_rotate(level, out->up);
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

static void gather(struct motion_sensor *s, int64_t t_us, const struct orientation_output *out,
	uint16_t flags, bool is_thin, motion_sensor_fn emit, void *user)
{
	struct timeline_sample sample;

	if (s->gathered == 0) {
		s->gyr_sum = (struct vec3){0, 0, 0};
		s->flags = MOTION_REST;
	}
	s->gathered++;
	s->gyr_sum = vec3_add(s->gyr_sum, out->gyr);
	s->flags = (uint16_t)((s->flags | flags) &
			      (uint16_t) ~(out->is_rest ? 0u : (unsigned)MOTION_REST));
	if (is_thin && t_us - s->emitted_us < THIN_US)
		return;
	sample = (struct timeline_sample){.t_us = t_us,
		.up = out->up,
		.gyr = vec3_scale(s->gyr_sum, 1.0 / s->gathered),
		.knock_g = s->knock_g,
		.flags = s->flags};
	s->gathered = 0;
	s->emitted_us = t_us;
	s->knock_g = 0;
	emit(&sample, user);
}

static void push_motion(struct motion_sensor *s, const struct record *record, double step_limit_deg,
	motion_sensor_fn emit, void *user)
{
	const struct motion_block *block = &record->motion;
	double interval_us = record->interval_host_us > 0 ? record->interval_host_us
			     : block->interval_us > 0     ? block->interval_us
							  : INTERVAL_UNKNOWN_US;
	double interval_s = fmin(fmax(interval_us / US_PER_S, INTERVAL_MIN_S), INTERVAL_MAX_S);

	for (unsigned i = 0; i < block->n; i++) {
		const struct motion_sample *sample = &block->samples[i];
		int64_t t_us = record->t_us + (int64_t)llround(i * interval_us);
		double gap_s = s->is_started ? (double)(t_us - s->last_us) / US_PER_S : interval_s;
		struct vec3 acc = {sample->acc_mps2[0], sample->acc_mps2[1], sample->acc_mps2[2]};
		struct orientation_output out;
		uint16_t flags = sample->flags;

		if (s->is_started && t_us <= s->last_us)
			continue;
		if (!s->is_started)
			s->smooth_acc = s->resting_acc = acc;
		if (block->has_gyr) {
			orientation_update(&s->orientation, sample, interval_s, gap_s, &out);
			if (has_stepped(s, acc, &out, gap_s, interval_s, step_limit_deg)) {
				flags |= MOTION_STEPPED;
				s->stepped_s = 0;
				orientation_settle(&s->orientation);
			}
		} else {
			struct vec3 up;

			s->resting_acc = s->is_started
						 ? toward(s->resting_acc, acc, BARE_TAU_S, gap_s)
						 : acc;
			up = vec3_unit(s->resting_acc);
			out = (struct orientation_output){.up = up, .is_rest = false};
			/* The turn that takes the old up to the new one, seen from the sensor. */
			if (s->is_started)
				out.gyr = vec3_scale(vec3_cross(up, s->last_up), 1 / gap_s);
			s->last_up = up;
		}
		s->smooth_acc =
			toward(s->smooth_acc, acc, KNOCK_TAU_S, fmin(gap_s, INTERVAL_MAX_S));
		s->knock_g = fmaxf(s->knock_g,
			(float)(vec3_norm(vec3_sub(acc, s->smooth_acc)) / GRAVITY_MPS2));
		if (out.is_unsettled)
			flags |= MOTION_UNSETTLED;
		s->last_us = t_us;
		s->is_started = true;
		gather(s, t_us, &out, flags, interval_us < THIN_US, emit, user);
	}
}

static void push_orientation(
	struct motion_sensor *s, const struct record *record, motion_sensor_fn emit, void *user)
{
	const struct orientation_block *block = &record->orientation;
	double interval_us =
		record->interval_host_us > 0 ? record->interval_host_us : block->interval_us;

	for (unsigned i = 0; i < block->n; i++) {
		const float *w = block->quat_wxyz[i];
		struct quat q = quat_unit((struct quat){w[0], w[1], w[2], w[3]});
		int64_t t_us = record->t_us + (int64_t)llround(i * interval_us);
		struct orientation_output out = {0};

		if (s->is_started && t_us <= s->last_us)
			continue;
		out.up = quat_rotate(quat_conj(q), (struct vec3){0, 0, 1});
		if (s->is_started) {
			struct quat turn = quat_mul(quat_conj(s->last_quat), q);
			double k; /* small turns: twice the vector part */

			if (turn.w < 0)
				turn = (struct quat){-turn.w, -turn.x, -turn.y, -turn.z};
			k = 2.0 * US_PER_S / (double)(t_us - s->last_us);
			out.gyr = vec3_scale((struct vec3){turn.x, turn.y, turn.z}, k);
		}
		out.is_rest = vec3_norm(out.gyr) < REST_DPS * RAD_PER_DEG;
		s->last_quat = q;
		s->last_us = t_us;
		s->is_started = true;
		gather(s, t_us, &out, block->flags, interval_us < THIN_US, emit, user);
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
