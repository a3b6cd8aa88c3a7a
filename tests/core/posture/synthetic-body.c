// SPDX-License-Identifier: MIT
#include "tests/core/posture/synthetic-body.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/generator.h"
#include "coxad/base/units.h"

#define THIGH_M 0.3   /* hip to sensor */
#define STEP_S  0.002 /* for differences */
/* Of an even move: each end's share of its time. */
#define EVEN_END 0.06

double body_random(uint64_t *seed)
{
	return generator_unit(generator_splitmix(seed));
}

static double normal(uint64_t *seed)
{
	double u = body_random(seed), v = body_random(seed);

	return sqrt(-2 * log(u + 1e-300)) * cos(2 * M_PI * v);
}

struct quat body_random_quat(uint64_t *seed)
{
	return quat_unit((struct quat){normal(seed), normal(seed), normal(seed), normal(seed)});
}

void body_move(struct body_track *track, double t_s, double move_s, double value)
{
	double from = body_at(track, t_s);

	if (track->n + 2 > BODY_KEYS)
		abort();
	track->key[track->n].t_s = t_s;
	track->key[track->n].is_even = false;
	track->key[track->n++].value = from;
	track->key[track->n].t_s = t_s + move_s;
	track->key[track->n++].value = value;
}

void body_move_evenly(struct body_track *track, double t_s, double move_s, double value)
{
	body_move(track, t_s, move_s, value);
	track->key[track->n - 2].is_even = true;
}

static double minimum_jerk(double k)
{
	return k * k * k * (10 - 15 * k + 6 * k * k);
}

/* The speed grows as half a cosine over the first share of the time, and back over the last. */
static double even(double k)
{
	double e = EVEN_END, speed = 1 / (1 - e);

	if (k > 0.5)
		return 1 - even(1 - k);
	return k < e ? speed * (k - e / M_PI * sin(M_PI * k / e)) / 2 : speed * (k - e / 2);
}

