// SPDX-License-Identifier: MIT
#pragma once
/* A body that lies, raises its legs, stands and walks, and sensors on it: for tests and benches of
 * the posture. Angles follow key frames joined by minimum-jerk moves; sensors have any mounting,
 * rate, noise, bias and radio. The truth is the angles themselves.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/core/posture/kit-posture.h"

#define BODY_KEYS     256
#define BODY_WORN     6
#define BODY_PAUSES   32
#define BODY_START_US 50000000 /* not zero: nothing may depend on it */

struct body_track {
	unsigned n;
	struct {
		double t_s, value;
		bool is_even; /* from here to the next: at an even speed, but for its ends */
	} key[BODY_KEYS];
};

struct body {
	struct body_track trunk_deg; /* 0 supine, 90 upright */
	struct body_track tilt_deg;
	struct body_track elevation_deg[LEGS]; /* against the trunk's floor: 0 flat, -90 standing */
	/* Of both legs, while they move. */
	double tremor_deg, tremor_hz;
	double held_tremor_deg; /* while they are off the floor at rest */
	/* While it walks, of the whole body: up and down twice a stride, and a strike of the heel
	 * each step. */
	double walk_from_s, walk_to_s, step_s, bounce_mps2, strike_mps2;
	struct body_track roll_deg;            /* lying: of all of it, 90 on the side */
	struct body_track abduction_deg[LEGS]; /* of a thigh, away from the other one */
	struct body_track lean_deg; /* of the left thigh sensor about its long axis: a slip */
};

struct body_worn {
	enum placement placement;
	struct quat mount; /* sensor to segment (x forward, y left, z to the head) */
	double rate_hz;
	double gyr_noise_rps, acc_noise_mps2;
	struct vec3 bias_rps;
	unsigned packet; /* samples */
	int64_t latency_us, jitter_us;
	double loss; /* share of packets */
	double silent_from_s, silent_to_s;
	/* More silences, from and to. */
	double pause_s[BODY_PAUSES][2];
	unsigned n_pauses;
	int64_t tick_us;  /* its time counts these, 0: exact */
	double step_at_s; /* the accelerometer's frame steps by step_deg unseen by the gyroscope */
	double step_deg;
	bool has_no_gyr;
	/* Its chips say again and again what they said then, 0: never. */
	double acc_stuck_s, gyr_stuck_s;
	/* A defect, from then on. */
	double altered_at_s;
	void (*alter)(struct motion_sample *sample);
	/* Put on again, turned: by turn_deg about turn_axis, which the gyroscope sees. */
	double turned_at_s, turn_deg;
	struct vec3 turn_axis;
	/* Taken off and put on another segment. */
	double moved_at_s;
	enum placement moved_to;
	struct quat moved_mount;
	/* In the hands: turned about its x and z, on top of the mounting. NULL: not. */
	const struct body_track *handled_deg[2];
};

struct body_command {
	double t_s;
	enum calibration_step step;
};

struct body_play {
	const struct body *body;
	unsigned n_worn;
	struct body_worn worn[BODY_WORN];
	unsigned n_commands;
	struct body_command command[16];
	double to_s;
	uint64_t seed;
	/* The sample that shows it to the call that it causes, for the live cue. */
	int64_t now_us;
};

/* Stays until t_s, then moves to the value within move_s. */
void body_move(struct body_track *track, double t_s, double move_s, double value);
/* The same at an even speed, as clinical tests ask for. */
void body_move_evenly(struct body_track *track, double t_s, double move_s, double value);
double body_at(const struct body_track *track, double t_s);
/* deg/s, numerically. */
double body_speed(const struct body_track *track, double t_s);
struct quat body_random_quat(uint64_t *seed);
double body_random(uint64_t *seed);
/* Pushes everything in order of arrival, and lets time run on. */
void body_run(struct body_play *play, struct kit_posture *posture);
/* Only the motion records, in order of arrival, lost ones left out. */
void body_record(struct body_play *play,
	void (*take)(void *user, enum placement placement, const struct record *record),
	void *user);
/* A pelvis and two thighs with the given mountings, 104 Hz, ordinary noise. */
void body_wear(struct body_play *play, const struct body *body, const struct quat mount[3],
	double rate_hz);
/* The calibration of decision-model.md 4.2, from 0 to the returned time; legs flat and still at its
 * end. */
double body_calibrate(struct body *body, struct body_play *play, double span_deg);
