// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gym/gym-private.h"
#include "gym/truth.h"

#define HEAD                                                                                       \
	"athlete ana\n"                                                                            \
	"kit 3\n\tathlete ana\n"                                                                   \
	"wearable hip\n\taddress C0:A5:00:00:03:03\n\tkit 3\n\tplacement hip-right\n"              \
	"wearable pelvis\n\taddress C0:A5:00:00:03:01\n\tkit 3\n\tplacement pelvis\n"

static void an_error_names_its_line(void **state)
{
	static const struct {
		const char *text, *where, *what;
	} row[] = {
		{"nonsense 3\n", "x:1:", "nonsense"},
		{"athlete ana\n\n\tspam 8\n", "x:3:", "spam"},
		{"athlete ana\n\tspan 800\n", "x:2:", "span"},
		{"kit 3\n\tathlete bob\n", "x:2:", "bob"},
		{"\tspan 3\n", "x:1:", "section"},
		{"wearable w\n\tplacement elbow\n", "x:2:", "elbow"},
		{"wearable w\n\tplacement pelvis\n", "x:1:", "address"},
		{"timeline ana\n", "x:1:", "ana"},
		{HEAD "timeline ana\n\tset many\n", "x:13:", "many"},
		{HEAD "timeline ana\n\tpop hip-right at rep 2 lower 38\n", "x:13:", "never"},
		{HEAD "timeline ana\n\tset 1\n\tpop hip-right at rep 1 lower 88\n",
			"x:14:", "never"},
		{HEAD "timeline ana\n\tpop hip-right at soon\n", "x:13:", "soon"},
		{HEAD "timeline ana\n\tsend session-end {\"kit\":\n", "x:13:", "JSON"},
		{HEAD "timeline ana\n\tfault hat off\n", "x:13:", "hat"},
		{HEAD "timeline ana\n\tfault hip melts\n", "x:13:", "melts"},
		{HEAD "timeline ana\n\tcalibrate everything\n", "x:13:", "everything"},
		{HEAD "timeline ana\n\tsymptom bliss\n", "x:13:", "bliss"},
		{HEAD "timeline ana\n\texpect miracles\n", "x:13:", "miracles"},
		{HEAD "timeline ana\n\twait 3 4\n", "x:13:", "4"},
		{HEAD "timeline ana\n\ttrain hard\n", "x:13:", "hard"},
		{HEAD "timeline room\n\ttrain\n", "x:13:", "athlete"},
		{"class\n", "x:1:", "athletes"},
		{"class 0\n", "x:1:", "athletes"},
		{"class 2 sets 1000\n", "x:1:", "sets"},
		{"class 2 laps 3\n", "x:1:", "laps"},
		{"class 2\nclass 2\n", "x:2:", "1-pelvis"},
		{HEAD "timeline room\n\tset 3\n", "x:13:", "athlete"},
		{HEAD "timeline room\n\tsymptom sharp by trainer\n", "x:13:", "athlete"},
		{HEAD "wearable w\n\taddress C0:A5:00:00:03:01\n\tkit 3\n\tplacement lumbar\n",
			"x:12:", "pelvis"},
		{HEAD "wearable w\n\taddress C0:A5:00:00:03:09\n\tkit 3\n\tplacement lumbar\n"
		      "\tkind toaster\n",
			"x:12:", "kind"},
	};
	char error[256];

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct gym *gym;

		error[0] = 0;
		gym = gym_from_text("x", row[i].text, 1, error, sizeof(error));
		if (gym || strncmp(error, row[i].where, strlen(row[i].where)) != 0 ||
			!strstr(error, row[i].what))
			fail_msg("row %zu: wanted %s ... %s, got: %s", i, row[i].where, row[i].what,
				error);
	}
}

static void an_error_in_an_included_file_names_that_file(void **state)
{
	static const char included[] = "athlete ana\n\tspam 8\n";
	char path[] = "/tmp/coxa-gym-XXXXXX", text[64], where[64], error[256] = "";
	int fd = mkstemp(path);

	assert_int_equal(write(fd, included, sizeof(included) - 1), sizeof(included) - 1);
	close(fd);
	snprintf(text, sizeof(text), "name x\ninclude %s\n", path);
	snprintf(where, sizeof(where), "%s:2: ", path);
	assert_null(gym_from_text("x", text, 1, error, sizeof(error)));
	unlink(path);
	if (strncmp(error, where, strlen(where)) != 0)
		fail_msg("%s is not in %s", error, path);
}

