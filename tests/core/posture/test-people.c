// SPDX-License-Identifier: MIT
/* Repetitions as people do them, not calibrated, and what else they do (people.h): each repetition is
 * found, none invented, and the kinds are right. A leg alone, with a pelvis sensor, and with the
 * other leg at rest. COXAD_TEST_PEOPLE is the number of people of each kit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "coxad/base/units.h"
#include "tests/core/posture/people.h"

#define SETS 12

struct figures {
	unsigned n, missed, invented;
	unsigned up;                 /* of the invented: when it sat, stood or walked */
	unsigned kinds[2], wrong[2]; /* of each kind: how many, and how many are told or not told
				      * against the truth */
	double minutes;
};

static unsigned people_count(void)
{
	const char *text = getenv("COXAD_TEST_PEOPLE");

	return text ? (unsigned)strtoul(text, NULL, 0) : SETS;
}

static void judge_kinds(
	const struct people_rep *rep, const struct rep_result *found, struct figures *figures)
{
	for (unsigned kind = 0; kind < 2; kind++) {
		unsigned bit = REP_KIND_BIT(kind);

		figures->kinds[kind] += (rep->kinds & bit) != 0;
		figures->wrong[kind] += ((rep->kinds ^ found->kinds) & bit) != 0;
	}
}

/* The detected one that is this: more than half of it. */
static const struct rep_result *find(
	const struct watch *watch, const struct people_rep *rep, bool *taken)
{
	for (unsigned i = 0; i < watch->n_reps && i < WATCH_REPS; i++) {
		const struct rep_result *r = &watch->rep[i].result;
		double from_s = watch_seconds(r->t_start_us), to_s = watch_seconds(r->t_end_us);

		if (taken[i] || fmin(to_s, rep->to_s) - fmax(from_s, rep->from_s) <
					0.5 * (rep->to_s - rep->from_s))
			continue;
		taken[i] = true;
		return r;
	}
	return NULL;
}

static void tell_invented(const struct people *p, unsigned seed, const struct watch *watch,
	const bool *taken, struct figures *figures)
{
	for (unsigned i = 0; i < watch->n_reps && i < WATCH_REPS; i++) {
		const struct rep_result *r = &watch->rep[i].result;

		if (taken[i])
			continue;
		figures->invented++;
		figures->up += watch_seconds(r->t_end_us) > p->up_s;
		printf("  kit %u, seed %u, %.1f Hz: %.1f to %.1f invented, %.0f deg\n",
			(unsigned)p->kit, seed, p->rate_hz, watch_seconds(r->t_start_us),
			watch_seconds(r->t_end_us), r->range_deg);
	}
}

static void play(struct people *p, unsigned seed, struct figures *figures)
{
	bool taken[WATCH_REPS] = {false};
	struct analysis_conf conf;
	struct watch watch;
	struct kit_posture *posture;

	analysis_conf_default(&conf);
	watch_init(&watch, &p->play);
	posture = kit_posture_new(&(struct kit_posture_settings){.kit = "1",
					  .analysis = &conf,
					  .exercise = EXERCISE_SINGLE,
					  .placements = people_placements(p->kit)},
		&watch_ops, &watch);
	body_run(&p->play, posture);
	for (unsigned i = 0; i < p->n; i++) {
		const struct rep_result *found = find(&watch, &p->rep[i], taken);

		if (found) {
			judge_kinds(&p->rep[i], found, figures);
			continue;
		}
		figures->missed++;
		printf("  kit %u, seed %u, %.1f Hz: %.1f to %.1f missed, %.0f deg\n",
			(unsigned)p->kit, seed, p->rate_hz, p->rep[i].from_s, p->rep[i].to_s,
			p->rep[i].range_deg);
	}
	tell_invented(p, seed, &watch, taken, figures);
	figures->n += p->n;
	figures->minutes += p->play.to_s / 60;
	kit_posture_free(posture);
	watch_done(&watch);
}

static struct figures judge(void (*lay)(struct people *), enum people_kit kit)
{
	static struct people people;
	struct figures figures = {0};

