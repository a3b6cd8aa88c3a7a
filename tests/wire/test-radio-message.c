// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/wire/radio-message.h"

static void flow_is_read_back(void **state)
{
	static const struct radio_flow flows[] = {{7, 12, 0}, {INT64_C(1) << 53, 0, 1}};
	struct radio_flow back;
	char text[RADIO_MESSAGE_MAX];

	for (size_t i = 0; i < ARRAY_LEN(flows); i++) {
		size_t size = radio_message_write_flow(&flows[i], text);

		assert_int_equal(radio_message_read_flow(text, size, &back), 0);
		assert_memory_equal(&back, &flows[i], sizeof(back));
	}
}

static void clock_is_read_back(void **state)
{
	struct radio_clock_answer clock = {7, 5, 1000, 0, 2000, 0}, back;
	char text[RADIO_MESSAGE_MAX];
	size_t size = radio_message_write_clock(&clock, true, text);

	assert_int_equal(radio_message_read_clock(text, size, &back), 1);
	assert_memory_equal(&back, &clock, sizeof(back));
	size = radio_message_write_clock(&clock, false, text);
	assert_int_equal(radio_message_read_clock(text, size, &back), 0);
	assert_true(back.number == 5 && back.t1_us == 1000 && back.t3_us == 0);
}

static void what_is_neither_is_refused(void **state)
{
	static const char *const bad[] = {"", "x", "[]", "{}", "{\"boot\":7}", "{\"done\":1}",
		"{\"boot\":0,\"done\":1}", "{\"boot\":7,\"done\":0}", "{\"boot\":7,\"from\":0}",
		"{\"boot\":7,\"from\":-1}", "{\"boot\":7,\"done\":1,\"from\":2}",
		"{\"boot\":7,\"done\":1,\"from\":\"2\"}", "{\"boot\":7,\"done\":1.5}",
		"{\"boot\":7,\"done\":9007199254740993}", "{\"boot\":7,\"boot\":7,\"done\":1}",
		"{\"n\":5}", "{\"n\":0,\"t1\":1}", "{\"t1\":1}", "{\"n\":1,\"t1\":-1}",
		"{\"n\":1,\"t1\":1,\"t2\":1,\"t3\":1}", "{\"n\":1,\"t1\":1,\"boot\":7,\"t2\":1}",
		"{\"n\":1,\"t1\":1,\"boot\":7,\"t3\":1}",
		"{\"n\":1,\"t1\":1,\"boot\":7,\"t2\":1,\"t3\":-1}",
		"{\"n\":1,\"t1\":1,\"boot\":7,\"t2\":null,\"t3\":1}"};
	char large[RADIO_MESSAGE_MAX + 1];
	struct radio_clock_answer clock = {.number = 77};
	struct radio_flow flow = {.boot = 77};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_equal(radio_message_read_flow(bad[i], strlen(bad[i]), &flow), -EINVAL);
		assert_int_equal(radio_message_read_clock(bad[i], strlen(bad[i]), &clock), -EINVAL);
	}
	memset(large, ' ', sizeof(large));
	memcpy(large, "{\"boot\":7,\"done\":1}", 19);
	assert_int_equal(radio_message_read_flow(large, sizeof(large), &flow), -EINVAL);
	assert_int_equal(flow.boot, 77);
	assert_int_equal(clock.number, 77);
	assert_int_equal(radio_message_read_flow(large, sizeof(large) - 1, &flow), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flow_is_read_back),
		cmocka_unit_test(clock_is_read_back),
		cmocka_unit_test(what_is_neither_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
