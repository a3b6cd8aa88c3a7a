// SPDX-License-Identifier: MIT
#include "daemon/core/posture/orientation.h"

#include <math.h>
#include <string.h>

#include "coxad/base/units.h"

/* Laidig & Seel 2023, table of default parameters. */
#define TAU_ACC_S         3.0
#define BIAS_INIT_DEG_S   0.5
#define BIAS_FORGETTING_S 100.0
#define BIAS_CLIP_DEG_S   2.0
#define BIAS_MOTION_DEG_S 0.1
#define BIAS_VERTICAL     0.0001 /* share of the motion update that the vertical axis gets */
#define BIAS_REST_DEG_S   0.03
#define TAU_REST_S        0.5
#define REST_MIN_S        1.5
#define REST_GYR_DEG_S    2.0
#define REST_ACC_M_S2     0.5

/* Covariances are kept in (0.01 deg/s)^2, so that they are near one. */
#define COVARIANCE_UNIT 100.0
/* Shorter gaps are bridged by the mean rate; over longer ones the rotation is unknown. */
#define BRIDGE_S 0.4
/* A gap counts as saturation if the rates at its ends leave this much open. */
#define GAP_OPEN_DEG 10.0
/* Weight of the current inclination in a new mean after the gyroscope saturated. */
#define CLIP_TRUST_S    0.25
#define INTERVAL_CHANGE 0.05
/* Stricter than the published rest test: a leg lowered slowly turns at less than its 2 deg/s for a
 * second without being at rest. The mean rate must be near the bias, as far as that is known. */
#define REST_BIAS_DEG_S  0.5
#define REST_BIAS_SIGMAS 3.0

/* Greatest zero-rate offset of the gyroscopes in use (InvenSense MPU-6050 at +-20 deg/s; others of
 * that class 1 to 5), and the share of it by which gravity may seem to turn meanwhile. */
#define OFFSET_DEG_S 20.0
#define OFFSET_SHARE 0.25
/* At longer intervals a sample is an instantaneous rate; the rate between is the mean of two. */
#define COARSE_S 0.03

static void lowpass_design(struct orientation_lowpass *f, double tau_s, double interval_s)
{
	f->filter = biquad_low_pass(1 / interval_s, M_SQRT1_2 / M_PI / tau_s);
	f->settle_s = tau_s;
}

static void lowpass_all(const struct orientation_lowpass *f, struct orientation_bank *bank,
	unsigned n, const double *x, double interval_s)
{
	double *mean = bank->mean;

	if (bank->weight_s < f->settle_s) {
		double k;

		bank->weight_s += interval_s;
		k = interval_s / bank->weight_s;
		for (unsigned i = 0; i < n; i++)
			mean[i] += (x[i] - mean[i]) * k;
		if (bank->weight_s >= f->settle_s)
			for (unsigned i = 0; i < n; i++)
				biquad_settle(&f->filter, &bank->state[i], mean[i]);
		return;
	}
	for (unsigned i = 0; i < n; i++)
		mean[i] = biquad_step(&f->filter, &bank->state[i], x[i]);
}

static double squared(double x)
{
	return x * x;
}

static void tune(struct orientation *o, double interval_s)
{
	double motion = squared(BIAS_MOTION_DEG_S * COVARIANCE_UNIT);
	double rest = squared(BIAS_REST_DEG_S * COVARIANCE_UNIT);

	o->interval_s = interval_s;
	lowpass_design(&o->slow, TAU_ACC_S, interval_s);
	lowpass_design(&o->quick, TAU_REST_S, interval_s);
	o->drift = squared(0.1 * COVARIANCE_UNIT) * interval_s / BIAS_FORGETTING_S;
	/* Noise at which the covariance converges to the wanted sigma. */
	o->motion_noise = squared(motion) / o->drift + motion;
	o->vertical_noise = o->motion_noise / BIAS_VERTICAL;
	o->rest_noise = squared(rest) / o->drift + rest;
	/* Filters keep their last output with the new coefficients. */
	for (unsigned i = 0; i < 3; i++)
		biquad_settle(&o->slow.filter, &o->acc.state[i], o->acc.mean[i]);
	for (unsigned i = 0; i < 6; i++)
		biquad_settle(&o->quick.filter, &o->rest.state[i], o->rest.mean[i]);
	for (unsigned i = 0; i < 11; i++)
		biquad_settle(&o->slow.filter, &o->turn.state[i], o->turn.mean[i]);
}

