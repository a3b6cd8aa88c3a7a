// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "coxad/base/units.h"
#include "coxad/core/fleet/radio-inbox.h"

#define SECOND ((int64_t)US_PER_S)

static struct radio_inbox inbox;

static int setup(void **state)
{
	radio_inbox_init(&inbox);
	return 0;
}

static void offer_at(int64_t now_us, int64_t boot, int64_t number, enum radio_reason reason)
{
	struct radio_span span = {.boot = boot, .first = number, .last = number};
	uint64_t before = inbox.count[reason];

	assert_int_equal(radio_inbox_offer(&inbox, &span, now_us), reason);
	assert_int_equal(inbox.count[reason], before + 1);
}

static void offer(int64_t boot, int64_t number, enum radio_reason reason)
{
	offer_at(SECOND, boot, number, reason);
}

static void expect_from(int64_t now_us, int64_t from)
{
	struct radio_flow flow;

	assert_true(radio_inbox_deadline(&inbox) <= now_us);
	assert_true(radio_inbox_flow(&inbox, now_us, &flow));
	assert_int_equal(flow.from, from);
	assert_int_equal(flow.done, 0);
}

static void expect_done(int64_t now_us, int64_t done)
{
	struct radio_flow flow;

	assert_true(radio_inbox_deadline(&inbox) <= now_us);
	assert_true(radio_inbox_flow(&inbox, now_us, &flow));
	assert_int_equal(flow.done, done);
	assert_int_equal(flow.from, 0);
}

static void expect_nothing(int64_t now_us)
{
	struct radio_flow flow;

	assert_true(radio_inbox_deadline(&inbox) > now_us);
	assert_false(radio_inbox_flow(&inbox, now_us, &flow));
}

static void what_is_missing_is_asked_for(void **state)
{
	expect_nothing(SECOND);
	offer(7, 1, RADIO_REASON_NONE);
	offer(7, 3, RADIO_REASON_GAP);
	expect_from(SECOND, 2);
	/* Once a second, as long as it does not come. */
	offer(7, 4, RADIO_REASON_GAP);
	expect_nothing(2 * SECOND - 1);
	expect_from(2 * SECOND, 2);
	offer(7, 2, RADIO_REASON_NONE);
	expect_nothing(10 * SECOND);
	offer(7, 4, RADIO_REASON_GAP);
	expect_from(10 * SECOND, 3);
	offer(7, 3, RADIO_REASON_NONE);
	offer(7, 4, RADIO_REASON_NONE);
	offer(7, 4, RADIO_REASON_DUPLICATE);
	expect_nothing(20 * SECOND);
}

static void a_brain_that_knows_nothing_asks_for_all(void **state)
{
	struct radio_span gone = {.boot = 7, .first = 1, .last = 499, .lost = 12};

	offer(7, 500, RADIO_REASON_GAP);
	expect_from(SECOND, 1);
	assert_int_equal(radio_inbox_offer(&inbox, &gone, SECOND), RADIO_REASON_NONE);
	assert_int_equal(inbox.lost, 12);
	assert_int_equal(radio_inbox_offer(&inbox, &gone, SECOND), RADIO_REASON_DUPLICATE);
	assert_int_equal(inbox.lost, 12);
	offer(7, 500, RADIO_REASON_NONE);
}

/* Sent before the radio knew what we have: how much of the loss is in the rest, only it can say. */
static void a_loss_of_what_was_taken_is_none(void **state)
{
	struct radio_span gone = {.boot = 7, .first = 1, .last = 9, .lost = 12};

	offer(7, 1, RADIO_REASON_NONE);
	offer(7, 2, RADIO_REASON_NONE);
	assert_int_equal(radio_inbox_offer(&inbox, &gone, SECOND), RADIO_REASON_GAP);
	expect_from(SECOND, 3);
	gone.first = 3;
	gone.lost = 5;
	assert_int_equal(radio_inbox_offer(&inbox, &gone, SECOND), RADIO_REASON_NONE);
	assert_int_equal(inbox.lost, 5);
	gone = (struct radio_span){.boot = 7, .first = 9, .last = 10};
	assert_int_equal(radio_inbox_offer(&inbox, &gone, SECOND), RADIO_REASON_NONE);
	assert_int_equal(inbox.lost, 5);
}

static void done_is_told_when_it_is_on_disk(void **state)
{
	for (int64_t i = 1; i <= 9; i++)
		offer(7, i, RADIO_REASON_NONE);
	expect_nothing(SECOND);
	radio_inbox_settle(&inbox, 7, 5);
	expect_done(SECOND, 5);
	/* Four times a second at most. */
	radio_inbox_settle(&inbox, 7, 6);
	radio_inbox_settle(&inbox, 7, 4);
	expect_nothing(SECOND + SECOND / 4 - 1);
	expect_done(SECOND + SECOND / 4, 6);
	/* Of another boot, or not taken yet. */
	radio_inbox_settle(&inbox, 6, 9);
	radio_inbox_settle(&inbox, 7, 10);
	expect_nothing(10 * SECOND);
	/* The radio does not seem to know. */
	offer(7, 9, RADIO_REASON_DUPLICATE);
	expect_done(10 * SECOND, 6);
	expect_nothing(20 * SECOND);
}

static void an_earlier_boot_stays_refused(void **state)
{
	radio_inbox_restore(&inbox, 7, 41);
	offer(7, 41, RADIO_REASON_DUPLICATE);
	offer(7, 42, RADIO_REASON_NONE);
	/* Their numbers have no order: not every radio has a clock of the day. */
	offer(3, 2, RADIO_REASON_GAP);
	expect_from(SECOND, 1);
	offer(7, 43, RADIO_REASON_BOOT);
	offer(3, 1, RADIO_REASON_NONE);
	radio_inbox_settle(&inbox, 7, 42);
	expect_nothing(10 * SECOND);
	/* Two of one name: the one that came first is refused for good. */
	for (int64_t i = 2; i < 100; i++) {
		offer(3, i, RADIO_REASON_NONE);
		offer(7, 42 + i, RADIO_REASON_BOOT);
	}
	assert_int_equal(inbox.restarts, 1);
	/* Until the other is silent. */
	offer_at(4 * SECOND - 1, 7, 43, RADIO_REASON_BOOT);
	offer_at(4 * SECOND, 7, 43, RADIO_REASON_NONE);
	offer_at(4 * SECOND, 3, 100, RADIO_REASON_BOOT);
	offer_at(7 * SECOND, 3, 99, RADIO_REASON_DUPLICATE);
	offer_at(7 * SECOND, 3, 100, RADIO_REASON_NONE);
}

static void each_reason_has_a_word(void **state)
{
	for (int reason = 0; reason < RADIO_REASON_COUNT; reason++)
		assert_non_null(radio_reason_to_string((enum radio_reason)reason));
	assert_null(radio_reason_to_string(RADIO_REASON_COUNT));
	assert_string_equal(radio_reason_to_string(RADIO_REASON_OWNER), "owner");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(what_is_missing_is_asked_for, setup),
		cmocka_unit_test_setup(a_brain_that_knows_nothing_asks_for_all, setup),
		cmocka_unit_test_setup(a_loss_of_what_was_taken_is_none, setup),
		cmocka_unit_test_setup(done_is_told_when_it_is_on_disk, setup),
		cmocka_unit_test_setup(an_earlier_boot_stays_refused, setup),
		cmocka_unit_test(each_reason_has_a_word),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
