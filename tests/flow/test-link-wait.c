// SPDX-License-Identifier: MIT
/* What was heard through a link that is not known yet comes after the beginning of that link. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/flow/link-wait.h"

#define LATE_US (3 * (int64_t)US_PER_S)
#define A       "C0:A5:00:00:00:01"
#define B       "C0:A5:00:00:00:02"
#define STRANGE "C0:A5:00:00:00:09"

static struct world {
	struct conf conf;
	struct link_wait *wait;
	int64_t now_us, last_us;
	char taken[64]; /* a letter each: the kind, and of notifications and reads the value */
	int64_t arrival_us[64];
	size_t n;
	unsigned n_more; /* than that */
} w;

static void take(void *user, const struct capture_event *event)
{
	static const char kinds[] = {
		[CAPTURE_CONNECTED] = 'C', [CAPTURE_DISCONNECTED] = 'D', [CAPTURE_RSSI] = 'r'};

	assert_string_equal(event->radio, "mat");
	assert_true(event->t_us == w.now_us && event->delay_us >= 0);
	if (event->kind == CAPTURE_CONNECTED)
		assert_string_equal(event->adapter, "71:13");
	if (event->kind == CAPTURE_DISCONNECTED)
		assert_string_equal(event->why, "gone");
	if (w.n == sizeof(w.taken) - 1) {
		w.n_more++;
		return;
	}
	w.arrival_us[w.n] = event->t_us - event->delay_us;
	w.taken[w.n++] = event->size ? (char)event->value[0] : kinds[event->kind];
}

static int set_up(void **state)
{
	memset(&w, 0, sizeof(w));
	w.now_us = 100 * (int64_t)US_PER_S;
	w.conf.n_wearables = 2;
	snprintf(w.conf.wearable[0].address, ADDRESS_SIZE, A);
	snprintf(w.conf.wearable[1].address, ADDRESS_SIZE, B);
	conf_index(&w.conf);
	w.wait = link_wait_new(&w.conf, take, NULL);
	return 0;
}

static int tear_down(void **state)
{
	link_wait_free(w.wait);
	return 0;
}

/* Each was heard some time ago. Its strings do not last. */
static void hear_of(const char *address, enum capture_kind kind, char letter)
{
	char its_address[18], radio[] = "mat", adapter[] = "71:13", why[] = "gone";
	uint8_t value[] = {(uint8_t)letter};
	struct capture_event event = {.kind = kind,
		.t_us = w.now_us += US_PER_MS,
		.delay_us = LATE_US,
		.radio = radio,
		.address = its_address};

	snprintf(its_address, sizeof(its_address), "%s", address);
	if (kind == CAPTURE_NOTIFY || kind == CAPTURE_READ) {
		event.value = value;
		event.size = 1;
	}
	event.adapter = kind == CAPTURE_CONNECTED ? adapter : NULL;
	event.why = kind == CAPTURE_DISCONNECTED ? why : NULL;
	link_wait_event(w.wait, &event);
	memset(its_address, 0, sizeof(its_address));
	memset(radio, 0, sizeof(radio));
	memset(adapter, 0, sizeof(adapter));
	memset(why, 0, sizeof(why));
	memset(value, 0, sizeof(value));
}

/* C, D and r; a small letter was read, a digit is a notification. */
static void hear(const char *text)
{
	for (; *text; text++) {
		if (*text == 'C')
			hear_of(A, CAPTURE_CONNECTED, 0);
		else if (*text == 'D')
			hear_of(A, CAPTURE_DISCONNECTED, 0);
		else if (*text == 'r')
			hear_of(A, CAPTURE_RSSI, 0);
		else
			hear_of(A, *text < 'a' ? CAPTURE_NOTIFY : CAPTURE_READ, *text);
	}
}

static void a_link_that_begins_is_taken_at_once(void **state)
{
	hear("rCab12D3Ca4");
	assert_string_equal(w.taken, "rCab12D3Ca4");
	assert_false(link_wait_has(w.wait, "mat"));
	assert_true(link_wait_deadline(w.wait) == T_NEVER);
}

/* Also what the radio did not tell in the order in which it was. */
static void what_was_heard_comes_after_its_link(void **state)
{
	int64_t first_us;

	hear("12");
	first_us = w.now_us - US_PER_MS - LATE_US;
	hear("r3");
	assert_string_equal(w.taken, "");
	assert_true(link_wait_has(w.wait, "mat"));
	hear("Cab");
	assert_string_equal(w.taken, "");
	hear("4");
	assert_string_equal(w.taken, "Cab12r34");
	assert_false(link_wait_has(w.wait, "mat"));
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(w.arrival_us[i], first_us);
	for (unsigned i = 4; i < w.n; i++)
		assert_true(w.arrival_us[i] > w.arrival_us[i - 1]);
	hear("5");
	assert_string_equal(w.taken, "Cab12r345");
}

static void another_wearable_does_not_wait(void **state)
{
	hear("1");
	hear_of(B, CAPTURE_CONNECTED, 0);
	hear_of(B, CAPTURE_NOTIFY, '2');
	hear_of(STRANGE, CAPTURE_NOTIFY, '3');
	assert_string_equal(w.taken, "C23");
	assert_true(link_wait_has(w.wait, "mat"));
	assert_false(link_wait_has(w.wait, "mat-2"));
}

static void a_wearable_with_nothing_more_to_say_waits_a_second(void **state)
{
	hear("1Ca");
	assert_true(link_wait_deadline(w.wait) <= w.now_us + LINK_WAIT_READS_US);
	w.now_us = link_wait_deadline(w.wait);
	link_wait_advance(w.wait, w.now_us);
	assert_string_equal(w.taken, "Ca1");
	assert_false(link_wait_has(w.wait, "mat"));
}

/* The radio knows of no link. */
static void nothing_waits_for_ever(void **state)
{
	hear("12");
	link_wait_advance(w.wait, w.now_us + LINK_WAIT_US / 2);
	assert_string_equal(w.taken, "");
	w.now_us = link_wait_deadline(w.wait);
	link_wait_advance(w.wait, w.now_us);
	hear("3");
	assert_string_equal(w.taken, "123");
}

static void the_end_of_a_link_ends_the_wait(void **state)
{
	hear("12D3");
	assert_string_equal(w.taken, "12D3");
}

static void what_waits_is_bounded(void **state)
{
	unsigned n = 0;

	for (; !w.n && n < LINK_WAIT_BYTES_MAX; n++)
		hear("1");
	assert_in_range(n, 10000, LINK_WAIT_BYTES_MAX / sizeof(struct capture_event));
	assert_int_equal(w.n + w.n_more, n);
	assert_false(link_wait_has(w.wait, "mat"));
}

static void a_wearable_that_is_removed_leaves_nothing(void **state)
{
	_auto_free_ struct conf_change *change = new0(struct conf_change);

	hear("12");
	change->wearable[0] = CONF_FATE_REMOVED;
	link_wait_reload(w.wait, change);
	assert_false(link_wait_has(w.wait, "mat"));
	hear("C3");
	assert_string_equal(w.taken, "C3");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(a_link_that_begins_is_taken_at_once),
		TEST(what_was_heard_comes_after_its_link),
		TEST(another_wearable_does_not_wait),
		TEST(a_wearable_with_nothing_more_to_say_waits_a_second),
		TEST(nothing_waits_for_ever),
		TEST(the_end_of_a_link_ends_the_wait),
		TEST(what_waits_is_bounded),
		TEST(a_wearable_that_is_removed_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
