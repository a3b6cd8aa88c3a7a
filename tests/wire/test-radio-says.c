// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/wire/radio-brain.h"
#include "coxad/wire/radio-heard.h"
#include "coxad/wire/radio-list.h"
#include "coxad/wire/radio-order.h"
#include "coxad/wire/radio-status.h"

#define ADDRESS "\"C0:A5:00:00:00:01\""
#define BATTERY "00002a19-0000-1000-8000-00805f9b34fb"

static char text[RADIO_HEARD_MAX], first[RADIO_HEARD_MAX];

/* --- what is written is read --- */

static void assert_written(size_t size, const char *expected)
{
	assert_int_equal(size, strlen(expected));
	assert_memory_equal(text, expected, size);
}

static void status_is_read_back(void **state)
{
	static const char expected[] =
		"{\"online\":true,\"version\":\"1.0\",\"proto\":1,\"boot\":9007199254740992,\"adapters\":["
		"{\"address\":\"00:1A:7D:DA:71:13\",\"slots\":7,\"used\":3,\"limit\":5},"
		"{\"address\":\"00:1A:7D:DA:71:14\",\"slots\":6,\"used\":0,\"limit\":0}],"
		"\"buffered\":{\"events\":12,\"bytes\":1400,\"oldest_ms\":300},\"dropped\":4,\"lost\":5,"
		"\"problems\":[{\"code\":\"adapter_silent\",\"subject\":\"7113\",\"text\":\"No.\"}]}";
	struct radio_status status = {.is_online = true,
		.version = "1.0",
		.protocol = 1,
		.boot = INT64_C(1) << 53,
		.n_adapters = 2,
		.adapter = {{"00:1A:7D:DA:71:13", 7, 3, 5}, {"00:1A:7D:DA:71:14", 6, 0, 0}},
		.buffered_events = 12,
		.buffered_bytes = 1400,
		.oldest_us = 300 * US_PER_MS,
		.dropped = 4,
		.lost = 5,
		.n_problems = 1,
		.problem = {{HEALTH_ADAPTER_SILENT, "7113", "No."}}};
	struct radio_status back;

	assert_written(radio_status_write(&status, text), expected);
	assert_int_equal(radio_status_read(expected, strlen(expected), &back), 0);
	assert_written(radio_status_write(&back, text), expected);
}

static void a_will_says_no_more_than_that(void **state)
{
	static const char expected[] =
		"{\"online\":false,\"version\":\"1.0\",\"proto\":1,\"boot\":7}";
	struct radio_status will = {.version = "1.0", .protocol = 1, .boot = 7, .n_adapters = 1};
	struct radio_status back;

	assert_written(radio_status_write(&will, text), expected);
	assert_int_equal(radio_status_read(expected, strlen(expected), &back), 0);
	assert_false(back.is_online);
	assert_int_equal(back.boot, 7);
	assert_int_equal(back.n_adapters, 0);
}

/* Of a newer coxad. */
static void a_new_problem_is_left_out(void **state)
{
	static const char newer[] =
		"{\"online\":true,\"proto\":1,\"boot\":7,\"adapters\":[],\"problems\":["
		"{\"code\":\"adapter_tired\",\"text\":\"a\"},{\"code\":\"bluez_old\",\"text\":\"b\"}]}";
	struct radio_status status;

	assert_int_equal(radio_status_read(newer, strlen(newer), &status), 0);
	assert_int_equal(status.n_problems, 1);
	assert_int_equal(status.problem[0].code, HEALTH_BLUEZ_OLD);
}

static void of_another_protocol_only_that_is_read(void **state)
{
	static const char other[] =
		"{\"online\":true,\"version\":\"9\",\"proto\":2,\"adapters\":\"new\",\"boot\":[]}";
	struct radio_status status;

	assert_int_equal(radio_status_read(other, strlen(other), &status), 0);
	assert_int_equal(status.protocol, 2);
	assert_string_equal(status.version, "9");
	assert_true(status.is_online);
	assert_int_equal(status.n_adapters, 0);
}

static void fill_longest(char *ret, size_t size)
{
	memset(ret, '"', size - 1);
	ret[size - 1] = 0;
}

