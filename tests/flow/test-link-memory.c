// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "coxad/base/uuid.h"
#include "coxad/flow/link-memory.h"

#define ONE "C0:A5:00:00:00:01"
#define TWO "C0:A5:00:00:00:02"

static struct link_memory memory;
static char text[512];

static int teardown(void **state)
{
	link_memory_done(&memory);
	return 0;
}

static void note(enum capture_kind kind, int64_t t_us, int64_t arrival_us, const char *radio,
	const char *address)
{
	struct capture_event event = {.kind = kind,
		.t_us = t_us,
		.delay_us = t_us - arrival_us,
		.radio = radio,
		.address = address,
		.adapter = "7113",
		.mtu = 247,
		.bond = WEARABLE_BOND_KEPT,
		.characteristic = UUID_SIG(0x2a19),
		.value = (const uint8_t *)"d",
		.size = 1};

	link_memory_note(&memory, &event);
}

static void put(void *user, const struct capture_event *event)
{
	size_t n = strlen(text);

	assert_int_equal(event->t_us, 99);
	assert_int_equal(event->delay_us, 0);
	if (event->kind == CAPTURE_CONNECTED) {
		assert_int_equal(event->mtu, 247);
		assert_int_equal(event->bond, WEARABLE_BOND_KEPT);
		assert_string_equal(event->adapter, "7113");
	}
	snprintf(text + n, sizeof(text) - n, "%s%c%s", event->kind == CAPTURE_READ ? "+" : " ",
		event->address[16], event->radio ? event->radio : "");
}

static void expect(const char *links)
{
	text[0] = '\0';
	link_memory_each(&memory, 99, put, NULL);
	assert_string_equal(text, links);
}

static void a_link_is_through_its_radio(void **state)
{
	note(CAPTURE_CONNECTED, 10, 10, NULL, ONE);
	note(CAPTURE_CONNECTED, 10, 9, "a", TWO);
	note(CAPTURE_READ, 11, 10, "a", TWO);
	expect(" 1 2a+2a");
	note(CAPTURE_DISCONNECTED, 12, 12, NULL, ONE);
	assert_false(link_memory_has(&memory, ONE));
	assert_true(link_memory_has(&memory, TWO));
	expect(" 2a+2a");
	link_memory_forget(&memory, TWO);
	link_memory_forget(&memory, TWO);
	expect("");
}

static void what_another_radio_tells_late_does_not_end_it(void **state)
{
	note(CAPTURE_CONNECTED, 10, 10, "a", ONE);
	note(CAPTURE_CONNECTED, 20, 20, "b", ONE);
	note(CAPTURE_READ, 21, 21, "b", ONE);
	expect(" 1b+1b");
	note(CAPTURE_READ, 30, 11, "a", ONE);
	note(CAPTURE_DISCONNECTED, 30, 22, "a", ONE);
	note(CAPTURE_CONNECTED, 30, 12, "a", ONE);
	note(CAPTURE_DISCONNECTED, 30, 30, NULL, ONE);
	expect(" 1b+1b");
	/* It restarted. */
	note(CAPTURE_CONNECTED, 40, 15, "b", ONE);
	expect(" 1b");
	note(CAPTURE_DISCONNECTED, 41, 41, "b", ONE);
	expect("");
}

static void there_is_an_end(void **state)
{
	char address[ADDRESS_SIZE];

	for (unsigned i = 0; i <= CONF_WEARABLES_MAX; i++) {
		snprintf(address, sizeof(address), "C0:A5:00:00:%02X:%02X", i / 256, i % 256);
		note(CAPTURE_CONNECTED, i, i, NULL, address);
		assert_int_equal(link_memory_has(&memory, address), i < CONF_WEARABLES_MAX);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_link_is_through_its_radio, teardown),
		cmocka_unit_test_teardown(what_another_radio_tells_late_does_not_end_it, teardown),
		cmocka_unit_test_teardown(there_is_an_end, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
