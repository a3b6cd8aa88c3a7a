// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "coxad/base/units.h"
#include "coxad/core/fleet/radio-buffer.h"

#define BOOT   7
#define SECOND ((int64_t)US_PER_S)

static struct radio_buffer *buffer;
static struct radio_buffer_status status;

static int setup(void **state)
{
	buffer = radio_buffer_new(BOOT, RADIO_BUFFER_BYTES_MAX);
	return 0;
}

static int teardown(void **state)
{
	buffer = radio_buffer_free(buffer);
	return 0;
}

/* A line for each character; a small letter is a stream. */
static void add(const char *events, int64_t t_us)
{
	char text[2 * RADIO_BUFFER_LINES_MAX];
	bool is_stream[RADIO_BUFFER_LINES_MAX];
	struct radio_lines lines = {text, 0, 0, is_stream, t_us};

	for (; *events; events++) {
		is_stream[lines.n++] = *events >= 'a';
		text[lines.size++] = *events;
		text[lines.size++] = '\n';
	}
	radio_buffer_add(buffer, &lines);
}

static void expect(int64_t first, int64_t last, uint64_t lost, const char *text)
{
	struct radio_parcel parcel;

	assert_true(radio_buffer_take(buffer, SECOND, &parcel));
	assert_int_equal(parcel.span.boot, BOOT);
	assert_int_equal(parcel.span.first, first);
	assert_int_equal(parcel.span.last, last);
	assert_int_equal(parcel.span.lost, lost);
	assert_int_equal(!parcel.text, !text);
	assert_int_equal(parcel.size, text ? strlen(text) : 0);
	assert_int_equal(parcel.n, parcel.size / 2);
	if (text)
		assert_memory_equal(parcel.text, text, parcel.size);
}

static void expect_nothing(void)
{
	struct radio_parcel parcel;

	assert_false(radio_buffer_take(buffer, SECOND, &parcel));
}

static int flow(int64_t done, int64_t from)
{
	return radio_buffer_flow(
		buffer, &(struct radio_flow){.boot = BOOT, .done = done, .from = from});
}

static void is_kept_until_it_is_done(void **state)
{
	expect_nothing();
	radio_buffer_status(buffer, &status);
	assert_true(status.oldest_us == T_NEVER);
	add("Aa", 100);
	add("b", 200);
	expect(1, 1, 0, "A\na\n");
	assert_int_equal(flow(0, 1), 0);
	expect(1, 1, 0, "A\na\n");
	expect(2, 2, 0, "b\n");
	expect_nothing();
	radio_buffer_status(buffer, &status);
	assert_int_equal(status.events, 3);
	assert_true(status.oldest_us == 100);
	assert_int_equal(flow(1, 0), 0);
	radio_buffer_status(buffer, &status);
	assert_true(status.oldest_us == 200);
	/* What is done is no loss. */
	assert_int_equal(flow(0, 1), 0);
	expect(1, 1, 0, NULL);
	expect(2, 2, 0, "b\n");
	assert_int_equal(flow(2, 0), 0);
	radio_buffer_status(buffer, &status);
	assert_int_equal(status.events + status.bytes, 0);
	expect_nothing();
	/* The brain took what came by another way, before it was sent again. */
	add("c", 300);
	assert_int_equal(flow(3, 0), 0);
	expect_nothing();
}

static void the_last_one_is_sent_again_if_nobody_says_it_came(void **state)
{
	assert_true(radio_buffer_deadline(buffer) == T_NEVER);
	add("A", 100);
	assert_true(radio_buffer_deadline(buffer) == T_NEVER);
	expect(1, 1, 0, "A\n");
	add("B", 100);
	expect(2, 2, 0, "B\n");
	assert_true(radio_buffer_deadline(buffer) == 4 * SECOND);
	radio_buffer_advance(buffer, 4 * SECOND - 1);
	expect_nothing();
	radio_buffer_advance(buffer, 4 * SECOND);
	expect(2, 2, 0, "B\n");
	expect_nothing();
	assert_int_equal(flow(2, 0), 0);
	assert_true(radio_buffer_deadline(buffer) == T_NEVER);
}

static void flow_that_cannot_be_is_refused(void **state)
{
	add("A", 100);
	assert_int_equal(
		radio_buffer_flow(buffer, &(struct radio_flow){.boot = BOOT + 1, .done = 1}),
		-ESTALE);
	assert_int_equal(flow(2, 0), -ERANGE);
	assert_int_equal(flow(-1, 0), -ERANGE);
	assert_int_equal(flow(0, 3), -ERANGE);
	assert_int_equal(flow(0, -1), -ERANGE);
	assert_int_equal(flow(0, 2), 0);
	expect_nothing();
	assert_int_equal(flow(0, 1), 0);
	expect(1, 1, 0, "A\n");
}

