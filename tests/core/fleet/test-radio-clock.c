// SPDX-License-Identifier: MIT
/* Radios whose clocks run at their own rates, asked over networks that delay every message by itself:
 * what the brain says about an arrival is compared with when it was.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>

#include "coxad/base/alloc.h"
#include "coxad/base/generator.h"
#include "coxad/base/order.h"
#include "coxad/base/units.h"
#include "coxad/core/fleet/radio-clock.h"

#define ASK_US   (US_PER_S / 4)
#define EVENT_US 20000
#define MINUTE   (60 * (int64_t)US_PER_S)
#define ERRORS   20000
#define SLEWS    24
#define SLEW_US  (5 * (int64_t)US_PER_S)

struct network {
	double there_us, back_us; /* at least */
	double jitter_us;         /* on average, each way */
	double lost;              /* share of questions */
};

static const struct network wired = {150, 150, 300, 0};
static const struct network wireless = {1000, 1000, 8000, 0.1};
/* As over a way that differs for each direction: no average can find that out. */
static const struct network lopsided = {200, 30000, 500, 0};

struct radio {
	uint64_t dice;
	double rate;        /* of its clock, by ours */
	double slew[SLEWS]; /* how much faster it is for SLEW_US each, from the first minute on */
	int64_t ahead_us;   /* when ours is 0 */
	struct radio_clock clock;
	int64_t now_us; /* ours */
	int64_t asked_us;
};

static double draw(struct radio *r)
{
	return generator_unit(generator_splitmix(&r->dice));
}

static int64_t delay(struct radio *r, double least_us, double jitter_us)
{
	return (int64_t)(least_us - jitter_us * log(1 - draw(r)));
}

static int64_t its_time(const struct radio *r, int64_t our_us)
{
	double its_us = (double)our_us * r->rate;

	for (unsigned i = 0; i < SLEWS; i++) {
		int64_t in_us = our_us - MINUTE - i * SLEW_US;

		its_us += r->slew[i] * fmin(fmax((double)in_us, 0), (double)SLEW_US);
	}
	return r->ahead_us + (int64_t)its_us;
}

static struct radio radio_of(uint64_t seed)
{
	struct radio r = {.dice = seed, .now_us = MINUTE};

	r.rate = 1 + 100e-6 * (draw(&r) - 0.5);
	r.ahead_us = (int64_t)(draw(&r) * 1e12);
	radio_clock_init(&r.clock);
	return r;
}

static int ask(struct radio *r, const struct network *n)
{
	struct radio_clock_answer answer = {
		.boot = 1, .number = radio_clock_ask(&r->clock, r->now_us), .t1_us = r->now_us};
	int64_t t_us = r->now_us + delay(r, n->there_us, n->jitter_us);

	if (draw(r) < n->lost)
		return 0;
	answer.t2_us = its_time(r, t_us);
	t_us += delay(r, 20, 50);
	answer.t3_us = its_time(r, t_us);
	answer.t4_us = t_us + delay(r, n->back_us, n->jitter_us);
	return radio_clock_answer(&r->clock, &answer);
}

/* Something arrives: how far off it is dated, which is never more than stated. */
static double error_of(struct radio *r, const struct network *n)
{
	int64_t held_us = (int64_t)(draw(r) * EVENT_US) + delay(r, n->there_us, n->jitter_us);
	struct radio_clock_time at;

	at = radio_clock_convert(&r->clock, its_time(r, r->now_us), r->now_us + held_us);
	assert_true(llabs(at.t_us - r->now_us) <= at.unc_us);
	assert_true(at.t_us <= r->now_us + held_us);
	return (double)llabs(at.t_us - r->now_us);
}

static void run(struct radio *r, const struct network *n, int64_t for_us)
{
	for (int64_t end_us = r->now_us + for_us; r->now_us < end_us; r->now_us += EVENT_US) {
		if (r->now_us - r->asked_us >= ASK_US) {
			r->asked_us = r->now_us;
			assert_int_equal(ask(r, n), 0);
		}
		if (radio_clock_knows(&r->clock, 1))
			error_of(r, n);
	}
}

