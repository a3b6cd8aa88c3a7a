// SPDX-License-Identifier: MIT
/* Indexes keep their meaning while kits and wearables come and go. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "coxad/base/alloc.h"
#include "coxad/config/conf-merge.h"
#include "coxad/config/conf-part.h"
#include "coxad/config/conf-print.h"
#include "coxad/config/conf-read.h"

#define KIT(name) "[kit " name "]\nexercise = single\n"
#define WORN(name, at, kit, place)                                                                 \
	"[wearable " name "]\naddress = C0:A5:00:00:00:" at "\nkit = " kit "\nplacement = " place  \
	"\n"

static struct conf *read_conf(const char *text)
{
	const struct conf_source source = {"text", text, strlen(text)};
	struct conf_errors errors = {0};
	struct conf *conf = NULL;

	if (conf_read(&source, 1, &conf, &errors) < 0)
		fail_msg("%s", errors.text[0]);
	return conf;
}

/* What was changed, in words; the caller frees it. */
static char *merge(struct conf *running, const char *text, int64_t now_us)
{
	struct conf_change *change = new0(struct conf_change);
	struct conf *fresh = read_conf(text);
	char *words;

	conf_merge(running, fresh, now_us, change);
	words = conf_merge_describe(running, change);
	conf_merge_done(change);
	conf_free(fresh);
	free(change);
	return words;
}

static void expect(struct conf *running, const char *text, int64_t now_us, const char *words)
{
	_auto_free_ char *got = merge(running, text, now_us);

	assert_string_equal(got ? got : "nothing", words);
}

static const char start[] = KIT("1") KIT("2") WORN("a", "01", "1", "pelvis")
	WORN("b", "02", "1", "thigh-left") WORN("c", "03", "2", "pelvis");

static void what_stays_keeps_its_index(void **state)
{
	struct conf *running = read_conf(start);
	const char *name = running->wearable[2].name;

	expect(running, start, 0, "nothing");
	/* In another order, with a kit before the others. */
	expect(running,
		KIT("0") KIT("2") KIT("1") WORN("c", "03", "2", "pelvis")
			WORN("a", "01", "1", "pelvis") WORN("b", "02", "1", "thigh-left"),
		0, "added kit 0");
	assert_int_equal(conf_find_kit(running, "0"), 2);
	assert_int_equal(conf_find_kit(running, "1"), 0);
	assert_int_equal(conf_find_wearable(running, "c"), 2);
	assert_int_equal(running->wearable[2].kit, 1);
	assert_ptr_equal(running->wearable[2].name, name);
	conf_free(running);
}

static void a_removed_one_leaves_a_place_for_later(void **state)
{
	static const char less[] = KIT("2") WORN("c", "03", "2", "pelvis");
	static const char more[] =
		KIT("2") KIT("3") WORN("c", "03", "2", "pelvis") WORN("d", "04", "3", "pelvis");
	struct conf *running = read_conf(start);

	expect(running, less, 1000, "removed kit 1, wearable a, wearable b");
	assert_int_equal(conf_find_kit(running, "1"), -2);
	assert_int_equal(conf_find_wearable(running, "a"), -2);
	assert_int_equal(conf_find_address(running, "C0:A5:00:00:00:01"), -2);
	assert_int_equal(conf_find_address(running, "C0:A5:00:00:00:03"), 2);
	assert_string_equal(running->kit[0].name, "1");
	assert_int_equal(running->wearable[0].kit, CONF_NO_KIT);
	expect(running, more, 1000 + CONF_MERGE_HELD_US - 1, "added kit 3, wearable d");
	assert_int_equal(conf_find_kit(running, "3"), 2);
	assert_int_equal(conf_find_wearable(running, "d"), 3);
	expect(running, less, 1000 + CONF_MERGE_HELD_US, "removed kit 3, wearable d");
	expect(running, more, 1000 + CONF_MERGE_HELD_US, "added kit 3, wearable d");
	assert_int_equal(conf_find_kit(running, "3"), 2); /* back in its place */
	assert_int_equal(conf_find_wearable(running, "d"), 0);
	conf_free(running);
}

