// SPDX-License-Identifier: MIT
/* What the Coxa driver asks of a wearable, and when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "tests/drivers/vectors.h"
#include "coxad/drivers/driver-list.h"

#define INFO    "c0a50002-9bc6-4808-a8bd-20fbe3fc7d8c"
#define CONTROL "c0a50003-9bc6-4808-a8bd-20fbe3fc7d8c"
#define MOTION  "c0a50004-9bc6-4808-a8bd-20fbe3fc7d8c"
#define POP     "c0a50005-9bc6-4808-a8bd-20fbe3fc7d8c"

struct wearable {
	const struct driver *driver;
	void *state;
	struct record_text *text;
};

static int setup(void **state)
{
	struct wearable *w = new0(struct wearable);

	w->driver = driver_list_find("coxa");
	assert_non_null(w->driver);
	w->state = alloc_zero(1, w->driver->state_size);
	w->text = new0(struct record_text);
	w->driver->connected(w->state, 247);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct wearable *w = *state;

	free(w->state);
	free(w->text);
	free(w);
	return 0;
}

static void say(struct wearable *w, const char *uuid, const char *hex)
{
	struct uuid u;
	uint8_t data[64];
	size_t size = vector_from_hex(hex, data, sizeof(data));

	assert_int_equal(uuid_from_string(uuid, &u), 0);
	memset(w->text, 0, sizeof(*w->text));
	w->driver->decode(w->state, &(struct driver_input){&u, DRIVER_ORIGIN_READ, data, size, 1},
		record_to_text, w->text);
}

/* The clock of its boot is known from then on. */
static void move(struct wearable *w)
{
	say(w, MOTION, "0100 e8030000 1027 000000000000 000000000000");
	assert_int_equal(w->text->records, 1);
}

static void hear_pops(struct wearable *w, unsigned n)
{
	for (unsigned i = 1; i <= n; i++) {
		char hex[64];

		snprintf(hex, sizeof(hex), "%02x00 e8030000 186e1f0c4d012a330d018005 1a00", i);
		say(w, POP, hex);
		assert_int_equal(w->text->records, 1);
	}
}

/* The plan as text: r2 read, s4 subscribe, w03:0117 write. */
static void expect_plan(struct wearable *w, enum driver_plan plan, const struct driver_peer *peer,
	const char *expected)
{
	struct driver_step step;
	char text[512] = "";
	size_t at = 0;

	for (unsigned i = 0; w->driver->plan(w->state, peer, plan, i, &step) == 1; i++) {
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%c%x", i ? " " : "",
			step.kind == DRIVER_STEP_READ        ? 'r'
			: step.kind == DRIVER_STEP_SUBSCRIBE ? 's'
			: step.kind == DRIVER_STEP_WRITE     ? 'w'
							     : '?',
			step.characteristic.b[3]);
		for (size_t k = 0; k < step.size; k++)
			at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%02x", k ? "" : ":",
				step.bytes[k]);
	}
	assert_string_equal(text, expected);
}

static void the_start_reads_subscribes_and_starts(void **state)
{
	struct wearable *w = *state;

	say(w, INFO, "01 1f 08 02 e803 6800 401f0000 44332211 4000 0000");
	expect_plan(
		w, DRIVER_PLAN_START, &(struct driver_peer){.mtu = 247}, "r2 s3 s4 s5 s7 w3:011b");
	expect_plan(w, DRIVER_PLAN_START,
		&(struct driver_peer){.wants_acoustic = true, .rate_hz = 208},
		"r2 s3 s4 s5 s7 s6 w3:03d000 w3:011f");
	expect_plan(w, DRIVER_PLAN_POLL, &(struct driver_peer){0}, "");
	expect_plan(w, DRIVER_PLAN_STOP, &(struct driver_peer){0}, "w3:021b");
}

