// SPDX-License-Identifier: MIT
/* Some random sets of each kind (bench-repetitions runs more): no repetition missed, none
 * invented, boundaries within 100 ms, and the figures of a repetition near the truth.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/core/posture/rep-set.h"

#define SETS 12

static unsigned seed(void)
{
	const char *text = getenv("COXAD_TEST_SEED");

	return text ? (unsigned)strtoul(text, NULL, 0) : 1;
}

static void judge(enum rep_set_kind kind, struct rep_score *score)
{
	static struct rep_set set;

	*score = (struct rep_score){0};
	for (unsigned i = 0; i < SETS; i++) {
		rep_set_make(&set, kind, seed() + i);
		rep_set_judge(&set, score, true);
	}
	if (score->missed || score->invented || score->uncalibrated || score->beyond)
		fail_msg("%s: %u missed, %u invented of %u, %u of %u boundaries beyond 100 ms, %u "
			 "sets not calibrated",
			rep_set_kind_name(kind), score->missed, score->invented, score->reps,
			score->beyond, score->boundaries, score->uncalibrated);
	/* With every twentieth packet of 150 ms lost some boundaries were never sent. */
	assert_true(score->lossy_beyond * 100 <= score->lossy);
	assert_int_equal(score->loss_wrong, 0);
}

static void each_is_found_and_none_invented(void **state)
{
	for (unsigned kind = 0; kind < REP_SET_KINDS; kind++) {
		struct rep_score score;

		judge((enum rep_set_kind)kind, &score);
		if (kind == REP_SET_IDLE || kind == REP_SET_CORE || kind == REP_SET_LONE_IDLE)
			assert_int_equal(score.reps, 0);
		else
			assert_true(score.reps >= 3 * SETS);
	}
}

static void figures_are_true(void **state)
{
	struct rep_score score;

	judge(REP_SET_CLINICAL, &score);
	assert_true(score.range_deg < 2);
	/* A pelvis that tilts slowly passes its limit anywhere within some degrees of the legs. */
	assert_true(score.loss_deg < 3);
	assert_true(score.sparc < 0.1);
	assert_true(score.asymmetry_deg < 3);
}

static bool is_clean(const struct rep_set *set)
{
	return set->rate_hz > 50 && set->loss < 0.01 && !(set->play.worn[0].silent_to_s > 0) &&
	       !(set->play.worn[1].silent_to_s > 0) && !(set->play.worn[2].silent_to_s > 0);
}

static void play(struct rep_set *set, const struct analysis_conf *conf, struct watch *watch)
{
	struct kit_posture *posture;

	watch_init(watch, &set->play);
	posture = kit_posture_new(&(struct kit_posture_settings){"1", conf, set->exercise,
					  1u << PLACEMENT_PELVIS | 1u << PLACEMENT_THIGH_LEFT |
						  1u << PLACEMENT_THIGH_RIGHT},
		&watch_ops, watch);
	kit_posture_session(posture, BODY_START_US, set->exercise);
	body_run(&set->play, posture);
	kit_posture_free(posture);
}

static void compare(const struct watch *a, const struct watch *b, const struct rep_set *set)
{
	unsigned n = 0;

	for (double t_s = set->calibrated_s; t_s < set->end_s; t_s += 0.1) {
		const struct posture_frame *x = watch_at(a, t_s), *y = watch_at(b, t_s);

		if (!x || !y || x->t_us != y->t_us || isnan(x->tilt_deg))
			continue;
		n += !isnan(y->elevation_deg[LEG_LEFT]);
		if (fabs(x->tilt_deg - y->tilt_deg) > 1 ||
			fabs(x->elevation_deg[LEG_LEFT] - y->elevation_deg[LEG_LEFT]) > 1 ||
			fabs(x->elevation_deg[LEG_RIGHT] - y->elevation_deg[LEG_RIGHT]) > 1)
			fail_msg("%s at %.1f s: tilt %.2f %.2f left %.2f %.2f right %.2f %.2f",
				rep_set_kind_name(set->kind), t_s, x->tilt_deg, y->tilt_deg,
				x->elevation_deg[LEG_LEFT], y->elevation_deg[LEG_LEFT],
				x->elevation_deg[LEG_RIGHT], y->elevation_deg[LEG_RIGHT]);
	}
	assert_true(n > 50);
	assert_int_equal(a->n_reps, b->n_reps);
}

/* Every sensor turned at will, calibrated again: the same angles within a degree
 * (decision-model.md 9). */
static void any_mounting_gives_the_same_angles(void **state)
{
	static struct rep_set set;
	struct analysis_conf conf;

	analysis_conf_default(&conf);
	for (unsigned kind = 0; kind < REP_SET_KINDS; kind++) {
		uint64_t turns = seed() + kind, s = seed();
		struct watch first;

		if (kind == REP_SET_LONE || kind == REP_SET_LONE_IDLE)
			continue;
		do
			rep_set_make(&set, (enum rep_set_kind)kind, s++);
		while (!is_clean(&set));
		play(&set, &conf, &first);
		for (unsigned i = 0; i < 3; i++) {
			struct watch turned;

			for (unsigned k = 0; k < 3; k++)
				set.play.worn[k].mount = body_random_quat(&turns);
			play(&set, &conf, &turned);
			compare(&first, &turned, &set);
			watch_done(&turned);
		}
		watch_done(&first);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_found_and_none_invented),
		cmocka_unit_test(figures_are_true),
		cmocka_unit_test(any_mounting_gives_the_same_angles),
	};
	printf("seed %u (COXAD_TEST_SEED)\n", seed());
	return cmocka_run_group_tests(tests, NULL, NULL);
}
