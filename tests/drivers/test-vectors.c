// SPDX-License-Identifier: MIT
/* Each test in tests/vectors as a test of its own, whose name says where it is from; and that all of
 * the protocol pages' vectors.json are among them (in the folder COXAD_TEST_PROTOCOLS; skipped without
 * it). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <jansson.h>
#include <stdlib.h>

#include "tests/drivers/sig-driver.h"
#include "coxad/drivers/driver-list.h"
#include "tests/drivers/vectors.h"

#define TESTS_MAX 1024

extern const struct driver drv_template;

static struct vector_test tests[TESTS_MAX];
static size_t n_tests;

static void add_tests(const struct driver *driver)
{
	_auto_free_ char *folder = alloc_printf("%s/tests/vectors/%s", TOP_SRCDIR, driver->id);
	size_t before = n_tests;
	struct dirent **names;
	int n = scandir(folder, &names, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		const char *end = strrchr(names[i]->d_name, '.');

		if (end && strcmp(end, ".txt") == 0) {
			_auto_free_ char *path = alloc_printf("%s/%s", folder, names[i]->d_name);

			n_tests = vector_tests(driver, path, tests, n_tests, TESTS_MAX);
		}
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	if (n_tests == before) {
		fprintf(stderr, "%s: the driver has no vectors\n", folder);
		exit(1);
	}
}

static void vector(void **state)
{
	vector_test_run(*state);
}

/* the vectors of the protocol pages */

/* The lines of a test, as they are and again with the blanks between bytes removed. */
static char *text_of(const struct vector_test *test)
{
	char *text = alloc_zero(1, 65536), *line = NULL;
	size_t room = 0, at = 0;
	unsigned number = 0;
	FILE *f = fopen(test->file, "r");

	assert_non_null(f);
	while (getline(&line, &room, f) > 0 && number < test->last) {
		if (++number < test->first)
			continue;
		char *save, *word;

		at += (size_t)snprintf(text + at, 65536 - at, "%s", line);
		word = strtok_r(line, " \t\n", &save);
		for (unsigned i = 0; word; i++, word = strtok_r(NULL, " \t\n", &save))
			at += (size_t)snprintf(
				text + at, 65536 - at, "%s%s", word, i < 2 ? " " : "");
		at += (size_t)snprintf(text + at, 65536 - at, "\n");
		assert_true(at < 65536);
	}
	free(line);
	fclose(f);
	return text;
}

/* A packet, written bytes, or the end of them; long ones also inside it, and numbers of 3 or 4 bytes
 * also reversed, as they are sent. */
static bool has_bytes(const char *text, const char *hex)
{
	_auto_free_ char *whole = alloc_printf(" %s\n", hex), *end = alloc_printf(" %s ", hex);
	size_t n = strlen(hex);
	char turned[16];

	if (strstr(text, whole) || strstr(text, end) || (n >= 8 && strstr(text, hex)))
		return true;
	if (n < 6 || n > 8)
		return false;
	for (size_t i = 0; i < n; i++)
		turned[i] = hex[n - 2 - (i & ~(size_t)1) + (i & 1)];
	turned[n] = 0;
	return strstr(text, turned) != NULL;
}

/* True if a test of that driver and origin has all the bytes. */
static bool is_tested(const char *driver, const char *origin, const char *hex)
{
	_auto_free_ char *begin = alloc_printf("%s %s:", origin, driver);
	bool is_found = false;

	for (size_t i = 0; i < n_tests && !is_found; i++) {
		_auto_free_ char *text = NULL, *parts = alloc_text(hex);

		if (strncmp(tests[i].name, begin, strlen(begin)) != 0)
			continue;
		text = text_of(&tests[i]);
		is_found = true;
		for (char *save, *part = strtok_r(parts, " ", &save); part;
			part = strtok_r(NULL, " ", &save))
			is_found = is_found && has_bytes(text, part);
	}
	return is_found;
}

static void every_vector_of_the_protocol_pages_is_tested(void **state)
{
	static const struct {
		const char *device, *driver[2];
	} drivers[] = {
		{"thingy52", {"nordic-thingy52"}},
		{"bluest", {"st-bluest"}},
		{"witmotion", {"witmotion"}},
		{"movella-dot", {"movella-dot"}},
		{"movesense", {"movesense"}},
		{"metamotion", {"mbient-metamotion"}},
		{"microbit", {"bbc-microbit"}},
		{"arduino-nano33", {"arduino-nano33"}},
		{"sig", {"sig-services", "sig-heart-rate"}},
	};
	const char *folder = getenv("COXAD_TEST_PROTOCOLS");
	_auto_free_ char *path = alloc_printf("%s/vectors.json", folder ? folder : "");
	json_t *all = folder ? json_load_file(path, 0, NULL) : NULL, *one;
	unsigned missing = 0;
	size_t i;

	if (!all) {
		print_message("COXAD_TEST_PROTOCOLS is not set, or has no vectors.json\n");
		skip();
	}
	assert_true(json_array_size(all) > 0);
	json_array_foreach(all, i, one)
	{
		const char *device = json_string_value(json_object_get(one, "device"));
		const char *origin = json_string_value(json_object_get(one, "origin"));
		const char *hex = json_string_value(json_object_get(one, "hex"));
		bool is_found = false;

		for (size_t k = 0; k < ARRAY_LEN(drivers); k++)
			for (size_t m = 0; m < 2 && strcmp(drivers[k].device, device) == 0; m++)
				is_found = is_found ||
					   (drivers[k].driver[m] &&
						   is_tested(drivers[k].driver[m], origin, hex));
		if (is_found)
			continue;
		missing++;
		print_error("no test %s of %s: %s, %s\n", origin, device,
			json_string_value(json_object_get(one, "what")), hex);
	}
	print_message("%zu vectors, %u without a test\n", json_array_size(all), missing);
	json_decref(all);
	assert_int_equal(missing, 0);
}

static void origins_are_of_the_four_kinds(void **state)
{
	static const char *const kinds[] = {"official ", "captured ", "captured+ ", "computed "};

	for (size_t i = 0; i < n_tests; i++) {
		bool is_known = false;

		for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
			is_known =
				is_known || strncmp(tests[i].name, kinds[k], strlen(kinds[k])) == 0;
		if (!is_known)
			fail_msg("%s: the origin must be official, captured, captured+ or computed",
				tests[i].name);
		/* What we did not compute must name its source. */
		if (strncmp(tests[i].name, "computed ", 9) != 0 && !strchr(tests[i].name, '['))
			fail_msg("%s: its source is missing, in brackets", tests[i].name);
	}
}

int main(void)
{
	static struct CMUnitTest run[TESTS_MAX + 2];
	size_t n;
	const struct driver *const *list = driver_list(&n);
	int failed;

	for (size_t i = 0; i < n; i++)
		add_tests(list[i]);
	add_tests(&sig_driver);
	add_tests(&drv_template);
	for (size_t i = 0; i < n_tests; i++)
		run[i] = (struct CMUnitTest){tests[i].name, vector, NULL, NULL, &tests[i]};
	run[n_tests] =
		(struct CMUnitTest)cmocka_unit_test(every_vector_of_the_protocol_pages_is_tested);
	run[n_tests + 1] = (struct CMUnitTest)cmocka_unit_test(origins_are_of_the_four_kinds);
	failed = _cmocka_run_group_tests("vectors", run, n_tests + 2, NULL, NULL);
	for (size_t i = 0; i < n_tests; i++) {
		free(tests[i].file);
		free(tests[i].name);
	}
	return failed;
}
