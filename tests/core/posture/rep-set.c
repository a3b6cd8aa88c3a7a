// SPDX-License-Identifier: MIT
#include "tests/core/posture/rep-set.h"

#include <math.h>
#include <string.h>

#include "coxad/base/units.h"
#include "daemon/core/posture/smoothness.h"

const char *rep_set_kind_name(enum rep_set_kind kind)
{
	static const char *const name[REP_SET_KINDS] = {[REP_SET_DOUBLE] = "both legs, straight",
		[REP_SET_CLINICAL] = "lowered at 9 deg/s",
		[REP_SET_ALTERNATING] = "alternating",
		[REP_SET_ONE_LEG] = "one leg",
		[REP_SET_BENT] = "knees bent",
		[REP_SET_HANG] = "hanging",
		[REP_SET_FLUTTER] = "flutter",
		[REP_SET_TREMBLING] = "trembling",
		[REP_SET_IDLE] = "standing, walking, lying",
		[REP_SET_CORE] = "generic core",
		[REP_SET_LONE] = "a leg alone",
		[REP_SET_LONE_IDLE] = "a leg alone, walking"};

	return name[kind];
}

static double between(struct rep_set *set, double low, double high)
{
	return low + (high - low) * body_random(&set->seed);
}

static unsigned one_of(struct rep_set *set, unsigned n)
{
	return (unsigned)(body_random(&set->seed) * n) % n;
}

/* First instant from `from_s` on at which the speed passes a level upward (sign 1) or downward. */
static double crossing(const struct body_track *track, double from_s, double level, int sign)
{
	double t_s = from_s;

	while (sign * (body_speed(track, t_s) - level) < 0 && t_s < from_s + 30)
		t_s += 0.002;
	return t_s;
}

/* decision-model.md 7.1 on the true angles. */
static void onsets(const struct body_track *track, double start_s, double ret[REP_SET_ONSETS])
{
	ret[0] = crossing(track, start_s, 5, 1);
	ret[1] = crossing(track, ret[0] + 0.05, 2.5, -1);
	ret[2] = crossing(track, ret[1], -5, -1);
	ret[3] = crossing(track, ret[2] + 0.05, -2.5, 1);
}

static double mean_elevation(const struct rep_set *set, const struct rep_truth *truth, double t_s)
{
	double sum = 0;
	unsigned n = 0;

	for (unsigned side = 0; side < LEGS; side++)
		if (truth->sides >> side & 1) {
			sum += body_at(&set->body.elevation_deg[side], t_s);
			n++;
		}
	return sum / n;
}

/* The figures of a repetition, once all moves are laid. */
static void measure(struct rep_set *set, struct rep_truth *truth)
{
	double start_s = INFINITY, lower_s = INFINITY, end_s = 0, low = INFINITY, high = -INFINITY;
	double limit = set->exercise == EXERCISE_HANG ? 3 : 0.45 * set->span_deg, lost_s = NAN;
	float speed[SMOOTHNESS_MAX];
	size_t n = 0;

	for (unsigned side = 0; side < LEGS; side++)
		if (truth->sides >> side & 1) {
			start_s = fmin(start_s, truth->onset_s[side][0]);
			lower_s = fmin(lower_s, truth->onset_s[side][2]);
			end_s = fmax(end_s, truth->onset_s[side][3]);
		}
	truth->loss_deg = truth->asymmetry_deg = NAN;
	for (double t_s = start_s; t_s <= end_s; t_s += 0.01) {
		double elevation = mean_elevation(set, truth, t_s);
		bool is_lost = body_at(&set->body.tilt_deg, t_s) > limit;

		low = fmin(low, elevation);
		high = fmax(high, elevation);
		if (truth->sides == 3)
			truth->asymmetry_deg = fmax(truth->asymmetry_deg,
				fabs(body_at(&set->body.elevation_deg[LEG_LEFT], t_s) -
					body_at(&set->body.elevation_deg[LEG_RIGHT], t_s)));
		if (t_s < lower_s)
			continue;
		if (!is_lost)
			lost_s = NAN;
		else if (isnan(lost_s))
			lost_s = t_s;
		/* Hanging, the zero is the dead hang. */
		if (isnan(truth->loss_deg) && t_s - lost_s >= 0.1)
			truth->loss_deg = mean_elevation(set, truth, lost_s) +
					  (set->exercise == EXERCISE_HANG ? 90 : 0);
		if (n < SMOOTHNESS_MAX)
			speed[n++] = (float)((mean_elevation(set, truth, t_s - 0.002) -
						     mean_elevation(set, truth, t_s + 0.002)) /
					     0.004);
	}
	truth->range_deg = high - low;
	truth->sparc = smoothness_sparc(speed, n, 100);
}

