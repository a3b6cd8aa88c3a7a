// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/base/utf8.h"
#include "coxad/core/health.h"

static struct health *health;

static int set_up(void **state)
{
	health = new0(struct health);
	return 0;
}

static int tear_down(void **state)
{
	free(health);
	return 0;
}

static bool note(int64_t now_us, enum health_code code, const char *subject, const char *text)
{
	return health_note(health, now_us, &(struct health_report){code, subject, text});
}

static void a_problem_is_there_until_it_is_cleared(void **state)
{
	assert_int_equal(health_state(health), HEALTH_STATE_OK);
	assert_false(note(1, HEALTH_MESSAGES_HELD, "broker", NULL));
	assert_true(note(5, HEALTH_MESSAGES_HELD, "broker", "one"));
	assert_int_equal(health_state(health), HEALTH_STATE_WARNING);
	/* Again: nothing new. Another text: the same problem since then. */
	assert_false(note(6, HEALTH_MESSAGES_HELD, "broker", "one"));
	assert_true(note(7, HEALTH_MESSAGES_HELD, "broker", "two"));
	assert_int_equal(health->n, 1);
	assert_int_equal(health->problem[0].since_us, 5);
	assert_string_equal(health->problem[0].text, "two");
	/* The code alone does not make it the same. */
	assert_true(note(8, HEALTH_NOT_ON_DISK, "outbox", "disk"));
	assert_true(note(9, HEALTH_NOT_ON_DISK, "history", "disk"));
	assert_int_equal(health_state(health), HEALTH_STATE_FAILURE);
	assert_true(note(10, HEALTH_NOT_ON_DISK, "outbox", NULL));
	assert_true(note(11, HEALTH_NOT_ON_DISK, "history", NULL));
	assert_int_equal(health_state(health), HEALTH_STATE_WARNING);
	assert_int_equal(health_deadline(health), T_NEVER);
	assert_false(health_advance(health, INT64_MAX - 1));
}

static void what_just_happened_is_forgotten(void **state)
{
	assert_true(note(0, HEALTH_COMMANDS_DROPPED, "broker", "1 command"));
	assert_int_equal(health_deadline(health), 300 * US_PER_S);
	assert_true(note(100 * US_PER_S, HEALTH_COMMANDS_DROPPED, "broker", "2 commands"));
	assert_int_equal(health_deadline(health), 400 * US_PER_S);
	assert_false(health_advance(health, 400 * US_PER_S - 1));
	assert_true(health_advance(health, 400 * US_PER_S));
	assert_int_equal(health_state(health), HEALTH_STATE_OK);
}

static void too_many_are_counted(void **state)
{
	char name[NAME_SIZE];

	for (unsigned i = 0; i < HEALTH_MAX + 3; i++) {
		snprintf(name, sizeof(name), "w%u", i);
		assert_int_equal(note(i, HEALTH_STORE_DAMAGED, name, "text"), i < HEALTH_MAX);
	}
	assert_int_equal(health->n, HEALTH_MAX);
	assert_int_equal(health->untold, 3);
	assert_true(note(0, HEALTH_STORE_DAMAGED, "w0", NULL));
	assert_true(note(0, HEALTH_STORE_DAMAGED, "w0", "again"));
}

static void a_long_text_is_cut_between_characters(void **state)
{
	char text[HEALTH_TEXT_SIZE * 2] = "x";

	while (strlen(text) + 3 < sizeof(text))
		strcat(text, "\xc3\xbc");
	assert_true(note(0, HEALTH_STORE_DAMAGED, "outbox", text));
	assert_true(utf8_is_valid(health->problem[0].text, strlen(health->problem[0].text)));
	assert_in_range(strlen(health->problem[0].text), HEALTH_TEXT_SIZE - 3, HEALTH_TEXT_SIZE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(a_problem_is_there_until_it_is_cleared),
		TEST(what_just_happened_is_forgotten),
		TEST(too_many_are_counted),
		TEST(a_long_text_is_cut_between_characters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
