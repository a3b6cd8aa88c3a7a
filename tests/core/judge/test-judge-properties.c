// SPDX-License-Identifier: MIT
/* What must always hold: only a person lowers a red flag, athletes do not affect each other, left
 * and right are symmetric.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "tests/core/judge/rig.h"

/* Random events of every kind. */
struct dice {
	uint64_t s;
};

static unsigned roll(struct dice *d, unsigned n)
{
	d->s ^= d->s << 13;
	d->s ^= d->s >> 7;
	d->s ^= d->s << 17;
	return (unsigned)(d->s >> 33) % n;
}

static void random_pop(struct rig *rig, struct dice *d)
{
	struct pop_features f = rig_base_pop;

	if (rig->n_queue > RIG_QUEUE - 4)
		return;
	f.peak_dbfs = -(float)(5 + roll(d, 40));
	f.kurtosis = (float)roll(d, 30);
	f.t10_ms = roll(d, 4) ? 8 : 200;
	f.contact_air_db = roll(d, 3) ? 22 : 3;
	f.knock_g = roll(d, 6) ? 0.02f : 1;
	rig_pop(rig, roll(d, RIG_KITS), RIG_HIP_RIGHT + roll(d, 3),
		(double)roll(d, 2000) / 1000 - 1.5, &f);
}

static void random_body(struct rig *rig, struct dice *d)
{
	struct rig_body *b = &rig->body[roll(d, RIG_KITS)];

	b->phase = (enum phase)roll(d, PHASE_COUNT);
	b->side = (enum side)roll(d, SIDE_COUNT);
	b->rep += roll(d, 2);
	b->tilt_deg = roll(d, 5) ? (double)roll(d, 14) : NAN;
	b->elevation_deg[LEG_LEFT] = b->elevation_deg[LEG_RIGHT] = roll(d, 80);
	b->speed_deg_s[LEG_LEFT] = b->speed_deg_s[LEG_RIGHT] = (double)roll(d, 240) - 120;
	b->quality = roll(d, 6) ? 0 : CODE_BIT(SENSOR_SHIFT);
	b->is_silent = !roll(d, 8);
}

/* A person overrides a verdict, recent or old. */
static void random_override(struct rig *rig, struct dice *d)
{
	const struct rig_event *e = rig->n ? &rig->event[roll(d, rig->n)] : NULL;

	if (!e || e->kind != RESULT_POP)
		return;
	rig->person_is_acting = true;
	rig_override(rig, e->pop.id, (enum pop_class)roll(d, POP_CLASS_COUNT), "eve", "so it is");
	rig->person_is_acting = false;
}

static void random_step(struct rig *rig, struct dice *d)
{
	static const char *const athletes[] = {"ana", "ben", "cleo", "dan"};
	const char *athlete = athletes[roll(d, 4)];
	struct symptom_report report = {.code = (enum symptom_code)roll(d, SYMPTOM_COUNT),
		.site = (enum body_site)roll(d, BODY_SITE_COUNT),
		.intensity = (int)roll(d, 12) - 1};

	switch (roll(d, 15)) {
	case 0:
	case 1:
		rig_press(rig, roll(d, RIG_KITS), report.code, report.site, report.intensity);
		break;
	case 2:
		judge_command_report_symptom(rig->judge, rig->now_us, athlete, &report, "trainer");
		break;
	case 3:
		judge_command_clear_symptoms(rig->judge, rig->now_us, athlete, "eve");
		break;
	case 4:
		judge_command_start_session(
			rig->judge, rig->now_us, roll(d, RIG_KITS), athlete, EXERCISE_SINGLE);
		break;
	case 5:
		if (!roll(d, 4))
			judge_command_end_session(rig->judge, rig->now_us, roll(d, RIG_KITS), NULL);
		break;
	case 6:
		if (!roll(d, 6))
			rig_restart(rig);
		break;
	case 7:
		rig_room(rig, 0.1, -(double)roll(d, 40));
		break;
	case 8:
		judge_wearable_state(rig->judge, rig->now_us, roll(d, RIG_ROOM),
			(enum wearable_state)roll(d, WEARABLE_STATE_COUNT), STREAM_SYMPTOM);
		break;
	case 9:
	case 10:
		random_body(rig, d);
		break;
	case 11:
		random_override(rig, d);
		break;
	default:
		random_pop(rig, d);
	}
	rig_run(rig, (double)(1 + roll(d, 200)) / 100);
}

/* on_result of the rig fails if a revision lowers a red flag. */
static void no_event_lowers_a_red_flag(void **state)
{
	const char *text = getenv("COXAD_TEST_SEED");
	uint64_t seed = text ? strtoull(text, NULL, 0) : 1;
	unsigned reds = 0;

	for (unsigned round = 0; round < 12; round++, seed++) {
		struct rig *rig = new0(struct rig);
		struct dice d = {seed * 0x9e3779b97f4a7c15u + 1};

		print_message("seed %llu\n", (unsigned long long)seed);
		rig_begin(rig, NULL);
		for (unsigned i = 0; i < 250 && rig->n < RIG_EVENTS - 500; i++)
			random_step(rig, &d);
		judge_finish(rig->judge, rig->now_us, false);
		for (unsigned i = 0; i < rig->n; i++)
			reds += rig->event[i].kind == RESULT_POP &&
				rig->event[i].pop.class == POP_CLASS_RED_FLAG;
		rig_end(rig);
		free(rig);
	}
	assert_true(reds > 50);
}

static void athletes_do_not_affect_each_other(void **state)
{
	struct rig *alone = new0(struct rig), *both = new0(struct rig);
	int64_t t[2];

	rig_begin(alone, NULL);
	rig_begin(both, NULL);
	for (unsigned i = 0; i < 2; i++) {
		struct rig *rig = i ? both : alone;

		if (i) {
			rig_pop(rig, 1, RIG_HIP_LEFT, 0.7, NULL);
			rig_press(rig, 1, SYMPTOM_RADIATING, BODY_SITE_LEG, 8);
		}
		t[i] = rig_rep(rig, 0, &rig_base);
		if (i)
			rig_press(rig, 1, SYMPTOM_SHARP, BODY_SITE_HIP, 8);
		rig_run(rig, 35);
	}
	struct pop_result a = *rig_last(alone, t[0]), b = *rig_last(both, t[1]);

	memset(a.id, 0, ID_SIZE);
	memset(b.id, 0, ID_SIZE);
	assert_memory_equal(&a, &b, sizeof(a));
	rig_end(alone);
	rig_end(both);
	free(alone);
	free(both);
}

static void left_and_right_are_symmetric(void **state)
{
	struct rig *rig = *state;
	struct rig_rep rep = rig_base;
	const struct pop_result *p;
	int64_t t;

	rep.wearable = RIG_HIP_LEFT;
	t = rig_rep(rig, 0, &rep);
	rig_run(rig, 2);
	p = rig_last(rig, t);
	assert_int_equal(p->class, POP_CLASS_BENIGN);
	assert_int_equal(p->side, SIDE_LEFT);
	assert_int_equal(p->phase, PHASE_LOWER);
}

#define LIFE(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_event_lowers_a_red_flag),
		cmocka_unit_test(athletes_do_not_affect_each_other),
		LIFE(left_and_right_are_symmetric),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
