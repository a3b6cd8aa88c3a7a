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
		while (timeline_next(timeline, &row)) {
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
	free(timeline);
}

static void one_that_is_late_is_waited_for_no_longer_than_the_wait(void **state)
{
	struct timeline *timeline = fresh();
	struct timeline_row row;
	int64_t last = 0;

	push(timeline, 1, START);
	for (int64_t t = START + 10000; t < START + 1500000; t += 10000) {
		push(timeline, 0, t);
		while (timeline_next(timeline, &row))
			last = row.t_us;
		if (t > START + 500000)
			assert_true(t - last <= TIMELINE_WAIT_US + TIMELINE_STEP_US);
	}
	/* What comes now is late: kept, counted, and in no row of the past. */
	assert_int_equal(push(timeline, 1, START + 100000), 1);
	assert_int_equal(timeline->channel[1].late, 1);
	free(timeline);
}

static void a_link_that_is_down_is_not_waited_for(void **state)
{
	struct timeline *timeline = fresh();
	struct timeline_row row;

	push(timeline, 0, START);
	push(timeline, 1, START);
	push(timeline, 0, START + 50000);
	while (timeline_next(timeline, &row))
		;
	timeline_link(timeline, 1, false);
	assert_true(timeline_next(timeline, &row));
	assert_false(row.cell[1].has);
	assert_true(row.cell[1].is_online);
	free(timeline);
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
		while (timeline_next(timeline, &row))
			offline += !row.is_online;
	}
	assert_int_equal(offline, 1);
	assert_true(row.t_us - START >= TIMELINE_OFFLINE_US);
	timeline_advance(timeline, START + 60000000);
	assert_false(timeline_next(timeline, &row));
	assert_int_equal(timeline_watermark(timeline), START + 60000000 - TIMELINE_WAIT_US);
	/* And goes on with new data, without the rows between. */
	push(timeline, 0, START + 60000000);
	push(timeline, 0, START + 60010000);
	assert_true(timeline_next(timeline, &row));
	assert_true(row.t_us >= START + 60000000);
	free(timeline);
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
	free(timeline);
}

static void a_wide_gap_is_not_bridged_and_a_flood_is_bounded(void **state)
{
	struct timeline *timeline = fresh();
	struct timeline_row row;
	bool had_gap = false;

	push(timeline, 0, START);
	push(timeline, 0, START + 300000);
	while (timeline_next(timeline, &row))
		had_gap |= row.t_us > START && !row.cell[0].has;
	assert_true(had_gap);
	for (unsigned i = 1; i < 3 * TIMELINE_RING; i++)
		push(timeline, 1, START + i);
	assert_int_equal(timeline->channel[1].n, TIMELINE_RING);
	assert_true(timeline->channel[1].overflow > 0);
	free(timeline);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_the_streams_at_their_instant),
		cmocka_unit_test(one_that_is_late_is_waited_for_no_longer_than_the_wait),
		cmocka_unit_test(a_link_that_is_down_is_not_waited_for),
		cmocka_unit_test(silence_ends_in_one_offline_row),
		cmocka_unit_test(bad_order_and_far_future_are_refused),
		cmocka_unit_test(a_wide_gap_is_not_bridged_and_a_flood_is_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