double body_at(const struct body_track *track, double t_s)
{
	unsigned low = 0, high = track->n;
	double k;

	if (track->n == 0)
		return 0;
	while (low < high) {
		unsigned middle = (low + high) / 2;

		if (track->key[middle].t_s <= t_s)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return track->key[0].value;
	if (low == track->n)
		return track->key[track->n - 1].value;
	k = (t_s - track->key[low - 1].t_s) / (track->key[low].t_s - track->key[low - 1].t_s);
	k = track->key[low - 1].is_even ? even(k) : minimum_jerk(k);
	return track->key[low - 1].value + k * (track->key[low].value - track->key[low - 1].value);
}

double body_speed(const struct body_track *track, double t_s)
{
	return (body_at(track, t_s + STEP_S) - body_at(track, t_s - STEP_S)) / (2 * STEP_S);
}

static double elevation(const struct body *body, unsigned side, double t_s)
{
	const struct body_track *track = &body->elevation_deg[side];
	double shake = fmin(fabs(body_speed(track, t_s)) / 10, 1), angle = body_at(track, t_s);
	double held = (1 - shake) * fmin(fmax(angle, 0) / 5, 1);

	return angle + (shake * body->tremor_deg + held * body->held_tremor_deg) *
			       sin(2 * M_PI * body->tremor_hz * t_s + side);
}

static struct quat segment_quat(const struct body *body, enum placement placement, double t_s)
{
	/* Upright is 0, supine -90 about the axis to the left; the earth's y is to the left. */
	double turn_deg = body_at(&body->trunk_deg, t_s) - 90;
	double lean_deg = body_at(&body->roll_deg, t_s), aside_deg = 0;

	if (placement == PLACEMENT_THIGH_LEFT || placement == PLACEMENT_THIGH_RIGHT) {
		unsigned side = placement == PLACEMENT_THIGH_LEFT ? LEG_LEFT : LEG_RIGHT;

		/* A thigh is against the floor, so the trunk does not turn it. */
		turn_deg = -90 - elevation(body, side, t_s);
		aside_deg = body_at(&body->abduction_deg[side], t_s);
		if (side == LEG_RIGHT)
			aside_deg = -aside_deg;
		else
			lean_deg += body_at(&body->lean_deg, t_s);
	} else if (placement != PLACEMENT_LUMBAR) {
		turn_deg += body_at(&body->tilt_deg, t_s);
	}
	return quat_mul(quat_from_axis_angle((struct vec3){0, 1, 0}, turn_deg * RAD_PER_DEG),
		quat_mul(quat_from_axis_angle((struct vec3){0, 0, 1}, lean_deg * RAD_PER_DEG),
			quat_from_axis_angle((struct vec3){1, 0, 0}, aside_deg * RAD_PER_DEG)));
}

static struct vec3 place(const struct body *body, enum placement placement, double t_s)
{
	if (placement != PLACEMENT_THIGH_LEFT && placement != PLACEMENT_THIGH_RIGHT)
		return (struct vec3){0, 0, 0};
	return quat_rotate(segment_quat(body, placement, t_s), (struct vec3){0, 0, -THIGH_M});
}

#define STRIKE_S 0.03

/* m/s^2 upward */
static double walk_bounce(const struct body *body, double t_s)
{
	double since_s;

	if (!(t_s > body->walk_from_s && t_s < body->walk_to_s))
		return 0;
	since_s = fmod(t_s - body->walk_from_s, body->step_s);
	return body->bounce_mps2 * sin(2 * M_PI * since_s / body->step_s) +
	       (since_s < STRIKE_S ? body->strike_mps2 * sin(M_PI * since_s / STRIKE_S) : 0);
}

/* Taking it off and putting it on again takes so long. */
#define TURN_S 1.5

static struct quat mount_at(const struct body_worn *worn, double t_s)
{
	static const struct vec3 axis[2] = {{1, 0, 0}, {0, 0, 1}};
	double share = fmin(fmax((t_s - worn->turned_at_s) / TURN_S, 0), 1);
	struct quat mount = worn->mount;

	for (unsigned i = 0; i < 2; i++)
		if (worn->handled_deg[i])
			mount = quat_mul(
				mount, quat_from_axis_angle(axis[i],
					       body_at(worn->handled_deg[i], t_s) * RAD_PER_DEG));
	if (!(worn->turned_at_s > 0))
		return mount;
	return quat_mul(
		mount, quat_from_axis_angle(worn->turn_axis, share * worn->turn_deg * RAD_PER_DEG));
}

/* How far it has come from one segment to another. */
static double moved_share(const struct body_worn *worn, double t_s)
{
	if (!(worn->moved_at_s > 0))
		return 0;
	return minimum_jerk(fmin(fmax((t_s - worn->moved_at_s) / TURN_S, 0), 1));
}

static struct quat sensor_quat(const struct body *body, const struct body_worn *worn, double t_s)
{
	double share = moved_share(worn, t_s), sign;
	struct quat a = quat_mul(segment_quat(body, worn->placement, t_s), mount_at(worn, t_s)), b;

	if (share == 0)
		return a;
	b = quat_mul(segment_quat(body, worn->moved_to, t_s), worn->moved_mount);
	sign = a.w * b.w + a.x * b.x + a.y * b.y + a.z * b.z < 0 ? -share : share;
	return quat_unit(
		(struct quat){(1 - share) * a.w + sign * b.w, (1 - share) * a.x + sign * b.x,
			(1 - share) * a.y + sign * b.y, (1 - share) * a.z + sign * b.z});
}

static struct vec3 sensor_place(const struct body *body, const struct body_worn *worn, double t_s)
{
	double share = moved_share(worn, t_s);
	struct vec3 at = place(body, worn->placement, t_s);

	if (share == 0)
		return at;
	return vec3_add(
		vec3_scale(at, 1 - share), vec3_scale(place(body, worn->moved_to, t_s), share));
}

static void sense(const struct body *body, const struct body_worn *worn, double t_s, uint64_t *seed,
	struct motion_sample *ret)
{
	struct quat q = sensor_quat(body, worn, t_s);
	struct quat turn = quat_mul(quat_conj(sensor_quat(body, worn, t_s - STEP_S)),
		sensor_quat(body, worn, t_s + STEP_S));
	struct vec3 acc = vec3_add(
		sensor_place(body, worn, t_s - STEP_S), sensor_place(body, worn, t_s + STEP_S));
	double sign = turn.w < 0 ? -1 : 1;

	acc = vec3_scale(
		vec3_sub(acc, vec3_scale(sensor_place(body, worn, t_s), 2)), 1 / (STEP_S * STEP_S));
	acc.z += GRAVITY_MPS2 + walk_bounce(body, t_s);
	acc = quat_rotate(quat_conj(q), acc);
	if (worn->step_at_s > 0 && t_s >= worn->step_at_s)
		acc = quat_rotate(quat_from_axis_angle(
					  vec3_unit(vec3_cross(acc, (struct vec3){0.3, 0.5, 0.8})),
					  worn->step_deg * RAD_PER_DEG),
			acc);
	*ret = (struct motion_sample){.acc_mps2 = {(float)acc.x, (float)acc.y, (float)acc.z},
		.gyr_rps = {(float)(sign * turn.x / STEP_S + worn->bias_rps.x),
			(float)(sign * turn.y / STEP_S + worn->bias_rps.y),
			(float)(sign * turn.z / STEP_S + worn->bias_rps.z)}};
	for (unsigned i = 0; i < 3; i++) {
		ret->acc_mps2[i] += (float)(worn->acc_noise_mps2 * normal(seed));
		ret->gyr_rps[i] += (float)(worn->gyr_noise_rps * normal(seed));
		if (worn->has_no_gyr)
			ret->gyr_rps[i] = 0;
	}
}

/* Until nothing is waited for. */
#define TAIL_S 6

static int64_t us_of(double t_s)
{
	return BODY_START_US + (int64_t)llround(t_s * US_PER_S);
}

struct sender {
	uint64_t seed;
	unsigned long next; /* sample */
	double start_s;
	int64_t arrival_us; /* of the packet under way */
	struct motion_sample said;
};

static int64_t arrival_of(const struct body_worn *worn, struct sender *sender)
{
	double last_s = sender->start_s + (double)(sender->next + worn->packet - 1) / worn->rate_hz;

	return us_of(last_s) + worn->latency_us +
	       (int64_t)((double)worn->jitter_us * body_random(&sender->seed));
}

static void run_to(struct body_play *play, struct kit_posture *posture, int64_t t_us)
{
	for (int64_t due; (due = kit_posture_deadline(posture)) <= t_us;) {
		play->now_us = due;
		kit_posture_advance(posture, due);
	}
	play->now_us = t_us;
}

static void stick(const struct body_worn *worn, double t_s, struct motion_sample *said,
	struct motion_sample *sample)
{
	if (worn->acc_stuck_s > 0 && t_s >= worn->acc_stuck_s)
		memcpy(sample->acc_mps2, said->acc_mps2, sizeof(said->acc_mps2));
	if (worn->gyr_stuck_s > 0 && t_s >= worn->gyr_stuck_s)
		memcpy(sample->gyr_rps, said->gyr_rps, sizeof(said->gyr_rps));
	*said = *sample;
	if (worn->alter && t_s >= worn->altered_at_s)
		worn->alter(sample);
}

typedef void (*take_fn)(void *user, enum placement placement, const struct record *record);

static void send(
	struct body_play *play, unsigned i, struct sender *sender, take_fn take, void *user)
{
	const struct body_worn *worn = &play->worn[i];
	struct motion_sample samples[MOTION_SAMPLES_MAX];
	double first_s = sender->start_s + (double)sender->next / worn->rate_hz;
	struct record record = {.kind = RECORD_MOTION,
		.t_us = us_of(first_s),
		.arrival_us = sender->arrival_us,
		.interval_host_us = US_PER_S / worn->rate_hz};
	bool is_lost = body_random(&sender->seed) < worn->loss ||
		       (first_s >= worn->silent_from_s && first_s < worn->silent_to_s);

	for (unsigned j = 0; j < worn->n_pauses; j++)
		is_lost |= first_s >= worn->pause_s[j][0] && first_s < worn->pause_s[j][1];
	if (worn->tick_us)
		record.t_us -= record.t_us % worn->tick_us;
	for (unsigned j = 0; j < worn->packet; j++)
		sense(play->body, worn, first_s + j / worn->rate_hz, &sender->seed, &samples[j]);
	for (unsigned j = 0; j < worn->packet; j++)
		stick(worn, first_s + j / worn->rate_hz, &sender->said, &samples[j]);
	record.motion = (struct motion_block){.n = worn->packet,
		.interval_us = record.interval_host_us,
		.has_gyr = !worn->has_no_gyr,
		.samples = samples};
	if (!is_lost)
		take(user, worn->placement, &record);
	sender->next += worn->packet;
	sender->arrival_us = arrival_of(worn, sender);
}

static void start(const struct body_play *play, struct sender sender[BODY_WORN])
{
	for (unsigned i = 0; i < play->n_worn; i++) {
		sender[i] = (struct sender){.seed = play->seed + 1000 * (i + 1)};
		sender[i].start_s = body_random(&sender[i].seed) * 0.02;
		sender[i].arrival_us = arrival_of(&play->worn[i], &sender[i]);
	}
}

static unsigned next_of(const struct body_play *play, const struct sender sender[BODY_WORN])
{
	unsigned first = 0;

	for (unsigned i = 1; i < play->n_worn; i++)
		if (sender[i].arrival_us < sender[first].arrival_us)
			first = i;
	return first;
}

void body_record(struct body_play *play, take_fn take, void *user)
{
	struct sender sender[BODY_WORN];

	start(play, sender);
	for (unsigned i; sender[i = next_of(play, sender)].arrival_us <= us_of(play->to_s);)
		send(play, i, &sender[i], take, user);
}

struct live {
	struct body_play *play;
	struct kit_posture *posture;
};

static void push(void *user, enum placement placement, const struct record *record)
{
	struct live *live = user;

	run_to(live->play, live->posture, record->arrival_us);
	kit_posture_push(live->posture, placement, record);
}

void body_run(struct body_play *play, struct kit_posture *posture)
{
	struct sender sender[BODY_WORN];
	struct live live = {play, posture};
	unsigned command = 0;

	start(play, sender);
	for (;;) {
		unsigned i = next_of(play, sender);

		for (; command < play->n_commands &&
			us_of(play->command[command].t_s) <= sender[i].arrival_us;
			command++) {
			run_to(play, posture, us_of(play->command[command].t_s));
			kit_posture_calibrate(posture, us_of(play->command[command].t_s),
				play->command[command].step);
		}
		if (sender[i].arrival_us > us_of(play->to_s))
			break;
		send(play, i, &sender[i], push, &live);
	}
	run_to(play, posture, us_of(play->to_s + TAIL_S));
	kit_posture_advance(posture, us_of(play->to_s + TAIL_S));
}

void body_wear(
	struct body_play *play, const struct body *body, const struct quat mount[3], double rate_hz)
{
	static const enum placement at[3] = {
		PLACEMENT_PELVIS, PLACEMENT_THIGH_LEFT, PLACEMENT_THIGH_RIGHT};

	play->body = body;
	play->n_worn = 3;
	for (unsigned i = 0; i < 3; i++)
		play->worn[i] = (struct body_worn){.placement = at[i],
			.mount = mount[i],
			.rate_hz = rate_hz,
			.gyr_noise_rps = 0.002,
			.acc_noise_mps2 = 0.03,
			.bias_rps = {0.005 * (1 + i), -0.004, 0.003 * i},
			.packet = rate_hz > 60 ? 8 : 2,
			.latency_us = 12000,
			.jitter_us = 30000};
}

static void command(struct body_play *play, double t_s, enum calibration_step step)
{
	play->command[play->n_commands++] = (struct body_command){t_s, step};
}

double body_calibrate(struct body *body, struct body_play *play, double span_deg)
{
	/* Hook-lying, relaxed; then flat. */
	for (unsigned side = 0; side < LEGS; side++) {
		body_move(&body->elevation_deg[side], 0, 1, 52);
		body_move(&body->elevation_deg[side], 28, 1.5, 0);
	}
	body_move(&body->tilt_deg, 0, 0.1, span_deg);
	command(play, 5, CALIBRATION_STEP_NEUTRAL);
	body_move(&body->tilt_deg, 10, 1, 0);
	command(play, 12, CALIBRATION_STEP_FLAT_BACK);
	command(play, 17, CALIBRATION_STEP_PELVIC_TILTS);
	for (unsigned i = 0; i < 3; i++) {
		body_move(&body->tilt_deg, 18 + 3 * i, 1.3, span_deg);
		body_move(&body->tilt_deg, 19.5 + 3 * i, 1.3, 0);
	}
	for (unsigned side = 0; side < LEGS; side++) {
		double t_s = 32 + 16 * side;

		command(play, t_s,
			side == LEG_LEFT ? CALIBRATION_STEP_LEG_RAISE_LEFT
					 : CALIBRATION_STEP_LEG_RAISE_RIGHT);
		for (unsigned i = 0; i < 2; i++) {
			body_move(&body->elevation_deg[side], t_s + 2 + 6 * i, 2, 60);
			body_move(&body->elevation_deg[side], t_s + 4.6 + 6 * i, 2, 0);
		}
	}
	return 63;
}