static void a_list_says_what_to_do(void **state)
{
	static const char expected[] =
		"{\"epoch\":7,\"wearables\":[{\"address\":\"C0:A5:00:00:00:01\",\"serve\":true,"
		"\"placement\":\"hip-left\",\"kit\":\"3\","
		"\"driver\":\"coxa\",\"notify\":\"signal\",\"bond\":true},"
		"{\"address\":\"C0:A5:00:00:00:02\",\"radio\":\"mat-2\"},"
		"{\"address\":\"C0:A5:00:00:00:03\"}]}";
	static struct radio_list list;

	assert_int_equal(radio_list_read(expected, strlen(expected), &list), 0);
	assert_true(list.wearable[0].is_served && list.wearable[0].bond);
	assert_string_equal(list.wearable[0].driver, "coxa");
	assert_string_equal(list.wearable[0].kit, "3");
	assert_int_equal(list.wearable[0].placement, PLACEMENT_HIP_LEFT);
	assert_true(!list.wearable[1].is_served && !list.wearable[2].is_served);
	assert_string_equal(list.wearable[1].radio, "mat-2");
	assert_written(radio_list_write(&list, text), expected);
}

static void what_is_heard_is_said(void **state)
{
	static const char expected[] =
		"{\"wearables\":[{\"address\":\"C0:A5:00:00:00:01\",\"rssi_dbm\":-61,\"driver\":\"coxa\","
		"\"bonded\":true,\"connected\":false,\"problem\":\"bond_lost\"},"
		"{\"address\":\"C0:A5:00:00:00:02\",\"bonded\":false,\"connected\":true}]}";
	static struct radio_heard heard;

	assert_int_equal(radio_heard_read(expected, strlen(expected), &heard), 0);
	assert_int_equal(heard.wearable[0].rssi_dbm, -61);
	assert_int_equal(heard.wearable[0].problem, WEARABLE_PROBLEM_BOND_LOST);
	assert_true(heard.wearable[0].is_bonded && heard.wearable[1].is_connected);
	assert_written(radio_heard_write(&heard, text), expected);
}

/* The longest that there can be. */
static void a_full_list_is_read_back(void **state)
{
	static struct radio_list list, back;
	size_t size;

	list.epoch = INT64_C(1) << 53;
	list.n = RADIO_LIST_WEARABLES_MAX;
	for (unsigned i = 0; i < list.n; i++) {
		struct radio_list_wearable *w = &list.wearable[i];

		snprintf(w->address, sizeof(w->address), "C0:A5:00:00:%02X:%02X", i >> 8, i & 255);
		w->is_served = i % 3 != 0;
		fill_longest(w->driver, sizeof(w->driver));
		fill_longest(w->radio, sizeof(w->radio));
		fill_longest(w->kit, sizeof(w->kit));
		w->placement = PLACEMENT_THIGH_RIGHT;
		w->has_notify = true;
		w->notify = NOTIFY_MODE_SIGNAL;
	}
	size = radio_list_write(&list, text);
	memcpy(first, text, size);
	assert_int_equal(radio_list_read(first, size, &back), 0);
	assert_int_equal(radio_list_write(&back, text), size);
	assert_memory_equal(text, first, size);
}

static void all_that_is_heard_is_read_back(void **state)
{
	static struct radio_heard heard, back;
	size_t size;

	heard.n = RADIO_LIST_WEARABLES_MAX;
	for (unsigned i = 0; i < heard.n; i++) {
		struct radio_heard_wearable *w = &heard.wearable[i];

		snprintf(w->address, sizeof(w->address), "C0:A5:00:00:%02X:%02X", i >> 8, i & 255);
		w->rssi_dbm = -127;
		fill_longest(w->driver, sizeof(w->driver));
		w->problem = WEARABLE_PROBLEM_SENSOR_DEFECTIVE;
	}
	size = radio_heard_write(&heard, text);
	memcpy(first, text, size);
	assert_int_equal(radio_heard_read(first, size, &back), 0);
	assert_int_equal(radio_heard_write(&back, text), size);
	assert_memory_equal(text, first, size);
}