struct tempo {
	double up_s, hold_s, down_s;
	bool is_even;
};

/* One repetition from `at_s`; when the leg is home. */
static double lay(struct rep_set *set, unsigned sides, double at_s, const struct tempo *tempo,
	double from_deg, double to_deg)
{
	struct rep_truth *truth = &set->truth[set->n++];
	double end_s = at_s;

	truth->sides = sides;
	for (unsigned side = 0; side < LEGS; side++) {
		struct body_track *track = &set->body.elevation_deg[side];
		/* No pair of legs is the same to the degree. */
		double late_s = sides == 3 ? between(set, 0, 0.05) : 0, t_s = at_s + late_s;
		double top_deg = to_deg - (sides == 3 ? between(set, 0, 5) : 0);

		if (!(sides >> side & 1))
			continue;
		body_move(track, t_s, tempo->up_s, top_deg);
		t_s += tempo->up_s + tempo->hold_s;
		if (tempo->is_even)
			body_move_evenly(track, t_s, tempo->down_s, from_deg);
		else
			body_move(track, t_s, tempo->down_s, from_deg);
		end_s = fmax(end_s, t_s + tempo->down_s);
	}
	return end_s;
}

static void date(struct rep_set *set, double at_s, struct rep_truth *truth)
{
	for (unsigned side = 0; side < LEGS; side++)
		if (truth->sides >> side & 1)
			onsets(&set->body.elevation_deg[side], at_s, truth->onset_s[side]);
}

static struct tempo any_tempo(struct rep_set *set, double range_deg)
{
	/* From what coxad must still tell apart to a movement done in a second. */
	struct tempo tempo = {.up_s = range_deg / between(set, 20, 90),
		.hold_s = one_of(set, 3) ? between(set, 0.2, 2) : 0,
		.down_s = range_deg / between(set, 10, 90)};

	tempo.up_s = fmax(tempo.up_s, 0.5);
	tempo.down_s = fmax(tempo.down_s, 0.5);
	if (set->kind == REP_SET_CLINICAL) {
		tempo.down_s = range_deg / 9;
		tempo.is_even = true;
	}
	return tempo;
}

/* The back arches as the legs go down, and lies flat again before the next. */
static void arch(struct rep_set *set, double lower_s, double down_s, double end_s)
{
	double peak = between(set, 0.6, 1.6) * set->span_deg;
	double at_s = lower_s + between(set, 0.2, 0.5) * down_s;

	if (set->exercise == EXERCISE_HANG)
		peak = between(set, 5, 12);
	body_move(&set->body.tilt_deg, at_s, 0.4 * down_s, peak);
	body_move(&set->body.tilt_deg, end_s, 0.5, 0);
}

static void lay_raises(struct rep_set *set, double from_deg, double low_deg, double high_deg)
{
	unsigned n = 3 + one_of(set, 4);
	double at[REP_SET_REPS], t_s = set->calibrated_s;

	for (unsigned i = 0; i < n; i++) {
		double to_deg = between(set, low_deg, high_deg), end_s;
		struct tempo tempo = any_tempo(set, to_deg - from_deg);
		unsigned sides = set->kind == REP_SET_ALTERNATING ? 1u + i % 2
				 : set->kind == REP_SET_ONE_LEG   ? 2
								  : 3;

		at[i] = t_s;
		end_s = lay(set, sides, t_s, &tempo, from_deg, to_deg);
		if (one_of(set, 2))
			arch(set, t_s + tempo.up_s + tempo.hold_s, tempo.down_s, end_s);
		/* At once, after the back lies flat, or after a rest. */
		t_s = fmax(end_s + (double[]){0, 0.6, 3}[one_of(set, 3)],
			set->body.tilt_deg.key[set->body.tilt_deg.n - 1].t_s);
	}
	for (unsigned i = 0; i < n; i++)
		date(set, at[i], &set->truth[i]);
	set->end_s = t_s + 2;
}