static void a_rate_already_set_is_not_written(void **state)
{
	struct wearable *w = *state;

	say(w, INFO, "01 1f 08 02 e803 6800 401f0000 44332211 4000 0000");
	expect_plan(w, DRIVER_PLAN_START, &(struct driver_peer){.rate_hz = 104},
		"r2 s3 s4 s5 s7 w3:011b");
}

static void without_motion_the_clock_is_requested(void **state)
{
	struct wearable *w = *state;

	say(w, INFO, "01 0a 00 00 0000 0000 00000000 44332211 4000 0000");
	expect_plan(w, DRIVER_PLAN_START, &(struct driver_peer){0}, "r2 s3 s5 s7 w3:010a w3:06");
	expect_plan(w, DRIVER_PLAN_POLL, &(struct driver_peer){0}, "w3:06");
	assert_int_equal(w->driver->poll_interval_us, 10 * US_PER_S);
}

static void after_a_link_loss_the_missing_pops_are_requested(void **state)
{
	struct wearable *w = *state;

	say(w, INFO, "01 1f 08 02 e803 6800 401f0000 44332211 4000 0000");
	move(w);
	hear_pops(w, 6);
	w->driver->connected(w->state, 247);
	say(w, INFO, "01 1f 08 02 e803 6800 401f0000 44332211 4000 0900");
	expect_plan(
		w, DRIVER_PLAN_START, &(struct driver_peer){0}, "r2 s3 s4 s5 s7 w3:011b w3:050600");
	say(w, CONTROL, "85 00 0300");
	/* The link ends before 7 and 8 are resent, but after 9 came. */
	say(w, POP, "0900 e8030000 186e1f0c4d012a330d018005 1a00");
	w->driver->connected(w->state, 247);
	say(w, INFO, "01 1f 08 02 e803 6800 401f0000 44332211 4000 0900");
	expect_plan(
		w, DRIVER_PLAN_START, &(struct driver_peer){0}, "r2 s3 s4 s5 s7 w3:011b w3:050600");
}

/* Its pops are of a boot of which nothing is known yet. */
static void expect_all_requested(struct wearable *w, const char *info)
{
	w->driver->connected(w->state, 247);
	say(w, INFO, info);
	/* Not at the start: without motion they cannot be dated yet. */
	expect_plan(w, DRIVER_PLAN_START, &(struct driver_peer){0}, "r2 s3 s4 s5 s7 w3:011b");
	expect_plan(w, DRIVER_PLAN_POLL, &(struct driver_peer){0}, "");
	move(w);
	expect_plan(w, DRIVER_PLAN_POLL, &(struct driver_peer){0}, "w3:050000");
	say(w, CONTROL, "85 03");
	expect_plan(w, DRIVER_PLAN_POLL, &(struct driver_peer){0}, "w3:050000");
	/* Nor does a lost link change what is asked. */
	w->driver->connected(w->state, 247);
	say(w, INFO, info);
	expect_plan(
		w, DRIVER_PLAN_START, &(struct driver_peer){0}, "r2 s3 s4 s5 s7 w3:011b w3:050000");
	say(w, CONTROL, "85 00 0900");
	expect_plan(w, DRIVER_PLAN_POLL, &(struct driver_peer){0}, "");
}

static void pops_of_a_new_boot_are_requested_from_the_first(void **state)
{
	struct wearable *w = *state;

	expect_all_requested(w, "01 1f 08 02 e803 6800 401f0000 44332211 4000 0900");
	expect_all_requested(w, "01 1f 08 02 e803 6800 401f0000 45332211 4000 0900");
	say(w, POP, "0900 e8030000 186e1f0c4d012a330d018005 1a80");
	assert_int_equal(w->text->records, 1);
	/* More than half the numbers are used up. */
	expect_all_requested(w, "01 1f 08 02 e803 6800 401f0000 46332211 4000 f0ff");
}

