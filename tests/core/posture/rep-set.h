// SPDX-License-Identifier: MIT
#pragma once
/* Sets of repetitions at random: exercise, tempo, range, legs, mounting, noise, rate and radio from
 * a seed, the truth beside them, and what coxad made of them held against it.
 */
#include "tests/core/posture/watch.h"

#define REP_SET_REPS 24

/* RAISE, TOP, LOWER, BOTTOM */
#define REP_SET_ONSETS 4

struct rep_truth {
	unsigned sides; /* bit a side */
	double onset_s[LEGS][REP_SET_ONSETS];
	double range_deg;
	double loss_deg; /* NAN: the back stayed flat */
	double sparc;
	double asymmetry_deg;
};

enum rep_set_kind {
	REP_SET_DOUBLE,
	REP_SET_CLINICAL, /* lowered evenly at about 9 deg/s */
	REP_SET_ALTERNATING,
	REP_SET_ONE_LEG,
	REP_SET_BENT,
	REP_SET_HANG,
	REP_SET_FLUTTER,
	REP_SET_TREMBLING, /* boundaries are lost in the tremor: not judged */
	REP_SET_IDLE,      /* standing, walking, sitting up, lying: no repetition */
	REP_SET_CORE,      /* the same movements under a profile that counts none */
	/* One SensorTile on a leg, not calibrated, its recorder silent between repetitions. */
	REP_SET_LONE,
	REP_SET_LONE_IDLE,
	REP_SET_KINDS
};

struct rep_set {
	enum rep_set_kind kind;
	uint64_t seed;
	enum exercise exercise;
	struct body body;
	struct body_play play;
	double rate_hz, loss, span_deg;
	double calibrated_s, end_s;
	unsigned n;
	struct rep_truth truth[REP_SET_REPS];
};

struct rep_score {
	unsigned sets, reps, missed, invented;
	unsigned uncalibrated;        /* sets whose calibration did not come about */
	unsigned boundaries, beyond;  /* beyond 100 ms, where at most 2 % of packets were lost */
	unsigned lossy, lossy_beyond; /* the same where more were */
	double worst_s, range_deg, loss_deg, sparc, asymmetry_deg; /* greatest errors */
	unsigned loss_wrong; /* a lost flat back not seen, or seen where none was */
};

const char *rep_set_kind_name(enum rep_set_kind kind);
/* One wearable on a leg, not calibrated. */
bool rep_set_is_lone(const struct rep_set *set);
void rep_set_make(struct rep_set *set, enum rep_set_kind kind, uint64_t seed);
/* Plays it and adds what came of it; prints what is wrong where `tells`. */
void rep_set_judge(struct rep_set *set, struct rep_score *score, bool tells);