static void an_unknown_problem_is_one(void **state)
{
	static const char other[] =
		"{\"wearables\":[{\"address\":" ADDRESS ",\"problem\":\"new\",\"rssi_dbm\":null}]}";
	static struct radio_heard heard;

	assert_int_equal(radio_heard_read(other, strlen(other), &heard), 0);
	assert_int_not_equal(heard.wearable[0].problem, WEARABLE_PROBLEM_NONE);
	assert_int_equal(heard.wearable[0].rssi_dbm, RADIO_HEARD_NO_RSSI);
}

static void an_order_is_read_back(void **state)
{
	static const char *const expected[] = {
		"{\"n\":9007199254740992,\"w\":" ADDRESS ",\"c\":\"" BATTERY "\","
		"\"v\":\"0103\",\"response\":true,\"reply\":129,\"busy\":3}",
		"{\"n\":1,\"w\":" ADDRESS ",\"c\":\"" BATTERY "\",\"v\":\"00\","
		"\"response\":false}"};
	const struct radio_order orders[] = {
		{INT64_C(1) << 53, "C0:A5:00:00:00:01", UUID_SIG(0x2a19), {1, 3}, 2, true, 0x81, 3},
		{1, "C0:A5:00:00:00:01", UUID_SIG(0x2a19), {0}, 1, false, 0, 3}};
	struct radio_order back;

	for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
		assert_written(radio_order_write(&orders[i], text), expected[i]);
		assert_int_equal(radio_order_read(expected[i], strlen(expected[i]), &back), 0);
		assert_written(radio_order_write(&back, text), expected[i]);
	}
}

static void the_longest_order_is_read_back(void **state)
{
	struct radio_order order = {.number = INT64_C(1) << 53,
		.address = "C0:A5:00:00:00:01",
		.size = RADIO_ORDER_BYTES_MAX,
		.reply = 255,
		.busy = 255};
	struct radio_order back;

	memset(order.bytes, 0xa5, sizeof(order.bytes));
	assert_int_equal(radio_order_read(text, radio_order_write(&order, text), &back), 0);
	assert_int_equal(back.size, order.size);
	assert_memory_equal(back.bytes, order.bytes, sizeof(back.bytes));
}

static void an_answer_is_read_back(void **state)
{
	static const int errors[][2] = {{0, 0}, {-ENOTCONN, -ENOTCONN}, {-EAGAIN, -EAGAIN},
		{-ENODEV, -ENODEV}, {-EIO, -EIO}, {-ENOTSUP, -EIO}};
	static const char other[] = "{\"n\":1,\"error\":\"new\"}";
	struct radio_order_answer back;

	for (size_t i = 0; i < ARRAY_LEN(errors); i++) {
		struct radio_order_answer answer = {5, errors[i][0]};
		size_t size = radio_order_write_answer(&answer, text);

		assert_int_equal(radio_order_read_answer(text, size, &back), 0);
		assert_int_equal(back.number, 5);
		assert_int_equal(back.error, errors[i][1]);
	}
	assert_int_equal(radio_order_read_answer(other, strlen(other), &back), 0);
	assert_int_equal(back.error, -EIO);
}

static void a_brain_is_read_back(void **state)
{
	static const char *const expected[] = {
		"{\"online\":true,\"since\":\"2026-11-22T17:30:00.123Z\",\"epoch\":9007199254740992,"
		"\"version\":\"1.0\",\"proto\":1}",
		"{\"online\":false,\"since\":null,\"epoch\":7,\"version\":null,\"proto\":2}"};
	struct radio_brain back;

	for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
		assert_int_equal(radio_brain_read(expected[i], strlen(expected[i]), &back), 0);
		assert_int_equal(back.is_online, i == 0);
		assert_int_equal(back.since_wall_us != 0, i == 0);
		assert_int_equal(back.protocol, i + 1);
		assert_written(radio_brain_write(&back, text), expected[i]);
	}
}

/* --- what cannot be --- */

static void each_is_refused(
	const char *const *bad, size_t n, bool (*reads)(const char *text, size_t size))
{
	static const char *const always[] = {"", "x", "[]", "{}", "null", "{\"a\":1,\"a\":1}", "{",
		"{\"wearables\":{}}", "{\"n\":1}x"};

	for (size_t i = 0; i < ARRAY_LEN(always); i++)
		if (reads(always[i], strlen(always[i])))
			fail_msg("%s", always[i]);
	for (size_t i = 0; i < n; i++)
		if (reads(bad[i], strlen(bad[i])))
			fail_msg("%s", bad[i]);
}

