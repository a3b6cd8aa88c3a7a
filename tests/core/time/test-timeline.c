// SPDX-License-Identifier: MIT
/* Rows come in order, each once, none left out, behind the slowest wearable that still sends and
 * never later than the wait; what is in them is the streams' value at their instant.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "coxad/base/diag.h"
#include "coxad/base/units.h"
#include "coxad/core/time/timeline.h"

#define START 7003000

static struct timeline *fresh(void)
{
	struct timeline *timeline = malloc(sizeof(*timeline));

	timeline_init(timeline, 3);
	return timeline;
}

static void drop(struct timeline *timeline)
{
	timeline_done(timeline);
	free(timeline);
}

/* The stream's value is its time, so that a row shows what was interpolated. */
static int push(struct timeline *timeline, unsigned channel, int64_t t_us)
{
	double turn = (double)(t_us - START) * 1e-7;
	struct timeline_sample sample = {.t_us = t_us,
		.up = {sin(turn), 0, cos(turn)},
		.gyr = {(double)t_us, 0, 0},
		.knock_g = 0.5f,
		.flags = 1};

	if (t_us > timeline->now_us)
		timeline_advance(timeline, t_us);
	return timeline_push(timeline, channel, &sample);
}

static void rows_are_the_streams_at_their_instant(void **state)
{
	struct timeline *timeline = fresh();
	struct timeline_row row;
	int64_t last = 0;
	unsigned n = 0;

	for (int64_t t = START; t < START + 3000000; t += 9615) {
		push(timeline, 0, t);
		push(timeline, 1, t + 4000);
		while (timeline_next(timeline, TIMELINE_WHOLE, &row)) {
			assert_int_equal(row.t_us % TIMELINE_STEP_US, 0);
			if (n)
				assert_int_equal(row.t_us, last + TIMELINE_STEP_US);
			last = row.t_us;
			/* Only once both have passed. */
			assert_true(row.t_us <= t);
			for (unsigned i = 0; n && i < 2; i++) {
				assert_true(row.cell[i].has && row.cell[i].is_online);
				assert_true(fabs(row.cell[i].gyr.x - (double)row.t_us) < 1e-3);
				assert_true(fabs(vec3_norm(row.cell[i].up) - 1) < 1e-12);
			}
			assert_false(row.cell[2].has);
			assert_int_equal(timeline_watermark(timeline), row.t_us);
			n++;
		}
	}
	assert_in_range(n, 298, 300);
	drop(timeline);
}

static int64_t drain(struct timeline *timeline, enum timeline_view view, int64_t last_us)
{
	struct timeline_row row;

	while (timeline_next(timeline, view, &row)) {
		if (last_us)
			assert_int_equal(row.t_us, last_us + TIMELINE_STEP_US);
		last_us = row.t_us;
		if (view == TIMELINE_WHOLE)
			timeline_join(timeline);
	}
	return last_us;
}

static void one_that_is_late_is_waited_for_no_longer_than_the_wait(void **state)
{
	struct timeline *timeline = fresh();
	int64_t whole = 0, live = 0;

	push(timeline, 1, START);
	for (int64_t t = START + 10000; t < START + 5000000; t += 10000) {
		push(timeline, 0, t);
		whole = drain(timeline, TIMELINE_WHOLE, whole);
		if (timeline_split(timeline))
			live = whole;
		if (timeline->is_split)
			live = drain(timeline, TIMELINE_LIVE, live);
		if (t > START + 500000 && t < START + TIMELINE_LATE_US) {
			assert_true(timeline->is_split);
			assert_true(t - live <= TIMELINE_WAIT_US + TIMELINE_STEP_US);
			assert_true(whole <= START);
		}
	}
	/* After that nobody waits for it any more. */
	assert_false(timeline->is_split);
	assert_true(whole >= START + 4980000);
	/* What comes now is late: kept, counted, and in no row of the past. */
	assert_int_equal(push(timeline, 1, START + 100000), 1);
	assert_int_equal(timeline->channel[1].late, 1);
	drop(timeline);
}

/* The rows of the whole view are those of data that were on time. */
static void late_but_complete_is_as_if_on_time(void **state)
{
	for (int64_t stall_us = 300000; stall_us <= 3000000; stall_us += 300000) {
		struct timeline *timeline = fresh();
		struct timeline_row row;
		unsigned rows = 0, splits = 0;
		int64_t at[2] = {START, START};

		for (int64_t now = START; now < START + 6000000; now += 10000) {
			timeline_advance(timeline, now);
			for (unsigned i = 0; i < 2; i++)
				for (; at[i] <= now && (i == 0 || now < START + 1000000 ||
							       now >= START + 1000000 + stall_us);
					at[i] += 10000)
					push(timeline, i, at[i]);
			while (timeline_next(timeline, TIMELINE_WHOLE, &row)) {
				rows++;
				assert_true(row.cell[0].has && row.cell[1].has);
				timeline_join(timeline);
			}
			splits += timeline_split(timeline);
			while (timeline->is_split && timeline_next(timeline, TIMELINE_LIVE, &row))
				assert_true(row.cell[0].has && !row.cell[1].has);
		}
		assert_true(rows > 590);
		assert_int_equal(splits, stall_us > TIMELINE_WAIT_US);
		assert_int_equal(timeline->channel[1].late, 0);
		drop(timeline);
	}
}