static void requests_name_their_answer(void **state)
{
	struct wearable *w = *state;
	struct driver_step step;
	unsigned n = 0;

	say(w, INFO, "01 1f 08 02 e803 6800 401f0000 44332211 4000 0900");
	move(w);
	for (unsigned i = 0; w->driver->plan(w->state, &(struct driver_peer){.rate_hz = 208},
				     DRIVER_PLAN_START, i, &step) == 1;
		i++) {
		if (step.kind != DRIVER_STEP_WRITE)
			continue;
		assert_int_equal(step.answer, step.bytes[0] | 0x80);
		assert_int_equal(step.busy, 3);
		n++;
	}
	assert_int_equal(n, 3); /* rate, start, pops */
}

static void a_gap_while_connected_is_requested_by_the_next_poll(void **state)
{
	struct wearable *w = *state;

	say(w, INFO, "01 1f 08 02 e803 6800 401f0000 44332211 4000 0000");
	move(w);
	hear_pops(w, 5);
	say(w, POP, "0600 e8030000 186e1f0c4d012a330d018005 1a00");
	say(w, POP, "0900 e8030000 186e1f0c4d012a330d018005 1a00");
	expect_plan(w, DRIVER_PLAN_POLL, &(struct driver_peer){0}, "w3:050600");
	say(w, CONTROL, "85 00 0300");
	expect_plan(w, DRIVER_PLAN_POLL, &(struct driver_peer){0}, "");
}

static void busy_is_asked_again_until_it_is_answered(void **state)
{
	struct wearable *w = *state;

	say(w, INFO, "01 1f 08 02 e803 6800 401f0000 44332211 4000 0000");
	move(w);
	hear_pops(w, 5);
	say(w, POP, "0600 e8030000 186e1f0c4d012a330d018005 1a00");
	say(w, POP, "0900 e8030000 186e1f0c4d012a330d018005 1a00");
	for (unsigned i = 0; i < 5; i++) {
		expect_plan(w, DRIVER_PLAN_POLL, &(struct driver_peer){0}, "w3:050600");
		say(w, CONTROL, "85 03");
		assert_string_equal(w->text->text, ""); /* nothing is lost */
		say(w, CONTROL, "85 03 0000");
		assert_string_equal(w->text->text, "");
	}
	expect_plan(w, DRIVER_PLAN_POLL, &(struct driver_peer){0}, "w3:050600");
	say(w, CONTROL, "85 00 0300");
	expect_plan(w, DRIVER_PLAN_POLL, &(struct driver_peer){0}, "");
}

static void restart(struct wearable *w)
{
	struct wearable_memory memory;

	assert_true(w->driver->remember(w->state, &memory));
	memset(w->state, 0, w->driver->state_size);
	w->driver->recall(w->state, &memory);
	w->driver->connected(w->state, 247);
}

/* 5 came before this run; 6, 7 and 9 are taken; 8 is missing; 10 comes while coxad is down. */
static void after_a_restart_the_missing_pops_are_requested(void **state)
{
	struct wearable *w = *state;

	say(w, INFO, "01 1f 08 02 e803 6800 401f0000 44332211 4000 0000");
	move(w);
	hear_pops(w, 5);
	say(w, POP, "0600 e8030000 186e1f0c4d012a330d018005 1a00");
	say(w, POP, "0700 e8030000 186e1f0c4d012a330d018005 1a00");
	say(w, POP, "0900 e8030000 186e1f0c4d012a330d018005 1a00");
	say(w, CONTROL, "85 00 0200");
	restart(w);
	say(w, INFO, "01 1f 08 02 e803 6800 401f0000 44332211 4000 0a00");
	expect_plan(w, DRIVER_PLAN_POLL, &(struct driver_peer){0}, "");
	move(w);
	expect_plan(w, DRIVER_PLAN_POLL, &(struct driver_peer){0}, "w3:050700");
	say(w, CONTROL, "85 00 0300");
	say(w, POP, "0900 e8030000 186e1f0c4d012a330d018005 1a80");
	assert_int_equal(w->text->records, 0);
	say(w, POP, "0800 e8030000 186e1f0c4d012a330d018005 1a80");
	assert_int_equal(w->text->records, 1);
	say(w, POP, "0a00 e8030000 186e1f0c4d012a330d018005 1a80");
	assert_int_equal(w->text->records, 1);
	restart(w);
	say(w, INFO, "01 1f 08 02 e803 6800 401f0000 44332211 4000 0a00");
	move(w);
	expect_plan(w, DRIVER_PLAN_POLL, &(struct driver_peer){0}, "w3:050a00");
	/* Rebooted since: its pops are new ones. */
	restart(w);
	say(w, INFO, "01 1f 08 02 e803 6800 401f0000 45332211 4000 0300");
	move(w);
	expect_plan(w, DRIVER_PLAN_POLL, &(struct driver_peer){0}, "w3:050000");
	say(w, POP, "0400 e8030000 186e1f0c4d012a330d018005 1a00");
	assert_int_equal(w->text->records, 1);
}