static void what_is_stated_is_true(void **state)
{
	static const struct network *const networks[] = {&wired, &wireless, &lopsided};

	for (uint64_t seed = 1; seed <= 40; seed++)
		for (size_t i = 0; i < ARRAY_LEN(networks); i++) {
			struct radio r = radio_of(seed);

			run(&r, networks[i], 2 * MINUTE);
			assert_true(radio_clock_knows(&r.clock, 1));
			assert_int_equal(r.clock.steps + r.clock.refused, 0);
		}
}

/* Both are set right by adjtime(3), one this way and one that way, and change their minds. */
static void what_is_stated_is_true_while_clocks_are_slewed(void **state)
{
	static const struct network *const networks[] = {&wired, &wireless, &lopsided};

	for (uint64_t seed = 1; seed <= 40; seed++)
		for (size_t i = 0; i < ARRAY_LEN(networks); i++) {
			struct radio r = radio_of(seed);

			for (unsigned k = 0; k < SLEWS; k++)
				r.slew[k] = 500e-6 * floor(5 * draw(&r) - 2);
			run(&r, networks[i], 2 * MINUTE);
			assert_int_equal(r.clock.steps + r.clock.refused, 0);
		}
}

/* As systemd-timesyncd slews it, by an eighth of what is left in each second. */
static void a_slew_in_haste_is_noticed(void **state)
{
	for (uint64_t seed = 1; seed <= 40; seed++) {
		struct radio r = radio_of(seed);

		for (unsigned k = 1; k < SLEWS; k++)
			r.slew[k] = (seed % 2 ? 0.05 : -0.05) * exp(-0.6 * (k - 1));
		run(&r, &wired, SLEW_US);
		assert_int_equal(r.clock.steps, 0);
		r.now_us += ASK_US;
		r.asked_us = r.now_us;
		assert_int_equal(ask(&r, &wired), 1);
		run(&r, &wired, MINUTE - SLEW_US);
		assert_int_equal(r.clock.steps, 1);
	}
}

/* Two radios hear the same: p95 at most 2 ms on a wired network. */
static void two_radios_agree(void **state)
{
	static double error_us[ERRORS];
	double unc_us = 0;
	size_t n = 0;

	for (uint64_t seed = 1; n < ERRORS; seed++) {
		struct radio a = radio_of(seed), b = radio_of(seed + 1000);

		run(&a, &wired, 5 * US_PER_S);
		run(&b, &wired, 5 * US_PER_S);
		for (unsigned i = 0; i < 500 && n < ERRORS; i++, n++) {
			struct radio_clock_time at, bt;

			run(&a, &wired, EVENT_US);
			run(&b, &wired, EVENT_US);
			at = radio_clock_convert(
				&a.clock, its_time(&a, a.now_us), a.now_us + EVENT_US);
			bt = radio_clock_convert(
				&b.clock, its_time(&b, b.now_us), b.now_us + EVENT_US);
			error_us[n] = (double)llabs(at.t_us - bt.t_us);
			unc_us = fmax(unc_us, (double)at.unc_us);
			a.now_us += EVENT_US;
			b.now_us += EVENT_US;
		}
	}
	order_sort(error_us, n);
	printf("between two radios: p50 %.0f us, p95 %.0f us; stated %.0f us at most\n",
		error_us[n / 2], error_us[n * 95 / 100], unc_us);
	assert_true(error_us[n * 95 / 100] <= 2000);
	assert_true(unc_us <= 5000);
}