/* Streams first, oldest first. */
static void what_is_too_much_is_dropped_in_order(void **state)
{
	size_t bytes;

	add("aBc", 100);
	add("d", 200);
	add("EF", 300);
	add("gH", 400);
	radio_buffer_status(buffer, &status);
	bytes = status.bytes;
	buffer = radio_buffer_free(buffer);
	buffer = radio_buffer_new(BOOT, bytes - 1);
	add("aBc", 100);
	add("d", 200);
	add("EF", 300);
	radio_buffer_status(buffer, &status);
	assert_int_equal(status.dropped, 0);
	add("gH", 400);
	radio_buffer_status(buffer, &status);
	assert_int_equal(status.dropped, 2);
	assert_int_equal(status.events, 6);
	add("I", 500);
	radio_buffer_status(buffer, &status);
	assert_int_equal(status.dropped, 4);
	/* That was not enough. */
	assert_int_equal(status.lost, 1);
	assert_true(status.bytes < bytes);
	expect(1, 1, 3, NULL);
	expect(2, 2, 1, "");
	expect(3, 3, 0, "E\nF\n");
	expect(4, 4, 1, "H\n");
	expect(5, 5, 0, "I\n");
	expect_nothing();
	assert_int_equal(flow(1, 0), 0);
	assert_int_equal(flow(0, 1), 0);
	expect(1, 1, 0, NULL);
	expect(2, 2, 1, "");
}

static void open_with_room_for(unsigned batches)
{
	radio_buffer_free(buffer);
	buffer = radio_buffer_new(BOOT, RADIO_BUFFER_BYTES_MAX);
	for (unsigned i = 0; i < batches; i++)
		add("X", 0);
	radio_buffer_status(buffer, &status);
	radio_buffer_free(buffer);
	buffer = radio_buffer_new(BOOT, status.bytes);
}

/* What the brain has is no loss, though it is gone. */
static void each_loss_is_told_for_its_own_batch(void **state)
{
	open_with_room_for(1);
	add("a", 100);
	add("bC", 200);
	add("DEF", 300);
	add("GHIJ", 400);
	add("K", 500);
	expect(1, 4, 10, NULL);
	expect(5, 5, 0, "K\n");
	assert_int_equal(flow(0, 3), 0);
	expect(3, 4, 7, NULL);
	assert_int_equal(flow(3, 0), 0);
	assert_int_equal(flow(0, 1), 0);
	expect(1, 4, 4, NULL);
	assert_int_equal(flow(4, 0), 0);
	add("L", 600);
	assert_int_equal(flow(0, 4), 0);
	expect(4, 5, 1, NULL);
}

static void many_batches_may_be_gone(void **state)
{
	open_with_room_for(1);
	for (int64_t i = 1; i <= 1000; i++)
		add("A", i);
	expect(1, 999, 999, NULL);
	assert_int_equal(flow(10, 11), 0);
	expect(11, 999, 989, NULL);
	for (int64_t done = 11; done <= 200; done++)
		assert_int_equal(flow(done, 0), 0);
	assert_int_equal(flow(0, 201), 0);
	expect(201, 999, 799, NULL);
	assert_int_equal(flow(999, 0), 0);
	assert_int_equal(flow(0, 1), 0);
	expect(1, 999, 0, NULL);
}

/* Between two that an earlier run kept. */
static void a_loss_is_told_once(void **state)
{
	bool is_stream[] = {false};
	struct radio_lines lines = {"A\n", 2, 1, is_stream, 100};

	open_with_room_for(2);
	assert_true(radio_buffer_restore(buffer, &lines, 3, 4));
	assert_true(radio_buffer_restore(buffer, &lines, 5, 0));
	assert_true(radio_buffer_restore(buffer, &lines, 9, 0));
	expect(1, 4, 5, NULL);
	expect(5, 5, 0, "A\n");
	expect(6, 8, 0, NULL);
	expect(9, 9, 0, "A\n");
}

static void a_batch_that_is_too_large_by_itself_is_lost(void **state)
{
	buffer = radio_buffer_free(buffer);
	buffer = radio_buffer_new(BOOT, 10);
	add("Ab", 100);
	add("C", 100);
	expect(1, 2, 3, NULL);
	radio_buffer_status(buffer, &status);
	assert_int_equal(status.bytes, 0);
	assert_int_equal(status.dropped, 1);
	assert_int_equal(status.lost, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(is_kept_until_it_is_done, setup, teardown),
		cmocka_unit_test_setup_teardown(
			the_last_one_is_sent_again_if_nobody_says_it_came, setup, teardown),
		cmocka_unit_test_setup_teardown(flow_that_cannot_be_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(
			what_is_too_much_is_dropped_in_order, setup, teardown),
		cmocka_unit_test_setup_teardown(
			each_loss_is_told_for_its_own_batch, setup, teardown),
		cmocka_unit_test_setup_teardown(many_batches_may_be_gone, setup, teardown),
		cmocka_unit_test_setup_teardown(a_loss_is_told_once, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_batch_that_is_too_large_by_itself_is_lost, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