static void lay_flutter(struct rep_set *set)
{
	double half_s = between(set, 0.42, 0.9), low_deg = between(set, 3, 12);
	double high_deg = low_deg + between(set, 23, 40), begin_s[LEGS];
	unsigned n = 6 + one_of(set, 6);

	for (unsigned side = 0; side < LEGS; side++) {
		double t_s = set->calibrated_s + side * half_s;

		begin_s[side] = t_s;
		for (unsigned i = 0; i < n; i++, t_s += 2 * half_s) {
			body_move(&set->body.elevation_deg[side], t_s, half_s, high_deg);
			body_move(&set->body.elevation_deg[side], t_s + half_s, half_s,
				i + 1 < n ? low_deg : 0);
		}
		set->end_s = t_s + 3;
	}
	for (unsigned i = 0; i < 2 * n; i++) {
		struct rep_truth *truth = &set->truth[set->n++];

		truth->sides = 1u << i % 2;
		date(set, begin_s[i % 2] + i / 2 * 2 * half_s, truth);
	}
}

static void both(struct rep_set *set, double t_s, double move_s, double value)
{
	for (unsigned side = 0; side < LEGS; side++)
		body_move(&set->body.elevation_deg[side], t_s, move_s, value);
}

static double walk(struct rep_set *set, double t_s)
{
	/* Thighs swing by some 40 degrees (Winter), the trunk bounces by 0.15 to 0.4 g. */
	double step_s = between(set, 0.42, 0.65), forth = between(set, 18, 28);
	double back = between(set, 10, 18);

	set->body.walk_from_s = t_s;
	set->body.step_s = step_s;
	set->body.bounce_mps2 = between(set, 1.5, 4);
	set->body.strike_mps2 = between(set, 2, 8);
	for (unsigned i = 0; i < 12; i++, t_s += 2 * step_s)
		for (unsigned side = 0; side < LEGS; side++) {
			double at_s = t_s + step_s * side;

			body_move(&set->body.elevation_deg[side], at_s, step_s, -90 + forth);
			body_move(
				&set->body.elevation_deg[side], at_s + step_s, step_s, -90 - back);
		}
	set->body.walk_to_s = t_s + step_s;
	return t_s + step_s;
}

/* Up, about, down again. */
static void lay_idle(struct rep_set *set)
{
	double t_s = set->calibrated_s + between(set, 1, 4);

	body_move(&set->body.trunk_deg, t_s, 1.6, 90);
	both(set, t_s + 0.4, 1.5, -90);
	t_s = walk(set, t_s + between(set, 2.5, 5)) + 0.5;
	both(set, t_s, 0.5, -90);
	/* Sits, stands, lies down. */
	both(set, t_s + 2, 1.2, 0);
	both(set, t_s + 6, 1.2, -90);
	t_s += 10;
	body_move(&set->body.trunk_deg, t_s, 2, 0);
	both(set, t_s, 2, 0);
	set->end_s = t_s + between(set, 6, 10);
}

static void wear(struct rep_set *set)
{
	static const double rates[] = {20.8, 26, 52, 60, 104, 208};
	static const double losses[] = {0, 0, 0.02, 0.05, 0.1};
	struct quat mount[3];

	for (unsigned i = 0; i < 3; i++)
		mount[i] = body_random_quat(&set->seed);
	set->rate_hz = rates[one_of(set, 6)];
	set->loss = losses[one_of(set, 5)];
	body_wear(&set->play, &set->body, mount, set->rate_hz);
	for (unsigned i = 0; i < 3; i++) {
		struct body_worn *worn = &set->play.worn[i];

		worn->loss = set->loss;
		worn->gyr_noise_rps *= between(set, 0.5, 2);
		worn->acc_noise_mps2 *= between(set, 0.5, 2);
		worn->bias_rps = (struct vec3){between(set, -0.02, 0.02), between(set, -0.02, 0.02),
			between(set, -0.02, 0.02)};
		worn->packet = set->rate_hz > 150 ? 10 : set->rate_hz > 45 ? 4 + one_of(set, 5) : 1;
		worn->jitter_us = (int64_t)between(set, 5000, 80000);
	}
}