/* One that is good is good for its longest, and no longer. */
static void the_longest_is_bounded(
	const char *good, size_t max, bool (*reads)(const char *text, size_t size))
{
	static char longer[RADIO_HEARD_MAX + 1];

	memset(longer, ' ', sizeof(longer));
	memcpy(longer, good, strlen(good));
	assert_true(reads(longer, max));
	assert_false(reads(longer, max + 1));
}

static bool reads_status(const char *bytes, size_t size)
{
	struct radio_status status = {.boot = 77};
	int r = radio_status_read(bytes, size, &status);

	assert_true(r == 0 || (r == -EINVAL && status.boot == 77));
	return r == 0;
}

#define ONLINE "{\"online\":true,\"version\":\"1\",\"proto\":1,\"boot\":7,"

static void a_bad_status_is_refused(void **state)
{
	static const char *const bad[] = {"{\"online\":1,\"proto\":1,\"boot\":7,\"adapters\":[]}",
		"{\"proto\":1,\"boot\":7,\"adapters\":[]}",
		"{\"online\":true,\"boot\":7,\"adapters\":[]}",
		"{\"online\":true,\"proto\":0,\"boot\":7,\"adapters\":[]}",
		"{\"online\":true,\"proto\":1,\"adapters\":[]}",
		"{\"online\":true,\"proto\":1,\"boot\":0,\"adapters\":[]}",
		"{\"online\":true,\"proto\":1,\"boot\":9007199254740993,\"adapters\":[]}",
		"{\"online\":true,\"version\":\"\\u0007\",\"proto\":1,\"boot\":7,\"adapters\":[]}",
		"{\"online\":true,\"version\":\"123456789012345678901234567890123\",\"proto\":1,"
		"\"boot\":7,\"adapters\":[]}",
		ONLINE "\"x\":0}", ONLINE "\"adapters\":[1]}", ONLINE "\"adapters\":[{}]}",
		ONLINE "\"adapters\":[{\"address\":\"1\"}]}",
		ONLINE "\"adapters\":[{\"address\":" ADDRESS ",\"slots\":-1}]}",
		ONLINE "\"adapters\":[{\"address\":" ADDRESS ",\"slots\":256}]}",
		ONLINE "\"adapters\":[{\"address\":" ADDRESS ",\"used\":1.5}]}",
		ONLINE "\"adapters\":[{\"address\":" ADDRESS ",\"limit\":\"7\"}]}",
		ONLINE "\"adapters\":[{},{},{},{},{},{},{},{},{}]}",
		ONLINE "\"adapters\":[],\"lost\":-1}", ONLINE "\"adapters\":[],\"dropped\":true}",
		ONLINE "\"adapters\":[],\"problems\":7}",
		ONLINE "\"adapters\":[],\"problems\":[{\"code\":\"bluez_old\"}]}",
		ONLINE "\"adapters\":[],\"problems\":[{},{},{},{},{},{},{},{},{}]}",
		ONLINE "\"adapters\":[],\"buffered\":{\"bytes\":-1}}",
		ONLINE "\"adapters\":[],\"buffered\":{\"events\":-1}}",
		ONLINE "\"adapters\":[],\"buffered\":{\"oldest_ms\":9007199254740991}}"};

	each_is_refused(bad, ARRAY_LEN(bad), reads_status);
	the_longest_is_bounded(ONLINE "\"adapters\":[]}", RADIO_STATUS_MAX, reads_status);
}

static bool reads_heard(const char *bytes, size_t size)
{
	static struct radio_heard heard;
	int r = radio_heard_read(bytes, size, &heard);

	assert_true(r == 0 || r == -EINVAL);
	return r == 0;
}

#define HEARD "{\"wearables\":[{\"address\":" ADDRESS