static void only_what_the_peer_has_is_subscribed(void **state)
{
	struct wearable *w = *state;
	struct uuid have[3];

	assert_int_equal(uuid_from_string(INFO, &have[0]), 0);
	assert_int_equal(uuid_from_string(POP, &have[1]), 0);
	assert_int_equal(uuid_from_string(CONTROL, &have[2]), 0);
	say(w, INFO, "01 1f 08 02 e803 6800 401f0000 44332211 4000 0000");
	expect_plan(w, DRIVER_PLAN_START,
		&(struct driver_peer){
			.characteristics = have, .n_characteristics = 3, .wants_acoustic = true},
		"r2 s3 s5 w3:011f");
}

static void orders_become_writes(void **state)
{
	struct wearable *w = *state;
	struct driver_step step;

	say(w, INFO, "01 0b 08 02 e803 6800 401f0000 44332211 4000 0000");
	assert_int_equal(w->driver->order(w->state, DRIVER_ORDER_HAPTIC, 2, 0, &step), 0);
	say(w, INFO, "01 1b 08 02 e803 6800 401f0000 44332211 4000 0000");
	assert_int_equal(w->driver->order(w->state, DRIVER_ORDER_HAPTIC, 2, 0, &step), 1);
	assert_int_equal(step.size, 2);
	assert_memory_equal(step.bytes, "\x08\x02", 2);
	assert_int_equal(w->driver->order(w->state, DRIVER_ORDER_HAPTIC, 4, 0, &step), 0);
	assert_int_equal(w->driver->order(w->state, DRIVER_ORDER_IDENTIFY, 300, 0, &step), 1);
	assert_memory_equal(step.bytes, "\x07\xff", 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			the_start_reads_subscribes_and_starts, setup, teardown),
		cmocka_unit_test_setup_teardown(a_rate_already_set_is_not_written, setup, teardown),
		cmocka_unit_test_setup_teardown(
			without_motion_the_clock_is_requested, setup, teardown),
		cmocka_unit_test_setup_teardown(
			after_a_link_loss_the_missing_pops_are_requested, setup, teardown),
		cmocka_unit_test_setup_teardown(
			pops_of_a_new_boot_are_requested_from_the_first, setup, teardown),
		cmocka_unit_test_setup_teardown(requests_name_their_answer, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_gap_while_connected_is_requested_by_the_next_poll, setup, teardown),
		cmocka_unit_test_setup_teardown(
			busy_is_asked_again_until_it_is_answered, setup, teardown),
		cmocka_unit_test_setup_teardown(
			after_a_restart_the_missing_pops_are_requested, setup, teardown),
		cmocka_unit_test_setup_teardown(
			only_what_the_peer_has_is_subscribed, setup, teardown),
		cmocka_unit_test_setup_teardown(orders_become_writes, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