/* The calibration, hanging: upright, and the legs' zero is hanging down. */
static void hang(struct rep_set *set)
{
	body_move(&set->body.trunk_deg, -1, 0.5, 90);
	for (unsigned side = 0; side < LEGS; side++) {
		struct body_track *track = &set->body.elevation_deg[side];

		track->n = 0;
		body_move(track, -1, 0.5, -90);
		for (unsigned i = 0; i < 2; i++) {
			double t_s = 34 + 16 * side + 6 * i;

			body_move(track, t_s, 2, -40);
			body_move(track, t_s + 2.6, 2, -90);
		}
	}
}

/* The link of one wearable is silent for a while in a movement that takes longer. */
static void fall_silent(struct rep_set *set)
{
	struct body_worn *worn = &set->play.worn[one_of(set, 3)];
	const struct rep_truth *truth = &set->truth[one_of(set, set->n)];
	unsigned side = truth->sides & 1 ? LEG_LEFT : LEG_RIGHT;
	double from_s = truth->onset_s[side][2] + 0.3, to_s = truth->onset_s[side][3] - 0.6;

	if (set->kind == REP_SET_FLUTTER || to_s - from_s < 0.3)
		return;
	worn->silent_from_s = from_s;
	worn->silent_to_s = fmin(to_s, from_s + between(set, 0.3, 1.8));
}

bool rep_set_is_lone(const struct rep_set *set)
{
	return set->kind == REP_SET_LONE || set->kind == REP_SET_LONE_IDLE;
}

/* As the recordings of SensorTiles are: 20.8 Hz in ticks of 8 ms, a gyroscope off by some deg/s. */
static void wear_lone(struct rep_set *set)
{
	struct body_worn *worn = &set->play.worn[0];

	*worn = set->play.worn[1];
	set->play.n_worn = 1;
	set->play.n_commands = 0;
	set->rate_hz = worn->rate_hz = 20.8;
	worn->packet = 1;
	worn->tick_us = 8000;
	worn->bias_rps = (struct vec3){between(set, -3, 3) * RAD_PER_DEG,
		between(set, -3, 3) * RAD_PER_DEG, between(set, -3, 3) * RAD_PER_DEG};
}

static void pause(struct rep_set *set, double from_s, double to_s)
{
	struct body_worn *worn = &set->play.worn[0];

	worn->pause_s[worn->n_pauses][0] = from_s;
	worn->pause_s[worn->n_pauses++][1] = to_s;
}

/* Exercises one after the other: the leg lies, hangs or is held anywhere to begin with. */
static void lay_lone(struct rep_set *set)
{
	struct body_track *track = &set->body.elevation_deg[LEG_LEFT];
	double at[REP_SET_REPS], t_s;

	track->n = 0;
	body_move(track, -1, 0.5, between(set, -90, 0));
	t_s = between(set, 1.5, 4);
	for (unsigned exercise = 0; exercise < 3; exercise++) {
		double from_deg = body_at(track, t_s);

		for (unsigned i = 0, n = 2 + one_of(set, 5); i < n; i++) {
			struct tempo tempo = any_tempo(set, 60);

			at[set->n] = t_s;
			t_s = lay(set, 1, t_s, &tempo, from_deg, from_deg + between(set, 30, 80));
			if (one_of(set, 2)) {
				double to_s = t_s + 0.3 + between(set, 0.2, 1.8);

				pause(set, t_s + 0.3, to_s);
				t_s = to_s;
			}
			t_s += between(set, 0.3, 1.5);
		}
		/* The recorder rests, the leg goes elsewhere meanwhile. */
		pause(set, t_s + 0.5, t_s + between(set, 4, 13));
		body_move(track, t_s + 1, 1.5, between(set, -90, 0));
		t_s = set->play.worn[0].pause_s[set->play.worn[0].n_pauses - 1][1] +
		      between(set, 0.8, 2);
	}
	for (unsigned i = 0; i < set->n; i++)
		date(set, at[i], &set->truth[i]);
	set->end_s = t_s + 2;
}

