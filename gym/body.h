// SPDX-License-Identifier: MIT
#pragma once
/* One athlete's body as joint angles over time, and what a point on it feels. Angles are smooth
 * moves on tracks (minimum jerk; value and slope are continuous); orientation follows from them,
 * angular velocity and specific force follow from the orientation by central differences. Times are
 * seconds of gym time. Frames are right-handed: world z up; a segment at elevation or tilt 0, lying
 * supine, has x along the body towards the head and z out of the front.
 */
#include <stdbool.h>
#include <stddef.h>

#include "coxad/base/vec.h"
#include "coxad/core/terms.h"

#define BODY_WARPS_MAX 4

enum body_track {            /* degrees */
	BODY_ELEVATION_LEFT, /* thigh against the floor: 0 lying, 90 up, -90 standing */
	BODY_ELEVATION_RIGHT,
	BODY_TILT,  /* pelvis against flat back, positive anterior */
	BODY_TRUNK, /* 0 lying, 90 upright */
	BODY_ROLL,  /* pelvis about its long axis */
	BODY_TRACK_COUNT
};

enum body_segment {
	BODY_SEGMENT_PELVIS,
	BODY_SEGMENT_LUMBAR,
	BODY_SEGMENT_THIGH_LEFT,
	BODY_SEGMENT_THIGH_RIGHT,
	BODY_SEGMENT_ROOM, /* does not move, z up */
};

/* For a while, the movement's own time runs at another rate: 0 is a standstill (a catch), above 1
 * is a surge. Ramps are half cosines. Instants are seconds since the move began, unwarped. */
struct body_warp {
	double at_s;
	double in_s, hold_s, out_s; /* real time */
	double rate;
};

enum body_shape {
	BODY_SHAPE_MOVE,  /* minimum jerk from `from` to `to` */
	BODY_SHAPE_ARCH,  /* from `from` to `to` as the leg goes down from arch_from to arch_to */
	BODY_SHAPE_SWING, /* `from` plus a sine of amplitude `to` that fades in and out, at hz */
};

struct body_move {
	enum body_shape shape;
	double start_s, duration_s; /* real time, warps included */
	double from, to;
	double arch_from_deg, arch_to_deg;
	enum body_track follows; /* ARCH: the leg */
	double tremor_deg, hz;   /* MOVE: a sine on top; SWING: its frequency */
	double bulge_deg;        /* MOVE: height of a sin^2 on top */
	double phase_rad;        /* SWING */
	struct body_warp warp[BODY_WARPS_MAX];
	unsigned n_warps;
};

/* A short push on a segment, felt as acceleration: a raised cosine. */
struct body_shock {
	double at_s, width_s;
	enum body_segment segment;
	double peak_mps2;
};

struct body;

struct body *body_new(
	double heading_deg, double breath_deg, double breath_period_s, double lordosis_share);
struct body *body_free(struct body *body);
/* The angle of a track before its first move. */
void body_start(struct body *body, enum body_track track, double angle_deg);
/* Adds a move at the end of a track. `from` is filled in from where the track is then, and the
 * duration of a MOVE grows by what its warps hold back. Returns the instant it ends. Moves of one
 * track are added in order of time and never overlap. */
double body_add(struct body *body, enum body_track track, struct body_move move);
void body_add_shock(struct body *body, struct body_shock shock);
/* Steps on the floor: up and down at twice hz. */
void body_add_bounce(
	struct body *body, double start_s, double duration_s, double hz, double peak_mps2);

/* Degrees; the tilt includes breathing. */
double body_angle(const struct body *body, enum body_track track, double t_s);
double body_speed(const struct body *body, enum body_track track, double t_s);
/* First instant in [from_s, to_s] at which the track passes the angle; NAN if it does not. */
double body_when(const struct body *body, enum body_track track, double angle_deg, double from_s,
	double to_s);

enum body_segment body_segment_of(enum placement placement);
/* From the segment's frame into the world. */
struct quat body_orientation(const struct body *body, enum body_segment segment, double t_s);
/* rad/s in the segment's frame. */
struct vec3 body_rate(const struct body *body, enum body_segment segment, double t_s);
/* m/s^2 in the segment's frame, +1 g up at rest, at a point lever_m from the segment's pivot. */
struct vec3 body_force(
	const struct body *body, enum body_segment segment, struct vec3 lever_m, double t_s);