static void reset_covariance(struct orientation *o)
{
	memset(o->covariance, 0, sizeof(o->covariance));
	o->covariance[0] = o->covariance[3] = o->covariance[5] =
		squared(BIAS_INIT_DEG_S * COVARIANCE_UNIT);
}

void orientation_init(struct orientation *o)
{
	memset(o, 0, sizeof(*o));
	o->strapdown = o->inclination = QUAT_IDENTITY;
	reset_covariance(o);
}

void orientation_settle(struct orientation *o)
{
	o->acc.weight_s = 0;
	o->turn.weight_s = 0;
	o->rest.weight_s = 0;
	o->rest_s = 0;
	o->is_rest = false;
	o->unsettled_s = TAU_ACC_S;
}

static double greatest_of(const double v[3])
{
	return fmax(fabs(v[0]), fmax(fabs(v[1]), fabs(v[2])));
}

/* A constant rate too large for a bias. A real turn moves gravity, unless it is about the vertical,
 * and nobody turns that evenly. */
static void learn_offset(struct orientation *o, double step_s)
{
	const double *mean = o->rest.mean;
	struct vec3 rate = {mean[0], mean[1], mean[2]};
	struct vec3 up = vec3_unit((struct vec3){mean[3], mean[4], mean[5]});

	if (o->constant_s <= 0)
		o->constant_up = up;
	o->constant_s += step_s;
	if (vec3_angle(o->constant_up, up) > OFFSET_SHARE * vec3_norm(rate) * REST_MIN_S) {
		o->constant_s = 0;
		return;
	}
	if (o->constant_s < REST_MIN_S)
		return;
	o->constant_s = 0;
	o->offset = vec3_add(o->offset, rate);
	memset(o->bias, 0, sizeof(o->bias));
	reset_covariance(o);
	orientation_settle(o);
}

static void detect_rest(struct orientation *o, struct vec3 gyr, struct vec3 acc, double step_s)
{
	double x[6] = {gyr.x, gyr.y, gyr.z, acc.x, acc.y, acc.z}, off_gyr = 0, off_acc = 0;
	const double *mean = o->rest.mean;
	double off_bias = 0, doubt_deg_s, spread;
	bool is_constant;

	lowpass_all(&o->quick, &o->rest, 6, x, step_s);
	for (unsigned i = 0; i < 3; i++) {
		off_gyr += squared(x[i] - mean[i]);
		off_acc += squared(x[3 + i] - mean[3 + i]);
		off_bias += squared(mean[i] - o->bias[i]);
	}
	spread = fmax(o->covariance[0], fmax(o->covariance[3], o->covariance[5]));
	doubt_deg_s = REST_BIAS_SIGMAS * sqrt(spread) / COVARIANCE_UNIT + REST_BIAS_DEG_S;
	is_constant =
		off_gyr < squared(REST_GYR_DEG_S * RAD_PER_DEG) && off_acc < squared(REST_ACC_M_S2);
	if (is_constant && off_bias < squared(doubt_deg_s * RAD_PER_DEG) &&
		greatest_of(mean) <= BIAS_CLIP_DEG_S * RAD_PER_DEG) {
		o->rest_s += step_s;
		o->is_rest = o->rest_s >= REST_MIN_S;
		o->constant_s = 0;
		return;
	}
	o->rest_s = 0;
	o->is_rest = false;
	if (is_constant && greatest_of(mean) <= OFFSET_DEG_S * RAD_PER_DEG)
		learn_offset(o, step_s);
	else
		o->constant_s = 0;
}

/* The shortest rotation of a unit vector onto z. */
static struct quat turn_to_z(struct vec3 v)
{
	double w;

	if (v.z < -0.999999)
		return (struct quat){0, 1, 0, 0};
	w = sqrt((v.z + 1) / 2);
	return (struct quat){w, v.y / (2 * w), -v.x / (2 * w), 0};
}

static void matrix_of(struct quat q, double r[9])
{
	r[0] = 1 - 2 * (q.y * q.y + q.z * q.z);
	r[1] = 2 * (q.x * q.y - q.w * q.z);
	r[2] = 2 * (q.x * q.z + q.w * q.y);
	r[3] = 2 * (q.x * q.y + q.w * q.z);
	r[4] = 1 - 2 * (q.x * q.x + q.z * q.z);
	r[5] = 2 * (q.y * q.z - q.w * q.x);
	r[6] = 2 * (q.x * q.z - q.w * q.y);
	r[7] = 2 * (q.y * q.z + q.w * q.x);
	r[8] = 1 - 2 * (q.x * q.x + q.y * q.y);
}

