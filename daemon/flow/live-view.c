// SPDX-License-Identifier: MIT
#include "daemon/flow/live-view.h"

#include <math.h>
#include <string.h>

#include "coxad/base/units.h"
#include "coxad/base/vec.h"

/* Long enough to take out the trembling of a hand, short enough for a bubble that follows it. */
#define GRAVITY_TAU_S 0.2
/* What is older is not live. */
#define AGE_MAX_US     (3 * (int64_t)US_PER_S / 2)
#define INTERVAL_MAX_S 1.0
#define FULL_SCALE     32768.0

static void add_turn(struct live_view *v, double turn_deg_s)
{
	v->turn_sum_deg_s += turn_deg_s;
	v->turn_most_deg_s = fmax(v->turn_most_deg_s, turn_deg_s);
	v->n_turns++;
}

static void smooth(struct live_view *v, const double gravity_g[static 3], double gap_s)
{
	double share = v->has_motion ? gap_s / (GRAVITY_TAU_S + gap_s) : 1;

	for (unsigned i = 0; i < 3; i++)
		v->gravity_g[i] += share * (gravity_g[i] - v->gravity_g[i]);
}

/* Since the sample before, if there was one, within reason. */
static double gap_s(bool has_before, int64_t before_us, int64_t t_us)
{
	double s = has_before ? (double)(t_us - before_us) / US_PER_S : 0;

	return fmin(fmax(s, 0), INTERVAL_MAX_S);
}

static double angle_deg(const double a[static 3], const double b[static 3])
{
	return DEG_PER_RAD *
	       vec3_angle((struct vec3){a[0], a[1], a[2]}, (struct vec3){b[0], b[1], b[2]});
}

static void push_motion(struct live_view *v, const struct record *record)
{
	const struct motion_block *block = &record->motion;

	for (unsigned i = 0; i < block->n; i++) {
		const struct motion_sample *s = &block->samples[i];
		int64_t t_us = record->t_us + llrint(i * record->interval_host_us);
		double acc_g[3], before_g[3], step_s = gap_s(v->has_motion, v->sample_us, t_us);

		for (unsigned k = 0; k < 3; k++) {
			acc_g[k] = s->acc_mps2[k] / GRAVITY_MPS2;
			before_g[k] = v->gravity_g[k];
		}
		smooth(v, acc_g, step_s);
		if (block->has_gyr)
			add_turn(v, DEG_PER_RAD * vec3_norm((struct vec3){s->gyr_rps[0],
							  s->gyr_rps[1], s->gyr_rps[2]}));
		else if (v->has_motion && step_s > 0)
			add_turn(v, angle_deg(before_g, v->gravity_g) / step_s);
		v->has_motion = true;
		v->sample_us = t_us;
	}
	v->motion_us = record->arrival_us;
}

static struct quat quat_of(const float wxyz[static 4])
{
	return quat_unit((struct quat){wxyz[0], wxyz[1], wxyz[2], wxyz[3]});
}

/* Its own step: samples of motion may lie in between. */
static void turn_to(struct live_view *v, const float wxyz[static 4], int64_t t_us)
{
	double step_s = gap_s(v->has_quat, v->quat_us, t_us);

	if (step_s > 0) {
		struct quat turn = quat_mul(quat_conj(quat_of(v->quat_wxyz)), quat_of(wxyz));

		add_turn(v, DEG_PER_RAD * 2 * acos(fmin(fabs(turn.w), 1)) / step_s);
	}
	memcpy(v->quat_wxyz, wxyz, sizeof(v->quat_wxyz));
	v->has_quat = true;
	v->quat_us = t_us;
}

static void push_orientation(struct live_view *v, const struct record *record)
{
	const struct orientation_block *block = &record->orientation;

	for (unsigned i = 0; i < block->n; i++) {
		int64_t t_us = record->t_us + llrint(i * record->interval_host_us);
		struct quat q = quat_of(block->quat_wxyz[i]);
		struct vec3 up = quat_rotate(quat_conj(q), (struct vec3){0, 0, 1});
		double up_g[3] = {up.x, up.y, up.z};

		smooth(v, up_g, gap_s(v->has_motion, v->sample_us, t_us));
		turn_to(v, block->quat_wxyz[i], t_us);
		v->has_motion = true;
		v->sample_us = t_us;
	}
	v->motion_us = record->arrival_us;
}

static void note_level(struct live_view *v, int64_t arrival_us, double level_db)
{
	bool is_first = !v->has_level || v->is_level_seen;

	v->level_db = is_first ? level_db : fmax(v->level_db, level_db);
	v->has_level = true;
	v->is_level_seen = false;
	v->level_us = arrival_us;
}

static void push_audio(struct live_view *v, const struct record *record)
{
	const struct audio_block *block = &record->audio;
	double sum = 0;

	for (unsigned i = 0; i < block->n; i++)
		sum += (double)block->samples[i] * block->samples[i];
	if (block->n)
		note_level(v, record->arrival_us,
			10 * log10(fmax(sum / block->n, 1) / (FULL_SCALE * FULL_SCALE)));
}

void live_view_push(struct live_view *v, const struct record *record)
{
	if (record->kind == RECORD_MOTION)
		push_motion(v, record);
	else if (record->kind == RECORD_ORIENTATION)
		push_orientation(v, record);
	else if (record->kind == RECORD_AUDIO)
		push_audio(v, record);
	else if (record->kind == RECORD_LEVEL)
		note_level(v, record->arrival_us, record->level_db);
}

void live_view_take(
	struct live_view *v, int64_t now_us, double still_deg_s, struct live_result *ret)
{
	bool is_moving_known = v->has_motion && now_us - v->motion_us <= AGE_MAX_US;

	ret->is_still = -1;
	ret->turn_deg_s = ret->level_db = NAN;
	for (unsigned i = 0; i < 3; i++)
		ret->gravity_g[i] = is_moving_known ? v->gravity_g[i] : NAN;
	if (is_moving_known && v->n_turns) {
		ret->turn_deg_s = v->turn_sum_deg_s / v->n_turns;
		ret->is_still = v->turn_most_deg_s < still_deg_s;
	}
	v->has_level = v->has_level && now_us - v->level_us <= AGE_MAX_US;
	v->is_level_seen = true;
	if (v->has_level)
		ret->level_db = v->level_db;
	v->has_motion = is_moving_known;
	v->has_quat = v->has_quat && is_moving_known;
	v->turn_sum_deg_s = v->turn_most_deg_s = 0;
	v->n_turns = 0;
}
