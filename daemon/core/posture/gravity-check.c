// SPDX-License-Identifier: MIT
#include "daemon/core/posture/gravity-check.h"

#include <math.h>

#include "coxad/base/units.h"

#define BLOCK_S 0.5
/* Hardly moves: turns less than this, and the acceleration varies little in one of the frames. */
#define QUIET_DEG_S  40.0
#define QUIET_SPREAD 0.5
/* Lies still as far as the accelerometer can tell. */
#define STILL_SPREAD 0.05
/* The gyroscope alone takes gravity right round meanwhile. */
#define WHIRL_SPREAD 4.0
#define PAIR_S       3.5
/* More than 9 degrees and a quarter of the turn: on 13 recordings of good sensors on thighs, shins
 * and chests (Yurtman and Barshan 2014, BROAD) the greatest is 1.2 m/s^2. */
#define TURN_MPS2   1.5
#define GROSS_MPS2  5.0 /* counts for more */
#define TURN_SHARE  0.25
#define TELLS_MPS2  3.0 /* a turn large enough to speak for a sensor */
#define RIGHT_SHARE 0.2
/* Where the accelerometer sees more of a turn it may be a push, which makes gravity longer: by a
 * tenth of it from 2 m/s^2 on. */
#define PUSH_SHARE 0.1
/* Zero-g offset and scale of the chips in use: up to 0.08 g (InvenSense MPU-6050). */
#define LENGTH_MPS2 1.5
#define GAP_S       0.1
/* Contradictions that make a defect, and how they are forgotten. */
#define TURNS_MOST   4
#define LENGTHS_MOST 8
#define FORGET_S     60.0
#define WELL_TURNS   6
#define WELL_LENGTHS 16

void gravity_check_init(struct gravity_check *check)
{
	*check = (struct gravity_check){0};
}

static void begin_block(struct gravity_check *c)
{
	c->n = 0;
	c->gathered_s = 0;
	c->acc = c->level = (struct vec3){0, 0, 0};
	c->acc_square = c->rate_square = 0;
	c->flags = 0;
	c->is_doubtful = false;
}

static double square(struct vec3 v)
{
	return vec3_dot(v, v);
}

static double off_length(struct vec3 acc)
{
	return fabs(vec3_norm(acc) - GRAVITY_MPS2);
}

static void note_wrong(struct gravity_check *c, double *wrong, double more, unsigned *right)
{
	if (c->turns_wrong < 0.5 && c->lengths_wrong < 0.5)
		c->wrong_s = 0;
	*wrong += more;
	*right = 0;
}

static void note_right(double *wrong, double less, unsigned *right)
{
	*wrong = fmax(*wrong - less, 0);
	(*right)++;
}

static void note_wrong_turn(struct gravity_check *c, double apart_mps2)
{
	note_wrong(c, &c->turns_wrong, apart_mps2 > GROSS_MPS2 ? 1.5 : 1, &c->turns_right);
}

static void note_length(struct gravity_check *c, bool is_wrong)
{
	if (is_wrong)
		note_wrong(c, &c->lengths_wrong, 1, &c->lengths_right);
	else
		note_right(&c->lengths_wrong, 0.5, &c->lengths_right);
}

static bool is_still(const struct gravity_block *b)
{
	return b->acc_spread < STILL_SPREAD;
}

/* From the last quiet block to this one. */
static void compare(struct gravity_check *c, const struct gravity_block *now)
{
	const struct gravity_block *last = &c->last;
	double apart = vec3_norm(vec3_sub(now->level, last->level));
	double seen = vec3_norm(vec3_sub(now->acc, last->acc));
	double told = vec3_norm(vec3_sub(quat_rotate(quat_conj(now->strapdown), last->level),
		quat_rotate(quat_conj(last->strapdown), last->level)));
	double turn = fmax(seen, told);

	if (apart > TURN_MPS2 && apart > TURN_SHARE * turn) {
		double length = fmax(off_length(now->acc), off_length(last->acc));

		if (told > seen || length < PUSH_SHARE * apart || (is_still(now) && is_still(last)))
			note_wrong_turn(c, apart);
	} else if (turn > TELLS_MPS2 && apart < RIGHT_SHARE * turn) {
		note_right(&c->turns_wrong, 0.5, &c->turns_right);
	}
}

/* A defect seen in turns is disproved by turns. */
static void judge(struct gravity_check *c)
{
	bool by_turns = c->turns_wrong >= TURNS_MOST;

	c->by_turns |= by_turns;
	if (by_turns || c->lengths_wrong >= LENGTHS_MOST)
		c->is_defective = true;
	else if (c->lengths_right >= WELL_LENGTHS && (!c->by_turns || c->turns_right >= WELL_TURNS))
		c->is_defective = c->by_turns = false;
}

static bool is_quiet(const struct gravity_check *c, const struct gravity_block *b)
{
	double rate = sqrt(c->rate_square / c->n) * DEG_PER_RAD;

	return is_still(b) ||
	       (rate < QUIET_DEG_S && fmin(b->acc_spread, b->level_spread) < QUIET_SPREAD);
}

static void end_block(struct gravity_check *c, const struct quat *strapdown)
{
	struct gravity_block now = {.acc = vec3_scale(c->acc, 1.0 / c->n),
		.level = vec3_scale(c->level, 1.0 / c->n),
		.strapdown = *strapdown};
	bool is_clipped = c->flags != 0;

	now.acc_spread = c->acc_square / c->n - square(now.acc);
	now.level_spread = c->acc_square / c->n - square(now.level);
	c->last.age_s += c->gathered_s;
	c->wrong_s += c->gathered_s;
	c->turns_wrong -= c->turns_wrong * c->gathered_s / FORGET_S;
	if (is_quiet(c, &now) && (is_still(&now) || !is_clipped)) {
		note_length(c, off_length(now.acc) > LENGTH_MPS2);
		if (is_still(&now) && now.level_spread > WHIRL_SPREAD)
			note_wrong_turn(c, 0);
		else if (c->has_last && c->last.age_s < PAIR_S && !c->is_doubtful && !is_clipped)
			compare(c, &now);
		c->last = now;
		c->has_last = !c->is_doubtful && !is_clipped;
		judge(c);
	}
	begin_block(c);
}

static void gather(struct gravity_check *c, const struct gravity_sample *s)
{
	if (s->gap_s > GAP_S && s->gap_s > 2 * s->step_s) {
		c->has_last = false;
		begin_block(c);
	}
	c->n++;
	c->gathered_s += s->step_s;
	c->acc = vec3_add(c->acc, s->acc);
	c->acc_square += square(s->acc);
	c->rate_square += s->rate_square;
	c->flags |= s->flags;
	c->is_doubtful |= s->is_doubtful;
}

void gravity_check_push(
	struct gravity_check *c, const struct gravity_sample *s, const struct quat *strapdown)
{
	gather(c, s);
	c->level = vec3_add(c->level, s->level);
	if (c->gathered_s >= BLOCK_S)
		end_block(c, strapdown);
}

void gravity_check_push_bare(struct gravity_check *c, const struct gravity_sample *s)
{
	gather(c, s);
	if (c->gathered_s < BLOCK_S)
		return;
	c->level = c->acc;
	c->is_doubtful = true;
	end_block(c, &QUAT_IDENTITY);
}