static double clip(double x, double limit)
{
	return x > limit ? limit : x < -limit ? -limit : x;
}

/* S = R P R' + W and its inverse; both symmetric, stored as the covariance is. */
static void invert(const double s[6], double ret[6])
{
	double c0 = s[3] * s[5] - s[4] * s[4], c1 = s[2] * s[4] - s[1] * s[5],
	       c2 = s[1] * s[4] - s[2] * s[3];
	double k = 1 / (s[0] * c0 + s[1] * c1 + s[2] * c2);

	ret[0] = c0 * k;
	ret[1] = c1 * k;
	ret[2] = c2 * k;
	ret[3] = (s[0] * s[5] - s[2] * s[2]) * k;
	ret[4] = (s[1] * s[2] - s[0] * s[4]) * k;
	ret[5] = (s[0] * s[3] - s[1] * s[1]) * k;
}

/* One Kalman step: bias seen through r with noise w and innovation e (rad/s). */
static void correct_bias(
	struct orientation *o, const double r[9], const double w[3], const double e[3])
{
	static const unsigned char at[3][3] = {{0, 1, 2}, {1, 3, 4}, {2, 4, 5}};
	double *p = o->covariance, pr[9], s[6], inverse[6], gain[9];
	double limit = BIAS_CLIP_DEG_S * RAD_PER_DEG, limited[3];

	for (unsigned i = 0; i < 3; i++) {
		limited[i] = clip(e[i], limit);
		for (unsigned j = 0; j < 3; j++) /* P R' */
			pr[3 * i + j] = p[at[i][0]] * r[3 * j] + p[at[i][1]] * r[3 * j + 1] +
					p[at[i][2]] * r[3 * j + 2];
	}
	for (unsigned i = 0; i < 3; i++)
		for (unsigned j = i; j < 3; j++)
			s[at[i][j]] = r[3 * i] * pr[j] + r[3 * i + 1] * pr[3 + j] +
				      r[3 * i + 2] * pr[6 + j] + (i == j ? w[i] : 0);
	invert(s, inverse);
	for (unsigned i = 0; i < 3; i++)
		for (unsigned j = 0; j < 3; j++)
			gain[3 * i + j] = pr[3 * i] * inverse[at[0][j]] +
					  pr[3 * i + 1] * inverse[at[1][j]] +
					  pr[3 * i + 2] * inverse[at[2][j]];
	for (unsigned i = 0; i < 3; i++) {
		double *b = &o->bias[i];

		*b = clip(*b + gain[3 * i] * limited[0] + gain[3 * i + 1] * limited[1] +
				  gain[3 * i + 2] * limited[2],
			limit);
		for (unsigned j = i; j < 3; j++)
			p[at[i][j]] -= gain[3 * i] * pr[3 * j] + gain[3 * i + 1] * pr[3 * j + 1] +
				       gain[3 * i + 2] * pr[3 * j + 2];
	}
}