static void an_expectation_is_checked(void **state)
{
	char error[256] = "";
	struct gym *gym = gym_from_text("x",
		HEAD "timeline ana\n\tpop hip-right at 3\n\texpect class lovely\n", 1, error,
		sizeof(error));

	assert_non_null(gym);
	assert_true(truth_check(gym, error, sizeof(error)) < 0);
	assert_non_null(strstr(error, "x:14:"));
	gym_free(gym);
}

static void a_pop_is_where_the_script_puts_it(void **state)
{
	char error[256] = "";
	struct gym *gym = gym_from_text("x",
		HEAD "timeline ana\n\tlie 2\n\tset 3 range 75 asymmetry 10\n"
		     "\tpop hip-right at rep 2 lower 38\n\tpop hip-right at rep 3 raise 20\n"
		     "\tsymptom sharp by button at pop+2\n",
		1, error, sizeof(error));
	const struct timeline *t = gym->timeline;

	assert_int_equal(t->n_reps, 3);
	assert_int_equal(t->n_sounds, 2);
	assert_int_equal(t->sound[0].rep, 1);
	assert_true(fabs(timeline_rep_elevation(t, &t->rep[1], t->sound[0].t_s) - 38) < 0.1);
	assert_true(t->sound[0].t_s > t->rep[1].lower_s);
	assert_true(fabs(timeline_rep_elevation(t, &t->rep[2], t->sound[1].t_s) - 20) < 0.1);
	assert_true(t->sound[1].t_s < t->rep[2].raised_s);
	assert_true(fabs(t->symptom[0].t_s - t->sound[1].t_s - 2) < 1e-9);
	gym_free(gym);
}

static struct gym *class_of(uint64_t seed)
{
	char error[256] = "";
	struct gym *gym =
		gym_from_text("x", "name x\nclass 25 sets 3\n", seed, error, sizeof(error));

	assert_non_null(gym);
	return gym;
}

/* Whether two repetitions in a row are of one athlete and begin and reach as far as each other. */
static bool is_like_before(const struct timeline_rep *rep)
{
	const struct timeline_rep *last = rep - 1;

	return rep->athlete == last->athlete && fabs(rep->base_deg - last->base_deg) < 0.01 &&
	       fabs(rep->top_deg - last->top_deg) < 0.01;
}

static void a_class_trains_as_people_do(void **state)
{
	struct gym *gym = class_of(1), *again = class_of(1), *other = class_of(2);
	const struct timeline *t = gym->timeline;
	size_t n = 25 * 3 * 6;
	double least_deg = INFINITY, most_deg = 0;

	assert_int_equal(gym->script->n_athletes, 25);
	assert_int_equal(gym->n_devices, 75);
	assert_int_equal(t->n_reps, n);
	for (size_t i = 0; i < n; i++) {
		double range_deg = t->rep[i].top_deg - t->rep[i].base_deg;

		least_deg = fmin(least_deg, range_deg);
		most_deg = fmax(most_deg, range_deg);
		assert_false(i && is_like_before(&t->rep[i]));
		assert_true(t->rep[i].top_deg == again->timeline->rep[i].top_deg);
	}
	assert_true(least_deg < 15 && most_deg > 80);
	assert_true(other->timeline->rep[0].top_deg != t->rep[0].top_deg);
	gym_free(gym);
	gym_free(again);
	gym_free(other);
}

/* Scripts that are cut off and have random bytes: an error or a gym, never a crash. */
static void broken_scripts_do_not_crash(void **state)
{
	static const char whole[] =
		HEAD "timeline ana\n\tlie 1\n\tcalibrate all\n\tset 2 range 70 arch 9 40 10\n"
		     "\tpop hip-right at rep 1 lower 30 heard pelvis -9 1.2\n"
		     "\tsymptom sharp site hip at pop+2\n\tsend cue {\"athlete\":\"ana\"}\n"
		     "\tfault hip away for 3\n\texpect class benign\n\twalk 5\n\ttrain 2\n"
		     "class 2 sets 1 anyhow\n";
	char text[sizeof(whole)], error[128];
	struct random random = {42};

	for (unsigned i = 0; i < 400; i++) {
		size_t n = random_u64(&random) % sizeof(whole);

		memcpy(text, whole, sizeof(whole));
		text[n] = 0;
		for (unsigned k = 0; k < 3 && n; k++)
			text[random_u64(&random) % n] = (char)(' ' + random_u64(&random) % 95);
		gym_free(gym_from_text("x", text, i, error, sizeof(error)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_error_names_its_line),
		cmocka_unit_test(an_error_in_an_included_file_names_that_file),
		cmocka_unit_test(an_expectation_is_checked),
		cmocka_unit_test(a_pop_is_where_the_script_puts_it),
		cmocka_unit_test(a_class_trains_as_people_do),
		cmocka_unit_test(broken_scripts_do_not_crash),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
