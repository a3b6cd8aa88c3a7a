// SPDX-License-Identifier: MIT
/* The form score, each part against its table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "coxad/base/alloc.h"
#include "tests/core/rules/analysis-defaults.h"
#include "daemon/core/rules/form-score.h"

static struct posture_at lowering(void)
{
	return (struct posture_at){.is_known = true,
		.phase = PHASE_LOWER,
		.side = SIDE_BOTH,
		.elevation_deg = 45,
		.elevation_low_deg = 45,
		.speed_deg_s = -30,
		.leg_speed_deg_s = 30,
		.tilt_deg = 1,
		.lumbar_deg = 1,
		.preset_tilt_deg = 1};
}

static double score(const struct posture_at *p, struct form_score *ret)
{
	struct form_facts f = {.posture = p,
		.exercise = EXERCISE_SUPINE_STRAIGHT,
		.span_deg = 8.7,
		.control_angle_deg = 40,
		.sparc = NAN,
		.sparc_baseline = NAN};

	form_score(&conf, &f, ret);
	return ret->total;
}

static void form_by_tilt(void **state)
{
	static const double rows[][2] = {
		{1, 0}, {3.915, 0}, {5.8725, 20}, {7.83, 40}, {9.7875, 50}, {11.745, 60}, {30, 60}};
	struct form_score s;

	for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
		struct posture_at p = lowering();

		p.tilt_deg = rows[i][0];
		assert_true(near(score(&p, &s), rows[i][1], 1e-6));
		p.tilt_deg = 0;
		p.lumbar_deg = rows[i][0];
		assert_true(near(score(&p, &s), rows[i][1], 1e-6));
	}
}

static void form_by_each_part(void **state)
{
	struct posture_at p = lowering();
	struct form_score s;
	struct form_facts f = {.posture = &p,
		.span_deg = 8.7,
		.control_angle_deg = 40,
		.sparc = -2,
		.sparc_baseline = -1.5};

	form_score(&conf, &f, &s);
	assert_true(near(s.part[FORM_SMOOTHNESS], 10, 0));
	f.sparc = -1.89;
	form_score(&conf, &f, &s);
	assert_true(near(s.total, 0, 0));
	f.sparc = -9;
	f.sparc_baseline = NAN;
	form_score(&conf, &f, &s);
	assert_true(near(s.total, 0, 0));
	p.elevation_low_deg = 35.1;
	assert_true(near(score(&p, &s), 0, 0));
	p.elevation_low_deg = 34.9;
	assert_true(near(score(&p, &s), 20, 0));
	p.phase = PHASE_RAISE;
	assert_true(near(score(&p, &s), 0, 0));
	p = lowering();
	p.speed_deg_s = -61;
	assert_true(near(score(&p, &s), 10, 0));
	p.speed_deg_s = -91;
	assert_true(near(score(&p, &s), 20, 0));
	p = lowering();
	p.roll_deg = -6.5;
	assert_true(near(score(&p, &s), 10, 0));
	p.asymmetry_deg = 11;
	assert_true(near(score(&p, &s), 10, 0));
	p = lowering();
	p.preset_tilt_deg = 2.2;
	assert_true(near(score(&p, &s), 10, 0));
	p.tilt_deg = NAN;
	score(&p, &s);
	assert_false(s.is_known);
}

static void hang_has_its_own_scale(void **state)
{
	struct posture_at p = lowering();
	struct form_facts f = {.posture = &p,
		.exercise = EXERCISE_HANG,
		.span_deg = 8.7,
		.control_angle_deg = 0,
		.sparc = NAN,
		.sparc_baseline = NAN};
	struct form_score s;

	p.tilt_deg = p.lumbar_deg = 6;
	form_score(&conf, &f, &s);
	assert_true(near(s.part[FORM_TILT], 40, 1e-9));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(form_by_tilt),
		cmocka_unit_test(form_by_each_part),
		cmocka_unit_test(hang_has_its_own_scale),
	};

	return cmocka_run_group_tests(tests, defaults, NULL);
}