static void learn_bias(struct orientation *o, struct vec3 acc_earth, double step_s)
{
	static const double unit[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
	double turn[11], ceiling = squared(BIAS_INIT_DEG_S * COVARIANCE_UNIT);
	const double *b = o->bias, *mean = o->turn.mean;

	matrix_of(quat_mul(o->inclination, o->strapdown), turn);
	turn[9] = turn[0] * b[0] + turn[1] * b[1] + turn[2] * b[2];
	turn[10] = turn[3] * b[0] + turn[4] * b[1] + turn[5] * b[2];
	lowpass_all(&o->slow, &o->turn, 11, turn, step_s);
	for (unsigned i = 0; i < 6; i += i ? 2 : 3) /* 0, 3, 5: the diagonal */
		if (o->covariance[i] < ceiling)
			o->covariance[i] += o->drift;
	if (o->is_rest) {
		double w[3] = {o->rest_noise, o->rest_noise, o->rest_noise};
		double e[3] = {
			o->rest.mean[0] - b[0], o->rest.mean[1] - b[1], o->rest.mean[2] - b[2]};

		correct_bias(o, unit, w, e);
	} else if (!o->is_clipped) {
		double w[3] = {o->motion_noise, o->motion_noise, o->vertical_noise};
		double e[3];

		e[0] = -acc_earth.y / step_s + mean[9] -
		       (mean[0] * b[0] + mean[1] * b[1] + mean[2] * b[2]);
		e[1] = acc_earth.x / step_s + mean[10] -
		       (mean[3] * b[0] + mean[4] * b[1] + mean[5] * b[2]);
		e[2] = -(mean[6] * b[0] + mean[7] * b[1] + mean[8] * b[2]);
		correct_bias(o, mean, w, e);
	}
}

/* Coning correction (Savage 1998): an axis that itself turns adds a second-order term, from the
 * rate of the sample before, or at the beginning of a gap. */
static void integrate(struct orientation *o, struct vec3 mean, struct vec3 rate, double step_s)
{
	struct vec3 turn = vec3_add(vec3_scale(mean, step_s),
		vec3_scale(vec3_cross(o->last_gyr, rate), step_s * step_s / 12));
	double angle = vec3_norm(turn);

	if (angle > 1e-12)
		o->strapdown = quat_unit(quat_mul(
			o->strapdown, quat_from_axis_angle(vec3_scale(turn, 1 / angle), angle)));
}

/* The gyroscope missed part of a turn: rely on gravity again soon. */
static void doubt(struct orientation *o)
{
	o->acc.weight_s = fmin(o->acc.weight_s, CLIP_TRUST_S);
	o->turn.weight_s = fmin(o->turn.weight_s, CLIP_TRUST_S);
	o->unsettled_s = TAU_ACC_S;
	o->is_clipped = true;
}

static struct vec3 slow_mean(const struct orientation *o)
{
	return (struct vec3){o->acc.mean[0], o->acc.mean[1], o->acc.mean[2]};
}

/* Sensor to an earth frame with z up. */
static struct quat earth_quat(const struct orientation *o)
{
	return quat_mul(o->inclination, o->strapdown);
}

void orientation_update(struct orientation *o, const struct motion_sample *sample,
	double interval_s, double gap_s, struct orientation_output *ret)
{
	struct vec3 gyr =
		vec3_sub((struct vec3){sample->gyr_rps[0], sample->gyr_rps[1], sample->gyr_rps[2]},
			o->offset);
	struct vec3 acc = {sample->acc_mps2[0], sample->acc_mps2[1], sample->acc_mps2[2]};
	struct vec3 rate, level, earth;
	double in[3], norm;

	if (fabs(interval_s - o->interval_s) > INTERVAL_CHANGE * o->interval_s)
		tune(o, interval_s);
	if (!o->is_started || gap_s > BRIDGE_S)
		orientation_settle(o);
	detect_rest(o, gyr, acc, interval_s);

	rate = vec3_sub(gyr, (struct vec3){o->bias[0], o->bias[1], o->bias[2]});
	if (o->is_started) {
		/* A bridged gap: the mean of both ends over its length. */
		bool is_gap =
			(gap_s > 1.5 * interval_s || interval_s > COARSE_S) && gap_s <= BRIDGE_S;

		integrate(o, is_gap ? vec3_scale(vec3_add(rate, o->last_gyr), 0.5) : rate, rate,
			is_gap ? gap_s : interval_s);
		if (is_gap && vec3_norm(vec3_sub(rate, o->last_gyr)) * gap_s / 2 >
				      GAP_OPEN_DEG * RAD_PER_DEG)
			doubt(o);
	}
	o->last_gyr = rate;
	if (sample->flags & SAMPLE_GYR_CLIPPED)
		doubt(o);
	/* A saturated accelerometer does not show where up is: use the mean. */
	ret->level = quat_rotate(o->strapdown, acc);
	level = o->is_started && (sample->flags & SAMPLE_ACC_CLIPPED) ? slow_mean(o) : ret->level;
	in[0] = level.x;
	in[1] = level.y;
	in[2] = level.z;
	lowpass_all(&o->slow, &o->acc, 3, in, interval_s);
	o->is_started = true;

	earth = quat_rotate(o->inclination, slow_mean(o));
	norm = vec3_norm(earth);
	if (norm > 0) {
		earth = vec3_scale(earth, 1 / norm);
		o->inclination = quat_unit(quat_mul(turn_to_z(earth), o->inclination));
		learn_bias(o, earth, interval_s);
	}
	o->unsettled_s = fmax(o->unsettled_s - interval_s, 0);
	o->is_clipped &= o->unsettled_s > 0;

	ret->up = quat_rotate(quat_conj(earth_quat(o)), (struct vec3){0, 0, 1});
	ret->gyr = rate;
	ret->is_rest = o->is_rest;
	ret->is_unsettled = o->unsettled_s > 0;
	ret->is_learning =
		o->constant_s > 0 && greatest_of(o->rest.mean) > BIAS_CLIP_DEG_S * RAD_PER_DEG;
}