static void a_link_that_is_down_is_not_waited_for(void **state)
{
	struct timeline *timeline = fresh();
	struct timeline_row row;

	push(timeline, 0, START);
	push(timeline, 1, START);
	push(timeline, 0, START + 50000);
	while (timeline_next(timeline, TIMELINE_WHOLE, &row))
		;
	timeline_link(timeline, 1, false);
	assert_true(timeline_next(timeline, TIMELINE_WHOLE, &row));
	assert_false(row.cell[1].has);
	assert_true(row.cell[1].is_online);
	drop(timeline);
}

static void silence_ends_in_one_offline_row(void **state)
{
	struct timeline *timeline = fresh();
	struct timeline_row row;
	unsigned offline = 0;

	push(timeline, 0, START);
	push(timeline, 0, START + 10000);
	while (timeline_deadline(timeline) != T_NEVER) {
		timeline_advance(timeline, timeline_deadline(timeline));
		timeline_split(timeline);
		while (timeline->is_split && timeline_next(timeline, TIMELINE_LIVE, &row))
			;
		while (timeline_next(timeline, TIMELINE_WHOLE, &row))
			offline += !row.is_online;
	}
	assert_int_equal(offline, 1);
	assert_true(row.t_us - START >= TIMELINE_OFFLINE_US);
	timeline_advance(timeline, START + 60000000);
	assert_false(timeline_next(timeline, TIMELINE_WHOLE, &row));
	assert_int_equal(timeline_watermark(timeline), START + 60000000 - TIMELINE_WAIT_US);
	/* And goes on with new data, without the rows between. */
	push(timeline, 0, START + 60000000);
	push(timeline, 0, START + 60010000);
	assert_true(timeline_next(timeline, TIMELINE_WHOLE, &row));
	assert_true(row.t_us >= START + 60000000);
	drop(timeline);
}

static void bad_order_and_far_future_are_refused(void **state)
{
	struct timeline *timeline = fresh();

	assert_int_equal(push(timeline, 0, START), 0);
	assert_int_equal(push(timeline, 0, START), -REASON_STALE);
	assert_int_equal(push(timeline, 0, START - 1), -REASON_STALE);
	timeline_advance(timeline, START);
	{
		struct timeline_sample ahead = {.t_us = START + TIMELINE_AHEAD_US + 1};

		assert_int_equal(timeline_push(timeline, 0, &ahead), -REASON_RANGE);
	}
	assert_int_equal(timeline->channel[0].stale, 2);
	assert_int_equal(timeline->channel[0].ahead, 1);
	drop(timeline);
}

static void a_wide_gap_is_not_bridged_and_a_flood_is_bounded(void **state)
{
	struct timeline *timeline = fresh();
	struct timeline_row row;
	bool had_gap = false;

	push(timeline, 0, START);
	push(timeline, 0, START + 300000);
	while (timeline_next(timeline, TIMELINE_WHOLE, &row))
		had_gap |= row.t_us > START && !row.cell[0].has;
	assert_true(had_gap);
	for (unsigned i = 1; i < 3 * TIMELINE_RING; i++)
		push(timeline, 1, START + i);
	assert_true(timeline->channel[1].overflow > 0);
	/* The newest are kept. */
	timeline_advance(timeline, START + 2 * TIMELINE_LATE_US);
	while (timeline_next(timeline, TIMELINE_WHOLE, &row))
		;
	assert_int_equal(timeline->channel[1].ring[timeline->channel[1].begin].t_us,
		START + 3 * TIMELINE_RING - 1);
	drop(timeline);
}

/* The fastest wearable, its clock as far ahead as may be, while another is waited for: every sample
 * is still there when the other one comes. */
static void the_ring_holds_all_that_may_be_waited_for(void **state)
{
	struct timeline *timeline = fresh();
	struct timeline_row row;
	unsigned rows = 0;

	push(timeline, 1, START);
	for (int64_t now = START, t = START; now < START + TIMELINE_LATE_US - 20000; now += 8000) {
		timeline_advance(timeline, now);
		for (; t <= now + TIMELINE_AHEAD_US; t += 8000) {
			struct timeline_sample sample = {.t_us = t, .up = {0, 0, 1}};

			assert_int_equal(timeline_push(timeline, 0, &sample), 0);
		}
		while (timeline_next(timeline, TIMELINE_WHOLE, &row))
			rows++;
	}
	assert_true(rows <= 1);
	for (int64_t t = START + 10000; t < START + TIMELINE_LATE_US; t += 10000)
		push(timeline, 1, t);
	while (timeline_next(timeline, TIMELINE_WHOLE, &row)) {
		assert_true(row.cell[0].has);
		rows++;
	}
	assert_in_range(rows, 345, 351);
	assert_int_equal(timeline->channel[0].overflow, 0);
	drop(timeline);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_the_streams_at_their_instant),
		cmocka_unit_test(late_but_complete_is_as_if_on_time),
		cmocka_unit_test(one_that_is_late_is_waited_for_no_longer_than_the_wait),
		cmocka_unit_test(a_link_that_is_down_is_not_waited_for),
		cmocka_unit_test(silence_ends_in_one_offline_row),
		cmocka_unit_test(bad_order_and_far_future_are_refused),
		cmocka_unit_test(a_wide_gap_is_not_bridged_and_a_flood_is_bounded),
		cmocka_unit_test(the_ring_holds_all_that_may_be_waited_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