static void bad_hearing_is_refused(void **state)
{
	static const char *const bad[] = {"{\"wearables\":[7]}", "{\"wearables\":[{}]}",
		"{\"wearables\":[{\"address\":\"C0:A5\"}]}", "{\"wearables\":[{\"address\":null}]}",
		HEARD ",\"rssi_dbm\":21}]}", HEARD ",\"rssi_dbm\":-129}]}",
		HEARD ",\"rssi_dbm\":-60.5}]}", HEARD ",\"bonded\":1}]}",
		HEARD ",\"connected\":\"yes\"}]}", HEARD ",\"problem\":7}]}",
		HEARD ",\"driver\":\"\"}]}", HEARD ",\"driver\":\"\\u202e\"}]}"};

	each_is_refused(bad, ARRAY_LEN(bad), reads_heard);
	the_longest_is_bounded(HEARD "}]}", RADIO_HEARD_MAX, reads_heard);
}

static bool reads_list(const char *bytes, size_t size)
{
	static struct radio_list list;
	int r = radio_list_read(bytes, size, &list);

	assert_true(r == 0 || r == -EINVAL);
	return r == 0;
}

#define LIST "{\"epoch\":1,\"wearables\":[{\"address\":" ADDRESS

static void a_bad_list_is_refused(void **state)
{
	static const char *const bad[] = {"{\"wearables\":[]}", "{\"epoch\":0,\"wearables\":[]}",
		"{\"epoch\":1}", "{\"epoch\":1,\"wearables\":[{}]}",
		"{\"epoch\":1,\"wearables\":[[]]}", LIST ",\"serve\":1}]}",
		LIST ",\"serve\":true,\"notify\":\"maybe\"}]}",
		LIST ",\"serve\":true,\"notify\":7}]}", LIST ",\"serve\":true,\"bond\":1}]}",
		LIST ",\"serve\":true,\"placement\":\"ear\"}]}",
		LIST ",\"serve\":true,\"kit\":\"a/b\"}]}",
		LIST ",\"serve\":true,\"driver\":\"\\n\"}]}", LIST ",\"radio\":\"a/b\"}]}",
		LIST ",\"radio\":\"+\"}]}", LIST ",\"radio\":\"\"}]}"};
	char many[8 * (RADIO_LIST_WEARABLES_MAX + 1)] = "{\"epoch\":1,\"wearables\":[{}";

	each_is_refused(bad, ARRAY_LEN(bad), reads_list);
	for (unsigned i = 0; i < RADIO_LIST_WEARABLES_MAX; i++)
		strcat(many, ",{}");
	assert_false(reads_list(strcat(many, "]}"), strlen(many)));
	the_longest_is_bounded(LIST "}]}", RADIO_LIST_MAX, reads_list);
}

static bool reads_order(const char *bytes, size_t size)
{
	struct radio_order order = {.number = 77};
	int r = radio_order_read(bytes, size, &order);

	assert_true(r == 0 || (r == -EINVAL && order.number == 77));
	return r == 0;
}

static void a_bad_order_is_refused(void **state)
{
	static const char *const bad[] = {"{\"n\":0,\"w\":" ADDRESS ",\"c\":\"2a19\",\"v\":\"00\"}",
		"{\"w\":" ADDRESS ",\"c\":\"2a19\",\"v\":\"00\"}",
		"{\"n\":1,\"c\":\"2a19\",\"v\":\"00\"}", "{\"n\":1,\"w\":" ADDRESS ",\"v\":\"00\"}",
		"{\"n\":1,\"w\":" ADDRESS ",\"c\":\"2a1\",\"v\":\"00\"}",
		"{\"n\":1,\"w\":" ADDRESS ",\"c\":\"2a19\"}",
		"{\"n\":1,\"w\":" ADDRESS ",\"c\":\"2a19\",\"v\":\"\"}",
		"{\"n\":1,\"w\":" ADDRESS ",\"c\":\"2a19\",\"v\":\"0\"}",
		"{\"n\":1,\"w\":" ADDRESS ",\"c\":\"2a19\",\"v\":\"0g\"}",
		"{\"n\":1,\"w\":" ADDRESS ",\"c\":\"2a19\",\"v\":\"00\",\"response\":1}",
		"{\"n\":1,\"w\":" ADDRESS ",\"c\":\"2a19\",\"v\":\"00\",\"reply\":256}",
		"{\"n\":1,\"w\":" ADDRESS ",\"c\":\"2a19\",\"v\":\"00\",\"busy\":-1}"};
	char value[2 * RADIO_ORDER_BYTES_MAX + 3], longer[RADIO_ORDER_MAX];

	each_is_refused(bad, ARRAY_LEN(bad), reads_order);
	memset(value, '0', sizeof(value) - 1);
	value[sizeof(value) - 1] = 0;
	snprintf(longer, sizeof(longer), "{\"n\":1,\"w\":" ADDRESS ",\"c\":\"2a19\",\"v\":\"%s\"}",
		value);
	assert_false(reads_order(longer, strlen(longer)));
	the_longest_is_bounded("{\"n\":1,\"w\":" ADDRESS ",\"c\":\"2a19\",\"v\":\"00\"}",
		RADIO_ORDER_MAX, reads_order);
}