static void others_are_moved_replaced_and_renamed(void **state)
{
	struct conf *running = read_conf(start);

	expect(running,
		KIT("1") KIT("2") WORN("a", "01", "1", "pelvis") WORN("b", "02", "2", "thigh-left")
			WORN("c", "09", "2", "pelvis"),
		0, "replaced wearable c; changed wearable b");
	assert_int_equal(running->wearable[1].kit, 1);
	assert_int_equal(conf_find_wearable(running, "c"), 3);
	assert_true(running->wearable[2].is_gone);
	/* Two names change hands. */
	expect(running,
		KIT("1") KIT("2") WORN("b", "01", "1", "pelvis") WORN("a", "02", "2", "thigh-left")
			WORN("c", "09", "2", "pelvis"),
		0, "changed wearable b, wearable a");
	assert_string_equal(running->wearable[0].name, "b");
	/* Another kind of wearable is another one. */
	expect(running,
		KIT("1") KIT("2") WORN("b", "01", "1", "pelvis") WORN("a", "02", "2", "thigh-left")
			WORN("c", "09", "2", "pelvis") "driver = coxa\n",
		0, "replaced wearable c");
	conf_free(running);
}

static void count(void *user, const char *name)
{
	assert_true(name[0] == '[');
	++*(unsigned *)user;
}

static void without_a_place_it_is_refused(void **state)
{
	static char first[8192], second[8192];
	struct conf *running, *fresh;
	size_t at = 0, to = 0;
	unsigned n = 0;

	for (unsigned i = 0; i < CONF_KITS_MAX; i++) {
		at += (size_t)sprintf(first + at, "[kit a%u]\nexercise = hang\n", i);
		to += (size_t)sprintf(
			second + to, "[kit %c%u]\nexercise = hang\n", i < 3 ? 'b' : 'a', i);
	}
	running = read_conf(first);
	fresh = read_conf(second);
	assert_int_equal(conf_merge_refused(running, fresh, 5, count, &n), 3);
	assert_int_equal(n, 3);
	free(merge(running, strstr(first, "[kit a3]"), 5));
	assert_int_equal(conf_merge_refused(running, fresh, 5 + CONF_MERGE_HELD_US, count, &n), 0);
	conf_free(running);
	conf_free(fresh);
}

/* In a replay the rest comes from the configuration that it was started with. */
static void a_part_is_read_back(void **state)
{
	struct conf *running = read_conf("[mqtt]\nposture-rate = 3\n"), *again = NULL;
	struct conf *live =
		read_conf("[mqtt]\nposture-rate = 3\n[analysis]\nform-limit = 5\n" KIT("1"));
	_auto_free_ char *text = conf_print_part(live);
	struct conf_part part = {text, strlen(text), NULL};
	struct conf_errors errors = {0};

	assert_null(strstr(text, "[mqtt]"));
	assert_int_equal(conf_part_read(running, &part, &again, &errors), 0);
	assert_string_equal(again->hash, live->hash);
	assert_true(again->mqtt.posture_rate_hz == 3);
	conf_free(again);
	part = (struct conf_part){"[mqtt]\nbroker = mqtt://elsewhere\n", 32, NULL};
	assert_int_equal(conf_part_read(running, &part, &again, &errors), -22);
	assert_non_null(strstr(errors.text[0], "broker in [mqtt]"));
	conf_errors_done(&errors);
	conf_free(running);
	conf_free(live);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_stays_keeps_its_index),
		cmocka_unit_test(a_removed_one_leaves_a_place_for_later),
		cmocka_unit_test(others_are_moved_replaced_and_renamed),
		cmocka_unit_test(without_a_place_it_is_refused),
		cmocka_unit_test(a_part_is_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