/* Nobody asks for a while: what is stated grows with it. */
static void what_is_old_is_less_certain(void **state)
{
	struct radio r = radio_of(3);
	struct radio_clock_time at;

	run(&r, &wired, MINUTE);
	r.now_us += 10 * MINUTE;
	assert_true(error_of(&r, &wired) <= 50e-6 * 10 * (double)MINUTE + 2000);
	at = radio_clock_convert(&r.clock, its_time(&r, r.now_us), r.now_us);
	assert_true(at.unc_us >= 10 * MINUTE / 2000);
	/* From before our clock began. */
	radio_clock_init(&r.clock);
	r.now_us = MINUTE;
	ask(&r, &wired);
	at = radio_clock_convert(&r.clock, its_time(&r, 0) - 3 * MINUTE, r.now_us);
	assert_int_equal(at.t_us, 0);
	assert_true(at.unc_us >= 3 * MINUTE);
}

static void a_step_is_noticed_by_the_next_answer(void **state)
{
	static const int64_t steps_us[] = {-3600000000, -20000, 20000, 86400000000};

	for (size_t i = 0; i < ARRAY_LEN(steps_us); i++) {
		struct radio r = radio_of(10 + i);
		struct radio_clock_time before, at;

		run(&r, &wired, MINUTE);
		before = radio_clock_convert(&r.clock, its_time(&r, r.now_us), r.now_us);
		r.ahead_us += steps_us[i];
		assert_int_equal(ask(&r, &wired), 1);
		assert_int_equal(r.clock.steps, 1);
		at = radio_clock_convert(&r.clock, its_time(&r, r.now_us), r.now_us + 1000);
		assert_true(at.t_us >= before.t_us);
		r.now_us += 4000;
		r.asked_us = r.now_us;
		run(&r, &wired, MINUTE);
		assert_int_equal(r.clock.steps, 1);
	}
}

/* It restarted, perhaps on another machine: what was known is of no use, and is no step. */
static void each_boot_has_its_own_clock(void **state)
{
	struct radio_clock_answer answer = {.boot = 2, .t2_us = 50, .t3_us = 60};
	struct radio r = radio_of(4);

	run(&r, &wired, MINUTE);
	answer.number = radio_clock_ask(&r.clock, r.now_us);
	answer.t1_us = r.now_us;
	answer.t4_us = r.now_us + 30;
	assert_int_equal(radio_clock_answer(&r.clock, &answer), 0);
	assert_int_equal(r.clock.steps, 0);
	assert_false(radio_clock_knows(&r.clock, 0));
	assert_false(radio_clock_knows(&r.clock, 1));
	assert_true(radio_clock_knows(&r.clock, 2));
	assert_true(llabs(radio_clock_convert(&r.clock, 55, r.now_us + 100).t_us - r.now_us) <= 30);
}

/* Asked at t1_us, an answer that was so long on its way there, and not at all on its way back. */
static void answer_after(struct radio_clock *clock, int64_t boot, int64_t t1_us, int64_t way_us)
{
	struct radio_clock_answer answer = {.boot = boot,
		.number = radio_clock_ask(clock, t1_us),
		.t1_us = t1_us,
		.t2_us = t1_us + way_us,
		.t3_us = t1_us + way_us,
		.t4_us = t1_us + way_us};

	assert_int_equal(radio_clock_answer(clock, &answer), 0);
}

static void one_slow_answer_is_not_good(void **state)
{
	struct radio_clock clock;
	int64_t t_us = US_PER_S;

	radio_clock_init(&clock);
	assert_false(radio_clock_is_good(&clock, 0));
	answer_after(&clock, 1, t_us, 140000);
	assert_true(radio_clock_knows(&clock, 1));
	assert_false(radio_clock_is_good(&clock, 1));
	answer_after(&clock, 1, t_us += US_PER_S, 3000);
	assert_true(radio_clock_is_good(&clock, 1));
	/* No answer is quick there. */
	for (unsigned i = 1; i <= RADIO_CLOCK_ANSWERS; i++) {
		answer_after(&clock, 2, t_us += US_PER_S, 140000);
		assert_int_equal(radio_clock_is_good(&clock, 2), i == RADIO_CLOCK_ANSWERS);
	}
	assert_false(radio_clock_is_good(&clock, 1));
}

