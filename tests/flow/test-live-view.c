// SPDX-License-Identifier: MIT
/* What a person sees of one wearable: a level that falls again, turns measured between samples of one
 * kind.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>

#include "coxad/base/units.h"
#include "daemon/flow/live-view.h"

#define STEP_US     (10 * (int64_t)US_PER_MS)
#define STILL_DEG_S 5

static void tell_level(struct live_view *view, int64_t t_us, float level_db)
{
	live_view_push(view,
		&(struct record){.kind = RECORD_LEVEL, .arrival_us = t_us, .level_db = level_db});
}

static double level_at(struct live_view *view, int64_t t_us)
{
	struct live_result live = {0};

	live_view_take(view, t_us, STILL_DEG_S, &live);
	return live.level_db;
}

static void the_level_is_the_loudest_since_the_last_look(void **state)
{
	struct live_view view = {0};

	tell_level(&view, 1 * US_PER_S, -60);
	tell_level(&view, 1 * US_PER_S, -20);
	tell_level(&view, 1 * US_PER_S, -50);
	assert_true(level_at(&view, 1 * US_PER_S) == -20);
	/* Told once a second, it stays until the next one comes. */
	assert_true(level_at(&view, 2 * US_PER_S) == -20);
	tell_level(&view, 2 * US_PER_S, -55);
	assert_true(level_at(&view, 2 * US_PER_S) == -55);
	assert_true(isnan(level_at(&view, 4 * US_PER_S)));
}

static void tell_motion(struct live_view *view, int64_t t_us, float turn_rps)
{
	struct motion_sample sample = {.acc_mps2 = {0, 0, GRAVITY_MPS2}, .gyr_rps = {turn_rps}};

	live_view_push(view, &(struct record){.kind = RECORD_MOTION,
				     .t_us = t_us,
				     .arrival_us = t_us,
				     .motion = {.n = 1, .has_gyr = true, .samples = &sample}});
}

static void tell_orientation(struct live_view *view, int64_t t_us, double angle_rad)
{
	float wxyz[1][4] = {{(float)cos(angle_rad / 2), (float)sin(angle_rad / 2), 0, 0}};

	live_view_push(view, &(struct record){.kind = RECORD_ORIENTATION,
				     .t_us = t_us,
				     .arrival_us = t_us,
				     .orientation = {.n = 1, .quat_wxyz = wxyz}});
}

/* The two come in packets of their own, one just after the other. */
static void a_turn_is_the_same_by_gyroscope_and_orientation(void **state)
{
	struct live_view view = {0};
	struct live_result live = {0};
	int64_t t_us = US_PER_S;

	for (unsigned i = 0; i < 50; i++, t_us += STEP_US) {
		tell_motion(&view, t_us, 0.5);
		tell_orientation(&view, t_us + STEP_US / 10, 0.5 * i * STEP_US / US_PER_S);
	}
	live_view_take(&view, t_us, STILL_DEG_S, &live);
	assert_true(fabs(live.turn_deg_s - 0.5 * DEG_PER_RAD) < 0.5);
	assert_int_equal(live.is_still, 0);
}

static void what_lies_still_is_still_by_either(void **state)
{
	struct live_view view = {0};
	struct live_result live = {0};
	int64_t t_us = US_PER_S;

	for (unsigned i = 0; i < 50; i++, t_us += STEP_US) {
		tell_motion(&view, t_us, 0);
		tell_orientation(&view, t_us + STEP_US / 10, 1);
	}
	live_view_take(&view, t_us, STILL_DEG_S, &live);
	assert_int_equal(live.is_still, 1);
	/* Gone for a while, it says nothing; back in another pose, it has not turned meanwhile. */
	live_view_take(&view, t_us + 10 * US_PER_S, STILL_DEG_S, &live);
	assert_int_equal(live.is_still, -1);
	assert_true(isnan(live.gravity_g[2]));
	t_us += 11 * US_PER_S;
	tell_orientation(&view, t_us, 0);
	tell_orientation(&view, t_us + STEP_US, 0);
	live_view_take(&view, t_us + STEP_US, STILL_DEG_S, &live);
	assert_int_equal(live.is_still, 1);
	assert_true(fabs(live.gravity_g[2] - 1) < 0.01);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_level_is_the_loudest_since_the_last_look),
		cmocka_unit_test(a_turn_is_the_same_by_gyroscope_and_orientation),
		cmocka_unit_test(what_lies_still_is_still_by_either),
	};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