static bool reads_answer(const char *bytes, size_t size)
{
	struct radio_order_answer answer = {.number = 77};
	int r = radio_order_read_answer(bytes, size, &answer);

	assert_true(r == 0 || (r == -EINVAL && answer.number == 77));
	return r == 0;
}

static void a_bad_answer_is_refused(void **state)
{
	static const char *const bad[] = {"{\"n\":-1}", "{\"n\":\"1\"}", "{\"n\":1,\"error\":1}",
		"{\"n\":1,\"error\":\"\"}", "{\"n\":1,\"error\":\"\\u0001\"}"};

	each_is_refused(bad, ARRAY_LEN(bad), reads_answer);
	the_longest_is_bounded("{\"n\":1,\"error\":null}", RADIO_ORDER_MAX, reads_answer);
}

static bool reads_brain(const char *bytes, size_t size)
{
	struct radio_brain brain = {.epoch = 77};
	int r = radio_brain_read(bytes, size, &brain);

	assert_true(r == 0 || (r == -EINVAL && brain.epoch == 77));
	return r == 0;
}

static void a_bad_brain_is_refused(void **state)
{
	static const char *const bad[] = {"{\"online\":1,\"epoch\":1,\"proto\":1}",
		"{\"online\":true,\"proto\":1}", "{\"online\":true,\"epoch\":1}",
		"{\"online\":true,\"epoch\":0,\"proto\":1}",
		"{\"online\":true,\"epoch\":1,\"proto\":0}",
		"{\"online\":true,\"epoch\":9007199254740993,\"proto\":1}",
		"{\"online\":true,\"epoch\":1,\"proto\":1,\"since\":\"now\"}",
		"{\"online\":true,\"epoch\":1,\"proto\":1,\"since\":7}",
		"{\"online\":true,\"epoch\":1,\"proto\":1,\"version\":\"\\t\"}"};

	each_is_refused(bad, ARRAY_LEN(bad), reads_brain);
	the_longest_is_bounded(
		"{\"online\":true,\"epoch\":1,\"proto\":1}", RADIO_BRAIN_MAX, reads_brain);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(status_is_read_back),
		cmocka_unit_test(a_new_problem_is_left_out),
		cmocka_unit_test(a_will_says_no_more_than_that),
		cmocka_unit_test(of_another_protocol_only_that_is_read),
		cmocka_unit_test(a_list_says_what_to_do),
		cmocka_unit_test(what_is_heard_is_said),
		cmocka_unit_test(a_full_list_is_read_back),
		cmocka_unit_test(all_that_is_heard_is_read_back),
		cmocka_unit_test(an_unknown_problem_is_one),
		cmocka_unit_test(an_order_is_read_back),
		cmocka_unit_test(the_longest_order_is_read_back),
		cmocka_unit_test(an_answer_is_read_back),
		cmocka_unit_test(a_brain_is_read_back),
		cmocka_unit_test(a_bad_status_is_refused),
		cmocka_unit_test(bad_hearing_is_refused),
		cmocka_unit_test(a_bad_list_is_refused),
		cmocka_unit_test(a_bad_order_is_refused),
		cmocka_unit_test(a_bad_answer_is_refused),
		cmocka_unit_test(a_bad_brain_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