static void refuse(struct radio_clock *clock, struct radio_clock_answer answer)
{
	uint64_t before = clock->refused;

	assert_int_equal(radio_clock_answer(clock, &answer), -EINVAL);
	assert_int_equal(clock->refused, before + 1);
}

static void what_cannot_be_is_refused(void **state)
{
	struct radio_clock clock;
	struct radio_clock_answer good = {1, 1, 1000, 5000, 5100, 1400};

	radio_clock_init(&clock);
	refuse(&clock, good);
	assert_false(radio_clock_knows(&clock, 1));
	assert_int_equal(radio_clock_ask(&clock, 1000), 1);
	assert_int_equal(radio_clock_answer(&clock, &good), 0);
	refuse(&clock, good);
	/* An older question than the last one answered. */
	radio_clock_ask(&clock, 2000);
	radio_clock_ask(&clock, 2100);
	assert_int_equal(radio_clock_answer(&clock,
				 &(struct radio_clock_answer){1, 3, 2100, 6100, 6200, 2500}),
		0);
	refuse(&clock, (struct radio_clock_answer){1, 2, 2000, 6100, 6200, 2500});
	for (unsigned i = 0; i < RADIO_CLOCK_ASKED + 1; i++)
		radio_clock_ask(&clock, 3000);
	refuse(&clock, (struct radio_clock_answer){1, 4, 3000, 7000, 7100, 3400});
	refuse(&clock, (struct radio_clock_answer){1, 5, 3000, 7000, 6900, 3400});
	refuse(&clock, (struct radio_clock_answer){1, 6, 3000, -1, 7100, 3400});
	refuse(&clock,
		(struct radio_clock_answer){1, 7, 3000, 7000, RADIO_CLOCK_T_MAX_US + 1, 3400});
	/* Of a brain that was there before. */
	refuse(&clock, (struct radio_clock_answer){1, 9, 2999, 7000, 7100, 3400});
	/* It took longer to answer than we waited. */
	refuse(&clock, (struct radio_clock_answer){1, 8, 3000, 7000, 8000, 3400});
	assert_int_equal(clock.steps, 0);
}

/* A radio that says anything at all spoils its own times alone. */
static void nothing_goes_back_whatever_is_said(void **state)
{
	struct radio_clock clock;
	uint64_t dice = 7;
	int64_t last_us = 0;

	radio_clock_init(&clock);
	for (int64_t now_us = 0; now_us < 200000; now_us += 10) {
		struct radio_clock_answer answer = {.boot = 1,
			.number = radio_clock_ask(&clock, now_us),
			.t1_us = now_us,
			.t2_us = (int64_t)(generator_splitmix(&dice) >> 10),
			.t4_us = now_us + 5};
		struct radio_clock_time at;

		answer.t3_us = answer.t2_us + (int64_t)(generator_splitmix(&dice) % 6);
		radio_clock_answer(&clock, &answer);
		at = radio_clock_convert(&clock, (int64_t)(generator_splitmix(&dice) >> 2), now_us);
		assert_true(at.t_us >= last_us && at.t_us <= now_us);
		assert_true(at.unc_us > 0 && at.unc_us <= RADIO_CLOCK_UNC_MAX_US);
		last_us = at.t_us;
	}
	assert_true(clock.steps > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_stated_is_true),
		cmocka_unit_test(what_is_stated_is_true_while_clocks_are_slewed),
		cmocka_unit_test(a_slew_in_haste_is_noticed),
		cmocka_unit_test(two_radios_agree),
		cmocka_unit_test(what_is_old_is_less_certain),
		cmocka_unit_test(a_step_is_noticed_by_the_next_answer),
		cmocka_unit_test(each_boot_has_its_own_clock),
		cmocka_unit_test(one_slow_answer_is_not_good),
		cmocka_unit_test(what_cannot_be_is_refused),
		cmocka_unit_test(nothing_goes_back_whatever_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