	for (unsigned seed = 1; seed <= people_count(); seed++) {
		people_open(&people, kit, seed);
		lay(&people);
		play(&people, seed, &figures);
	}
	printf("kit %u: %u of %u missed, %u invented in %.0f minutes\n", (unsigned)kit,
		figures.missed, figures.n, figures.invented, figures.minutes);
	return figures;
}

static void each_repetition_of_people_counts(void **state)
{
	for (unsigned kit = 0; kit < PEOPLE_KITS; kit++) {
		struct figures f = judge(people_lay_sets, (enum people_kit)kit);

		assert_true(f.n == 18 * people_count());
		/* A short one of a set without rests may be a stride. */
		assert_true(100 * f.missed <= f.n);
		assert_true(100 * f.invented <= f.n);
	}
}

static void low_and_fast_ones_are_told(void **state)
{
	for (unsigned kit = 0; kit < PEOPLE_KITS; kit++) {
		struct figures f = judge(people_lay_kinds, (enum people_kit)kit);

		printf("kit %u: %u low, %u told wrong; %u fast, %u told wrong\n", kit,
			f.kinds[REP_KIND_LOW_AMPLITUDE], f.wrong[REP_KIND_LOW_AMPLITUDE],
			f.kinds[REP_KIND_FAST], f.wrong[REP_KIND_FAST]);
		assert_int_equal(f.missed + f.invented, 0);
		for (unsigned kind = 0; kind < 2; kind++) {
			assert_true(f.kinds[kind] > people_count());
			assert_true(40 * f.wrong[kind] <= f.n);
		}
	}
}

static void a_leg_laid_elsewhere_begins_anew(void **state)
{
	struct figures f = judge(people_lay_shifts, PEOPLE_LEG);

	assert_int_equal(f.n, 2 * people_count());
	assert_int_equal(f.missed + f.invented, 0);
}

static void who_has_turned_over_raises_at_once(void **state)
{
	for (unsigned kit = PEOPLE_PELVIS_AND_LEG; kit < PEOPLE_KITS; kit++) {
		struct figures f = judge(people_lay_turns, (enum people_kit)kit);

		assert_int_equal(f.n, 6 * people_count());
		assert_int_equal(f.missed + f.invented, 0);
	}
}

static void what_is_held_for_long_counts(void **state)
{
	struct figures f = judge(people_lay_holds, PEOPLE_LEG);

	assert_int_equal(f.n, 6 * people_count());
	assert_int_equal(f.missed + f.invented, 0);
}

static void a_few_steps_are_none(void **state)
{
	for (unsigned kit = 0; kit < PEOPLE_KITS; kit++)
		assert_int_equal(judge(people_lay_walks, (enum people_kit)kit).invented, 0);
}

/* Strapped on or turned onto a side and back before the first step, a lone sensor sees what may be a raise
 * but for the way back and how still it lies. What it sees of sitting down and standing up it tells by the
 * steps between. */
static void going_about_is_hardly_any(void **state)
{
	for (unsigned kit = 0; kit < PEOPLE_KITS; kit++) {
		struct figures f = judge(people_lay_about, (enum people_kit)kit);

		assert_true(f.up <= (kit == PEOPLE_LEG ? 0.1 : 0.05) * f.minutes);
		assert_true(f.invented <= 0.1 * f.minutes);
	}
}

/* What walking has shown takes no repetition from people who stand, or who lie down afterwards. */
static void who_walks_up_raises_legs_as_well(void **state)
{
	for (unsigned kit = 0; kit < PEOPLE_KITS; kit++) {
		struct figures f = judge(people_lay_visit, (enum people_kit)kit);

		assert_int_equal(f.n, 12 * people_count());
		assert_int_equal(f.missed + f.invented, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_repetition_of_people_counts),
		cmocka_unit_test(low_and_fast_ones_are_told),
		cmocka_unit_test(a_leg_laid_elsewhere_begins_anew),
		cmocka_unit_test(who_has_turned_over_raises_at_once),
		cmocka_unit_test(what_is_held_for_long_counts),
		cmocka_unit_test(a_few_steps_are_none),
		cmocka_unit_test(going_about_is_hardly_any),
		cmocka_unit_test(who_walks_up_raises_legs_as_well),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