static void lay_lone_idle(struct rep_set *set)
{
	for (unsigned side = 0; side < LEGS; side++) {
		set->body.elevation_deg[side].n = 0;
		body_move(&set->body.elevation_deg[side], -1, 0.5, -90);
	}
	set->end_s = between(set, 2, 6);
	for (unsigned i = 0; i < 1; i++) {
		set->end_s = walk(set, set->end_s);
		both(set, set->end_s, 0.6, -90);
		set->end_s += between(set, 2, 8);
	}
}

void rep_set_make(struct rep_set *set, enum rep_set_kind kind, uint64_t seed)
{
	static const enum exercise exercise[REP_SET_KINDS] = {
		[REP_SET_DOUBLE] = EXERCISE_SUPINE_STRAIGHT,
		[REP_SET_CLINICAL] = EXERCISE_SUPINE_STRAIGHT,
		[REP_SET_ALTERNATING] = EXERCISE_SINGLE,
		[REP_SET_ONE_LEG] = EXERCISE_SINGLE,
		[REP_SET_BENT] = EXERCISE_SUPINE_BENT,
		[REP_SET_HANG] = EXERCISE_HANG,
		[REP_SET_FLUTTER] = EXERCISE_FLUTTER,
		[REP_SET_TREMBLING] = EXERCISE_SUPINE_STRAIGHT,
		[REP_SET_IDLE] = EXERCISE_SUPINE_STRAIGHT,
		[REP_SET_CORE] = EXERCISE_GENERIC_CORE,
		[REP_SET_LONE] = EXERCISE_NONE,
		[REP_SET_LONE_IDLE] = EXERCISE_NONE};

	*set = (struct rep_set){.kind = kind, .exercise = exercise[kind]};
	set->seed = seed * 1000003 + kind * 7919u;
	set->play.seed = set->seed;
	wear(set);
	set->span_deg = between(set, 6, 12);
	if (rep_set_is_lone(set))
		wear_lone(set);
	else
		set->calibrated_s = body_calibrate(&set->body, &set->play, set->span_deg);
	switch (kind) {
	case REP_SET_DOUBLE:
	case REP_SET_CLINICAL:
	case REP_SET_CORE:
		lay_raises(set, 0, 40, 90);
		break;
	case REP_SET_TREMBLING:
		/* What a muscle can do: the faster the smaller, up to half a g at the sensor. */
		set->body.tremor_hz = between(set, 4, 9);
		set->body.tremor_deg = between(set, 0.2, 2) * pow(4 / set->body.tremor_hz, 2);
		lay_raises(set, 0, 45, 90);
		break;
	case REP_SET_ALTERNATING:
	case REP_SET_ONE_LEG:
		lay_raises(set, 0, 35, 85);
		break;
	case REP_SET_BENT:
		both(set, set->calibrated_s, 1.5, 50);
		set->calibrated_s += between(set, 4, 25);
		lay_raises(set, 50, 78, 100);
		break;
	case REP_SET_HANG:
		hang(set);
		lay_raises(set, -90, -45, 5);
		break;
	case REP_SET_FLUTTER:
		lay_flutter(set);
		break;
	case REP_SET_LONE:
		lay_lone(set);
		break;
	case REP_SET_LONE_IDLE:
		lay_lone_idle(set);
		break;
	case REP_SET_IDLE:
	case REP_SET_KINDS:
		lay_idle(set);
		break;
	}
	for (unsigned i = 0; i < set->n; i++)
		measure(set, &set->truth[i]);
	if (set->n && !rep_set_is_lone(set) && one_of(set, 4) == 0)
		fall_silent(set);
	if (kind == REP_SET_CORE)
		set->n = 0;
	set->play.to_s = set->end_s;
}
