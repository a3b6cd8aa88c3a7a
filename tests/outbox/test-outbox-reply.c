// SPDX-License-Identifier: MIT
/* Killed in between, coxad would have answered what nobody ever gets: a reply waits until every event
 * of its command is on disk, whatever else waits.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "coxad/outbox/outbox.h"

static const struct outbox_limits wide = {
	.max_events = 100, .max_bytes = 100000, .max_age_us = 1000};
static const struct outbox_item reply = {
	.kind = OUTBOX_KIND_REPLY, .topic = "r", .payload = "", .class = 1};
static const struct outbox_item alerts = {
	.kind = OUTBOX_KIND_STATE, .topic = "alerts", .payload = "[]", .size = 2, .class = 1};

static void on_gone(void *user, const struct outbox_entry *entry, enum outbox_gone reason)
{
}

static int begin(void **state)
{
	static const struct outbox_ops ops = {.gone = on_gone};
	struct outbox *outbox = outbox_new(&wide, &ops, NULL);

	outbox_connection(outbox, 0, 16);
	*state = outbox;
	return 0;
}

static int end(void **state)
{
	outbox_free(*state);
	return 0;
}

static struct outbox_entry *push(struct outbox *outbox, uint64_t seq)
{
	struct outbox_item event = {.kind = OUTBOX_KIND_EVENT,
		.class = 5,
		.seq = seq,
		.id = "id",
		.topic = "t",
		.payload = "{}",
		.size = 2};

	return outbox_add(outbox, 0, &event, false);
}

static void assert_next(struct outbox *outbox, const char *topic)
{
	const struct outbox_entry *next = outbox_next(outbox, 0);

	assert_non_null(next);
	assert_string_equal(next->item.topic, topic);
}

/* An alert is followed by the list of those open. */
static void a_state_after_the_event_lets_no_reply_pass(void **state)
{
	struct outbox *outbox = *state;
	struct outbox_entry *event = push(outbox, 1);

	event->is_pending = true;
	outbox_add(outbox, 0, &alerts, false);
	outbox_add(outbox, 0, &reply, true);
	assert_null(outbox_next(outbox, 0));
	event->is_pending = false;
	assert_next(outbox, "r");
	assert_next(outbox, "t");
	assert_next(outbox, "alerts");
}

/* What was set aside is tried behind all others. */
static void an_old_event_tried_last_lets_no_reply_pass(void **state)
{
	struct outbox *outbox = *state;
	struct outbox_entry *event;

	push(outbox, 1);
	outbox_hold(outbox, outbox_next(outbox, 0)->token, 10, true);
	event = push(outbox, 2);
	event->is_pending = true;
	assert_non_null(outbox_probe(outbox, 20));
	outbox_add(outbox, 20, &reply, true);
	assert_null(outbox_next(outbox, 20));
	event->is_pending = false;
	assert_next(outbox, "r");
}

static void a_later_event_holds_up_no_reply(void **state)
{
	struct outbox *outbox = *state;

	outbox_add(outbox, 0, &reply, true);
	push(outbox, 1)->is_pending = true;
	assert_next(outbox, "r");
}

/* A disk that is slow to take an alert holds up no answer to anybody else. */
static void an_event_before_the_command_holds_up_no_reply(void **state)
{
	struct outbox *outbox = *state;
	struct outbox_entry *event = push(outbox, 1);
	struct outbox_item answer = reply;

	event->is_pending = true;
	outbox_add(outbox, 0, &reply, true); /* its own command's */
	answer.since = outbox_next_token(outbox);
	answer.topic = "another";
	outbox_add(outbox, 0, &answer, true);
	assert_next(outbox, "another");
	assert_null(outbox_next(outbox, 0));
	event->is_pending = false;
	assert_next(outbox, "r");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_state_after_the_event_lets_no_reply_pass, begin, end),
		cmocka_unit_test_setup_teardown(
			an_old_event_tried_last_lets_no_reply_pass, begin, end),
		cmocka_unit_test_setup_teardown(a_later_event_holds_up_no_reply, begin, end),
		cmocka_unit_test_setup_teardown(
			an_event_before_the_command_holds_up_no_reply, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
